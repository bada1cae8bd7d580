"""What some pages need before they show anything: files that came in, lots drawn, an event of the day, causes."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from exports.sample import sample_files
from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.drafted import drafted_round
from tests.webapp.small import FULL, OFFICE, record
from tests.webapp.test_repairs import asked
from webapp.config import Config
from webapp.models import Applicant, Round
from webapp.services import books, draws, fixing, jobs, lots_by_hand, records, repairs, uploads
from webapp.services.instance import problem_document
from webapp.services.kernel import system_clock

Parts = dict[str, object]
"""The parts of an address."""


def furnished(session: Session, config: Config) -> dict[str, Parts]:
    """Two rounds with all of it; endpoint → the parts of its page's address."""
    crowded = crowded_round(session, lots="check_in", late="leftover")
    draft, version = drafted_round(session)
    session.flush()
    here: Parts = {"number": version.number, "round": draft.id}
    shown = {"lots.show": _drawn(session, crowded)}
    return shown | {
        **dict.fromkeys(("schedule.show", "schedule.confirm", "schedule.compare", "why.index"), here),
        "why.confirm": here | {"job": _explained(session, draft), "cause": 0, "fix": 0},
        **_files(session, config, crowded, draft),
        **_repaired(session, crowded),
    }


def _files(session: Session, config: Config, crowded: Round, draft: Round) -> dict[str, Parts]:
    def kept(round_: Round, kind: str, name: str, data: bytes) -> Parts:
        row = uploads.keep(session, OFFICE, system_clock, round_, kind, data, name, config.uploads)
        return {"number": row.id, "round": round_.id}

    name, roster = sample_files()["applicants"]
    book, schedule = books.filled(books.content(session, crowded, drafts=True), "schedule")
    saved = json.dumps({"records": [record(crowded, "A00001", 3, FULL)]}).encode()
    return {
        "rosters.check": kept(draft, "applicants", name, roster),
        "schedule.check": kept(draft, "schedule", book, schedule),
        "paper.check": kept(crowded, "entry", "平板.json", saved),
    }


def _explained(session: Session, round_: Round) -> int:
    """Somebody of a direction that nobody can hear, and why that is."""
    alone = Applicant(round_id=round_.id, code="A00009", name="冯伟", employer="公司9", level="senior")
    alone.direction = round_.directions[2]
    session.add(alone)
    session.flush()
    job = jobs.explain(session, OFFICE, system_clock, round_)
    job.state, job.finished_at = "done", system_clock()
    job.answer = fixing.answer(problem_document(session, round_), workers=1, seed=0)
    session.flush()
    return job.id


def _repaired(session: Session, round_: Round) -> dict[str, Parts]:
    row = asked(session, round_, clock_at(8), kind="expert", id="E0005", sessions=["S1"])
    made = repairs.apply(session, OFFICE, clock_at(8), round_, row.id, 0)
    session.flush()
    return {
        "day.repair": {"number": row.id, "round": round_.id},
        "day.changes": {"number": made.number, "round": round_.id},
    }


def _drawn(session: Session, round_: Round) -> Parts:
    version = records.published(session, round_)
    numbers = {
        place: dict(zip(half.people[place], range(1, 99), strict=False))
        for half in draws.halves(session, round_, version)
        for place in half.left
    }
    lots_by_hand.by_hand(session, OFFICE, clock_at(7), round_, numbers)
    session.flush()
    return {"number": draws.everyone(session, round_)[0].id, "round": round_.id}
