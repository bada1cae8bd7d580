"""A round on the command line, and what the office reads when a file or a roster is not right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from webapp.cli import group, main

VENUE = [["答辩室"], ["第一答辩室"], [], ["日期", "时段名", "开始", "结束"], ["2026-12-05", "上午", "8:30", "12:00"]]
HEAD = ["姓名", "工作单位", "申报级别", "专业方向", "回避专家", "不可用时间"]
PEOPLE = [HEAD, ["张三", "甲厂", "高级", "隔膜"], ["李四", "乙厂", "高级", "隔膜"], ["王五", "乙厂", "中级", "隔膜"]]
EXPERTS = [
    ["姓名", "工作单位", "专业方向", "角色"],
    ["赵一", "第一大学", "隔膜", "组长"],
    ["钱二", "第二大学", "隔膜", "成员"],
    ["孙三", "第三大学", "隔膜", "成员"],
]
SMALL = ("--set", "panel_size=3", "--set", "min_specialists=2", "--set", "min_sheets=2")


class Office:
    """A data folder and the commands given in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(group, [*words, "--data", str(self.folder / "data")])

    def file(self, name: str, rows: list[list[str]]) -> str:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(self.folder / name)
        return str(self.folder / name)

    def bring_in(self, **rosters: list[list[str]]) -> None:
        for kind, rows in ({"venue": VENUE, "applicants": PEOPLE, "experts": EXPERTS} | rosters).items():
            answer = self.run("import", kind, self.file(f"{kind}.xlsx", rows))
            assert answer.exit_code == 0, answer.output


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    assert made.run("round", "new", "批次", *SMALL).exit_code == 0
    return made


def test_a_round_from_files_to_workbooks(office: Office) -> None:
    office.bring_in()
    document = office.folder / "instance.json"
    assert office.run("export", "instance", "-o", str(document)).exit_code == 0
    venue = json.loads(document.read_text(encoding="utf-8"))
    assert (len(venue["rooms"]), len(venue["sessions"])) == (1, 1), "two tables stand in one sheet"
    assert office.run("export", "rosters", "-o", str(office.folder / "名册.xlsx")).exit_code == 0
    again = office.run("import", "applicants", str(office.folder / "名册.xlsx"))
    assert "新增 0，更改 0，新文件里没有的 0，不变 3" in again.output
    scheduled = office.run("schedule", "--seconds", "5")
    assert scheduled.exit_code == 0, scheduled.output
    assert "未安排 0，场次 1，小组 1" in scheduled.output
    assert "第 1 版安排已发布" in office.run("publish").output
    bundle = office.folder / "all.zip"
    assert office.run("export", "all", "-o", str(bundle)).exit_code == 0
    names = ZipFile(bundle).namelist()
    assert len(names) == 16, "all but the results and the notice, and a text that says so"
    missing = ZipFile(bundle).read("没有的表格.txt").decode()
    assert [line.split("：")[0] for line in missing.splitlines()] == ["成绩册", "成绩由来", "公示名单"]
    solution = office.folder / "solution.json"
    assert office.run("export", "solution", "-o", str(solution)).exit_code == 0
    assert json.loads(solution.read_text(encoding="utf-8"))["unscheduled"] == []
    assert office.run("audit").exit_code == 0


def test_every_roster_of_the_command_line_is_in_the_archive(office: Office) -> None:
    office.bring_in()
    office.run("schedule", "--seconds", "5")
    edited = office.folder / "edited.xlsx"
    office.run("export", "schedule", "-o", str(edited))
    assert office.run("schedule", "--from", str(edited)).exit_code == 0
    path = office.folder / "round.zip"
    assert office.run("archive", "-o", str(path)).exit_code == 0
    with ZipFile(path) as bundle:
        listed = json.loads(bundle.read("manifest.json"))["files"]
        for name in ("venue", "applicants", "experts", "edited"):
            (kept,) = (one for one in listed if one.endswith(f"-{name}.xlsx"))
            data = (office.folder / f"{name}.xlsx").read_bytes()
            assert bundle.read(kept) == data
            assert listed[kept]["sha256"] == sha256(data).hexdigest()


def test_times_an_applicant_cannot_come_reach_the_schedule(office: Office) -> None:
    office.bring_in(applicants=[HEAD, ["张三", "甲厂", "高级", "隔膜", "", "5日上午"], PEOPLE[2]])
    assert "未安排 1" in office.run("schedule", "--seconds", "5").output
    instance = office.folder / "instance.json"
    office.run("export", "instance", "-o", str(instance))
    people = json.loads(instance.read_text(encoding="utf-8"))["applicants"]
    assert people[0]["unavailable"] == [["2026-12-05T08:30", "2026-12-05T12:00"]]


