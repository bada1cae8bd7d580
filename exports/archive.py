"""Look through an .xlsx before it is opened: sizes, dangers, and what the reader of values does not tell."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from exports.errors import UnreadableFile
from exports.said import say
from exports.sheet import Fault, Formula

MAX_UNPACKED = 100 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_MAX_PARTS = 2000
_MAX_TAGS = 8_000_000
"""Tags of one part: forty for each cell of ten thousand rows of twenty."""
_CHUNK, _OVERLAP = 2**20, 2**16
_CELL = rb"<(?:\w+:)?c\s"
_FAR = re.compile(
    _CELL + rb"""[^<>]*?\br=["']((?:[D-Z][A-Z]|C[W-Z]|[A-Z]{3,})\d+"""
    rb"""|[A-Z]+(?:2000[1-9]|200[1-9]\d|20[1-9]\d\d|2[1-9]\d{3}|[3-9]\d{4}|\d{6,}))["'][^<>]*(?<!/)>\s*<(?!/)""",
    re.IGNORECASE,
)
"""A filled cell outside the first 20,000 rows and 100 columns (CV)."""
_FORMULA = re.compile(_CELL + rb"([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>([^<]*)<)")
_FAULT = re.compile(_CELL + rb"""([^<>]*\bt=["']e["'][^<>]*)>.{0,9000}?<(?:\w+:)?v>([^<]*)<""", re.DOTALL)
_ERROR = re.compile(rb"""\bt=["']e["']""")
_REF = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,7})["']""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^<>]*\bhidden=["'](?:1|true)["'])[^<>]*?\br=["'](\d{1,7})["']""")
_HIDDEN_COLUMNS = re.compile(rb"""<(?:\w+:)?col\b(?=[^<>]*\bhidden=["'](?:1|true)["'])([^<>]*)>""")
_ENDS = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")
_OTHERS = {
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "PowerPoint 演示文稿",
    "xl/workbook.bin": "二进制工作簿（.xlsb）",
    "content.xml": "LibreOffice 表格（.ods）",
}
"""What a zip is that is no .xlsx, by one of its parts."""


@dataclass
class Part:
    """What a worksheet says beside its values, by (row, column): formulas without their values, error values."""

    formulas: dict[tuple[int, int], Formula] = field(default_factory=dict)
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def look_through(data: bytes, filename: str) -> dict[str, Part]:
    """Check an archive part by part, never unpacking more than a megabyte at once; sheet name → what it says.

    Raises
    ------
    UnreadableFile
        where it is too large, dangerous, broken or no .xlsx.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_kind(archive, filename)
            parts = {info.filename: _scan(archive, info, filename) for info in archive.infolist()}
            return {name: parts[path] for name, path in _sheets(archive) if path in parts}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, NotImplementedError) as error:
        raise UnreadableFile(
            say("文件“%(name)s”已损坏，请用 Excel 或 WPS 打开后另存，再导入。", name=filename)
        ) from error
    except (ParseError, KeyError) as error:
        raise UnreadableFile(
            say("文件“%(name)s”的目录读不出，请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。", name=filename)
        ) from error


def _check_kind(archive: zipfile.ZipFile, filename: str) -> None:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if sum(info.file_size for info in infos) > MAX_UNPACKED or len(infos) > _MAX_PARTS:
        raise UnreadableFile(say("文件“%(name)s”解开后超过 100 MB，请删去无关的内容后再导入。", name=filename))
    if len({name.lower() for name in names}) < len(infos):
        raise UnreadableFile(say("文件“%(name)s”里有重复的内容，请用 Excel 或 WPS 打开后另存，再导入。", name=filename))
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise UnreadableFile(say("文件“%(name)s”带有宏，请另存为不带宏的 .xlsx 后再导入。", name=filename))
    if "xl/workbook.xml" not in names:
        kind = next((kind for part, kind in _OTHERS.items() if part in names), "")
        if kind:
            text = say(
                "文件“%(name)s”是 %(kind)s，不是 Excel 工作簿，请另存为 .xlsx 后再导入。", name=filename, kind=kind
            )
            raise UnreadableFile(text)
        raise UnreadableFile(say("文件“%(name)s”不是 Excel 工作簿，请另存为 .xlsx 后再导入。", name=filename))


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo, filename: str) -> Part:
    found, tags = Part(), 0
    for chunk in _chunks(archive, info):
        tags += chunk.count(b"<")
        if tags > _MAX_TAGS:
            raise UnreadableFile(
                say("文件“%(name)s”的内容过多，请把名册复制到新的工作簿，另存为 .xlsx 后再导入。", name=filename)
            )
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or (b"\0" in chunk[:4] and info.filename.endswith(".xml")):
            raise UnreadableFile(
                say("文件“%(name)s”含有不安全的实体定义，没有打开。请用 Excel 或 WPS 另存后再导入。", name=filename)
            )
        if far := _FAR.search(chunk):
            place = far[1].decode()
            raise UnreadableFile(
                say(
                    "文件“%(name)s”在 %(place)s 还有单元格，超过 20,000 行或 100 列，请删去后再导入。",
                    name=filename,
                    place=place,
                )
            )
        if b"<f" in chunk or b":f" in chunk:
            found.formulas |= {_place(match[1]): _formula(match) for match in _FORMULA.finditer(chunk)}
        if _ERROR.search(chunk):
            found.faults |= {_place(m[1]): Fault(m[2].decode("utf-8", "replace")) for m in _FAULT.finditer(chunk)}
        if b"hidden=" in chunk:
            _note_hidden(chunk, found)
    return found


def _note_hidden(chunk: bytes, found: Part) -> None:
    found.hidden_rows |= {int(match[1]) for match in _HIDDEN_ROW.finditer(chunk)}
    for match in _HIDDEN_COLUMNS.finditer(chunk):
        ends = {name: int(number) for name, number in _ENDS.findall(match[1])}
        found.hidden_columns |= {*range(ends.get(b"min", 1), min(ends.get(b"max", 0), MAX_COLUMNS) + 1)}


def _place(attributes: bytes) -> tuple[int, int]:
    """Row and column of a cell by its ``r``; (0, 0) where it has none."""
    match = _REF.search(attributes)
    if not match:
        return 0, 0
    column = 0
    for letter in match[1].upper():
        column = column * 26 + letter - 64
    return int(match[2]), column


def _formula(match: re.Match[bytes]) -> Formula:
    """A formula whose value is not known yet: an empty text is one, nothing at all is None."""
    text = "=" + html.unescape((match[2] or b"").decode("utf-8", "replace"))
    return Formula(text, "" if re.search(rb"""\bt=["']str["']""", match[1]) else None)


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content piece by piece, each with the end of the one before: a cell may lie across the cut."""
    with archive.open(info) as part:
        tail = b""
        while piece := part.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part it stands in, by the workbook's relations."""
    targets = {}
    for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = relation.get("Target", "")
        targets[relation.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation_id = next((value for key, value in element.items() if key.endswith("}id")), None)
            yield element.get("name", ""), targets.get(relation_id, "")
