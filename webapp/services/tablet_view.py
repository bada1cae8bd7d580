"""What an expert's tablet shows, as one document: the list in order with its states, the rubric, what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.models import (
    Applicant,
    Appointment,
    Call,
    Expert,
    Outcome,
    Panel,
    PanelMember,
    PanelSigned,
    Recusal,
    Remark,
    Round,
    Sheet,
    SheetRecord,
    Sitting,
    SittingClosed,
    Unlock,
)
from webapp.services import clocks, records, settling
from webapp.services.kernel import Actor
from webapp.services.settings import Settings, of_round

PROMPTS = ("学习经历", "工作经历", "科研或技改能力", "掌握技能", "取得科研（技术）成果", "为企业所作贡献")
"""What the talk covers: 余人社字〔2023〕81号."""
SHOWN = ("major", "cur_title")
"""Columns of the roster an expert may see beside employer, direction and the title applied for."""


def of_expert(session: Session, round_: Round, actor: Actor) -> dict[str, Any]:
    """Everything the tablet shows of the round; empty ``sittings`` where nothing is published for this expert."""
    expert, settings = session.get_one(Expert, actor.expert_id), of_round(round_)
    version = records.published_if_any(session, round_)
    places = _places(session, version.id, expert) if version else []
    sheets = _Sheets(session, round_, expert, places, actor.role)
    sittings = list(dict.fromkeys(a.sitting for a in places))
    return {
        "expert": f"R{round_.id}-{expert.code}",
        "name": expert.name,
        "round": round_.name,
        "rehearsal": round_.rehearsal_of is not None,
        "rubric": round_.rubric,
        "prompts": list(PROMPTS),
        "sittings": [
            {
                "start": s.session.start.isoformat(timespec="minutes"),
                "room": s.room.name,
                "panel": s.panel.code,
                "sheets": [sheets.line(a, settings) for a in places if a.sitting is s],
            }
            for s in sittings
        ],
        "chair": _chair(session, round_, version.id, expert) if version else [],
    }


def _places(session: Session, version: int, expert: Expert) -> list[Appointment]:
    query = (
        select(Appointment)
        .join(Appointment.sitting)
        .join(Sitting.panel)
        .join(PanelMember, PanelMember.panel_id == Panel.id)
        .where(Appointment.version_id == version, PanelMember.expert_id == expert.id)
        .order_by(Appointment.start, Appointment.id)
        .options(
            contains_eager(Appointment.sitting).contains_eager(Sitting.panel),
            contains_eager(Appointment.sitting).joinedload(Sitting.session),
            contains_eager(Appointment.sitting).joinedload(Sitting.room),
            joinedload(Appointment.applicant).joinedload(Applicant.direction),
        )
    )
    return list(session.scalars(query))


class _Sheets:
    """What is known of the expert's sheets, read once for the whole list."""

    def __init__(self, session: Session, round_: Round, expert: Expert, places: list[Appointment], role: str) -> None:
        self.round, self.expert, self.role = round_, expert, role
        people = [a.applicant_id for a in places]
        keys = [self.key(a) for a in places]
        self.sheets = _by_applicant(session, Sheet, round_, people, Sheet.expert_id == expert.id)
        self.calls = _by_applicant(session, Call, round_, people)
        self.pauses = clocks.pauses(session, round_, people)
        self.outcomes = _by_applicant(session, Outcome, round_, people)
        away = (Recusal.side == "day", Recusal.expert_id == expert.id)
        self.away = _by_applicant(session, Recusal, round_, people, *away)
        self.remarks = _by_applicant(session, Remark, round_, people, Remark.expert_id == expert.id)
        closed = select(SittingClosed.panel, SittingClosed.session).where(SittingClosed.round_id == round_.id)
        self.closed = {(row.panel, row.session) for row in session.execute(closed)}
        unlocked = select(Unlock.sheet_id).where(Unlock.round_id == round_.id, Unlock.state == "open")
        self.unlocked = set(session.scalars(unlocked))
        self.kept = settling.undecided(session, round_, keys)
        self.settled = _settled(session, keys)

    def key(self, a: Appointment) -> str:
        return f"R{self.round.id}-{a.sitting.panel.code}-{a.applicant.code}-{self.expert.code}"

    def line(self, a: Appointment, settings: Settings) -> dict[str, Any]:
        """One applicant of the list."""
        sheet, call, said = (rows.get(a.applicant_id) for rows in (self.sheets, self.calls, self.remarks))
        outcome, key = self.outcomes.get(a.applicant_id), self.key(a)
        late = settings.sheet_lock == "closed" and self.role != "chair"
        return _applicant(a.applicant, settings) | {
            "key": key,
            "code": a.applicant.code,
            "start": a.start.isoformat(timespec="minutes"),
            "version": sheet.version if sheet else 0,
            "state": sheet.state if sheet else "none",
            "marks": sheet.marks if sheet else {},
            "closed": self._why_closed(a, sheet, outcome),
            "outcome": outcome.kind if outcome else "",
            "call": self._call(call, outcome, settings),
            "may_take_back": bool(late and sheet and sheet.state == "submitted" and sheet.confirmed_by is None),
            "remark": said.text if said else "",
            "kept": [_version(row) for row in self.kept.get(key, ())],
            "settled": self.settled.get(key, []),
        }

    def _call(self, call: Call | None, outcome: Outcome | None, settings: Settings) -> dict[str, Any] | None:
        """Where an applicant who was called stands, with the moments of the clock."""
        if call is None or outcome is not None or call.ended_at is not None:
            return None
        found = clocks.reading(call, self.pauses.get(call.applicant_id, []), settings)
        return {"phase": found.phase if found else "called", "clock": found.document() if found else None}

    def _why_closed(self, a: Appointment, sheet: Sheet | None, outcome: Outcome | None) -> str:
        """Why no mark is taken now; empty where it is."""
        if a.applicant_id in self.away:
            return "recused"
        if outcome is not None and outcome.kind != "heard":
            return "not_heard"
        if self.round.state not in ("published", "in_session"):
            return "over"
        shut = (a.sitting.panel.code, a.sitting.session.code) in self.closed
        return "shut" if shut and not (sheet and sheet.id in self.unlocked) else ""