@pytest.mark.parametrize(
    ("rosters", "says"),
    [
        ({"experts": [EXPERTS[0], *([*row[:3], "成员"] for row in EXPERTS[1:])]}, "“隔膜”没有可任组长的专家"),
        ({"experts": EXPERTS[:2]}, "“隔膜”只有 1 位本方向专家"),
        ({"applicants": [HEAD, ["张三", "甲厂", "高级", "隔膜", "无名氏"]]}, "回避名单中的“无名氏”不在名册上"),
    ],
)
def test_rosters_that_cannot_be_scheduled_are_said_before_solving(
    office: Office, rosters: dict[str, list[list[str]]], says: str
) -> None:
    office.bring_in(**rosters)
    answer = office.run("schedule", "--seconds", "5")
    assert answer.exit_code == 1
    assert says in answer.stderr
    assert "draft" in office.run("round", "show").output or "筹备" in office.run("round", "show").output


def test_recusals_find_their_persons_whichever_roster_comes_first(office: Office) -> None:
    people = [HEAD, ["张三", "甲厂", "高级", "隔膜", "赵一"], ["张三", "乙厂", "高级", "隔膜"]]
    experts = [[*EXPERTS[0], "回避人员"], [*EXPERTS[1], ""], [*EXPERTS[2], "张三（乙厂）"], EXPERTS[3]]
    for kind, rows in (("venue", VENUE), ("experts", experts), ("applicants", people)):
        assert office.run("import", kind, office.file("in.xlsx", rows)).exit_code == 0
    instance = office.folder / "instance.json"
    office.run("export", "instance", "-o", str(instance))
    document = json.loads(instance.read_text(encoding="utf-8"))
    assert [e["recuse_applicants"] for e in document["experts"]] == [[], ["A00002"], []]
    assert [a["recuse_experts"] for a in document["applicants"]] == [["E0001"], []]


def test_two_of_one_name_are_asked_about_and_hold_up_the_lock(office: Office) -> None:
    people = [HEAD, ["张三", "甲厂", "高级", "隔膜"], ["张三", "乙厂", "高级", "隔膜"]]
    experts = [[*EXPERTS[0], "回避人员"], [*EXPERTS[1], "张三"], *EXPERTS[2:]]
    file = office.file("experts2.xlsx", experts)
    office.run("import", "venue", office.file("v.xlsx", VENUE))
    assert office.run("import", "experts", file).exit_code == 0, "the applicants are not there yet"
    office.run("import", "applicants", office.file("a.xlsx", people))
    assert "回避名单中的“张三”有 2 位" in office.run("schedule").stderr
    refused = office.run("import", "experts", file)
    assert (refused.exit_code, "recuse:张三" in refused.stdout) == (1, True)
    answers = office.folder / "answers.json"
    answers.write_text(json.dumps({"recuse:张三": "张三（甲厂）"}), encoding="utf-8")
    assert office.run("import", "experts", file, "--answers", str(answers)).exit_code == 0
    assert office.run("import", "experts", file).exit_code == 0, "the answer is remembered"


