"""Files of every kind: .xls, text in its encodings and separators, several sheets, a copy that can be corrected."""

import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from exports.annotate import annotate
from exports.errors import UnreadableFile
from exports.formats import read
from exports.opening import open_sheets
from exports.rewriting import annotated
from exports.rosters import read_applicants, read_experts
from exports.sheet import Fault, Formula, Sheet, packed

OLD = (Path(__file__).parents[1] / "data" / "roster.xls").read_bytes()
HEAD = ["姓名", "工作单位", "申报级别", "专业方向", "身份证号"]
GOOD = ["张三", "甲公司", "高级", "隔膜", "362201197907038975"]


def test_an_old_workbook_keeps_texts_numbers_dates_errors_merges_and_what_is_hidden():
    roster, hidden = open_sheets(OLD, "名册.xls")
    assert (roster.hidden, hidden.hidden) == (False, True)
    assert [roster.cells[3, column] for column in (1, 4, 5)] == ["张三", "362201197907038975", dt.datetime(2023, 7, 1)]
    assert roster.cells[4, 5] == Fault("#DIV/0!")
    assert (roster.cells[5, 4], roster.cells[5, 5]) == (13812345678, True)
    assert (3, 2, 4, 2) in roster.merges


def test_an_old_workbook_is_read_as_a_roster_and_comes_back_to_be_corrected():
    found = read_experts(OLD, "名册.et", directions=["隔膜"])
    hidden, *others = [(p.cell, p.rule) for p in found.problems]
    assert (hidden, others) == (("", "hidden"), [("E4", "cell-error"), ("D5", "id-number")])
    back = annotate(OLD, "名册.xls", found)
    sheet = load_workbook(io.BytesIO(back))["专家"]
    assert sheet["F4"].value.startswith("E4：")
    sheet["E4"], sheet["D5"] = None, None
    assert [row.unit for row in read_experts(saved(sheet.parent), "名册.xlsx", directions=["隔膜"]).rows] == [
        "甲大学",
        "甲大学",
        "乙大学",
    ]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_is_read_in_any_usual_encoding_and_separator(encoding, mark):
    lines = ["名册，共一人", mark.join(HEAD), mark.join([*GOOD[:4], f'="{GOOD[4]}"'])]
    (row,) = read_applicants("\r\n".join(lines).encode(encoding), "名册.xls", directions=["隔膜"]).rows
    assert (row.name, row.id_no) == ("张三", GOOD[4])


def test_text_comes_back_as_a_workbook_in_which_nothing_became_a_number_or_a_formula():
    data = "\n".join(",".join(row) for row in (HEAD, ["=1+1", "甲", "高级", "隔模", "0362201197907038"])).encode()
    back = annotate(data, "a.csv", read_applicants(data, "a.csv", directions=["隔膜"]))
    sheet = load_workbook(io.BytesIO(back)).active
    assert [(cell.value, cell.data_type) for cell in (sheet["A2"], sheet["E2"])] == [
        ("=1+1", "s"),
        ("0362201197907038", "s"),
    ]
    assert sheet["F2"].value.startswith("E2：")


def test_a_problem_of_the_header_stands_in_its_row_and_goes_with_it():
    data = ",".join(["姓名", "单位", "级别"]) + "\n张三,甲,高级"
    back = annotate(data.encode(), "a.csv", read_applicants(data.encode(), "a.csv", directions=["隔膜"]))
    book = load_workbook(io.BytesIO(back))
    assert book.active["D1"].value.startswith("问题：A1：没有找到“专业方向”一列")
    book.active["E1"], book.active["E2"] = "专业", "隔膜"
    again = saved(book)
    fixed = read_applicants(again, "a.xlsx", directions=["隔膜"])
    assert fixed.ok
    assert load_workbook(io.BytesIO(annotate(again, "a.xlsx", fixed))).active["D1"].value == "问题"


def test_what_cannot_be_annotated():
    wide = ",".join("一" * 100).encode()
    found = read_applicants(",".join([*HEAD, *"一" * 95]).encode(), "a.csv", directions=["隔膜"])
    with pytest.raises(UnreadableFile, match="100 列"):
        annotate(wide, "a.csv", found)


def first(lines: bytes) -> Sheet:
    return next(packed(lines)).unpacked()


def test_the_reader_of_old_workbooks_needs_no_child():
    rows = first(read(OLD, "a.xls")).rows
    assert (rows[3][1], rows[3][2]) == ("张三", "甲大学")
    assert (rows[3][5], rows[4][5]) == (dt.datetime(2023, 7, 1), Fault("#DIV/0!"))
    made = Workbook()
    made.active.append(["=A9", "#N/A", dt.time(8, 30)])
    copy = annotated(saved(made), "a.xlsx", "问题", [("Sheet", 1, 4, {"1": "A1：公式"})])
    assert list(first(read(copy, "a.xlsx")).rows[1].values()) == [
        Formula("=A9", None),
        Fault("#N/A"),
        dt.time(8, 30),
        "问题：A1：公式",
    ]


def test_formulas_with_and_without_a_value_and_error_values():
    made = Workbook()
    made.active.append(["姓名", "=A1", "#N/A", 1.5, dt.date(2023, 7, 15), dt.time(8, 30)])
    (sheet,) = open_sheets(saved(made), "a.xlsx")
    assert sheet.cells[1, 2] == Formula("=A1", None)
    assert sheet.cells[1, 3] == Fault("#N/A")
    assert [sheet.cells[1, column] for column in (4, 5, 6)] == [1.5, dt.datetime(2023, 7, 15), dt.time(8, 30)]


def test_a_protected_sheet_is_read_and_comes_back_protected():
    made = Workbook()
    for row in (HEAD, [*GOOD[:4], "1"]):
        made.active.append(row)
    made.active.protection.sheet = True
    made.active.protection.password = "secret"
    made.security.lockStructure = True
    found = read_applicants(saved(made), "a.xlsx", directions=["隔膜"])
    assert found.accepted == 1
    assert load_workbook(io.BytesIO(annotate(saved(made), "a.xlsx", found))).active.protection.sheet