def _by_applicant(session: Session, table: Any, round_: Round, people: Collection[int], *where: Any) -> dict[int, Any]:
    """Applicant id → the newest row of a table with a round and an applicant."""
    query = select(table).where(table.round_id == round_.id, table.applicant_id.in_(people), *where)
    return {row.applicant_id: row for row in session.scalars(query.order_by(table.id))}


def _settled(session: Session, keys: Iterable[str]) -> dict[str, list[str]]:
    """Sheet id → uuids of the versions that were decided on: a tablet need not keep them any longer."""
    query = select(SheetRecord.sheet_key, SheetRecord.uuid).where(
        SheetRecord.sheet_key.in_(keys), SheetRecord.fate == "conflict", SheetRecord.settled_as.is_not(None)
    )
    found: dict[str, list[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.sheet_key, []).append(row.uuid)
    return found


def _applicant(person: Applicant, settings: Settings) -> dict[str, Any]:
    """What the office lets experts see of an applicant."""
    if settings.experts_see == "number":
        return {"name": person.code, "about": [person.direction.name]}
    about = (person.employer, person.direction.name, *(str(person.details.get(key, "")) for key in SHOWN), person.title)
    return {"name": person.name, "about": list(dict.fromkeys(text for text in about if text))}


def _version(row: SheetRecord) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "marks": row.marks,
        "state": row.state,
        "by": row.by,
        "at": row.server_time.isoformat(),
    }


def _chair(session: Session, round_: Round, version: int, expert: Expert) -> list[dict[str, Any]]:
    """The panels this expert chairs: closed, signed, how much waits for the chair."""
    mine = select(Panel).join(PanelMember).where(Panel.version_id == version, PanelMember.chair)
    panels = list(session.scalars(mine.where(PanelMember.expert_id == expert.id).order_by(Panel.code)))
    if not panels:
        return []
    codes = [p.code for p in panels]
    shut = select(SittingClosed.panel, func.count()).where(SittingClosed.round_id == round_.id)
    closed = {row[0]: row[1] for row in session.execute(shut.group_by(SittingClosed.panel))}
    held = select(Sitting.panel_id, func.count()).where(Sitting.panel_id.in_([p.id for p in panels]))
    sittings = {row[0]: row[1] for row in session.execute(held.group_by(Sitting.panel_id))}
    signed = set(session.scalars(select(PanelSigned.panel).where(PanelSigned.round_id == round_.id)))
    typed = select(Sheet.panel, func.count()).where(Sheet.round_id == round_.id, Sheet.state == "typed")
    paper = {row[0]: row[1] for row in session.execute(typed.where(Sheet.panel.in_(codes)).group_by(Sheet.panel))}
    asks = select(Sheet.panel, func.count()).join(Unlock, Unlock.sheet_id == Sheet.id).where(Unlock.state == "asked")
    theirs = asks.where(Sheet.round_id == round_.id, ~Unlock.asked_by.startswith("expert:"))
    asked = {row[0]: row[1] for row in session.execute(theirs.group_by(Sheet.panel))}
    return [
        {
            "panel": p.code,
            "closed": sittings.get(p.id, 0) > 0 and closed.get(p.code, 0) >= sittings[p.id],
            "signed": p.code in signed,
            "paper": paper.get(p.code, 0),
            "unlocks": asked.get(p.code, 0),
            "versions": len(records.in_two_versions(session, round_, p.code)),
        }
        for p in panels
    ]
