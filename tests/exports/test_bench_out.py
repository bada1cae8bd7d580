"""The benchmark of what goes out: plain xlsxwriter really makes the same workbook, and a miss is said."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from exports.bench import measure, out
from exports.bench.rounds import made
from exports.errors import ExportError
from exports.out import BOOKS, KINDS, write

ROUND = made(130)


def cells(data: bytes) -> dict[str, dict[str, object]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: {
            c.coordinate: (getattr(c.value, "text", c.value), c.font.name, c.border.left.style, c.number_format)
            for r in sheet.iter_rows()
            for c in r
        }
        for sheet in book
    }


@pytest.mark.parametrize("kind", out.TABLES)
def test_plain_xlsxwriter_makes_the_same_cells_in_the_same_styles(kind: str) -> None:
    title, fill = BOOKS[kind]
    book = measure.Taped(kind, title, ROUND)
    fill(book, ROUND)
    plain = book.file.again()
    assert cells(plain()) == cells(book.finish()) == cells(write(kind, ROUND))


def test_the_made_round_is_whole() -> None:
    assert len(ROUND.people) == len(ROUND.results) == 130
    assert all(row.final is not None and row.rank for row in ROUND.results.values())
    assert {row.k for row in ROUND.results.values()} != {None}


def test_a_row_is_measured_and_told() -> None:
    row = measure.measured("groups", 40)
    assert row["ours"] > 0
    assert row["cells"] > 40 * 8
    assert KINDS["groups"] in out.line(row)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"ours": 1.4, "plain": 1.0, "megabytes": 399}, []),
        ({"ours": 1.6, "plain": 1.0, "megabytes": 401}, ["1.60 times plain, not 1.5", "401 MB, not 400"]),
        ({"ours": 1.0, "plain": 1.0, "megabytes": None}, []),
    ],
)
def test_what_is_missed_is_said(row: dict[str, object], says: list[str]) -> None:
    assert out.missed(row) == says


def test_the_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "MEASURED", ("groups",))
    said: list[str] = []
    out.bench(tmp_path / "docs" / "page.md", said.append, 40)
    assert said[0] in (tmp_path / "docs" / "page.md").read_text(encoding="utf-8")
    with pytest.raises(ExportError, match="cannot be written"):
        out.bench(tmp_path, said.append, 40)
    monkeypatch.setattr(out, "MEASURED", ("sheets-of-nothing",))
    monkeypatch.setitem(KINDS, "sheets-of-nothing", "没有的表格")
    with pytest.raises(ExportError, match="没有的表格 could not be measured"):
        out.bench(tmp_path / "x.md", said.append, 40)
