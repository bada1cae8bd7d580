"""The sample round from import to workbooks: made-up people, marks by a seeded generator."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import webapp.db  # noqa: F401  (the engine's events)
from exports.out import KINDS
from exports.sample import sample_files
from scoring.rubric import Rubric
from scoring.sheet import content_hash
from webapp.config import Config
from webapp.migrate import upgrade
from webapp.models import Expert, PanelSecretary, Round, User
from webapp.services import (
    boards,
    books,
    closing,
    drafts,
    jobs,
    locking,
    panel_day,
    publishing,
    records,
    results,
    rosters,
    rounds,
    sheets,
    tablets,
    uploads,
    users,
    voting,
)
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, system_clock
from webapp.worker import run_job

NAME = "示例批次（人员均为虚构）"
ROLES = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor", "admin", "screen")
OFFICE, OFFICER = Actor("office", "office"), Actor("results_officer", "results_officer")


def carry_through(config: Config, say: Callable[[str], object]) -> None:
    """Carry the sample round through, once; a folder that has it already is left as it is."""
    upgrade(config)
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            if session.scalar(select(Round.id).where(Round.name == NAME)):
                say("示例批次已经在这个数据文件夹里。")
                return
            _accounts(session, say)
            job = _prepare(session, config)
            session.commit()
        say("正在生成安排……")
        run_job(config, job)
        with Session(engine) as session:
            _day(session, say)
            session.commit()
            _workbooks(session, config, say)
            _tablets(session, say)
            session.commit()
    finally:
        engine.dispose()


def _accounts(session: Session, say: Callable[[str], object]) -> None:
    say("账号（演示用，密码只显示这一次）：")
    for role in ROLES:
        password = users.made_password()
        users.create(session, Actor("local:demo", "office"), system_clock, role, role, password, must_change=False)
        say(f"  {role:<16} {password}")


def _tablets(session: Session, say: Callable[[str], object]) -> None:
    """A way in for one chair and one other expert; each code works once."""
    version = drafts.everyone(session, rounds.newest(session))[0]
    say("专家入口 /tablet/enter 的进入码（各用一次，16 小时内有效）：")
    for chair, word in ((True, "chair"), (False, "expert")):
        member = next(m for m in version.panels[0].members if m.chair is chair)
        say(f"  {word:<16} {tablets.make_code(session, OFFICE, system_clock, member.expert, 'link')}")


def _prepare(session: Session, config: Config) -> int:
    act = (session, OFFICE, system_clock)
    round_ = rounds.create(*act, NAME, {"aggregate": "trim_total", "notice_start": "2023-07-24"}, "示例评委会")
    session.flush()
    files = sample_files()
    for kind in rosters.KINDS:
        name, data = files[kind]
        uploads.taken(*act, round_, kind, data, name, config.uploads)
        rosters.write(*act, round_, kind, data, name)
    locking.lock(*act, round_)
    job = jobs.start(*act, round_, 20)
    session.flush()
    return job.id


def _day(session: Session, say: Callable[[str], object]) -> None:
    round_ = rounds.newest(session)
    version = drafts.everyone(session, round_)[0]
    publishing.publish(session, OFFICE, system_clock, round_, version.number, problem_document(session, round_))
    say("安排：" + "，".join(f"{word} {cost}" for word, cost, _bound in drafts.levels(version)))
    secretary = session.scalars(select(User).where(User.name == "secretary")).one()
    rubric, chance = Rubric.from_json(round_.rubric), random.Random(81)
    for panel, sittings in boards.by_panel(session, version):
        session.add(PanelSecretary(round_id=round_.id, panel=panel.code, user_id=secretary.id))
        for sitting in sittings:
            for appointment in sitting.appointments:
                _hear(session, round_, appointment.applicant.code, chance)
    for expert in sorted({m.expert for p in version.panels for m in p.members}, key=lambda e: e.code):
        _score(session, round_, expert, rubric, chance)
    for panel, sittings in boards.by_panel(session, version):
        for sitting in sittings:
            closing.close(session, OFFICE, system_clock, round_, panel.code, sitting.session.code)
        chair = next(m.expert for m in panel.members if m.chair)
        closing.sign(session, _tablet(chair, "chair"), system_clock, round_, panel.code)
    results.compute(session, OFFICE, system_clock, round_)
    session.flush()
    results.confirm(session, OFFICER, system_clock, round_)
    session.flush()
    votes = {row.applicant.code: _vote(chance) for row in voting.rows(session, round_)}
    voting.write(session, OFFICER, system_clock, round_, votes)
    session.flush()
    voting.finish(session, OFFICER, system_clock, round_)
    results.release(session, OFFICER, system_clock, round_)


def _vote(chance: random.Random) -> dict[str, str]:
    """A made-up ballot of fifteen: most pass."""
    against = chance.choice((0, 0, 1, 1, 2, 3, 6))
    return {"present": "15", "votes_for": str(15 - against), "against": str(against), "version": "0"}


def _tablet(expert: Expert, role: str = "expert") -> Actor:
    return Actor(f"expert:{expert.code}", role, expert.name, expert_id=expert.id)


def _hear(session: Session, round_: Round, code: str, chance: random.Random) -> None:
    act = (session, OFFICE, system_clock, round_, code)
    if chance.random() < 0.02:
        panel_day.settle(*act, "absent")
        return
    panel_day.call(*act)
    session.flush()
    panel_day.begin(*act, "talk")
    panel_day.begin(*act, "answers")
    panel_day.settle(*act, "heard")


def _score(session: Session, round_: Round, expert: Expert, rubric: Rubric, chance: random.Random) -> None:
    """Marks as of a real panel: an applicant's own level, an expert a little milder or more severe, and chance."""
    mild = chance.gauss(0, 0.015)
    for key, appointment, _sheet, _away in sheets.own(session, round_, expert):
        outcome = records.outcome_of(session, round_, appointment.applicant)
        if outcome is None or outcome.kind != "heard":
            continue
        share = random.Random(appointment.applicant.code).uniform(0.7, 0.95) + mild
        marks: dict[str, str | None] = {
            i.key: str(min(round(int(i.full) * chance.gauss(share, 0.05)), int(i.full))) for i in rubric.items
        }
        record = {
            "uuid": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "sheet": key,
            "base_version": 0,
            "rubric": rubric.version,
            "marks": marks,
            "state": "submitted",
            "hash": content_hash(sheet=key, rubric=rubric.version, marks=marks, state="submitted"),
        }
        sheets.receive(session, _tablet(expert), system_clock, round_, record)


def _workbooks(session: Session, config: Config, say: Callable[[str], object]) -> None:
    folder = config.data / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    round_ = rounds.newest(session)
    made = books.content(session, round_)
    for kind in KINDS:
        name, data = books.filled(made, kind)
        (folder / name).write_bytes(data)
    say(f"表格在 {folder}")
