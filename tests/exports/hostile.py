"""Files that mean harm or are broken, made when asked for: name → file name, bytes, words of the answer (None: it is read)."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

Case = tuple[str, bytes, str | None]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = ("姓名", "工作单位", "申报级别", "专业方向")
GOOD = ("张三", "甲公司", "高级", "隔膜")
SHEET = "xl/worksheets/sheet1.xml"
DTD = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


def text_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows: tuple[str, ...], before: str = "", after: str = "", more: str = "") -> bytes:
    data = "".join(
        f'<row r="{i}">' + "".join(text_cell(f"{'ABCDEFGH'[j]}{i}", text) for j, text in enumerate(row)) + "</row>"
        for i, row in enumerate(rows or (HEAD, GOOD), 1)
    )
    return f"<worksheet {MAIN}>{before}<sheetData>{data}{more}</sheetData>{after}</worksheet>".encode()


def parts(**changed: bytes | None) -> dict[str, bytes]:
    """The parts of a small whole workbook; ``sheet``, ``workbook``, ``rels``, ``types`` and so on in their place."""
    package = "http://schemas.openxmlformats.org/package/2006"
    found: dict[str, bytes | None] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{RELS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELS}"><sheets><sheet name="名册" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>".encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{RELS}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'.encode(),
        SHEET: sheet(),
    }
    names = {"sheet": SHEET, "workbook": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels"}
    found |= {names.get(key, key): content for key, content in changed.items()}
    return {name: content for name, content in found.items() if content is not None}


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(**changed: bytes | None) -> bytes:
    return zipped(parts(**changed))


def with_part(name: str, content: bytes) -> bytes:
    return zipped(parts() | {name: content})


@case
def a_bomb_of_zeros() -> Case:
    return "a.xlsx", with_part("xl/media/big.bin", bytes(101 * 2**20)), "100 MB"


@case
def a_bomb_inside_a_zip_is_never_unpacked() -> Case:
    inner = zipped({"0": bytes(50 * 2**20)})
    return "a.xlsx", with_part("xl/media/inner.zip", zipped({str(n): inner for n in range(50)})), None


@case
def a_bomb_that_lies_about_its_size() -> Case:
    data = bytearray(with_part("xl/media/big.bin", bytes(101 * 2**20)))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rfind(mark, 0, data.rfind(b"xl/media/big.bin") if mark == b"PK\x01\x02" else data.find(b"PK\x01\x02"))
        struct.pack_into("<I", data, at + place, 1000)
    return "a.xlsx", bytes(data), "已损坏"


@case
def three_thousand_parts() -> Case:
    return "a.xlsx", zipped(parts() | {f"xl/media/{n}": b"" for n in range(3000)}), "100 MB"


@case
def overlapping_parts() -> Case:
    data = bytearray(zipped(parts() | {f"xl/media/{n}": bytes(2**20) for n in range(90)}))
    at, first = data.find(b"PK\x01\x02"), None
    while at >= 0:
        if b"xl/media/" in data[at : at + 60]:
            first = first if first is not None else struct.unpack_from("<I", data, at + 42)[0]
            struct.pack_into("<I", data, at + 42, first)
        at = data.find(b"PK\x01\x02", at + 4)
    return "a.xlsx", bytes(data), "已损坏"


@case
def six_million_shared_strings() -> Case:
    strings = f"<sst {MAIN}>".encode() + b"<si><t/></si>" * 6_000_000 + b"</sst>"
    return "a.xlsx", with_part("xl/sharedStrings.xml", strings), "过多"


@case
def two_million_rows() -> Case:
    return "a.xlsx", book(sheet=sheet(more='<row r="9"><c t="n"><v>1</v></c></row>' * 2_000_000)), "过多"


@case
def four_million_cells_without_an_address() -> Case:
    row = "<row>" + "<c><v>1</v></c>" * 200 + "</row>"
    return "a.xlsx", book(sheet=sheet(more=row * 20_000)), "过多"


@case
def more_strings_than_memory() -> Case:
    strings = f"<sst {MAIN}>".encode() + (b"<si><t>" + b"x" * 30 + b"</t></si>") * 1_700_000 + b"</sst>"
    return "a.xlsx", with_part("xl/sharedStrings.xml", strings), "内存"


@case
def an_external_entity() -> Case:
    return "a.xlsx", book(sheet=DTD.encode() + sheet(("&a;", "甲", "高级", "隔膜"))), "实体"


@case
def a_billion_laughs() -> Case:
    laughs = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return "a.xlsx", book(workbook=f"<!DOCTYPE x [{laughs}]><workbook>&l9;</workbook>".encode()), "实体"


@case
def a_quadratic_blow_up() -> Case:
    return (
        "a.xlsx",
        book(workbook=f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]><x>{"&a;" * 50_000}</x>'.encode()),
        "实体",
    )


@case
def an_entity_in_the_shared_strings() -> Case:
    return "a.xlsx", with_part("xl/sharedStrings.xml", f"{DTD}<sst {MAIN}><si><t>&a;</t></si></sst>".encode()), "实体"


@case
def an_entity_in_the_relations() -> Case:
    return "a.xlsx", book(rels=DTD.encode() + parts()["xl/_rels/workbook.xml.rels"]), "实体"


@case
def a_document_type_from_elsewhere() -> Case:
    dtd = b'<!DOCTYPE workbook SYSTEM "http://127.0.0.1:9/x.dtd">'
    return "a.xlsx", book(workbook=dtd + parts()["xl/workbook.xml"]), "实体"


@case
def a_parameter_entity() -> Case:
    dtd = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'
    return "a.xlsx", book(workbook=dtd.encode() + parts()["xl/workbook.xml"]), "实体"


@case
def an_entity_hidden_by_utf_16() -> Case:
    return "a.xlsx", book(workbook=(DTD + parts()["xl/workbook.xml"].decode()).encode("utf-16")), "实体"


@case
def a_cell_at_the_far_end() -> Case:
    return "a.xlsx", book(sheet=sheet(more=f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>')), "XFD1048576"


@case
def a_cell_below_row_20000() -> Case:
    return "a.xlsx", book(sheet=sheet(more=f'<row r="20001">{text_cell("A20001", "x")}</row>')), "A20001"


@case
def a_cell_right_of_column_100() -> Case:
    return "a.xlsx", book(sheet=sheet(more=f'<row r="3">{text_cell("CW3", "x")}</row>')), "CW3"


@case
def an_empty_cell_with_a_format_at_the_far_end() -> Case:
    return "a.xlsx", book(sheet=sheet(more='<row r="1048576"><c r="XFD1048576" s="0"/></row>')), None


@case
def a_dimension_that_says_too_much() -> Case:
    return "a.xlsx", book(sheet=sheet(before='<dimension ref="A1:XFD1048576"/>')), None


@case
def a_dimension_that_says_too_little() -> Case:
    return "a.xlsx", book(sheet=sheet(before='<dimension ref="A1"/>')), None


@case
def a_merge_over_everything() -> Case:
    merge = '<mergeCells count="1"><mergeCell ref="B2:XFD1048576"/></mergeCells>'
    return "a.xlsx", book(sheet=sheet(after=merge)), None


@case
def a_hundred_thousand_merges_over_each_other() -> Case:
    merges = "<mergeCells>" + '<mergeCell ref="A2:D20000"/>' * 100_000 + "</mergeCells>"
    rows = f'<row r="20000">{text_cell("A20000", "x")}</row>'
    return "a.xlsx", book(sheet=sheet(after=merges, more=rows)), "重叠"


@case
def cut_in_the_middle() -> Case:
    data = book()
    return "a.xlsx", data[: len(data) // 2], "已损坏"


@case
def one_byte_changed() -> Case:
    data = bytearray(with_part("xl/media/x.bin", random.Random(1).randbytes(5000)))
    data[data.rfind(b"xl/media/x.bin", 0, data.find(b"PK\x01\x02")) + 2000] ^= 255
    return "a.xlsx", bytes(data), "已损坏"


@case
def a_zip_with_a_password() -> Case:
    data = bytearray(book())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return "a.xlsx", bytes(data), "已损坏"


@case
def an_unknown_compression() -> Case:
    data = bytearray(book())
    struct.pack_into("<H", data, data.find(b"PK\x01\x02") + 10, 99)
    return "a.xlsx", bytes(data), "已损坏"


@case
def two_parts_of_one_name() -> Case:
    return "a.xlsx", zipped(parts() | {SHEET.upper(): sheet()}), "重复"


@case
def no_relations() -> Case:
    return "a.xlsx", book(rels=None), "目录"


@case
def a_sheet_that_is_not_there() -> Case:
    return "a.xlsx", book(sheet=None), "没有工作表"


@case
def a_workbook_that_is_no_xml() -> Case:
    return "a.xlsx", book(workbook=b"<workbook"), "目录"


@case
def a_sheet_that_ends_early() -> Case:
    return "a.xlsx", book(sheet=sheet()[:-60]), "无法读取"


@case
def deep_nesting_in_the_workbook() -> Case:
    return "a.xlsx", book(workbook=b"<a>" * 500_000 + b"</a>" * 500_000), "文件"


@case
def deep_nesting_in_the_sheet() -> Case:
    deep = "<x>" * 500_000 + "</x>" * 500_000
    return "a.xlsx", book(sheet=sheet(before=deep)), None


@case
def open_brackets_without_end() -> Case:
    return "a.xlsx", book(sheet=b"<c " * 10_000_000), "文件"


@case
def macros() -> Case:
    return "a.xlsm", with_part("xl/vbaProject.bin", b"x"), "宏"


@case
def macros_of_the_old_kind() -> Case:
    return "a.xlsx", with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "宏"


@case
def external_links_are_never_followed() -> Case:
    link = f'<externalLink {MAIN}><externalBook xmlns:r="{RELS}" r:id="r1"/></externalLink>'
    return "a.xlsx", with_part("xl/externalLinks/externalLink1.xml", link.encode()), None


@case
def a_string_that_is_not_there() -> Case:
    return "a.xlsx", book(sheet=sheet(more='<row r="3"><c r="A3" t="s"><v>99</v></c></row>')), "文件"


@case
def numbers_that_are_none() -> Case:
    cells = "".join(
        f'<c r="{column}3"><v>{value}</v></c>'
        for column, value in zip("ABCD", ("NaN", "1e999", "-inf", "x"), strict=True)
    )
    return "a.xlsx", book(sheet=sheet(more=f'<row r="3">{cells}</row>')), None


@case
def a_cell_of_a_million_characters() -> Case:
    return "a.xlsx", book(sheet=sheet(HEAD, ("长" * 10**6, *GOOD[1:]))), "32,767"


@case
def a_pdf() -> Case:
    return "a.xlsx", b"%PDF-1.7\n", "PDF"


@case
def a_picture() -> Case:
    return "a.xls", b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"


@case
def a_word_document() -> Case:
    return "a.xlsx", zipped({"word/document.xml": b"<x/>"}), "Word"


@case
def a_libreoffice_table() -> Case:
    return "a.xlsx", zipped({"content.xml": b"<x/>"}), ".ods"


@case
def a_binary_workbook() -> Case:
    return "a.xlsx", zipped({"xl/workbook.bin": b"x"}), ".xlsb"


@case
def a_web_page() -> Case:
    return "a.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode("gb18030"), "网页"


@case
def xml_of_2003() -> Case:
    return "a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"


@case
def encrypted() -> Case:
    return "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), "密码"


@case
def an_old_word_document() -> Case:
    return "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "WordDocument".encode("utf-16-le"), "Word"


@case
def rubbish_in_an_old_workbook() -> Case:
    return "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(50_000), "无法读取"


@case
def an_old_workbook_whose_sectors_go_round() -> Case:
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        62,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        0,
        0,
        4096,
        0,
        0,
        0,
        0,
        0,
    )
    return "a.xls", (head + struct.pack("<109I", *[0] * 109))[:512] + struct.pack("<128I", *[0] * 128) * 4, "无法读取"


@case
def random_bytes() -> Case:
    return "a.xlsx", random.Random(3).randbytes(10_000), "不是 Excel"


@case
def nothing() -> Case:
    return "a.xlsx", b"", "是空的"


@case
def eleven_megabytes() -> Case:
    return "a.xlsx", b"PK" + bytes(11 * 2**20), "10 MB"


@case
def words() -> Case:
    return "a.csv", b"hello", "不是 Excel"


@case
def a_quote_without_end() -> Case:
    return "a.csv", '姓名,单位\n"张三,甲\n李四,乙\n'.encode(), "引号"


@case
def two_hundred_thousand_lines() -> Case:
    return "a.csv", b"a,b\n" * 200_000, "20,000 行"


@case
def one_endless_line() -> Case:
    return "a.csv", b"a," * 4_000_000, "文件"
