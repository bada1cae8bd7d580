"""Beside the defence: papers by two persons, opinions signed by the chair, votes that add up, the public notice."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, OFFICER, clock, hear, published_round, secretary, tablet
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from tests.webapp.test_origin import finish
from webapp.models import Applicant, AuditEntry, Ballot, Review, Round
from webapp.services import books, life, notes, notice, origin, results, reviews, rounds, versions, voting
from webapp.services.kernel import Actor, Forbidden, Missing, Refused, Stale, Unreadable

TYPIST = Actor("sec", "secretary")
VOTE = {"present": "9", "votes_for": "6", "against": "2", "abstain": "1", "spoiled": "", "version": "0"}


def with_intermediate(session: Session, round_: Round) -> Round:
    """A fourth applicant, whose papers only are reviewed."""
    person = Applicant(round_id=round_.id, code="A00004", name="申报4", employer="乙厂", level="intermediate")
    person.direction = round_.directions[0]
    session.add(person)
    session.flush()
    return round_


def papers(basis: str, achievements: str, version: str = "0") -> dict[str, str]:
    return {"basis": basis, "achievements": achievements, "version": version}


def test_papers_are_typed_by_one_and_confirmed_by_another(session: Session, round_: Round) -> None:
    with_intermediate(session, round_)
    act = (session, TYPIST, clock, round_)
    typed = {"A00001": papers("35", "50"), "A00004": papers("30", "41"), "A00002": papers("", "")}
    assert reviews.write(*act, typed) == 2
    session.flush()
    assert reviews.confirmed(session, round_) == {}
    with pytest.raises(Forbidden, match="另一位"):
        reviews.confirm(*act, {"A00001": "1"})
    with pytest.raises(Stale):
        reviews.confirm(session, OFFICER, clock, round_, {"A00001": "7"})
    assert reviews.confirm(session, OFFICER, clock, round_, {"A00001": "1", "A00004": "1"}) == 2
    session.flush()
    assert sorted(reviews.confirmed(session, round_).values()) == [Decimal(71), Decimal(85)]
    assert reviews.write(*act, {"A00001": papers("36", "50", "2")}) == 1
    assert sorted(reviews.confirmed(session, round_).values()) == [Decimal(71)], "a changed mark is confirmed again"
    assert [r.applicant.code for r in reviews.rows(session, round_, "intermediate")] == ["A00004"]
    assert reviews.rows(session, round_, "intermediate", "D2") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"A00001": papers("41", "50")}, "A00001 申报1：基本条件：41 不在 0 到 40 之间。"),
        ({"A00001": papers("35.5", "50")}, "基本条件：35.5 不是 1 的整数倍。"),
        ({"A00001": papers("35", "")}, "还没有评分：业绩成果。"),
        ({"A00009": papers("35", "50")}, "A00009：没有这位申报人。"),
        ({"A00001": papers("优", "50")}, "“优”不是分数"),
    ],
)
def test_marks_of_papers_that_make_no_sense_are_refused_by_name(
    session: Session, round_: Round, row: dict[str, dict[str, str]], said: str
) -> None:
    with pytest.raises(Unreadable, match=said):
        reviews.write(session, TYPIST, clock, round_, row | {"A00002": papers("30", "40")})
    assert session.scalars(select(Review)).all() == [], "all or none"


def test_a_stale_row_of_papers_is_refused_and_nothing_is_written_after_computing(
    session: Session, round_: Round
) -> None:
    act = (session, TYPIST, clock, round_)
    reviews.write(*act, {"A00001": papers("35", "50")})
    session.flush()
    with pytest.raises(Stale, match="申报1"):
        reviews.write(*act, {"A00001": papers("36", "50")})
    assert reviews.write(*act, {"A00001": papers("35", "50")}) == 0
    finish(session, round_)
    with pytest.raises(Refused, match="现在不能改"):
        reviews.write(*act, {"A00001": papers("36", "50", "1")})


@pytest.mark.parametrize(("weights", "whole"), [("", None), ("40/60", Decimal("81.70"))])
def test_papers_and_defence_stand_apart_unless_the_round_weighs_them(
    session: Session, round_: Round, weights: str, whole: Decimal | None
) -> None:
    if weights:
        round_.settings = {**round_.settings, "weights": [40, 60]}
    reviews.write(session, TYPIST, clock, round_, {"A00001": papers("35", "50")})
    session.flush()
    reviews.confirm(session, OFFICER, clock, round_, {"A00001": "1"})
    made = finish(session, round_)
    first, second = made.results[:2]
    assert (first.papers, first.final, first.together) == (Decimal(85), Decimal("79.50"), whole)
    assert (second.papers, second.together) == (None, None)
    assert (first.rank, second.rank) == (1, 1), "ranks are the defence's"
    assert origin.of(made, first).agrees
    first.papers = Decimal(84)
    again = results.compute(session, OFFICE, clock, round_, "重算")
    (change,) = versions.compare(session, round_, made, again).changes
    assert ("材料评审", "84", "85") in change.fields, "a mark of the papers is part of a result"
    first.papers = Decimal(85)
    if whole:
        first.together = Decimal("81.71")
        assert not origin.of(made, first).agrees
        first.together = whole
    book = openpyxl.load_workbook(io.BytesIO(books.workbook(session, round_, "results")[1]))
    heads = [cell.value for cell in book["锂矿原料"][3]]
    assert heads[-3:] == (["材料评审", "总分", "备注"] if whole else ["修正后", "材料评审", "备注"])


def test_marks_of_papers_that_are_missing_are_said_until_the_results_are_confirmed(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        round_ = with_intermediate(session, published_round(session))
        finish(session, round_)
        assert reviews.gap(session, round_) is None, "nobody marks papers here"
        round_.settings = {**round_.settings, "weights": [40, 60]}
        results.send_back(session, OFFICER, clock, round_, "材料")
        reviews.write(session, TYPIST, clock, round_, {"A00001": papers("35", "50")})
    office, officer = (client(app, role).get("/results/").text for role in ("office", "results_officer"))
    for page in (office, officer):
        assert "人还没有录入，1 人等确认。没有确认的材料评审分就没有总分。" in page
    link = 'href="/committee/papers?round=1">材料评审</a></p>'
    assert (link in office, link in officer) == (False, True)
    with data(app) as session:
        round_ = rounds.newest(session)
        reviews.write(session, TYPIST, clock, round_, {f"A0000{n}": papers("35", "50") for n in (2, 3, 4)})
        session.flush()
        waiting = reviews.gap(session, round_)
        assert waiting is not None
        assert "0 人还没有录入，4 人等确认" in str(waiting)
        reviews.confirm(session, OFFICER, clock, round_, {f"A0000{n}": "1" for n in (1, 2, 3, 4)})
        assert reviews.gap(session, round_) is None, "everyone's counts"


def test_an_opinion_is_written_by_the_secretary_and_signed_by_the_chair(session: Session, round_: Round) -> None:
    typist, chair = secretary(session, round_), tablet(session, round_, 1)
    act = (session, typist, clock, round_)
    with pytest.raises(Missing):
        notes.write(*act, "A00001", "可以", [], "0")
    hear(session, round_, "A00001")
    asked = [("隔膜的孔隙率？", "40%"), ("", ""), ("良率？", "")]
    notes.write(*act, "A00001", " 有自主工艺。 ", asked, "0")
    session.flush()
    with pytest.raises(Stale):
        notes.write(*act, "A00001", "改", [], "0")
    with pytest.raises(Unreadable):
        notes.write(*act, "A00001", "长" * 2001, [], "1")
    with pytest.raises(Forbidden):
        notes.sign(*act, "A00001", "1")
    with pytest.raises(Missing):
        notes.sign(session, tablet(session, round_, 2), clock, round_, "A00001", "1")
    with pytest.raises(Stale):
        notes.sign(session, chair, clock, round_, "A00001", "9")
    assert notes.signed(session, round_) == {}
    notes.sign(session, chair, clock, round_, "A00001", "1")
    session.flush()
    note = notes.signed(session, round_)["A00001"]
    assert (note.opinion, note.questions) == ("有自主工艺。", [["隔膜的孔隙率？", "40%"], ["良率？", ""]])
    with pytest.raises(Refused, match="已签字"):
        notes.write(*act, "A00001", "改", [], "2")
    for kind, words in (("opinions", "有自主工艺。"), ("minutes", "隔膜的孔隙率？")):
        for role, there in (("office", True), ("secretary", False)):
            assert (words in cells(books.workbook(session, round_, kind, role=role)[1])) is there
    notes.give_back(session, chair, clock, round_, "A00001", " 写明良率 ")
    assert notes.signed(session, round_) == {}
    session.flush()
    assert note.returned == "写明良率"
    for again in (notes.give_back, lambda *act: notes.sign(*act, str(note.row_version))):
        with pytest.raises(Refused, match="已经退回"):
            again(session, chair, clock, round_, "A00001")
    notes.write(*act, "A00001", "有自主工艺，良率 96%。", asked, str(note.row_version))
    session.flush()
    assert note.returned is None
    notes.sign(session, chair, clock, round_, "A00001", str(note.row_version))


def cells(workbook: bytes) -> set[object]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def confirmed(session: Session, round_: Round) -> Round:
    with_intermediate(session, round_)
    round_.settings = round_.settings | {"vote": "committee"}
    finish(session, round_)
    results.confirm(session, OFFICER, clock, round_)
    session.flush()
    return round_


def test_votes_add_up_and_two_thirds_are_needed(session: Session, round_: Round) -> None:
    act = (session, OFFICER, clock, confirmed(session, round_))
    with pytest.raises(Refused, match="还有 3 位"):
        voting.finish(*act)
    wrong = {"A00001": VOTE | {"against": "3"}, "A00002": VOTE | {"votes_for": "六"}, "A00003": VOTE, "A00004": VOTE}
    with pytest.raises(
        Unreadable, match=r"A00001 申报1：.*合计 10 票，与到会 9 人不符.*A00002.*整数.*A00003.*不在表决名单"
    ):
        voting.write(*act, wrong)
    assert session.scalars(select(Ballot)).all() == []
    empty = {"A00002": {"present": "9", "version": "0"}}
    less = VOTE | {"votes_for": "5", "against": "3"}
    assert voting.write(*act, {"A00001": VOTE, "A00004": less} | empty) == 2
    session.flush()
    found = voting.votes(session, round_)
    assert {code: (v.needed, v.passed) for code, v in found.items()} == {"A00001": (6, True), "A00004": (6, False)}
    with pytest.raises(Stale, match="申报1"):
        voting.write(*act, {"A00001": less})
    assert voting.write(*act, {"A00001": VOTE}) == 0
    assert voting.write(*act, {"A00001": less | {"version": "1"}, "A00002": VOTE}) == 2
    voting.finish(*act)
    session.flush()
    assert round_.state == "voted"
    stage = next(one for one in life.stages(session, round_) if one.words == "表决")
    assert (stage.done, stage.who, stage.at) == (True, OFFICER.name, clock())
    with pytest.raises(Unreadable):
        voting.reopen(*act, " ")
    voting.reopen(*act, "计票有误")
    assert round_.state == "confirmed"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("vote."))).all()
    assert acts == ["vote.write"] * 4 + ["vote.finish", "vote.reopen"]


def test_without_a_vote_results_are_released_once_confirmed_and_there_is_no_notice(
    session: Session, round_: Round
) -> None:
    act = (session, OFFICER, clock, confirmed(session, round_))
    round_.settings = round_.settings | {"vote": "none"}
    for refused in (lambda: voting.write(*act, {"A00001": VOTE}), lambda: voting.finish(*act)):
        with pytest.raises(Refused, match="按设置不表决"):
            refused()
    results.release(*act)
    with pytest.raises(Refused, match="没有公示名单"):
        notice.begin(*act)
    assert not {"表决", "公示"} & {stage.words for stage in life.stages(session, round_)}


@pytest.mark.parametrize("change", ["present = 8", "against = -1, votes_for = 9", "present = 0, votes_for = 0"])
def test_the_database_refuses_votes_that_do_not_add_up(session: Session, round_: Round, change: str) -> None:
    voting.write(session, OFFICER, clock, confirmed(session, round_), {"A00001": VOTE})
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE ballots SET {change}"))


def test_the_notice_begins_with_all_votes_and_its_days(session: Session, round_: Round) -> None:
    act = (session, OFFICER, clock, confirmed(session, round_))
    voting.write(*act, dict.fromkeys(("A00001", "A00002"), VOTE))
    with pytest.raises(Refused, match="评委会还没有表决完"):
        results.release(*act)
    round_.state, made = "released", results.newest(session, round_)
    made.state = "released"
    with pytest.raises(Refused, match="还有 1 位没有记录表决结果（A00004）"):
        notice.begin(*act)
    session.add(Ballot(round_id=round_.id, applicant_id=person(session, "A00004"), present=3, votes_for=1, against=2,
                       abstain=0, spoiled=0, written_at=clock(), written_by="officer"))  # fmt: skip
    session.flush()
    with pytest.raises(Refused, match="公示开始日期"):
        notice.begin(*act)
    round_.settings = {**round_.settings, "notice_start": "2040-12-07"}
    with pytest.raises(Refused, match="还不知道 2040 年"):
        notice.begin(*act)
    round_.settings = {**round_.settings, "notice_start": "2026-12-07"}
    notice.begin(*act)
    assert round_.state == "public_notice"
    public = cells(books.workbook(session, round_, "notice", role="organiser")[1])
    assert {"申报1", "申报2"} <= public
    assert "申报4" not in public


def person(session: Session, code: str) -> int:
    return session.scalars(select(Applicant.id).where(Applicant.code == code)).one()


def test_counts_stand_in_the_workbooks_of_those_who_read_votes(session: Session, round_: Round) -> None:
    act = (session, OFFICER, clock, confirmed(session, round_))
    voting.write(*act, {"A00001": VOTE})
    meeting = {
        "members": "甲、乙\n丙、丁、戊、己、庚、辛、壬",
        "invited": "11",
        "chair": "甲",
        "opinion": "同意专家组意见。",
        "version": "0",
    }
    voting.write_meeting(*act, meeting)
    session.flush()
    for role, there in (("results_officer", True), ("office", False)):
        assert (6 in cells(books.workbook(session, round_, "votes", role=role)[1])) is there
        minutes = cells(books.workbook(session, round_, "minutes", role=role)[1])
        assert ("高级：表决 1 人，通过 1 人，未通过 0 人。每人票数见表决结果。" in minutes) is there
        assert {"甲、乙、丙、丁、戊、己、庚、辛、壬", "9 人", "11 人", "同意专家组意见。"} <= minutes
    with pytest.raises(Stale):
        voting.write_meeting(*act, meeting)
    for wrong in ({"invited": "十一"}, {"place": "长" * 129}, {"invited": "8"}):
        with pytest.raises(Unreadable):
            voting.write_meeting(*act, meeting | {"version": "1"} | wrong)


def test_no_vote_has_more_people_than_the_minutes_name(session: Session, round_: Round) -> None:
    act = (session, OFFICER, clock, confirmed(session, round_))
    eight = {"members": "甲、乙、丙、丁、戊、己、庚、辛", "version": "0"}
    voting.write_meeting(*act, eight)
    voting.write(*act, dict.fromkeys(("A00001", "A00002", "A00004"), VOTE))
    session.flush()
    with pytest.raises(Refused, match="A00001 表决时到会 9 人，多于会议记录的出席评委 8 人"):
        voting.finish(*act)
    voting.write_meeting(*act, eight | {"members": eight["members"] + "、壬", "version": "1"})
    session.flush()
    with pytest.raises(Refused, match="出席评委 8 人"):
        voting.write_meeting(*act, eight | {"version": "2"})
    voting.finish(*act)


def test_who_was_not_heard_is_no_ballot_and_has_no_talk(session: Session, round_: Round) -> None:
    confirmed(session, round_)
    ballots = cells(books.workbook(session, round_, "votes")[1])
    assert "A00001" in ballots
    assert "A00003" not in ballots
    minutes = cells(books.workbook(session, round_, "minutes")[1])
    assert "高级 3 人（材料评审和答辩），其中 1 人没有参加答辩，中级 1 人（材料评审）。" in minutes


def test_the_pages_of_a_vote_and_a_review(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        confirmed(session, published_round(session))
    officer = client(app, "results_officer")
    form = {f"A0000{n}.{name}": value for n in (1, 2, 4) for name, value in VOTE.items()}
    assert officer.post("/committee/votes", data=form).status_code == 303
    page = officer.get("/committee/votes?level=intermediate&direction=D1").text
    assert "申报4" in page
    assert "申报1" not in page
    assert officer.post("/committee/votes/finish").status_code == 303
    assert officer.post("/results/release").status_code == 303
    assert "还没有公示日期" in officer.get("/committee/votes").text
    assert officer.post("/committee/notice").status_code == 409
    assert "现在不能改" in client(app, "secretary").get("/committee/papers").text
    assert client(app, "office").get("/committee/votes").status_code == 403
    for role in ("office", "organiser"):
        assert "六" not in client(app, role).get("/results/").text


def test_long_lists_of_a_vote_and_a_review_come_by_pages_and_by_what_is_missing(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        round_ = with_intermediate(session, published_round(session))
        for n in range(5, 64):
            session.add(Applicant(round_id=round_.id, code=f"A{n:05}", name=f"申报{n}", employer="乙厂",
                                  level="intermediate", direction=round_.directions[0]))  # fmt: skip
    typed = {"A00005.basis": "35", "A00005.achievements": "50", "A00005.version": "0"}
    at = "/committee/papers?level=intermediate"
    answer = client(app, "secretary").post(f"{at}&left=none&page=1", data=typed)
    assert sorted(answer.location.split("?")[1].split("&")) == ["left=none", "level=intermediate", "page=1", "round=1"]
    office = client(app, "results_officer")
    first, last = office.get(at).text, office.get(f"{at}&page=2").text
    assert ("申报4<" in first, "申报63<" in first, "申报63<" in last) == (True, False, True)
    assert (office.get(f"{at}&left=unseen").text.count("<tr>"), "申报5<" in office.get(f"{at}&left=none").text) == (
        2,
        False,
    )
    with data(app) as session:
        confirmed_results(session)
    at = "/committee/votes?level=intermediate&left=none"
    assert "共 60 行" in office.get(at).text
    assert (
        office.post(f"{at}&page=2", data={f"A00005.{name}": value for name, value in VOTE.items()}).status_code == 303
    )
    assert "共 59 行" in office.get(at).text


def confirmed_results(session: Session) -> None:
    """The round stands before its vote."""
    round_ = session.scalars(select(Round)).one()
    round_.state, round_.settings = "confirmed", round_.settings | {"vote": "committee"}


def test_marks_of_papers_that_are_refused_stay_as_typed(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        published_round(session)
    typed = {"A00001.basis": "35", "A00001.achievements": "50", "A00002.basis": "41", "A00002.achievements": "50"}
    answer = client(app, "secretary").post("/committee/papers", data=typed)
    assert answer.status_code == 400
    assert "A00002 申报2：基本条件：41 不在 0 到 40 之间" in answer.text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in answer.text
    with data(app) as session:
        assert session.scalars(select(Review)).all() == []
