"""Another program recalculates every formula of a result workbook to exactly the value we stored.

Eight rounds are tried; ``make soak`` tries two hundred (``SOAK``, at most 200 of them here).
"""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from exports.out import write
from tests.exports.generated import generated
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
