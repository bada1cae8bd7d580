"""Another program recalculates every formula of a result workbook to exactly the value we stored.

Eight rounds are tried; ``make soak`` tries two hundred (``SOAK``, at most 200 of them here).
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from exports.content import ItemRow, Person, ResultRow, RoundContent, Seat, SittingRow
from exports.out import write
from tests.exports.generated import START, generated
from tests.exports.libreoffice import converted, without_values

ROUNDS = min(200, int(os.environ.get("SOAK", "8")))
TOGETHER = 25
"""Rounds of one run of LibreOffice."""


def formulas(data: bytes) -> dict[tuple[str, str], object]:
    """(sheet, cell) of each formula → the value stored beside it."""

    written = openpyxl.load_workbook(io.BytesIO(data))
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.coordinate): stored[sheet.title][cell.coordinate].value
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def exact(value: object) -> object:
    return Decimal(str(value)).normalize() if isinstance(value, int | float) else value


@pytest.mark.parametrize("kind", ["summary", "results", "origins"])
@pytest.mark.parametrize("first", range(0, ROUNDS, TOGETHER))
def test_libreoffice_recalculates_every_stored_value(kind: str, first: int, tmp_path: Path) -> None:
    books = {f"r{seed}": write(kind, generated(seed)) for seed in range(first, min(ROUNDS, first + TOGETHER))}
    recalculated = converted({name: without_values(data) for name, data in books.items()}, "xlsx", tmp_path)
    wrong, seen = [], 0
    for name, data in books.items():
        book = openpyxl.load_workbook(recalculated[name], data_only=True)
        for (sheet, cell), stored in formulas(data).items():
            shown = book[sheet][cell].value
            seen += 1
            if exact(shown) != exact(stored):
                wrong.append((name, sheet, cell, stored, shown))
    assert not wrong, wrong[:10]
    assert seen > 100 * len(books)


def small(people: int, experts: int, mark: int = 8) -> RoundContent:
    """A round of one direction in which everyone gives everyone the same mark."""
    seats = tuple(Seat(f"E{n}", f"专家{n}", n == 1, f"大学{n}") for n in range(1, experts + 1))
    persons = tuple(Person(f"A{n}", f"申报{n}", "申＊", "某公司", "隔膜", START) for n in range(1, people + 1))
    halves = [persons[: people // 2], persons[people // 2 :]]
    sittings = tuple(
        SittingRow(f"P{n}", "室", "上午", START, START, seats, half) for n, half in enumerate(halves) if half
    )
    marks = {seat.code: {"i1": Decimal(mark)} for seat in seats}
    score = Decimal(mark).quantize(Decimal("0.01"))
    enough = experts >= 3
    results = {
        p.code: ResultRow(
            p.code, "已答辩", marks, frozenset(), score if enough else None, None, score if enough else None,
            1 if enough else None, "" if enough else f"有效评分表 {experts} 份，少于 3 份，没有成绩。",
        )
        for p in persons
    }  # fmt: skip
    items = (ItemRow("i1", "项目", Decimal(10)),)
    return RoundContent("小", "第 1 版", "2026-07-01 08:00", "0" * 64, items, sittings, results=results, computation=1)


def test_one_applicant_one_expert_equal_marks_and_zeros_give_no_error_value(tmp_path: Path) -> None:
    rounds = {"one": small(1, 5), "lonely": small(1, 1), "equal": small(6, 3), "zeros": small(4, 3, mark=0)}
    rounds["corrected"] = replace(rounds["zeros"], correction="pooled")
    books = {
        f"{name}-{kind}": write(kind, made)
        for name, made in rounds.items()
        for kind in ("summary", "results", "origins")
    }
    recalculated = converted({name: without_values(data) for name, data in books.items()}, "xlsx", tmp_path)
    wrong = []
    for name, path in recalculated.items():
        for sheet in openpyxl.load_workbook(path, data_only=True):
            for row in sheet.iter_rows():
                wrong += [
                    (name, sheet.title, c.coordinate, c.value) for c in row if str(c.value).startswith(("#", "Err"))
                ]
                wrong += [(name, c.coordinate) for c in row if str(c.value).lower() in ("nan", "inf", "none.00")]
    assert not wrong, wrong[:10]
