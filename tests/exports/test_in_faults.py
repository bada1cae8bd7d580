"""One fault a row, in applicants, experts and venue: its cell and its rule."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from exports.availability import SessionRow
from exports.dates import clock, partial_date
from exports.errors import UnreadableFile
from exports.reading import Answers, Reading
from exports.rosters import Known, read_applicants, read_experts
from exports.venue import read_venue

NAMES = ("隔膜", "锂电池（组）")
HALVES = [SessionRow("2023-07-15", "上午", "08:30", "12:00")]
BASE = {"姓名": "张三", "工作单位": "甲", "申报级别": "高级", "专业方向": "隔膜"}


def book(**sheets: list[list[object]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rules(reading: Reading) -> list[str]:
    return [problem.rule for problem in reading.problems]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"身份证号": "36050219881123409"}, ["id-length"]),
        ({"身份证号": "E12345678"}, ["id-other"]),
        ({"身份证号": "360502198813234090"}, None),
        ({"身份证号": "362201197907038975"}, []),
        ({"申报级别": None}, ["level-missing"]),
        ({"申报级别": "正高", "联系电话": "0790-6441234"}, []),
        ({"出生年月": "属龙"}, ["date"]),
        ({"出生年月": "1988.03", "备注": None}, []),
        ({"专业方向": "锂电池组"}, []),
        ({"专业方向": "完全不同"}, ["direction-unknown"]),
        ({"参保单位": "乙"}, ["insured-unit"]),
        ({"工作单位": "=A1"}, ["formula-no-value"]),
        ({"申报级别": None, "申报职称": "高级工程师"}, []),
        ({"申报级别": None, "申报职称": "工程师"}, []),
        ({"联系电话": 13812345678.0}, []),
        ({"联系电话": 7906441234}, ["phone-number"]),
        ({"联系电话": "1.38E+10"}, ["phone-number"]),
        ({"联系电话": "138-1234-5678"}, []),
        ({"联系电话": "1380000"}, ["phone"]),
        ({"身份证号": "3.60502E+17"}, ["id-number"]),
        ({"工作单位": "#N/A"}, ["cell-error"]),
        ({"工作单位": "长" * 129}, ["too-long"]),
        ({"备注": "长" * 256}, []),
        ({"回避专家": "长" * 65}, ["too-long", "recuse-unknown"]),
        ({"申报级别": "高级（副高）"}, []),
        ({"出生年月": 1985.1}, ["date"]),
        ({"出生年月": 1985.11}, []),
        ({"回避专家": "甲一；无名氏"}, ["recuse-unknown"]),
        ({"回避专家": "甲一\n第一大学"}, []),
        ({"回避专家": "同名"}, ["recuse-two"]),
        ({"回避专家": "同名（乙）"}, []),
        ({"回避专家": "无"}, []),
        ({"姓名": "甲一", "工作单位": "第一大学"}, ["expert-is-applicant"]),
    ],
)
def test_applicants(change, rule):
    row = BASE | change
    experts = [Known("甲一", "第一大学"), Known("同名", "甲"), Known("同名", "乙")]
    data = book(A=[list(row), list(row.values())])
    found = read_applicants(data, "a.xlsx", directions=NAMES, experts=experts)
    assert rules(found) == (["id-checksum"] if rule is None else rule)


def test_a_birth_date_that_does_not_exist():
    row = BASE | {"身份证号": "360502198813230010"}
    for last in "0123456789X":
        row["身份证号"] = "36050219881323001" + last
        found = read_applicants(book(A=[list(row), list(row.values())]), "a.xlsx", directions=NAMES)
        if rules(found) == ["id-birth"]:
            return
    pytest.fail("no check digit fits")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"专业方向": "隔膜(2)/锂电池(组)（1）"}, []),
        ({"专业方向": "隔膜(7)"}, ["strength"]),
        ({"角色": "顾问"}, ["role-unknown"]),
        ({"角色": "主任委员"}, []),
        ({"最多场次": "许多"}, ["max-sessions"]),
        ({"可用时间": "看情况"}, ["availability"]),
        ({"回避人员": "无名氏"}, ["recuse-unknown"]),
        ({"姓名": None}, ["name-missing"]),
        ({"姓名": "李四", "工作单位": "乙"}, ["expert-is-applicant"]),
    ],
)
def test_experts(change, rule):
    row = {key: BASE[key] for key in ("姓名", "工作单位", "专业方向")} | change
    data = book(A=[list(row), list(row.values())])
    assert (
        rules(read_experts(data, "e.xlsx", directions=NAMES, sessions=HALVES, applicants=[Known("李四", "乙")])) == rule
    )


def test_a_strength_binds_to_its_own_name():
    data = book(A=[["姓名", "单位", "专业"], ["张三", "甲", "隔膜(2)；锂电池(组)（1）"]])
    assert read_experts(data, "e.xlsx", directions=NAMES).rows[0].directions == {"隔膜": 2, "锂电池（组）": 1}


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (["2023-07", None, "8:30", "12:00", None], ["date"]),
        (["2023-07-15", None, "早", "12:00", None], ["time"]),
        (["2023-07-15", None, "12:00", "8:30", None], ["time-order"]),
        (["2023-07-15", None, "8:30", "12:00", "中间"], ["break"]),
        (["2023-07-15", None, "8:30", "12:00", "13:10-13:20"], ["break"]),
        ([dt.date(2023, 7, 15), None, dt.time(8, 30), 0.5, "10:10—10:20"], []),
        (["2023年7月15日（星期六）", None, "8时", "12点30分", "无"], []),
    ],
)
def test_venue(values, rule):
    head = ["日期", "时段名", "开始", "结束", "休息"]
    venue = read_venue(book(室=[["答辩室", "可用时段"], ["301", "全部"], [None, "全部"]], 时=[head, values]), "v.xlsx")
    assert rules(venue.sessions) == rule
    assert rules(venue.rooms) == ["room-missing"]


def test_rooms_and_sessions_that_collide():
    rooms = [["答辩室"], ["301"], ["301"]]
    halves = [["日期", "时段", "开始时间", "结束时间"], ["2023-07-15", "上午", "8:30", "12:00"]]
    venue = read_venue(book(室=rooms, 时=[*halves, ["2023-07-15", "下午", "11:30", "17:00"]]), "v.xlsx")
    assert [(p.rule, p.cell) for p in venue.rooms.problems] == [("room-twice", "A3")]
    assert [(p.rule, p.cell) for p in venue.sessions.problems] == [("session-overlap", "C3")]


def test_rooms_or_sessions_on_two_sheets_are_asked_about():
    halves = [["日期", "时段", "开始时间", "结束时间"], ["2023-07-15", "上午", "8:30", "12:00"]]
    later = [halves[0], ["2023-07-16", "上午", "8:30", "12:00"]]
    data = book(一楼=[["答辩室"], ["101"]], 二楼=[["答辩室"], ["201"]], 时=halves, 备选=later)
    venue = read_venue(data, "v.xlsx")
    assert [(q.key, q.options) for part in (venue.rooms, venue.sessions) for q in part.questions] == [
        ("sheets:rooms", ("一楼", "二楼", "全部工作表")),
        ("sheets:sessions", ("时", "备选", "全部工作表")),
    ]
    assert "有 2 张工作表都像答辩室一览：一楼、二楼。" in [p.message for p in venue.rooms.problems]
    answers = Answers({"sheets:rooms": "全部工作表", "sheets:sessions": "时"})
    venue = read_venue(data, "v.xlsx", answers=answers)
    assert [room.name for room in venue.rooms.rows] == ["101", "201"]
    assert [half.date for half in venue.sessions.rows] == ["2023-07-15"]


def test_who_is_missing_for_a_direction_is_said_at_the_header():
    rows = [
        ["姓名", "单位", "专业", "角色"],
        ["张三", "甲", "隔膜(2)", "组长"],
        ["李四", "乙", "锂电池（组）(1)", "组长"],
    ]
    found = read_experts(book(A=rows), "e.xlsx", directions=NAMES, heard=NAMES, specialists=1)
    assert [(p.rule, p.cell, p.level) for p in found.problems] == [
        ("direction-chair", "D1", "warning"),
        ("direction-few", "C1", "warning"),
    ]


def test_the_wrong_roster_is_named():
    people = book(A=[["姓名", "单位", "专业", "级别", "学历"], ["张三", "甲", "隔膜", "高级", "本科"]])
    experts = book(A=[["姓名", "单位", "专业", "角色", "可用时间"], ["张三", "甲", "隔膜", "组长", "全部"]])
    for data, read in ((experts, read_applicants), (people, read_experts)):
        assert rules(read(data, "a.xlsx", directions=NAMES)) == ["wrong-roster"]
    assert rules(read_venue(experts, "a.xlsx").sessions) == ["wrong-roster"]


def test_rosters_of_two_kinds_in_one_file():
    people = [["姓名", "单位", "专业", "级别", "学历"], ["张三", "甲", "隔膜", "高级", "本科"]]
    experts = [["姓名", "单位", "专业", "角色", "可用时间"], ["李四", "乙", "隔膜", "组长", "全部"]]
    data = book(人员=people, 专家=experts)
    assert [row.name for row in read_applicants(data, "a.xlsx", directions=NAMES).rows] == ["张三"]
    assert [row.name for row in read_experts(data, "a.xlsx", directions=NAMES).rows] == ["李四"]


def test_nobody_below_the_header():
    found = read_applicants(book(A=[["名册"], list(BASE), ["合计", 0]]), "a.xlsx", directions=NAMES)
    assert [(p.rule, p.cell) for p in found.problems] == [("no-rows", "A3")]


def test_a_file_without_a_header():
    found = read_applicants(book(A=[["你好"]]), "a.xlsx", directions=NAMES)
    assert (rules(found), found.ok) == (["header-missing"], False)


def test_values_as_cells_keep_them():
    assert partial_date(dt.datetime(1988, 3, 5)) == "1988-03-05"
    assert (clock(dt.time(8, 30)), clock(0.5)) == ("08:30", "12:00")


def test_too_many_columns():
    with pytest.raises(UnreadableFile, match="100 列"):
        read_applicants(",".join("一" * 101).encode(), "a.csv", directions=NAMES)
