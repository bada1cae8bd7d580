"""Around the board: causes and fixes by a button, solving again from a version, versions compared, who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from scheduler import Problem
from scheduler.problem import Pin, Room, stamp
from scheduler.problem import Session as HalfDay
from scheduler.said import name, say, written
from tests.webapp.drafted import drafted_round, move
from tests.webapp.small import OFFICE, clock
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import Applicant, Expert, Job, Round, ScheduleVersion
from webapp.services import comparing, drafts, fixing, jobs, locking, moves, prints, publishing, reworking, rounds
from webapp.services.instance import problem_document
from webapp.services.kernel import Missing, Refused, Sentence, Stale, Unreadable
from webapp.worker import run_job


@pytest.fixture
def folder(tmp_path: Path) -> Config:
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    return config


@pytest.fixture
def session(folder: Config) -> Iterator[Session]:
    engine = create_engine(folder.database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def made(session: Session) -> tuple[Round, ScheduleVersion]:
    found = drafted_round(session)
    session.commit()
    return found


def changed(problem: Problem) -> Problem:
    """One of every kind of change that a fix can make."""
    new = HalfDay("新时段 1", datetime(2026, 12, 6, 9), datetime(2026, 12, 6, 10))
    sessions = (replace(problem.sessions[0], end=problem.sessions[0].end + timedelta(minutes=20)), problem.sessions[1])
    experts = {e.id: e for e in problem.experts}
    experts["E0003"] = replace(experts["E0003"], chair=True, sessions=experts["E0003"].sessions | {new.id})
    experts["E0007"] = replace(experts["E0007"], max_sessions=5)
    people = {a.id: a for a in problem.applicants}
    people["A00001"] = replace(people["A00001"], pin=Pin())
    people["A00002"] = replace(people["A00002"], unavailable=())
    people["A00003"] = replace(people["A00003"], unavailable=((problem.sessions[0].start, sessions[0].end),))
    rooms = tuple(replace(r, sessions=(r.sessions or frozenset()) | {new.id}) for r in problem.rooms)
    return replace(
        problem,
        sessions=(*sessions, new),
        rooms=(*rooms, Room("新答辩室 1", frozenset({"S2"}))),
        experts=tuple(experts.values()),
        applicants=tuple(people.values()),
    )


def explained(session: Session, round_: Round) -> Job:
    """A finished explanation with one fix."""
    instance = problem_document(session, round_)
    before = Problem.from_json(instance)
    change = say("请%(who)s在%(when)s也到场", who=name("expert", "E0003"), when=name("session", "新时段 1"))
    fix = {"change": written(change), "unscheduled_after": 0, "acts": list(fixing.acts(before, changed(before)))}
    message = say("%(who)s无法安排", who=name("expert", "E0003"))
    cause = {"message": written(message), "fixes": [fix]}
    job = jobs.explain(session, OFFICE, clock, round_)
    job.state, job.finished_at = "done", clock()
    job.answer = {"unscheduled": 1, "proven": True, "causes": [cause], "applicants": []}
    job.answer = job.answer | {"instance": fixing.digest(instance)}
    session.flush()
    return job


def test_a_fix_does_to_the_data_what_was_solved(session: Session, made: tuple[Round, ScheduleVersion]) -> None:
    round_, _version = made
    late, morning = [["2026-12-05T09:50", "2026-12-05T10:00"]], [["2026-12-05T09:00", "2026-12-05T10:00"]]
    for code, pin, away in (("A00001", {"room": "R1"}, []), ("A00002", {}, late), ("A00003", {}, morning)):
        person = session.scalars(select(Applicant).where(Applicant.code == code)).one()
        person.pin, person.unavailable = pin, away
    session.scalars(select(Expert).where(Expert.code == "E0007")).one().max_sessions = 1
    session.flush()
    wanted = changed(Problem.from_json(problem_document(session, round_)))
    job = explained(session, round_)
    with pytest.raises(Unreadable, match="原因"):
        fixing.apply(session, OFFICE, clock, round_, job.id, 0, 0, " ")
    fixing.apply(session, OFFICE, clock, round_, job.id, 0, 0, "已电话确认")
    session.flush()
    now = Problem.from_json(problem_document(session, round_))
    names = {"新时段 1": "S3", "新答辩室 1": "R3"}
    assert {(s.id, stamp(s.end)) for s in now.sessions} == {
        (names.get(s.id, s.id), stamp(s.end)) for s in wanted.sessions
    }
    for mine, theirs in ((now.experts, wanted.experts), (now.rooms, wanted.rooms)):
        rows = {(x.id, frozenset(x.sessions or ())) for x in mine}
        assert rows == {(names.get(x.id, x.id), frozenset(names.get(s, s) for s in x.sessions or ())) for x in theirs}
    assert [(e.chair, e.max_sessions) for e in now.experts] == [(e.chair, e.max_sessions) for e in wanted.experts]
    assert [(a.pin, a.unavailable) for a in now.applicants] == [(a.pin, a.unavailable) for a in wanted.applicants]
    locking.unlock(session, OFFICE, clock, round_, "改一个姓名")
    locking.lock(session, OFFICE, clock, round_)
    assert Problem.from_json(problem_document(session, round_)) == now, (
        "what was made stays, though texts are read anew"
    )


def test_a_fix_of_yesterdays_data_and_one_that_needs_new_people_are_refused(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _version = made
    job = explained(session, round_)
    found = fixing.told(session, round_, job)
    assert found is not None
    assert str(found.causes[0].fixes[0].change) == "请陈静（E0003）在12月6日 上午也到场"
    assert (found.stale, str(found.causes[0].message)) == (False, "陈静（E0003）无法安排")
    assert (found.short, found.told) == (False, {"陈静（E0003）无法安排": 1})
    contended = Sentence("%(who)s须与其他申报人争用。%(text)s", who="甲", text=found.causes[0].message)
    assert (found.shared(contended), found.shared(found.causes[0].message)) == (1, None)
    assert replace(found, causes=(replace(found.causes[0], fixes=()),)).short, "no way was found: look for longer"
    with pytest.raises(Missing):
        fixing.one(session, round_, job.id, 0, 1)
    session.scalars(select(Expert).where(Expert.code == "E0008")).one().may_chair = True
    session.flush()
    with pytest.raises(Stale):
        fixing.apply(session, OFFICE, clock, round_, job.id, 0, 0, "已电话确认")
    problem = Problem.from_json(problem_document(session, round_))
    more = replace(problem, experts=(*problem.experts, replace(problem.experts[0], id="新专家 1")))
    job.answer = job.answer | {"instance": fixing.digest(problem_document(session, round_))}
    fix = {"change": "另请", "unscheduled_after": 0, "acts": list(fixing.acts(problem, more))}
    job.answer = job.answer | {"causes": [{"message": "", "fixes": [fix]}]}
    session.flush()
    with pytest.raises(Refused, match="增加专家"):
        fixing.apply(session, OFFICE, clock, round_, job.id, 0, 0, "已电话确认")


def test_the_worker_explains_and_solves_again_with_pins(
    folder: Config, session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, _version = made
    pin = {"kind": "seat", "panel": "P1", "expert": "E0003", "as": "member", "held": True}
    reworking.edit(session, OFFICE, clock, round_, 1, 0, moves.read([pin]))
    session.commit()
    jobs.start(session, OFFICE, clock, round_, 2, start=2)
    session.commit()
    assert run_job(folder) == "done"
    session.expire_all()
    third = drafts.load(session, rounds.newest(session), 3)
    assert (third.base, third.document["unscheduled"]) == (2, [])
    assert third.document["panels"][0]["members"] == ["E0001", "E0002", "E0003"]
    assert third.document["pins"] == [{"panel": "P1", "kind": "member", "id": "E0003"}]
    for expert in session.scalars(select(Expert).where(Expert.code.in_(("E0001", "E0002")))):
        expert.may_chair = False
    assert jobs.explain(session, OFFICE, clock, round_, seconds=60).options["seconds"] == 60
    session.commit()
    assert run_job(folder) == "done"
    session.expire_all()
    job = jobs.newest(session, rounds.newest(session), "explain")
    found = job and fixing.told(session, rounds.newest(session), job)
    assert found
    assert found.unscheduled == 5
    assert "组长" in str(found.causes[0].message)
    assert any(act["kind"] == "chairs" for cause in found.causes for fix in cause.fixes for act in fix.acts)


def test_two_versions_are_compared_and_only_those_who_changed_are_told(
    session: Session, made: tuple[Round, ScheduleVersion]
) -> None:
    round_, first = made
    publishing.publish(session, OFFICE, clock, round_, 1, problem_document(session, round_))
    publishing.withdraw(session, OFFICE, clock, round_, "换场地")
    change = moves.read([move(8, 40), {"kind": "swap", "one": "A00005", "other": "A00006"}])
    version = reworking.edit(session, OFFICE, clock, round_, 2, 0, change).version
    change = moves.read([{"kind": "replace", "panel": "P1", "leaves": "E0003", "comes": "E0007"}])
    reworking.edit(session, OFFICE, clock, round_, 3, 1, change)
    found = comparing.compare(session, round_, first, version)
    assert [(m.name, m.move.kind) for m in found.moved] == [("周海燕", "time"), ("孙立", "time"), ("郑爽", "placed")]
    assert [(c.name, tuple(map(str, c.gone)), tuple(map(str, c.new))) for c in found.called] == [
        ("陈静", ("12月5日 上午",), ()),
        ("沈括", (), ("12月5日 上午",)),
    ]
    assert found.levels[0] == ("未安排", 1, 0)
    told = publishing.to_tell(session, round_, version)
    assert told is not None
    assert (told.a.number, len(told.moved)) == (1, 3)
    publishing.publish(session, OFFICE, clock, round_, 3, problem_document(session, round_))
    session.flush()
    notices = prints.of_version(session, round_, since=1).notices
    assert {a.applicant.code for a in notices} == {"A00005", "A00006", "A00008"}
    publishing.withdraw(session, OFFICE, clock, round_, "缩短时间")
    fourth = reworking.edit(
        session, OFFICE, clock, round_, 4, 0, moves.read([{"kind": "unschedule", "applicant": "A00001"}])
    )
    publishing.publish(session, OFFICE, clock, round_, fourth.version.number, problem_document(session, round_))
    session.flush()
    papers = prints.of_version(session, round_, since=3)
    assert [(was.applicant.name, f"{was.start:%H:%M}", was.room) for was in papers.left] == [
        ("张明远", "09:00", "第一答辩室")
    ], "whoever has no place any more is told, too"
    assert papers.notices == ()
