"""The workbooks that go out: text stays text, the public list hides, another program recomputes the formulas."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from exports.content import ItemRow, Person, ResultRow, RoundContent, Seat, SittingRow
from exports.errors import ExportError
from exports.out import KINDS, write

START = datetime(2026, 7, 15, 8, 30)
SEATS = tuple(Seat(f"E{n}", f"专家{n}", n == 1) for n in range(1, 6))
SHEETS = ([28, 25, 30], [30, 20, 34], [24, 30, 32], [27, 28, 20], [22, 27, 36])
SCORES = {"mean": "82.60", "trim_total": "84.00", "trim_item": "85.00", "median": "84.00"}


def content(method: str = "trim_total") -> RoundContent:
    people = (
        Person("A1", "=1+1", "张＊", "甲公司", "隔膜", START),
        Person("A2", "李四", "李＊", "乙公司", "隔膜", START.replace(minute=40)),
        Person("A3", "王五", "王＊", "乙公司", "隔膜", START.replace(minute=50)),
        Person("A4", "赵六", "赵＊", "丙公司", "隔膜", START.replace(hour=9, minute=0)),
    )
    marks = {f"E{n}": {f"i{i}": Decimal(m) for i, m in enumerate(row)} for n, row in enumerate(SHEETS, 1)}
    few = {code: row for code, row in marks.items() if code in ("E1", "E2", "E3")}
    dropped = frozenset({("E3",), ("E4",)} if method == "trim_total" else {("E1", "i0")})
    score = Decimal(SCORES[method])
    results = {
        "A1": ResultRow("A1", "已答辩", marks, dropped, score, None, score, 1, ""),
        "A2": ResultRow("A2", "缺席", {}, frozenset(), None, None, None, None, ""),
        "A3": ResultRow(
            "A3",
            "已答辩",
            few,
            frozenset(),
            Decimal("84.00") if method == "median" else Decimal("84.33"),
            Decimal("1.017"),
            Decimal("85.43") if method == "median" else Decimal("85.76"),
            2,
            "不去高低",
        ),
    }
    sitting = SittingRow("P1", "第一答辩室", "上午", START, START.replace(hour=8, minute=0), SEATS, people)
    late = SittingRow("P1", "第一答辩室", "下午", START.replace(hour=14), START.replace(hour=13), SEATS, ())
    items = tuple(ItemRow(f"i{i}", f"项目{i}", Decimal(40)) for i in range(3))
    lost = (Person("A9", "孙七", "孙＊", "丁公司", "隔膜"),)
    return RoundContent("测试批次", "第 1 版", "2026-07-01", "0" * 64, items, (sitting, late), lost, results, method)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_opens_and_a_name_is_never_a_formula(kind):
    book = openpyxl.load_workbook(io.BytesIO(write(kind, content())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert all(cell.data_type == "s" for cell in cells)
    assert bool(cells) == (kind != "groups")
    assert all(sheet.page_setup.paperSize == 9 for sheet in book)


def test_the_public_list_has_no_expert_and_no_hidden_name():
    text = str(
        [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(write("groups", content()))).active]
    )
    assert "张＊" in text
    assert "专家" not in text
    assert "李四" not in text


def test_an_empty_round_and_an_unknown_kind():
    nothing = RoundContent("空", "第 1 版", "2026", "0", (), ())
    for kind in KINDS:
        assert openpyxl.load_workbook(io.BytesIO(write(kind, nothing))).sheetnames
    with pytest.raises(ExportError, match="没有名为"):
        write("nope", nothing)


def test_the_schedule_names_who_is_left():
    book = openpyxl.load_workbook(io.BytesIO(write("schedule", content())))
    rows = [[cell.value for cell in row] for row in book["全部安排"].iter_rows(min_row=4)]
    assert [row[1] for row in rows] == ["A1", "A2", "A3", "A4", "A9"]
    assert rows[-1][0] == "未安排"


def _without_values(data: bytes) -> bytes:
    """The workbook with the stored values of its formulas stripped, so that only a recalculation can fill them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("method", SCORES)
def test_libreoffice_recalculates_the_stored_scores(method, tmp_path: Path):
    source = tmp_path / "in" / "summary.xlsx"
    source.parent.mkdir()
    source.write_bytes(_without_values(write("summary", content(method))))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    sheet = openpyxl.load_workbook(tmp_path / "summary.xlsx", data_only=True)["P1 汇总"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=4, max_row=7)}
    stored = content(method).results
    for code in ("A1", "A3"):
        assert Decimal(str(rows[code][9].value)) == stored[code].raw
        assert Decimal(str(rows[code][11].value)) == stored[code].final
    assert rows["A2"][9].value == "缺席" or rows["A2"][8].value == "缺席" or "缺席" in [c.value for c in rows["A2"]]
