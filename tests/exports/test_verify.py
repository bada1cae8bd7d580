"""A workbook that went out is held against the data: every changed cell is named, what only looks different is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from exports import out
from exports.content import Notice, RoundContent
from exports.errors import UnreadableFile
from exports.out import FORMS, KINDS, write
from exports.out.verify import Difference, differences, exported
from scoring.vote import Vote
from tests.exports.generated import generated
from tests.exports.libreoffice import converted

ROUND = generated(7)
VOTED = replace(ROUND, votes={p.code: Vote(9, 6 + n % 3, 3 - n % 3, 0, 0) for n, p in enumerate(ROUND.people)})
DAYS = Notice(date(2026, 7, 20), date(2026, 7, 24), "")
FULL = replace(VOTED, notice=DAYS)
"""With everything a workbook may show: votes, and the days of the notice."""


def found(data: bytes, content: RoundContent) -> list[Difference]:
    return list(differences(exported(data, "a.xlsx"), content))


def changed(kind: str, change: Callable[[Workbook], object]) -> list[tuple[str, str]]:
    """Sheet and cell of each difference after a change made with another program."""
    book = openpyxl.load_workbook(io.BytesIO(write(kind, ROUND)))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return [(d.sheet, d.cell) for d in found(out.getvalue(), ROUND)]


def first(book: Workbook, name: str) -> str:
    return next(sheet for sheet in book.sheetnames if name in sheet)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_agrees_with_what_it_was_made_of_and_one_changed_cell_is_named(kind: str) -> None:
    data = write(kind, FULL)
    assert found(data, replace(FULL, made_at="later", audit_head="f" * 64)) == []
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[-1]
    *_, cell = (cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, ""))
    cell.value, out = "改", io.BytesIO()
    book.save(out)
    assert [(d.sheet, d.cell) for d in found(out.getvalue(), FULL)] == [(sheet.title, cell.coordinate)]


@pytest.mark.parametrize("kind", ["votes", "minutes"])
def test_a_blank_form_taken_before_agrees_and_so_does_one_filled_in_by_hand(kind: str) -> None:
    assert found(write(kind, replace(FULL, votes={})), FULL) == []
    assert found(write(kind, FULL), FULL) == []


def test_a_ballot_filled_in_with_other_votes_is_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write("votes", replace(FULL, votes={}))))
    sheet, out = book.worksheets[0], io.BytesIO()
    sheet["E4"], sheet["F4"] = 9, 1
    book.save(out)
    assert [(d.sheet, d.cell) for d in found(out.getvalue(), FULL)] == [(sheet.title, "F4")]


@pytest.mark.parametrize(("detail", "shown"), [("items", True), ("totals", False), ("none", False)])
def test_marks_by_item_are_only_for_who_may_read_sheets(detail: str, shown: bool) -> None:
    for seed in range(4):
        content = replace(generated(seed), detail=detail)
        for kind in ("results", "summary"):
            data = write(kind, content)
            sheets = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
            assert any("分项" in name for name in sheets) is shown
            assert any("合计" in name for name in sheets) is (kind == "results" and detail == "totals")
            assert found(data, content) == []


@pytest.mark.parametrize("kind", ["summary", "results"])
def test_saved_by_another_program_it_still_agrees(kind: str, tmp_path: Path) -> None:
    saved = converted({"a": write(kind, ROUND)}, "xlsx", tmp_path)["a"].read_bytes()
    assert found(saved, ROUND) == []
    assert changed(kind, lambda book: book) == []


def test_a_changed_mark_name_score_or_formula_is_named() -> None:
    def mark(book: Workbook) -> None:
        book[first(book, "分项")]["D4"].value = 99

    def name(book: Workbook) -> None:
        book[first(book, "汇总")]["C4"].value = "别人"

    def score(book: Workbook) -> None:
        book[first(book, "汇总")]["A4"].value = None

    def formula(book: Workbook) -> None:
        cell = next(c for row in book[first(book, "汇总")].iter_rows() for c in row if c.data_type == "f")
        cell.value, where["cell"] = f"{cell.value}+1", cell.coordinate

    where: dict[str, str] = {}
    marks, panel = (f"{ROUND.sittings[0].panel} {name}" for name in ("分项", "汇总"))
    assert changed("summary", mark) == [(marks, "D4")]
    assert changed("summary", name) == [(panel, "C4")]
    assert changed("summary", score) == [(panel, "A4")]
    assert changed("summary", formula) == [(panel, where["cell"])]


def test_every_cell_counts() -> None:
    """All cells of one sheet changed."""
    sheet = openpyxl.load_workbook(io.BytesIO(write("summary", ROUND))).worksheets[0]
    cells = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 40

    def change(book: Workbook) -> None:
        for cell in cells:
            book.worksheets[0][cell].value = "改"

    assert changed("summary", change) == [(sheet.title, cell) for cell in cells]


def test_a_stored_value_beside_an_honest_formula_is_named() -> None:
    """The value changed in the file itself: programs that do not calculate show it."""
    data = write("summary", ROUND)
    code = next(code for code, row in ROUND.results.items() if row.raw is not None)
    rows = {**ROUND.results, code: replace(ROUND.results[code], raw=Decimal("11.11"))}
    told = found(data, replace(ROUND, results=rows))
    assert told
    assert "11.11" in str(told[0])
    assert "文件中是 公式" in str(told[0])


def test_a_sheet_that_is_gone_or_added_is_named() -> None:
    def away(book: Workbook) -> None:
        del book[first(book, "名次")]

    def more(book: Workbook) -> None:
        book.create_sheet("加的")["A1"].value = 1

    assert changed("summary", away) == [("名次", "")]
    assert changed("summary", more) == [("加的", "")]


def test_a_workbook_of_somebody_else_is_refused() -> None:
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableFile, match="不是本系统导出的表格"):
        found(out.getvalue(), ROUND)


def test_forms_of_many_pages_come_as_a_workbook_for_each_panel_and_each_is_verified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = len([person for sitting in ROUND.sittings for person in sitting.people])
    panels = tuple(dict.fromkeys(sitting.panel for sitting in ROUND.sittings))
    monkeypatch.setattr(out, "PAGES", people)
    assert (out.parts("opinions", ROUND), out.parts("summary", ROUND)) == (("",), ("",))
    assert out.parts("sheets", ROUND) == panels
    monkeypatch.setattr(out, "PAGES", people - 1)
    assert out.parts("minutes", ROUND) == ("会议记录", *panels)
    for kind in FORMS:
        whole = openpyxl.load_workbook(io.BytesIO(write(kind, ROUND)), read_only=True).sheetnames
        names: list[str] = []
        for part in out.parts(kind, ROUND):
            data = write(kind, replace(ROUND, part=part))
            names += openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames
            assert found(data, ROUND) == []
        assert sorted(names) == sorted(whole)
