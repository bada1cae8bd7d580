"""Which column or header may be meant, by what stands below: the best guess of a question, never an answer."""

import re
from collections.abc import Mapping

from exports.header import Header
from exports.locating import told
from exports.sheet import Sheet
from exports.words import meaning, plain

_LOOKS = {
    "name": r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,8}",
    "unit": r".*(公司|集团|厂|大学|学院|研究院|研究所|设计院|中心|局|矿)(\(.*\))?",
    "level": r"(副|正)?高级?|中级",
    "id_no": r"\d{17}[\dXx]",
    "phone": r"1[3-9]\d{9}",
    "role": r"组长|副组长|成员|组员|主任委员|副主任委员|委员",
    "date": r"\d{4}[-年./]\d{1,2}[-月./]\d{1,2}.*",
}
_LOOKED_AT = 50
_MOST = 0.8
"""The share of a column's cells that must look so."""


def by_content(sheet: Sheet, header: Header, key: str) -> str:
    """The words of the column, read by nobody, whose cells look like this key's; empty where none does."""
    pattern = re.compile(_LOOKS[key]) if key in _LOOKS else None
    taken = {column for of, column in header.columns.items() if (key, of) != ("role", "post")}
    for column, text in header.labels.items() if pattern else ():
        below = range(header.last + 1, header.last + 1 + _LOOKED_AT)
        cells = [plain(sheet.cells[row, column]) for row in below if (row, column) in sheet.cells]
        if column not in taken and cells and pattern:
            alike = sum(bool(pattern.fullmatch(cell)) for cell in cells)
            if alike >= _MOST * len(cells):
                return text
    return ""


def header_by_content(sheet: Sheet, kind: str, answers: Mapping[str, str]) -> Header | None:
    """The first row above a column of names and one of ID numbers, phones or employers: hardly a word is known."""
    for row in sorted(sheet.rows)[:_LOOKED_AT]:
        labels = {column: str(value) for column, value in sheet.rows[row].items()}
        nameless = Header(row, row, {}, labels)
        sure = [by_content(sheet, nameless, key) for key in ("id_no", "phone", "unit")]
        if by_content(sheet, nameless, "name") and any(text and not _looks(text) for text in sure):
            known = {hit[1]: column for column, text in reversed(labels.items()) if (hit := meaning(text, kind))}
            return told(Header(row, row, known, labels), kind, answers)
    return None


def _looks(text: str) -> bool:
    return any(re.fullmatch(_LOOKS[key], plain(text)) for key in ("id_no", "phone", "unit"))
