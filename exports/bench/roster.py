"""``rostrum bench import``: a roster read with all its checks, beside a bare pass of openpyxl over the same file."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import xlsxwriter

from exports.availability import SessionRow
from exports.people import Known
from exports.reading import Reading
from exports.rosters import ApplicantRow, read_applicants
from exports.sample.make import DIRECTIONS, roster_row

ROWS = 10_000
MOST_TIMES, MOST_MEGABYTES = 1.5, 400
"""What must be reached: times the bare pass, and memory of both processes together."""
HEAD = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "出生年月",
    "工作单位",
    "学历",
    "所学专业",
    "现职称",
    "取得时间",
    "申报级别",
    "专业方向",
    "联系电话",
    "毕业院校",
    "申报职称",
    "聘任时间",
    "主管部门",
    "不可用时间",
    "回避专家",
    "备注",
)
_SESSIONS = [SessionRow("2023-07-15", "上午", "08:30", "12:00"), SessionRow("2023-07-15", "下午", "14:00", "17:30")]
_EXPERTS = [Known(f"专家{n}", f"第{n % 40}大学") for n in range(300)]


@dataclass(frozen=True)
class Figures:
    """Seconds, the best of a few runs in turn; megabytes of a process of its own with its child, at most."""

    rows: int
    bare: float
    ours: float
    megabytes: int

    @property
    def times(self) -> float:
        """How many bare passes one import takes."""
        return self.ours / self.bare

    @property
    def reached(self) -> bool:
        """Whether both limits are kept."""
        return self.times <= MOST_TIMES and self.megabytes <= MOST_MEGABYTES

    def line(self) -> str:
        """One line for people."""
        return (
            f"import of {self.rows} rows: {self.ours:.2f} s, bare openpyxl {self.bare:.2f} s, "
            f"{self.times:.2f} times, {self.megabytes} MB: {'reached' if self.reached else 'missed'}"
        )


def make(rows: int = ROWS, seed: int = 1) -> bytes:
    """A made-up roster of so many applicants and 20 columns; the same cells for the same seed."""
    rng, out = random.Random(seed), io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("申报人员")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, rows + 1):
            row = roster_row(
                rng, number, f"样{number:05d}", rng.choice(list(DIRECTIONS)), "高级" if number % 5 else "中级"
            )
            row += ["样例理工大学", "高级工程师", "2015.06", "渝水区", None if number % 3 else "15日上午", None, "无"]
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(value, dt.time()))
                elif value is not None:
                    sheet.write(number, column, value)
    return out.getvalue()


def ours(data: bytes) -> Reading[ApplicantRow]:
    """The import as the web and the command line do it, without writing."""
    return read_applicants(data, "bench.xlsx", directions=tuple(DIRECTIONS), sessions=_SESSIONS, experts=_EXPERTS)


def bare(data: bytes) -> int:
    """Every row by openpyxl, read only, nothing done with it."""
    return sum(
        1 for _ in openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
    )


def measure(rows: int = ROWS, runs: int = 5) -> Figures:
    """Both in turn, so that what else the machine does is shared."""
    data = make(rows)
    best = [float("inf")] * 2
    for _ in range(runs):
        for place, work in enumerate((bare, ours)):
            best[place] = min(best[place], _seconds(work, data))
    return Figures(rows, best[0], best[1], _megabytes(data))


def _seconds(work: Callable[[bytes], object], data: bytes) -> float:
    start = time.perf_counter()
    work(data)
    return time.perf_counter() - start


def _megabytes(data: bytes) -> int:
    """The most memory of a process that does nothing else, and of the child it reads in."""
    code = "import sys; from pathlib import Path; from exports.bench.roster import most; print(most(Path(sys.argv[1])))"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.xlsx")
        path.write_bytes(data)
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True, env=os.environ)
    return int(done.stdout)


def most(path: Path) -> int:
    """Read a roster and say the megabytes it took; 0 where the system does not tell."""
    ours(path.read_bytes())
    try:
        import resource
    except ImportError:
        return 0
    used = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return used // 1024 if sys.platform != "darwin" else used // 2**20