def test_a_question_is_answered_on_a_terminal(office: Office) -> None:
    people = office.file("a.xlsx", [["姓名", "用人单位全称", "申报级别", "专业方向"], ["张三", "甲厂", "三级", "隔膜"]])
    ours, theirs = os.openpty()
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "import", "applicants", people]
    os.write(ours, b"2\n2\n")  # the second header is the employer, the second level is 高级
    told = subprocess.run(
        [*command, "--data", str(office.folder / "data")],
        check=False,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (told.returncode, "接受 1" in told.stdout) == (0, True), told.stderr


def test_people_keep_their_ids_when_a_roster_comes_again(office: Office) -> None:
    head, first, second = [*HEAD, "身份证号"], "362201197907038975", "360502198811234096"
    rows = [head, ["张三", "甲厂", "高级", "隔膜", "", "", first], ["李四", "甲厂", "高级", "隔膜"]]
    office.run("import", "applicants", office.file("a.xlsx", rows))
    again = [
        head,
        ["张三", "甲厂", "高级", "隔膜", "", "", second],
        rows[2],
        ["张三丰", "乙厂", "高级", "隔膜", "", "", first],
    ]
    office.run("import", "applicants", office.file("a.xlsx", again))
    office.run("import", "venue", office.file("v.xlsx", VENUE))
    instance = office.folder / "instance.json"
    office.run("export", "instance", "-o", str(instance))
    people = json.loads(instance.read_text(encoding="utf-8"))["applicants"]
    assert [(a["id"], a["employer"]) for a in people] == [("A00001", "乙厂"), ("A00002", "甲厂"), ("A00003", "甲厂")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "applicants", "nothing.xlsx"), "没有文件“nothing.xlsx”"),
        (("import", "applicants", "."), "读不出"),
        (("import", "applicants"), "缺少 FILE"),
        (("import", "people", "a.xlsx"), "kind 的值不对"),
        (("schedule", "--seconds", "0"), "--seconds 的值不对"),
        (("nothing",), "用法不对"),
        (("round", "list", "--nothing"), "没有选项 --nothing"),
        (("round", "list", "--data", "/proc/nothing"), "不能写"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    monkeypatch.setattr("sys.argv", ["rostrum", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr().err
    assert (stopped.value.code, told.count("\n"), told.endswith("。\n")) == (2, 1, True)
    assert says in told


@pytest.mark.parametrize("address", ["nothing://x", "postgresql+psycopg://nobody@127.0.0.1:1/x"])
def test_a_database_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, office: Office, address: str) -> None:
    monkeypatch.setenv("ROSTRUM_DATABASE_URL", address)
    answer = office.run("round", "list")
    assert (answer.exit_code, "ROSTRUM_DATABASE_URL" in answer.stderr) == (2, True)


@pytest.mark.parametrize("content", ["[1]", "{", '{"a": 1}'])
def test_answers_that_are_none_are_said(office: Office, content: str) -> None:
    answers = office.folder / "answers.json"
    answers.write_text(content, encoding="utf-8")
    answer = office.run("import", "venue", office.file("v.xlsx", VENUE), "--answers", str(answers))
    assert (answer.exit_code, "回答应是一份 JSON" in answer.stderr) == (2, True)


@pytest.mark.parametrize(
    ("kind", "rows", "status", "says"),
    [
        ("applicants", [["姓名", "工作单位", "专业方向"], ["张三", "甲厂", "隔膜"]], 1, "申报级别"),
        ("applicants", [HEAD], 1, "Sheet!A2 表头下面没有申报人员"),
        ("applicants", EXPERTS, 1, "这是一份评审专家名册"),
        ("venue", [*[["答辩室"]], [], *VENUE[3:]], 1, "Sheet!A2 表头下面没有答辩室"),
        ("experts", [EXPERTS[0], ["赵一", "", "隔膜", "组长"]], 1, "工作单位"),
    ],
)
def test_a_roster_with_a_fault_is_refused_whole(
    office: Office, kind: str, rows: list[list[str]], status: int, says: str
) -> None:
    answer = office.run("import", kind, office.file("wrong.xlsx", rows))
    assert answer.exit_code == status, answer.output
    assert says in answer.output
    assert office.run("schedule").exit_code == 1, "nothing was written"


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"no workbook"), ("a.pdf", b"%PDF-1.4"), ("a.xls", b"\xd0\xcf\x11\xe0")]
)
def test_a_wrong_file_is_one_sentence(office: Office, name: str, content: bytes) -> None:
    (office.folder / name).write_bytes(content)
    answer = office.run("import", "applicants", str(office.folder / name))
    assert answer.exit_code == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "请" in answer.stderr


def test_a_missing_file_round_or_setting(office: Office) -> None:
    assert office.run("import", "applicants", str(office.folder / "none.xlsx")).exit_code == 2
    assert office.run("round", "new", "批次").exit_code == 2
    assert office.run("round", "new", "二", "--set", "panel_size=4").exit_code == 2
    assert office.run("export", "groups", "--round", "三", "-o", str(office.folder / "x.xlsx")).exit_code == 2
    assert office.run("publish").exit_code == 1


def test_a_look_writes_nothing_and_speaks_json(office: Office) -> None:
    answer = office.run("import", "applicants", office.file("a.xlsx", PEOPLE), "--dry-run", "--json")
    document = json.loads(answer.stdout)
    assert document["rows"] == {"read": 3, "accepted": 2, "review_only": 1, "rejected": 0, "skipped": 0}
    assert "申报人" in office.run("schedule").stderr
