"""The scheduling problem of a round: its tables as the instance document of the scheduler's page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, EmployerAlias, Expert, Recusal, Round
from webapp.services.settings import of_round

MINUTE = "%Y-%m-%dT%H:%M"


def problem_document(session: Session, round_: Round) -> dict[str, Any]:
    """The instance: ids are codes, employers are written by their main name, only senior applicants are heard."""
    settings = of_round(round_)
    rows = session.scalars(select(EmployerAlias).where(EmployerAlias.round_id == round_.id))
    main = {row.alias: row.employer for row in rows}
    experts = list(session.scalars(select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code)))
    senior = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    applicants = list(session.scalars(senior.order_by(Applicant.code)))
    sessions = [row.code for row in round_.sessions]
    lists = _recusals(session, round_, experts, applicants, main)
    return {
        "name": round_.name,
        "talk_minutes": settings.talk_minutes,
        "answer_minutes": settings.answer_minutes,
        "turnover_minutes": settings.turnover_minutes,
        "rules": {
            "panel_size": settings.panel_size,
            "min_specialists": settings.min_specialists,
            "max_members_per_employer": settings.max_members_per_employer,
            "max_sittings_per_panel": settings.max_sittings_per_panel,
            "min_sitting": settings.min_sitting,
            "mixes": [list(mix.directions) for mix in settings.mixes],
        },
        "sessions": [
            {"id": s.code, "start": s.start.strftime(MINUTE), "end": s.end.strftime(MINUTE), "breaks": s.breaks}
            for s in round_.sessions
        ],
        "rooms": [{"id": r.code, "sessions": sessions if r.sessions is None else r.sessions} for r in round_.rooms],
        "directions": [{"id": d.code, "name": d.name} for d in round_.directions],
        "experts": [
            {
                "id": e.code,
                "employer": main.get(e.employer, e.employer) or None,
                "directions": e.strengths,
                "chair": e.may_chair,
                "sessions": _times(e, sessions),
                "max_sessions": e.max_sessions,
                "recuse_applicants": lists["expert", e.id][0],
                "recuse_employers": lists["expert", e.id][1],
            }
            for e in experts
        ],
        "applicants": [
            {
                "id": a.code,
                "direction": a.direction.code,
                "employer": main.get(a.employer, a.employer) or None,
                "unavailable": a.unavailable,
                "recuse_experts": lists["applicant", a.id][0],
                "recuse_employers": lists["applicant", a.id][1],
                "pin": a.pin or None,
            }
            for a in applicants
        ],
    }


def _times(expert: Expert, sessions: list[str]) -> list[str]:
    """When somebody can come; who declined or waits as a substitute stays in the instance, so that ids stay known."""
    if not expert.serves:
        return []
    return sessions if expert.available is None else expert.available


def _recusals(
    session: Session, round_: Round, experts: list[Expert], applicants: list[Applicant], main: dict[str, str]
) -> dict[tuple[str, int], tuple[list[str], list[str]]]:
    """Side and row id → the codes and employers listed; a name that matched nobody adds nothing."""
    codes = {("expert", e.id): e.code for e in experts} | {("applicant", a.id): a.code for a in applicants}
    lists: dict[tuple[str, int], tuple[set[str], set[str]]] = {key: (set(), set()) for key in codes}
    for row in session.scalars(select(Recusal).where(Recusal.round_id == round_.id, Recusal.side != "day")):
        ids = {"expert": row.expert_id, "applicant": row.applicant_id}
        other = "applicant" if row.side == "expert" else "expert"
        own = lists.get((row.side, ids[row.side] or 0))
        if own is None:
            continue
        if named := codes.get((other, ids[other] or 0)):
            own[0].add(named)
        if row.employer:
            own[1].add(main.get(row.employer, row.employer))
    for a in applicants:
        if a.insured_unit and a.insured_unit != a.employer:
            lists["applicant", a.id][1].add(main.get(a.insured_unit, a.insured_unit))
    return {key: (sorted(people), sorted(employers)) for key, (people, employers) in lists.items()}
