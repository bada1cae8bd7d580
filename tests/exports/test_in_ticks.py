"""Times given by ticks, a column for each half-day: read, said back, asked where the marks do not say."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from exports.availability import SessionRow
from exports.reading import Answers
from exports.rosters import read_applicants, read_experts

NAMES = ("隔膜",)
HALVES = [
    SessionRow(f"2023-07-{day}", name, *times)
    for day in (15, 16)
    for name, times in (("上午", ("08:30", "12:00")), ("下午", ("14:00", "17:30")))
]
KEYS = [half.key for half in HALVES]
HEAD = ["姓名", "单位", "专业", "角色"]
ONE = [*HEAD, "7月15日上午", "7月15日下午", "16日上午", "2023-07-16下午"]
TWO = [
    ["姓名", "单位", "专业", "角色", "7月15日", None, "7月16日", None],
    [None, None, None, None, "上午", "下午", "上午", "下午"],
]
MERGED = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1")


def book(*rows, merges=()):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for merge in merges:
        made.active.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def experts(*rows, merges=(), given=(), sessions=HALVES):
    data = book(*rows, merges=merges)
    return read_experts(data, "e.xlsx", directions=NAMES, sessions=sessions, answers=Answers(dict(given)))


def person(name, *ticks):
    return [name, f"{name}大学", "隔膜", "组长", *ticks]


def come(reading):
    return [[n for n, key in enumerate(KEYS) if key in row.sessions] for row in reading.rows]


def rules(reading):
    return [(p.rule, p.cell) for p in reading.problems]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("√", None),
        ("✓", "×"),
        ("是", "否"),
        ("可", "请假"),
        (1, 0),
        ("Y", "N"),
        ("能来", "出差"),
        ("☑", "☐"),
        (True, False),
    ],
)
def test_marks_of_every_kind(yes, no):
    found = experts(ONE, person("甲", yes, no, no, yes), person("乙", no, yes, yes, yes))
    assert (found.problems, found.questions) == ([], [])
    assert come(found) == [[0, 3], [1, 2, 3]]
    assert found.rows[0].available == "7月15日上午、2023-07-16下午"


def test_what_was_understood_is_said_back_with_its_marks():
    (said, _) = experts(ONE, person("甲", "√", None, None, "√"), person("乙", "√", "√", "√", "√")).understood
    assert (said.cell, said.who, said.meaning) == ("E2", "甲", "7月15日上午、16日下午")
    assert said.text == "7月15日上午 √、7月15日下午 空、16日上午 空、2023-07-16下午 √"


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        (TWO, MERGED),
        (TWO, ()),
        ([[*HEAD, dt.datetime(2023, 7, 15), None, dt.datetime(2023, 7, 16), None], TWO[1]], MERGED),
        ([[*HEAD, "上午", None, "下午", None], [*TWO[1][:4], "15日", "16日", "15日", "16日"]], MERGED),
        (
            [
                ["专家库"],
                [*HEAD, "7月15日（周六）上午", "7月15日(周六)下午", "7月16日星期日上午", "7月16日 下午 14:00-17:30"],
            ],
            ("A1:H1",),
        ),
        (
            [
                ["姓名", "单位", "专业", "角色", "可参加时间（请打√）", None, None, None],
                [None, None, None, None, "7月15日", None, "7月16日", None],
                TWO[1],
            ],
            ("E1:H1", "E2:F2", "G2:H2", "A1:A3", "B1:B3", "C1:C3", "D1:D3"),
        ),
    ],
)
def test_days_over_parts_parts_over_days_and_dates(rows, merges):
    found = experts(*rows, person("甲", "√", None, "√", None), person("乙", None, None, None, "√"), merges=merges)
    assert (found.problems, found.questions) == ([], [])
    crossed = rows[0][4:6] == ["上午", None]
    assert come(found) == [[0, 1] if crossed else [0, 2], [3]]


def test_a_column_for_a_whole_day_takes_a_part_as_well():
    found = experts([*HEAD, "15日", "16日"], person("甲", "√", None), person("乙", "上午", "全天"))
    assert found.problems == []
    assert come(found) == [[0, 1], [0, 2, 3]]


def test_a_tick_over_two_half_days_counts_for_both():
    found = experts(ONE, person("甲", "√", None, None, None), person("乙", None, None, "√", None), merges=("E2:F2",))
    assert come(found) == [[0, 1], [2]]


def test_only_who_does_not_come_is_marked():
    found = experts(ONE, person("甲", "请假", None, None, None), person("乙", None, None, "出差", None))
    assert (found.problems, come(found)) == ([], [[1, 2, 3], [0, 1, 3]])


def test_under_times_one_cannot_come_a_tick_says_no():
    head = [[*HEAD, "不能参加的时间", None, None, None], [None] * 4 + ONE[4:]]
    found = experts(*head, person("甲", "√", None, None, None), merges=("E1:H1",))
    assert (found.problems, come(found)) == ([], [[1, 2, 3]])


def test_an_empty_cell_beside_both_marks_is_asked_about():
    rows = ONE, person("甲", "√", "×", None, "√")
    found = experts(*rows)
    assert (rules(found), found.rows) == ([("tick-unclear", "G2")], [])
    (question,) = found.questions
    assert (question.key, question.options) == ("ticks:experts.空白", ("能来", "不能来"))
    assert come(experts(*rows, given={question.key: "能来"})) == [[0, 2, 3]]
    assert come(experts(*rows, given={question.key: "不能来"})) == [[0, 3]]


def test_a_mark_that_nobody_knows_is_asked_about():
    rows = ONE, person("甲", "○", "√", "√", "√")
    found = experts(*rows)
    assert (rules(found), [q.key for q in found.questions]) == ([("tick-unclear", "E2")], ["ticks:experts.○"])
    assert come(experts(*rows, given={"ticks:experts.○": "不能来"})) == [[1, 2, 3]]


def test_an_expert_without_a_single_mark_is_asked_about():
    rows = ONE, person("甲", "√", None, None, None), person("乙", None, None, None, None)
    found = experts(*rows)
    assert (rules(found), [q.key for q in found.questions]) == ([("tick-empty", "E3")], ["ticks:experts.整行空白"])
    assert come(experts(*rows, given={"ticks:experts.整行空白": "能来"})) == [[0], [0, 1, 2, 3]]
    assert come(experts(*rows, given={"ticks:experts.整行空白": "不能来"})) == [[0], []]


def test_columns_and_sessions_that_do_not_fit_are_said_once():
    found = experts([*HEAD, "7月15日上午", "7月17日上午"], person("甲", "√", "√"), person("乙", "√", None))
    assert rules(found) == [("tick-session", "F1"), ("tick-missing", "E1")]
    assert "7月15日下午、16日全天" in found.problems[1].message


def test_without_sessions_the_text_is_kept():
    found = experts(ONE, person("甲", "√", None, None, "√"), sessions=())
    assert (found.problems, found.rows[0].sessions) == ([], None)
    assert found.rows[0].available == "7月15日上午、2023-07-16下午"


def applicants(head, *rows, given=(), merges=()):
    data = book(*head, *rows, merges=merges)
    return read_applicants(data, "a.xlsx", directions=NAMES, sessions=HALVES, answers=Answers(dict(given)))


def test_an_applicants_bare_tick_is_asked_about():
    head = [["姓名", "单位", "级别", "专业", *ONE[4:]]]
    rows = ["张三", "甲", "高级", "隔膜", "√", None, None, None], ["李四", "乙", "高级", "隔膜"]
    found = applicants(head, *rows)
    assert [q.key for q in found.questions] == ["ticks:applicants.√", "ticks:applicants.空白"]
    away = applicants(head, *rows, given={"ticks:applicants.√": "不能来"})
    assert (away.problems, [row.details for row in away.rows]) == ([], [{"unavailable": "7月15日上午"}, {}])


def test_an_applicants_tick_under_a_word_that_says_so():
    head = [["姓名", "单位", "级别", "专业", "不可用时间（打√）", None, None, None], [None] * 4 + ONE[4:]]
    found = applicants(head, ["张三", "甲", "高级", "隔膜", None, "√", "√", None], merges=("E1:H1",))
    assert (found.problems, found.questions) == ([], [])
    assert found.rows[0].details == {"unavailable": "7月15日下午、16日上午"}
    assert found.understood[0].meaning == "7月15日下午、16日上午"
