"""Does a workbook still agree with the data: it is made anew and compared cell by cell."""

from __future__ import annotations

import gc
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from defusedxml.ElementTree import fromstring
from openpyxl.utils import get_column_letter

from exports.content import RoundContent
from exports.errors import UnreadableFile
from exports.opening import each_packed
from exports.out import KINDS, write
from exports.out.book import stamps
from exports.said import say
from exports.sheet import Formula, Packed, Sheet

PROPERTIES = "docProps/custom.xml"
EMPTY = RoundContent("", "", "", "", (), ())
READER, PART, UNCONFIRMED = "rostrum_reader", "rostrum_part", "rostrum_unconfirmed"
"""The role a workbook was written for, the panel its forms are of, whether its results waited for the second person.

Older ones do not say it: they show everything.
"""
FORMS = ("votes", "minutes", "opinions")
"""Kinds that are taken blank and filled in by hand: a cell may say what the blank form says."""
CLOSE = Decimal("1e-9")
"""Numbers that differ by less are one: another program writes the same value with other digits."""


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than the data."""

    sheet: str
    cell: str
    there: str
    """What stands in the file."""
    here: str
    """What the data say."""

    def __str__(self) -> str:
        """The sentence."""
        if not self.cell:
            return f"工作表“{self.sheet}”：文件中{self.there}，数据中{self.here}。"
        return f"{self.sheet}!{self.cell}：文件中是 {self.there}，数据中是 {self.here}。"


@dataclass(frozen=True)
class Exported:
    """A workbook that went out: what it says of itself (``stamps`` in book.py), its sheets."""

    said: dict[str, str]
    sheets: tuple[Packed, ...]


def exported(data: bytes, filename: str) -> Exported:
    """Open it.

    Raises:
        UnreadableFile: no workbook, or not one of ours.
    """
    sheets = tuple(each_packed(data, filename, results=True))
    said = _properties(data)
    if said.get("rostrum_kind") not in KINDS or not {*stamps("", EMPTY)} - {READER, PART, UNCONFIRMED} <= set(said):
        raise UnreadableFile(
            say(
                "文件“%(name)s”不带批次和版本信息，不是本系统导出的表格，或另存时丢失了。请用原文件核对。",
                name=filename,
            )
        )
    return Exported(said, sheets)


def _properties(data: bytes) -> dict[str, str]:
    """The custom properties of a workbook that was looked through already."""
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if PROPERTIES not in archive.namelist():
            return {}
        root = fromstring(archive.read(PROPERTIES))
    return {prop.get("name", ""): "".join(prop.itertext()) for prop in root}


def differences(file: Exported, content: RoundContent) -> Iterator[Difference]:
    """Every cell of the file that differs from what would be written now, in the order of the sheets.

    Raises:
        ExportError: the round has nothing of that kind any more.
    """
    said = file.said
    same = {key: said[f"rostrum_{key}"] for key in ("version", "made_at", "audit_head")}
    number, waiting = int(said["rostrum_computation"]), bool(said.get(UNCONFIRMED))
    made = replace(content, computation=number, part=said.get(PART, ""), unconfirmed=waiting, **same)  # type: ignore[arg-type]
    if number != content.computation:
        made = replace(made, corrected=None)  # it changed something of another computation
    kind = said["rostrum_kind"]
    here = _sheets(kind, made)
    blank = (
        _sheets(kind, replace(made, votes={}, notes={}, meeting=None, heard={}, results={})) if kind in FORMS else {}
    )
    there = {sheet.name: sheet for sheet in file.sheets}
    for name in dict.fromkeys([*here, *there]):
        if name not in there:
            yield Difference(name, "", "没有这张表", "有")
        elif name not in here:
            yield Difference(name, "", "多出这张表", "没有")
        else:
            ours = here[name].unpacked()
            yield from _cells(ours, there[name].unpacked(), blank[name].unpacked() if name in blank else ours)


def _sheets(kind: str, content: RoundContent) -> dict[str, Packed]:
    data = write(kind, content)
    gc.collect()  # xlsxwriter's objects hold each other: a hundred megabytes for ten thousand applicants
    return {sheet.name: sheet for sheet in each_packed(data, "", results=True)}


def _cells(here: Sheet, there: Sheet, blank: Sheet) -> Iterator[Difference]:
    """The cells that say neither what the data say nor, on a form, what was printed there before it was filled in."""
    for row, column in sorted({*here.cells, *there.cells}):
        ours, theirs = here.cells.get((row, column)), there.cells.get((row, column))
        if not _same(ours, theirs) and not _same(blank.cells.get((row, column)), theirs):
            yield Difference(here.name, f"{get_column_letter(column)}{row}", _words(theirs), _words(ours))


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, Formula) and isinstance(theirs, Formula):
        unsaved = theirs.cached is None  # written by a program that calculates nothing; Excel will when it opens it
        return _plain(ours.text) == _plain(theirs.text) and (unsaved or _same(ours.cached, theirs.cached))
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(Decimal(str(ours)) - Decimal(str(theirs))) < CLOSE
    return (ours or "") == (theirs or "") if isinstance(ours, str | None) else ours == theirs


def _plain(formula: str) -> str:
    """A formula without what programs write differently: case, spaces, quotes, prefixes, outer braces."""
    return "".join(formula.upper().replace("_XLFN.", "").split()).replace("'", "").strip("{=}")


def _words(value: object) -> str:
    if isinstance(value, Formula):
        return f"公式 {value.text}（值 {_words(value.cached)}）"
    return (
        "空"
        if value in (None, "")
        else f"“{value}”"
        if isinstance(value, str)
        else f"{value:.12g}"
        if isinstance(value, int | float)
        else str(value)
    )
