"""The page of how fast workbooks go out: each tabular kind beside plain xlsxwriter, and what must be reached."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from exports.bench.measure import VERIFY
from exports.errors import ExportError
from exports.out import FORMS, KINDS
from exports.said import Said

APPLICANTS = 10_000
TABLES = tuple(kind for kind in KINDS if kind not in FORMS)
MEASURED = (*TABLES, *FORMS, VERIFY)
MOST, MEGABYTES = 1.5, 400
"""Our seconds over plain xlsxwriter's, and the memory of the process, at most."""
PAGE = Path("docs", "benchmarks-export.md")


def rows(applicants: int) -> Iterator[dict[str, Any]]:
    """Each kind measured in a process of its own.

    Raises:
        ExportError: one did not end well.
    """
    for kind in MEASURED:
        command = [sys.executable, "-m", "exports.bench.measure", kind, str(applicants)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            why = done.stderr.strip().splitlines()[-1:]
            raise ExportError(Said.of("%(kind)s could not be measured: %(why)s", {"kind": name(kind), "why": why}))
        yield json.loads(done.stdout)


def missed(row: dict[str, Any]) -> list[str]:
    """What must be reached and was not."""
    ratio, megabytes = row["ours"] / (row["plain"] or row["ours"]), row["megabytes"] or 0
    found = [f"{ratio:.2f} times plain, not {MOST}"] if ratio > MOST else []
    return [*found, f"{megabytes:.0f} MB, not {MEGABYTES}"] if megabytes > MEGABYTES else found


def line(row: dict[str, Any]) -> str:
    """One row of the table."""
    memory = f"{row['megabytes']:.0f} MB" if row["megabytes"] else "–"
    ours, plain = row["ours"], row["plain"]
    times = f"{ours:.2f} s | {plain:.2f} s | {ours / plain:.2f}" if plain else f"{ours:.2f} s | – | –"
    cells = f"{row['cells']:,}" if row["cells"] else "–"
    wrong = "; ".join(missed(row)) or "reached"
    return f"| {name(row['kind'])} | {cells} | {row['bytes'] / 2**20:.1f} MB | {times} | {memory} | {wrong} |"


def name(kind: str) -> str:
    """A workbook's title, or what else is measured."""
    return KINDS.get(kind, "`rostrum verify` 成绩汇总表")


def page(found: list[dict[str, Any]], applicants: int) -> str:
    """The page."""
    machine = f"{date.today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    head = "| workbook | calls | file | ours | plain | ratio | memory | must reach |"
    return "\n".join(
        [
            "# Excel out",
            "",
            "`rostrum bench export` made this page. A computed round is written by us and, in one process in turn,",
            "by plain xlsxwriter: the same cells, formulas, styles, heights and widths from a list of ready calls.",
            f"Seconds of the processor, the best of three. Must reach: at most {MOST} times plain, and {MEGABYTES} MB",
            "of the whole process, the round's data included.",
            "Forms with a page for each applicant are no tables: above 2,000 pages there is a workbook for",
            "each panel, in a zip. Verifying: with the process that reads the file.",
            "",
            f"- {machine}, Python {platform.python_version()}, {applicants:,} applicants",
            "",
            head,
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *map(line, found),
            "",
        ]
    )


def bench(output: Path | None, say: Callable[[str], object], applicants: int = APPLICANTS) -> bool:
    """Measure everything, write the page, say each row; whether all was reached.

    Raises:
        ExportError: a kind could not be measured, or the page not written.
    """
    found = []
    for row in rows(applicants):
        found.append(row)
        say(line(row))
    try:
        (output or PAGE).parent.mkdir(parents=True, exist_ok=True)
        (output or PAGE).write_text(page(found, applicants), encoding="utf-8")
    except OSError as error:
        raise ExportError(Said.of("%(page)s: cannot be written", {"page": output or PAGE})) from error
    return not any(map(missed, found))
