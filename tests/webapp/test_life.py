"""The life of a result after its sheets: unlocked by two persons, objected to, checked again, corrected, compared."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.webapp.small import FULL, OFFICE, OFFICER, clock, record, secretary, submit, tablet
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from tests.webapp.test_origin import computed, finish  # noqa: F401  (fixture)
from webapp.config import Config
from webapp.models import PanelSigned, ResultSet, Round, Sheet, SheetRecord, Unlock
from webapp.services import (
    archive,
    audit,
    books,
    closing,
    life,
    objections,
    paper,
    records,
    results,
    sheets,
    unlocking,
    versions,
)
from webapp.services.kernel import Actor, Forbidden, Missing, Refused, Unreadable
from webapp.services.verify import verify

SECOND = Actor("officer2", "results_officer")


def key(round_: Round, applicant: str = "A00001", expert: int = 2) -> str:
    return f"R{round_.id}-P1-{applicant}-E000{expert}"


def sheet(session: Session, name: str) -> Sheet:
    return session.scalars(select(Sheet).where(Sheet.key == name)).one()


def released(session: Session, round_: Round) -> ResultSet:
    made = finish(session, round_)
    results.confirm(session, OFFICER, clock, round_)
    results.release(session, OFFICER, clock, round_)
    session.flush()
    return made


def open_again(session: Session, round_: Round) -> Unlock:
    """A complaint is decided on, the officer asks for a sheet, the chair agrees."""
    objections.receive(session, OFFICE, clock, round_, "申报1", "答辩分与现场不符", "a00001")
    session.flush()
    objections.decide(session, OFFICER, clock, round_, 1, "recheck", "专家2记错一项")
    asked = unlocking.ask(session, OFFICER, clock, round_, key(round_), "答辩一项误点")
    session.flush()
    unlocking.agree(session, tablet(session, round_, 1), clock, round_, asked.id)
    session.flush()
    return asked


def corrected(session: Session, round_: Round) -> ResultSet:
    open_again(session, round_)
    marks = FULL | {"qa": "25"}
    answer = sheets.receive(
        session, tablet(session, round_, 2), clock, round_, record(round_, "A00001", 2, marks, base_version=1)
    )
    assert answer.status == 201
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    made = results.compute(session, OFFICE, clock, round_, "第 1 号异议复查")
    session.flush()
    return made


def test_a_complaint_brings_a_corrected_version_and_both_stay(session: Session, round_: Round) -> None:
    first = released(session, round_)
    second = corrected(session, round_)
    assert (first.state, second.state, round_.state) == ("released", "computed", "computed")
    results.confirm(session, OFFICER, clock, round_)
    assert (first.state, first.ended_by, first.ended_why) == ("superseded", "officer", "第 1 号异议复查")
    results.release(session, OFFICER, clock, round_)
    compared = versions.compare(session, round_, first, second)
    change, behind = compared.changes
    assert (behind.row.applicant.code, behind.fields, behind.sheets) == ("A00002", (("名次", "1", "2"),), ())
    assert change.row.applicant.code == "A00001"
    assert change.fields == (("答辩成绩", "79.50", "84.50"), ("最后成绩", "79.50", "84.50"))
    (paper_,) = change.sheets
    assert (paper_.before and paper_.before["total"], paper_.after and paper_.after["total"]) == ("77", "87")
    assert paper_.times == (1, 2)
    assert [(u.reason, u.asked_by, u.answered_by) for u in paper_.unlocked] == [
        ("答辩一项误点", "officer", "expert:E0001")
    ]
    assert [o.decision for o in compared.objections] == ["recheck"]
    assert (compared.same, compared.settings) == (1, ())
    history = select(func.count(SheetRecord.id)).where(SheetRecord.sheet_key == key(round_))
    assert session.scalar(history) == 2


def test_the_signed_sheets_say_which_version_they_are_and_what_it_changed(session: Session, round_: Round) -> None:
    released(session, round_)
    old = books.workbook(session, round_, "results")[1]
    assert verify(session, old, "旧.xlsx").agrees
    corrected(session, round_)

    def sheets_of(role: str) -> dict[str, list[str]]:
        book = openpyxl.load_workbook(io.BytesIO(books.workbook(session, round_, "results", role=role)[1]))
        return {s.title: [str(c.value) for row in s for c in row if c.value is not None] for s in book}

    officer, organiser = sheets_of("results_officer"), sheets_of("organiser")
    assert "第 2 次计算，更正第 1 次，尚未确认" in officer["锂矿原料"][1]
    assert officer["锂矿原料"][-1].startswith("记分员：")
    assert officer["锂矿原料"][-2].startswith("审计链头 ")
    assert audit.knows(session, officer["锂矿原料"][-2].removeprefix("审计链头 ")), "the printed digits are found again"
    said = officer["更正"]
    assert {"A00001", "答辩成绩 79.50 → 84.50\n最后成绩 79.50 → 84.50", "名次 1 → 2"} <= set(said)
    unlocked = "解锁：答辩一项误点（officer 申请，专家 E0001 同意）"
    assert f"专家2：第 1 次提交 → 第 2 次提交，合计 77 → 87；{unlocked}" in said
    assert any(text.startswith("第 1 号异议：复查。核查情况：") for text in said)
    assert "1 份评分表有改动" in organiser["更正"]
    assert not any("专家2：" in text for text in organiser["更正"]), "whose totals the organiser may not see"
    waiting = books.workbook(session, round_, "summary")[1]
    results.confirm(session, OFFICER, clock, round_)
    session.flush()
    assert verify(session, waiting, "汇总.xlsx").agrees, "what it said of the second person was true when it went out"
    assert "尚未确认" not in "".join(sheets_of("results_officer")["锂矿原料"])
    verdict = verify(session, old, "旧.xlsx")
    assert [str(text) for text in verdict.remarks] == ["文件是第 1 次计算的成绩，现在是第 2 次。"]
    assert not any(d.sheet == "更正" for d in verdict.differences)


def test_between_two_versions_stands_what_unlocked_that_one(session: Session, round_: Round) -> None:
    first, second = released(session, round_), corrected(session, round_)
    results.confirm(session, OFFICER, clock, round_)
    results.release(session, OFFICER, clock, round_)
    objections.recheck(session, OFFICER, clock, round_, "再查")
    asked = unlocking.ask(session, OFFICER, clock, round_, key(round_), "汇报一项误点")
    session.flush()
    unlocking.agree(session, tablet(session, round_, 1), clock, round_, asked.id)
    for base, state in ((2, "draft"), (3, "submitted")):
        again = record(round_, "A00001", 2, FULL | {"talk": "20"}, base_version=base, state=state)
        assert sheets.receive(session, tablet(session, round_, 2), clock, round_, again).status == 201
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    third = results.compute(session, OFFICE, clock, round_, "再查")
    session.flush()

    def why(a: ResultSet, b: ResultSet) -> list[str]:
        changes = versions.compare(session, round_, a, b).changes
        return [u.reason for change in changes for sheet in change.sheets for u in sheet.unlocked]

    (sheet,) = (sheet for one in versions.compare(session, round_, first, third).changes for sheet in one.sheets)
    assert (sheet.after and sheet.after["version"], sheet.times) == (4, (1, 3)), "what was only saved is no submission"
    assert why(first, second) == ["答辩一项误点"]
    assert why(third, second) == ["汇报一项误点"]
    assert why(first, third) == ["答辩一项误点", "汇报一项误点"]


def test_a_setting_that_changed_is_named(session: Session, round_: Round) -> None:
    first = finish(session, round_)
    round_.settings = {**round_.settings, "decimals": 1}
    second = results.compute(session, OFFICE, clock, round_, "小数位数")
    session.flush()
    compared = versions.compare(session, round_, first, second)
    assert compared.settings == (("成绩小数位数", "2", "1"),)
    assert first.ended_why == "小数位数"
    assert [m.number for m in versions.everyone(session, round_)] == [2, 1]


def test_unlocking_takes_both_sides_and_a_reason(session: Session, round_: Round) -> None:
    released(session, round_)
    with pytest.raises(Refused, match="先登记异议"):
        unlocking.ask(session, OFFICER, clock, round_, key(round_), "误点")
    objections.recheck(session, OFFICER, clock, round_, "误点")
    chair, expert = tablet(session, round_, 1), tablet(session, round_, 2)
    for actor, error in ((OFFICE, Forbidden), (expert, Forbidden)):
        with pytest.raises(error):
            unlocking.ask(session, actor, clock, round_, key(round_), "误点")
    with pytest.raises(Unreadable, match="原因"):
        unlocking.ask(session, chair, clock, round_, key(round_), " ")
    with pytest.raises(Missing):
        unlocking.ask(session, chair, clock, round_, "R9-P1-A00001-E0001", "误点")
    asked = unlocking.ask(session, chair, clock, round_, key(round_), "误点")
    session.flush()
    with pytest.raises(Refused, match="已有解锁申请"):
        unlocking.ask(session, OFFICER, clock, round_, key(round_), "误点")
    for actor in (chair, expert, OFFICE):
        with pytest.raises(Forbidden):
            unlocking.agree(session, actor, clock, round_, asked.id)
    watching = Actor("supervisor", "supervisor")
    assert [unlocking.waiting(session, round_, actor) for actor in (chair, OFFICER, watching)] == [0, 1, 0]
    assert sheet(session, key(round_)).state == "submitted"
    unlocking.agree(session, OFFICER, clock, round_, asked.id)
    assert (sheet(session, key(round_)).state, round_.state) == ("draft", "in_session")
    assert session.scalars(select(PanelSigned)).all() == []
    with pytest.raises(Missing):
        unlocking.agree(session, OFFICER, clock, round_, asked.id)


def test_who_does_not_agree_leaves_the_sheet(session: Session, round_: Round) -> None:
    released(session, round_)
    objections.recheck(session, OFFICER, clock, round_, "误点")
    asked = unlocking.ask(session, OFFICER, clock, round_, key(round_), "误点")
    session.flush()
    assert unlocking.requests(session, round_, tablet(session, round_, 2)) == []
    assert [u.state for u in unlocking.requests(session, round_, tablet(session, round_, 1))] == ["asked"]
    unlocking.refuse(session, tablet(session, round_, 1), clock, round_, asked.id)
    assert (asked.state, sheet(session, key(round_)).state, round_.state) == ("refused", "submitted", "complete")


def test_only_the_unlocked_sheet_is_taken_and_the_chair_signs_after_it(session: Session, round_: Round) -> None:
    released(session, round_)
    asked = open_again(session, round_)
    with pytest.raises(Refused, match="解锁后还没有交回"):
        closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    with pytest.raises(Forbidden, match="已关闭"):
        submit(session, round_, "A00002", 3)
    again = record(round_, "A00001", 2, FULL, base_version=1)
    assert sheets.receive(session, tablet(session, round_, 2), clock, round_, again).status == 201
    assert (asked.state, sheet(session, key(round_)).version) == ("done", 2)
    last = record(round_, "A00001", 2, FULL, base_version=2)
    with pytest.raises(Forbidden, match="已关闭"):
        sheets.receive(session, tablet(session, round_, 2), clock, round_, last)


def test_an_unlocked_sheet_may_come_on_paper_and_the_chair_confirms(session: Session, round_: Round) -> None:
    released(session, round_)
    asked = open_again(session, round_)
    typist = secretary(session, round_)
    panel, sittings = records.panel_of(session, round_, typist, "P1")
    assert [r.place.applicant.code for r in paper.pile(session, round_, panel, sittings).rows] == ["A00001"]
    sheets.type_in(session, typist, clock, round_, record(round_, "A00001", 2, FULL, base_version=1))
    assert asked.state == "open"
    paper.confirm(session, tablet(session, round_, 1), clock, round_, key(round_), 2)
    assert asked.state == "done"


def test_an_objection_is_decided_by_another_person_with_a_finding(session: Session, round_: Round) -> None:
    finish(session, round_)
    with pytest.raises(Refused, match="还没有公布过"):
        objections.receive(session, OFFICE, clock, round_, "", "有疑问")
    results.confirm(session, OFFICER, clock, round_)
    results.release(session, OFFICER, clock, round_)
    for text, code in (("", ""), ("x" * 1001, ""), ("有疑问", "A99999")):
        with pytest.raises(Unreadable):
            objections.receive(session, OFFICER, clock, round_, "", text, code)
    made = objections.receive(session, OFFICER, clock, round_, "", "有疑问")
    session.flush()
    assert (made.number, made.source, made.applicant) == (1, "未署名", None)
    with pytest.raises(Forbidden, match="另一位"):
        objections.decide(session, OFFICER, clock, round_, 1, "kept", "核对无误")
    for decision, finding in (("kept", " "), ("lost", "核对"), ("kept", "x" * 1001)):
        with pytest.raises(Unreadable):
            objections.decide(session, SECOND, clock, round_, 1, decision, finding)
    objections.decide(session, SECOND, clock, round_, 1, "kept", "核对无误")
    assert (round_.state, made.decided_by) == ("released", "officer2")
    with pytest.raises(Missing):
        objections.decide(session, SECOND, clock, round_, 1, "kept", "核对无误")
    with pytest.raises(Unreadable, match="原因"):
        objections.recheck(session, SECOND, clock, round_, "")


def test_an_undecided_objection_keeps_a_round_from_the_shelf(session: Session, round_: Round, config: Config) -> None:
    released(session, round_)
    objections.receive(session, OFFICE, clock, round_, "", "有疑问")
    round_.state = "public_notice"
    session.flush()
    with pytest.raises(Refused, match="还有 1 件异议没有决定"):
        archive.write(session, OFFICE, clock, config, round_)
    objections.decide(session, OFFICER, clock, round_, 1, "kept", "核对无误")
    session.flush()
    archive.write(session, OFFICE, clock, config, round_)
    assert round_.state == "archived"


def test_the_stages_say_how_far_the_results_are(session: Session, round_: Round) -> None:
    before = life.stages(session, round_)
    assert [s.done for s in before] == [False] * 6, "a round without a vote has no notice either"
    round_.settings = round_.settings | {"vote": "committee"}
    assert [s.words for s in life.stages(session, round_)] == [*life.WORDS]
    assert str(before[0].says) == "0 / 1 场"
    finish(session, round_)
    assert [s.words for s in life.stages(session, round_) if s.done] == ["评分表齐全", "组长签字", "计算"]
    results.confirm(session, OFFICER, clock, round_)
    confirmed = life.stages(session, round_)[3]
    assert (confirmed.done, confirmed.who) == (True, "officer")


def test_a_superseded_set_is_read_by_those_who_read_the_history(computed: Flask) -> None:  # noqa: F811
    with data(computed) as session:
        round_ = session.scalars(select(Round)).one()
        round_.settings = {**round_.settings, "decimals": 1}
        results.compute(session, OFFICE, clock, round_, "小数位数")
        results.confirm(session, OFFICER, clock, round_)
        results.release(session, OFFICER, clock, round_)
    for role, old in (("office", "79.50"), ("organiser", "79.5<")):
        text = client(computed, role).get("/results/A00001?set=1").text
        assert old in text
    page = client(computed, "supervisor").get("/results/life/versions").text
    assert "成绩小数位数：<s>2</s> → <b>1</b>" in page
    assert client(computed, "office").get("/results/life/versions?a=1&b=9").status_code == 404
    assert client(computed, "organiser").get("/results/life/versions").status_code == 403


def test_what_is_released_stands_while_it_is_checked_again(computed: Flask) -> None:  # noqa: F811
    with data(computed) as session:
        round_ = session.scalars(select(Round)).one()
        results.confirm(session, OFFICER, clock, round_)
        results.release(session, OFFICER, clock, round_)
        objections.recheck(session, OFFICER, clock, round_, "误点")
    for role in ("organiser", "office", "results_officer", "supervisor"):
        page = client(computed, role).get("/results/").text
        assert "正在复查。下面是已公布的第 1 次计算" in page
        assert "79.50" in page
    assert "答辩成绩 79.50" in client(computed, "organiser").get("/results/A00001").text
    asks = "sheet=R1-P1-A00001-E0002"
    assert asks in client(computed, "results_officer").get("/results/A00001").text, "the sheet's number is at hand"
    assert asks not in client(computed, "supervisor").get("/results/A00001").text
    with data(computed) as session:
        round_ = session.scalars(select(Round)).one()
        round_.settings = {**round_.settings, "decimals": 1}
        results.compute(session, OFFICE, clock, round_, "误点")
    assert "79.50" in client(computed, "organiser").get("/results/A00001").text, "until the corrected one is confirmed"
    assert "79.50" not in client(computed, "office").get("/results/A00001").text
    with data(computed) as session:
        results.confirm(session, OFFICER, clock, session.scalars(select(Round)).one())
    assert client(computed, "organiser").get("/results/A00001").status_code == 404
