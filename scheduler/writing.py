"""A problem as the page's document: what :meth:`Problem.from_json` reads gives the same problem again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scheduler.problem import Applicant, Expert, Interval, Problem, stamp


def instance_document(problem: Problem) -> dict[str, Any]:
    """The whole instance; what is empty is left out."""
    r = problem.rules
    return {
        "name": problem.name,
        "talk_minutes": problem.slot_minutes,
        "answer_minutes": 0,
        "rules": _some(
            panel_size=r.panel_size,
            min_specialists=r.min_specialists,
            max_members_per_employer=r.max_members_per_employer,
            max_sittings_per_panel=r.max_sittings_per_panel,
            min_sitting=r.min_sitting,
            mixes=[sorted(mix) for mix in r.mixes],
        ),
        "sessions": [
            {"id": s.id, "start": stamp(s.start), "end": stamp(s.end), "breaks": _intervals(s.breaks)}
            for s in problem.sessions
        ],
        "rooms": [_some(id=x.id, sessions=None if x.sessions is None else sorted(x.sessions)) for x in problem.rooms],
        "directions": [{"id": d.id, "name": d.name} for d in problem.directions],
        "experts": [_expert(e) for e in problem.experts],
        "applicants": [_applicant(a) for a in problem.applicants],
    }


def _some(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _intervals(found: Iterable[Interval]) -> list[list[str]]:
    return [[stamp(a), stamp(b)] for a, b in found]


def _expert(e: Expert) -> dict[str, Any]:
    return {
        "id": e.id,
        "employer": e.employer,
        "directions": dict(e.strength),
        "chair": e.chair,
        "sessions": sorted(e.sessions),
        "recuse_applicants": sorted(e.recuse_applicants),
        "recuse_employers": sorted(e.recuse_employers),
        **_some(max_sessions=e.max_sessions),
    }


def _applicant(a: Applicant) -> dict[str, Any]:
    pin = _some(session=a.pin.session, room=a.pin.room, start=a.pin.start and stamp(a.pin.start))
    return {
        "id": a.id,
        "direction": a.direction,
        "employer": a.employer,
        "unavailable": _intervals(a.unavailable),
        "recuse_experts": sorted(a.recuse_experts),
        "recuse_employers": sorted(a.recuse_employers),
        **({"pin": pin} if pin else {}),
    }
