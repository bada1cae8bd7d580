"""Reading rosters: the samples, the sample round, mess, hostile files, and the list of rules."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from exports.annotate import annotate
from exports.availability import SessionRow, absences, sentence, understand
from exports.dates import clock, partial_date
from exports.opening import open_sheets
from exports.reading import Answers
from exports.rosters import Known, read_applicants, read_experts
from exports.sample import sample_files
from exports.sample.make import DIRECTIONS, make
from exports.venue import read_venue

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
NAMES = tuple(DIRECTIONS)
HEAD = ["姓名", "工作单位", "申报级别", "专业方向"]
GOOD = ["张三", "甲公司", "高级", "隔膜"]
shared = pytest.mark.skipif(not SAMPLES.exists() and "CI" not in os.environ, reason="extra: needs ../shared")
HALVES = [
    SessionRow(f"2023-07-{day}", name, *times)
    for day in (15, 16)
    for name, times in (("上午", ("08:30", "12:00")), ("下午", ("14:00", "17:30")))
]


def book(*rows: list[object], merges: tuple[str, ...] = ()) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for merge in merges:
        made.active.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(*rows: list[object], merges: tuple[str, ...] = (), answers: Answers | None = None):
    return read_applicants(book(*rows, merges=merges), "a.xlsx", directions=NAMES, answers=answers)


@shared
def test_the_clean_samples_come_in_whole():
    people = read_applicants((SAMPLES / "申报人员名册.xlsx").read_bytes(), "a.xlsx", directions=NAMES)
    assert people.ok
    assert people.to_json()["rows"] == {"read": 150, "accepted": 118, "review_only": 28, "rejected": 0, "skipped": 4}
    venue = read_venue((SAMPLES / "场地与时段.xlsx").read_bytes(), "v.xlsx")
    assert (venue.rooms.ok, venue.sessions.ok, venue.sessions.rows[3].key) == (True, True, "2023-07-16 下午")
    data = (SAMPLES / "评审专家名册.xlsx").read_bytes()
    experts = read_experts(data, "e.xlsx", directions=NAMES, sessions=venue.sessions.rows)
    assert (experts.accepted, experts.problems) == (48, [])


@shared
def test_each_fault_of_the_faulty_sample_is_found_and_nothing_else():
    wanted = json.loads((SAMPLES / "申报人员名册-有错.json").read_text())
    found = read_applicants((SAMPLES / "申报人员名册-有错.xlsx").read_bytes(), "a.xlsx", directions=NAMES)
    assert [(p.cell, p.level) for p in found.problems] == [(w["cell"], w["level"]) for w in wanted]


def test_the_sample_round_is_what_its_generator_makes_and_reads_without_a_problem():
    for kind, (name, data) in make().items():
        committed = sample_files()[kind]
        assert committed[0] == name
        assert [s.cells for s in open_sheets(committed[1], name)] == [s.cells for s in open_sheets(data, name)]
    files = {kind: data for kind, (_, data) in sample_files().items()}
    people = read_applicants(files["applicants"], "a.xlsx", directions=NAMES)
    sessions = read_venue(files["venue"], "v.xlsx").sessions.rows
    experts = read_experts(
        files["experts"],
        "e.xlsx",
        directions=NAMES,
        sessions=sessions,
        applicants=[Known(row.name, row.unit, row.id_no) for row in people.rows],
    )
    assert (people.accepted, people.review_only, people.problems) == (120, 30, [])
    assert (experts.accepted, experts.problems) == (45, [])


def test_no_row_is_dropped_in_silence():
    found = read(
        ["名册"],
        HEAD,
        GOOD,
        [],
        HEAD,
        ["合计", "1人"],
        ["李四", "乙公司", "中级", "隔膜"],
        [None, "丙", "高级", "隔膜"],
    )
    assert found.to_json()["rows"] == {"read": 6, "accepted": 1, "review_only": 1, "rejected": 1, "skipped": 3}
    assert [p.cell for p in found.problems] == ["A8"]


def test_a_level_under_the_present_title_is_not_the_level_applied_for():
    top = ["姓名", "单位*", "现任专业技术职务", None, "申报\n级别", "专业（方向）"]
    found = read(top, [None, None, "名称", "级别", None, None], ["张三", "甲", "工程师", "中级", "高级", "隔膜"])
    assert found.accepted == 1
    assert found.rows[0].details["cur_title"] == "工程师"


def test_a_header_of_two_rows_may_have_what_is_needed_in_the_second():
    top = ["序号", "姓名", "现工作单位", "学历情况", None, "现专业技术资格", None, "申报情况", None, None]
    low = [None, None, None, "最高学历", "所学专业", "名称", "级别", "申报职务", "申报级别", "申报专业"]
    row = [1, "张三", "甲", "本科", "化工", "工程师", "中级", "高级工程师", "副高", "隔膜"]
    found = read(["申报人员名册"], top, low, row, top, low, merges=("A1:J1",))
    assert found.to_json()["rows"] == {"read": 3, "accepted": 1, "review_only": 0, "rejected": 0, "skipped": 2}
    assert (found.sheets[0].header_row, found.sheets[0].mapping["level"]) == (2, "申报情况/申报级别")
    assert found.rows[0].details == {"edu": "本科", "major": "化工", "cur_title": "工程师"}


def test_a_header_of_two_rows_may_have_the_name_in_the_second():
    top = ["序号", "基本情况", None, "申报情况", None]
    found = read(top, [None, "姓名", "单位", "级别", "专业"], [1, "张三", "甲", "高级", "隔膜"])
    assert [row.direction for row in found.rows] == ["隔膜"]


def test_a_row_without_a_name_is_no_second_header():
    found = read(HEAD, [None, "甲", "高级", "隔膜"], GOOD)
    assert found.to_json()["rows"] == {"read": 2, "accepted": 1, "review_only": 0, "rejected": 1, "skipped": 0}


def test_a_first_row_of_data_that_says_a_known_word_is_no_second_header():
    found = read([*HEAD, "经历"], [*GOOD, "学历"])
    assert [row.name for row in found.rows] == ["张三"]


def test_notes_at_the_foot_are_skipped_and_a_lone_employer_is_not():
    notes = [["2.身份证号以文本格式填写，请勿修改。"], ["联系人：王五"]]
    found = read(HEAD, GOOD, *notes, [None, "江西一个名字相当长的锂业集团股份有限公司"], merges=("A4:D4",))
    assert found.to_json()["rows"] == {"read": 4, "accepted": 1, "review_only": 0, "rejected": 1, "skipped": 2}


def test_a_merged_employer_holds_for_each_of_its_rows():
    found = read(HEAD, GOOD, ["李四", None, "高级", "隔膜"], merges=("B2:B3",))
    assert [row.unit for row in found.rows] == ["甲公司", "甲公司"]


def test_answers_settle_what_a_level_and_a_direction_mean():
    row = ["张三", "甲公司", "三级", "电解液"]
    assert [q.key for q in read(HEAD, row).questions] == ["level:三级", "direction:电解液"]
    answers = Answers({"level:三级": "高级", "direction:电解液": "电解液（固体电解质）"})
    assert read(HEAD, row, answers=answers).accepted == 1


def test_a_missing_column_is_an_error_and_a_question():
    found = read(HEAD[:3], GOOD[:3])
    assert "column-missing" in {p.rule for p in found.problems}
    assert [q.key for q in found.questions] == ["column:applicants.direction"]
    assert {p.cell for p in found.problems} == {"A1"}, "not once more in every row"


def test_an_answer_says_which_column_it_is():
    rows = ["姓名", "供职处", "申报级别", "专业类别"], GOOD
    assert [(q.key, q.best) for q in read(*rows).questions] == [
        ("column:applicants.unit", "供职处"),
        ("column:applicants.direction", "专业类别"),
    ]
    answers = {"column:applicants.unit": "供职处", "column:applicants.direction": "专业类别"}
    assert read(*rows, answers=Answers(answers)).accepted == 1


@pytest.mark.parametrize(("title", "best"), [("高级职称名册", "全是高级"), ("高级、中级名册", ""), ("名册", "")])
def test_a_roster_without_levels_may_have_one_for_all(title, best):
    rows = [title], ["姓名", "工作单位", "专业方向"], [*GOOD[:2], GOOD[3]]
    (question,) = read(*rows).questions
    assert (question.key, question.best) == ("column:applicants.level", best)
    assert question.options[-4:] == ("全是高级", "全是中级", "在人员上方的标题行里", "和专业方向写在同一格")
    for answer, levels in (("全是高级", (1, 0)), ("全是中级", (0, 1))):
        found = read(*rows, answers=Answers({question.key: answer}))
        assert (found.problems, (found.accepted, found.review_only)) == ([], levels)


def test_the_same_person_twice():
    (problem,) = read(HEAD, GOOD, GOOD).problems
    assert (problem.cell, problem.rule) == ("A3", "person-twice")
    assert "Sheet!A2" in problem.message


def test_two_of_one_name_and_employer_are_told_apart_by_both_ids():
    head, ids = [*HEAD, "身份证号"], ("362201197907038975", "360502198811234096")
    assert read(head, [*GOOD, ids[0]], [*GOOD, ids[1]]).ok
    assert not read(head, GOOD, [*GOOD, ids[1]]).ok


@pytest.mark.parametrize("value", ["1988.03", "1988-03", "198803", "1988年3月", "1988/3"])
def test_months(value):
    assert partial_date(value) == "1988-03"


def test_days_times_and_nonsense():
    assert partial_date("1988/3/5") == partial_date("1988年3月5日") == partial_date(32207) == "1988-03-05"
    assert partial_date("1988.13") is None
    assert (clock("8:30"), clock("25:00")) == ("08:30", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("全部", "7月15日全天、16日全天"),
        ("15日全天", "7月15日全天"),
        ("除16日下午", "7月15日全天、16日上午"),
        ("7月15日下午；16日", "7月15日下午、16日全天"),
        ("除16日下午外均可", "7月15日全天、16日上午"),
        ("15日上午、下午", "7月15日全天"),
        ("15、16日", "7月15日全天、16日全天"),
        ("2023-07-15上午", "7月15日上午"),
        ("16日下午有课，其余时间可以", "7月15日全天、16日上午"),
        ("除16日下午有课外均可", "7月15日全天、16日上午"),
        ("仅16日", "7月16日全天"),
        ("每天下午", "7月15日下午、16日下午"),
        ("两天上午", "7月15日上午、16日上午"),
        ("周六全天", "7月15日全天"),
        ("7月15日（星期六）上午", "7月15日上午"),
        ("6月28日至7月15日", "7月15日全天"),
        ("7月16日至8月2日", "7月16日全天"),
    ],
)
def test_availability_is_said_back(text, said):
    assert sentence(understand(text, HALVES), HALVES) == said


ONE_DAY = [("上午", "7月15日上午"), ("下午、", "7月15日下午"), ("除下午", "7月15日上午"), ("全天", "7月15日全天")]


@pytest.mark.parametrize(("text", "said"), ONE_DAY)
def test_where_all_is_one_day_nobody_writes_that_day(text, said):
    assert sentence(understand(text, HALVES[:2]), HALVES[:2]) == said
    assert understand("看情况", HALVES[:2]) is understand("晚上", HALVES[:2]) is None


UNCLEAR = ["看情况", "17日全天", "15日早上", "除", "15、16日上午", "下午", "三天上午", "周一", "7月15日（周日）"]
UNCLEAR += ["15日可以，16日不行", "6月1日至6月20日", "7月16日至7月15日", "16日上午开会，下午出差"]


@pytest.mark.parametrize("text", UNCLEAR)
def test_availability_is_never_guessed(text):
    assert understand(text, HALVES) is None


@pytest.mark.parametrize("text", ["16日下午", "16日下午有课", "16日下午出差，其余时间可以", "周日下午不行"])
def test_words_for_an_absence_turn_nothing_round_where_absences_are_told(text):
    assert sentence(absences(text, HALVES), HALVES) == "7月16日下午"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv(encoding):
    data = "\n".join(",".join(row) for row in (HEAD, GOOD)).encode(encoding)
    assert read_applicants(data, "a.csv", directions=NAMES).accepted == 1


def test_the_annotated_file_names_the_problem_in_its_row():
    data = book(HEAD, [*GOOD[:3], "隔模"])
    back = annotate(data, "a.xlsx", read_applicants(data, "a.xlsx", directions=NAMES))
    sheet = load_workbook(io.BytesIO(back)).active
    assert (sheet["E1"].value, sheet["E2"].value[:3]) == ("问题", "D2：")
    again = annotate(back, "a.xlsx", read_applicants(book(HEAD, GOOD), "a.xlsx", directions=NAMES))
    sheet = load_workbook(io.BytesIO(again)).active
    assert (sheet.max_column, sheet["E2"].value) == (5, None), "the column of the time before is used again"


def test_both_tables_of_a_venue_are_annotated():
    made = Workbook()
    made.active.title = "室"
    for row in (["答辩室", "可用时段"], ["301", "看情况"]):
        made.active.append(row)
    halves = made.create_sheet("时")
    for row in (["日期", "开始", "结束"], ["2023-07-15", "早", "12:00"]):
        halves.append(row)
    out = io.BytesIO()
    made.save(out)
    venue = read_venue(out.getvalue(), "v.xlsx")
    back = load_workbook(io.BytesIO(annotate(out.getvalue(), "v.xlsx", venue.rooms, venue.sessions)))
    assert (back["室"]["C2"].value[:3], back["时"]["D2"].value[:3]) == ("B2：", "B2：")


def test_every_rule_is_documented():
    others = ("entry.py", "listed_elsewhere.py", "timetable.py")
    files = [file for file in (ROOT / "exports").glob("*.py") if file.name not in others]
    source = "".join(file.read_text() for file in files)
    documented = set(re.findall(r"^\| `([a-z-]+)`", (ROOT / "docs" / "import-rules.md").read_text(), re.M))
    for rule in documented:
        assert f'"{rule}"' in source
    used = re.findall(r'\.(?:error|warn)\(\s*(?:key|MUST\[table\.kind\]|"\w+"), "([a-z-]+)"', source)
    used += re.findall(r'\.needed\("\w+", "([a-z-]+)"', source)
    used += re.findall(r'"([a-z-]+)", "(?:error|warning)"', source)
    used += re.findall(r'\.note_at\(\s*[^"]*, "([a-z-]+)"', source)
    assert set(used) <= documented
