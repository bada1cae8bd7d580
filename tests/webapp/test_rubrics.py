"""The rubric's editor: what is refused and at which item, versions that stay, when it freezes, the preview."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.rubric import example
from tests.webapp.live import Person, chromium, running
from tests.webapp.small import OFFICE, clock, hear, published_round, submit
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from webapp.models import AuditEntry, Round
from webapp.services import effects, reviews, rounds, rubrics
from webapp.services.kernel import Actor, Refused, Stale, Unreadable

ROW = {"key": "talk", "name": "汇报", "full": "60", "step": "0.5", "prompts": "条理、按时", "bands": "优 54、良 48.5"}
OTHER = {"key": "", "name": "答辩", "full": "40", "step": "1", "prompts": "", "bands": ""}


def test_what_is_typed_is_the_rubric() -> None:
    made = rubrics.parse([ROW, OTHER, {"name": " "}], "100", 3)
    assert [(i.key, i.name, str(i.full), str(i.step)) for i in made.items] == [
        ("talk", "汇报", "60", "0.5"),
        ("item2", "答辩", "40", "1"),
    ]
    assert made.items[0].prompts == ("条理", "按时")
    assert [(word, str(value)) for word, value in made.items[0].bands] == [("优", "54"), ("良", "48.5")]
    assert (made.version, rubrics.parse(rubrics.texts(made), "100", 3)) == (3, made)
    assert rubrics.parse(rubrics.texts(example()), "100", 1) == example(), "the shipped example can be edited"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"full": "六十"}, "第 1 项“汇报”：满分和步长应为大于 0"),
        ({"full": "-60"}, "满分和步长应为大于 0"),
        ({"full": "NaN"}, "满分和步长应为大于 0"),
        ({"step": "0"}, "满分和步长应为大于 0"),
        ({"step": "7"}, "满分 60 不是步长 7 的整数倍"),
        ({"step": "1e-30"}, "满分和步长应为大于 0"),
        ({"step": "1_0"}, "满分和步长应为大于 0"),
        ({"step": "0.000000000000000000000007"}, "不是步长"),
        ({"name": "汇" * 33}, "不超过 32 字"),
        ({"name": " "}, "第 1 项“”：没有写名称"),
        ({"name": "", "full": "", "bands": ""}, "没有写名称"),
        ({"bands": "优"}, "档次“优”应写成“优 18”"),
        ({"bands": "优 61"}, "档次的分数应不超过满分"),
        ({"bands": "优 50.2"}, "步长的整数倍"),
        ({"bands": "差 30、优 50"}, "从高到低"),
        ({"name": "答辩"}, "项目“答辩”写了两次"),
        ({"full": "50", "bands": ""}, "各项满分合计 90，与本批次满分 100 不符"),
    ],
)
def test_a_rubric_that_makes_no_sense_is_refused_at_its_item(change: dict[str, str], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        rubrics.parse([ROW | change, OTHER], "100", 1)


def test_no_item_too_many_items_and_a_key_used_twice() -> None:
    for rows, full in (([], "0"), ([OTHER | {"name": f"项{n}", "full": "1"} for n in range(21)], "21")):
        with pytest.raises(Unreadable, match="1 到 20 项"):
            rubrics.parse(rows, full, 1)
    with pytest.raises(Unreadable, match="同一个代码"):
        rubrics.parse([ROW, OTHER | {"key": "talk"}], "100", 1)


def test_every_version_stays_and_the_tie_break_keeps_its_item(session: Session) -> None:
    round_ = rounds.create(session, OFFICE, clock, "标准批次", {"tie_break": "qa"})
    session.flush()
    act = (session, OFFICE, clock, round_, "defence")
    with pytest.raises(Refused, match="用到项目“答辩”"):
        rubrics.save(*act, [ROW, OTHER], "100", 1)
    kept = [ROW, OTHER | {"key": "qa"}]
    assert rubrics.save(*act, kept, "100", 1).version == 2
    session.flush()
    with pytest.raises(Stale):
        rubrics.save(*act, kept, "100", 1)
    assert rubrics.save(*act, kept, "100", 2).version == 2, "nothing changed"
    assert [(v.version, v.made_by) for v in rubrics.history(session, round_, "defence")] == [(2, "office"), (1, "")]
    assert rubrics.current(session, round_, "defence").items[0].name == "汇报"
    saved = session.scalars(select(AuditEntry.object).where(AuditEntry.act == "rubric.save")).all()
    assert saved == ["defence 2"]


def test_ties_are_decided_by_items_there_are_and_a_line_is_under_the_full_mark(session: Session) -> None:
    """A word that names no item would leave ties as they are, and no page could tell how the rank came about."""
    with pytest.raises(Unreadable, match="没有项目“论文”。可以写：汇报、"):
        rounds.create(session, OFFICE, clock, "同分批次", {"tie_break": "答辩 论文"})
    for line in ("100.5", "1e999999", "1_0", "NaN", "-1"):
        with pytest.raises(Unreadable, match="参考线"):
            rounds.create(session, OFFICE, clock, "同分批次", {"reference_line": line})
    typed = {"tie_break": "答辩、talk，汇报", "reference_line": "6e1"}
    round_ = rounds.create(session, OFFICE, clock, "同分批次", typed)
    session.flush()
    assert (round_.settings["tie_break"], round_.settings["reference_line"]) == (["qa", "talk"], "60")
    rounds.change_settings(session, OFFICE, clock, round_, {"tie_break": "答辩 汇报"})
    assert round_.settings["tie_break"] == ["qa", "talk"]
    with pytest.raises(Unreadable, match="论文"):
        rounds.change_settings(session, OFFICE, clock, round_, {"tie_break": "论文"})
    session.refresh(round_)
    half = [{**ROW, "full": "20", "bands": ""}, {**OTHER, "key": "qa", "full": "30"}]
    with pytest.raises(Refused, match="参考线 60 高于满分 50"):
        rubrics.save(session, OFFICE, clock, round_, "defence", half, "50", 1)
    told = {str(text) for text in effects.of(round_, None).values()}
    assert "同分的依次比较 答辩、汇报。" in told


def test_marks_are_weighed_only_where_both_rubrics_have_one_full_mark(session: Session) -> None:
    round_ = rounds.create(session, OFFICE, clock, "权重批次", {})
    session.flush()
    act, sixty = (session, OFFICE, clock, round_), [{**ROW, "key": "basis"}]
    rubrics.save(*act, "papers", sixty, "60", 1)
    session.flush()
    with pytest.raises(Unreadable, match="材料评审标准满分 60 与答辩评分标准满分 100 不同"):
        rounds.change_settings(*act, {"weights": "40/60"})
    session.refresh(round_)
    rubrics.save(*act, "defence", sixty, "60", 1)
    rounds.change_settings(*act, {"weights": "40/60"})
    session.flush()
    for kind in ("papers", "defence"):
        with pytest.raises(Unreadable, match="不能按权重合成总分"):
            rubrics.save(*act, kind, [ROW, OTHER], "100", 2)


def test_trimming_that_never_happens_is_said(session: Session) -> None:
    texts = {"aggregate": "trim_total", "min_sheets_to_trim": "7"}
    told = effects.of(rounds.create(session, OFFICE, clock, "不去高低", texts), None)
    assert str(told["min_sheets_to_trim"]) == "专家组只有 5 位专家，不会去高低，一律取平均分。"
    assert str(told["aggregate"]) == "5 份评分表都计入。"


def test_it_freezes_with_the_first_call_the_first_sheet_or_the_first_mark_of_papers(
    session: Session, round_: Round
) -> None:
    assert not rubrics.frozen(session, round_, "defence")
    submit(session, round_, "A00001", 1)
    with pytest.raises(Refused, match="已冻结"):
        rubrics.save(session, OFFICE, clock, round_, "defence", [ROW, OTHER], "100", 1)
    papers = [ROW | {"key": "basis", "name": "资历"}, OTHER | {"key": "work", "name": "业绩"}]
    assert rubrics.save(session, OFFICE, clock, round_, "papers", papers, "100", 1).version == 2
    session.flush()
    typed = {"A00001": {"basis": "50.5", "work": "30", "version": "0"}}
    assert reviews.write(session, Actor("sec", "secretary"), clock, round_, typed) == 1
    session.flush()
    assert rubrics.frozen(session, round_, "papers")


def test_a_call_freezes_it_too(session: Session, round_: Round) -> None:
    hear(session, round_, "A00001")
    assert rubrics.frozen(session, round_, "defence")


def test_the_editor_is_the_offices_and_others_read(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        published_round(session)
    office = client(app, "office")
    form = {name: [ROW[name], OTHER[name]] for name in ROW} | {"whole": "100", "version": "1"}
    shown = office.post("/office/rubric/defence/preview", data=form).text
    assert "<b>优</b><small>54</small>" in shown
    assert "汇报" in shown
    wrong = office.post("/office/rubric/defence/preview", data=form | {"whole": "90"}).text
    assert "与本批次满分 90 不符" in wrong
    refused = office.post("/office/rubric/defence", data=form | {"whole": "90"})
    assert refused.status_code == 400
    for kept in ("没有保存", 'id="whole" name="whole" value="90"', f'value="{ROW["name"]}"'):
        assert kept in refused.text, "what was typed stays"
    assert office.post("/office/rubric/defence", data=form).status_code == 303
    assert "第 2 版" in office.get("/office/rubric/defence").text
    assert office.get("/office/rubric/nothing").status_code == 404
    assert client(app, "supervisor").get("/office/rubric/defence").status_code == 200
    assert client(app, "supervisor").post("/office/rubric/defence", data=form).status_code == 403
    assert client(app, "organiser").get("/office/rubric/defence").status_code == 403


def test_the_preview_follows_what_is_typed(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        published_round(session)
    with running(app) as address, chromium() as browser:
        office = Person.sit_down(browser, address)
        office.log_in("office", "a-first-password")
        office.go("/office/rubric/defence")
        office.page.get_by_label("项目").first.fill("现场汇报")
        office.page.locator("#preview .name", has_text="现场汇报").wait_for()
        office.page.get_by_label("满分").first.fill("30")
        office.page.locator("#preview .alert", has_text="各项满分合计 110").wait_for()
        office.page.get_by_label("删去").last.click()
        office.page.locator("#preview .alert", has_text="各项满分合计 105").wait_for()
        office.page.fill("#whole", "105")
        office.page.locator("#preview .badge", has_text="合计满分 105").wait_for()
        office.picture("rubric")
        office.press("保存为新版本")
        assert "第 2 版" in office.page.locator("h1").inner_text()
        assert office.complaints == []
