"""What is on record of the day: the published version and its panels, calls, outcomes, closings, signatures."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.models import (
    Applicant,
    Appointment,
    Call,
    Draw,
    Expert,
    Outcome,
    Panel,
    PanelMember,
    PanelSecretary,
    PanelSigned,
    Recusal,
    Round,
    ScheduleVersion,
    Sheet,
    SheetRecord,
    Sitting,
    SittingClosed,
    Unlock,
)
from webapp.services import boards
from webapp.services.kernel import Actor, Forbidden, Refused
from webapp.services.settings import of_round


def published_if_any(session: Session, round_: Round) -> ScheduleVersion | None:
    """The published version of the round, ``None`` before publishing."""
    return session.scalar(
        select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id, ScheduleVersion.published)
    )


def published(session: Session, round_: Round) -> ScheduleVersion:
    """The published version of the round."""
    found = published_if_any(session, round_)
    if found is None:
        raise Refused("批次“%(name)s”的安排还没有发布。发布后才能开始答辩。", name=round_.name)
    return found


def drawn_at_desk(session: Session, round_: Round) -> Callable[[Sitting], bool]:
    """Of which sittings the numbers are drawn as people sign in: lots at check-in, and no draw on record yet."""
    if of_round(round_).lots != "check_in":
        return lambda _sitting: False
    done = _drawn(session, round_)
    return lambda sitting: place_of(sitting) not in done


def on_slips(session: Session, round_: Round) -> Callable[[Sitting], bool]:
    """Of which sittings the numbers on record were drawn on the spot: people hold their slips."""
    done = _drawn(session, round_, Draw.kind == "hand")
    return lambda sitting: place_of(sitting) in done


def _drawn(session: Session, round_: Round, *kind: ColumnElement[bool]) -> set[str]:
    query = select(Draw.places).where(Draw.round_id == round_.id, Draw.state == "drawn", *kind)
    return {place for places in session.scalars(query) for place in places}


def place_of(sitting: Sitting) -> str:
    """``session/room``, as draws of lots write a sitting."""
    return f"{sitting.session.code}/{sitting.room.code}"


def panels(session: Session, round_: Round, actor: Actor) -> list[tuple[Panel, list[Sitting]]]:
    """The panels an actor may run: a secretary's own, an expert's own, all for the others."""
    return boards.by_panel(session, published(session, round_), *_own(round_, actor))


def panel_codes(session: Session, round_: Round, actor: Actor) -> list[str]:
    """Codes of the panels an actor may run, in their order."""
    own = Panel.version_id == published(session, round_).id, *_own(round_, actor)
    return list(session.scalars(select(Panel.code).where(*own).order_by(Panel.position)))


def panel_of(session: Session, round_: Round, actor: Actor, code: str) -> tuple[Panel, list[Sitting]]:
    """One panel the actor may run."""
    found = boards.by_panel(session, published(session, round_), Panel.code == code, *_own(round_, actor))
    if not found:
        raise Forbidden("专家组 %(code)s 不在您负责的范围内。", code=code)
    return found[0]


def _own(round_: Round, actor: Actor) -> list[ColumnElement[bool]]:
    """Which panels are the actor's: nothing where all are."""
    if actor.expert_id is not None:
        return [Panel.id.in_(select(PanelMember.panel_id).where(PanelMember.expert_id == actor.expert_id))]
    if actor.role != "secretary":
        return []
    mine = PanelSecretary.round_id == round_.id, PanelSecretary.user_id == actor.user_id
    return [Panel.code.in_(select(PanelSecretary.panel).where(*mine))]


def unscheduled(session: Session, round_: Round) -> list[Applicant]:
    """Senior applicants without a place in the published version; only the office settles how they end."""
    placed = select(Appointment.applicant_id).where(Appointment.version_id == published(session, round_).id)
    query = select(Applicant).where(
        Applicant.round_id == round_.id, Applicant.level == "senior", Applicant.id.not_in(placed)
    )
    return list(session.scalars(query.order_by(Applicant.code)))


def outcome_of(session: Session, round_: Round, applicant: Applicant) -> Outcome | None:
    """How the applicant's defence ended, if it did."""
    return session.scalar(select(Outcome).where(Outcome.round_id == round_.id, Outcome.applicant_id == applicant.id))


def call_of(session: Session, round_: Round, applicant: Applicant) -> Call | None:
    """The applicant's call, if there was one."""
    return session.scalar(select(Call).where(Call.round_id == round_.id, Call.applicant_id == applicant.id))


def calls(session: Session, round_: Round) -> dict[int, Call]:
    """Applicant id → the call."""
    return {c.applicant_id: c for c in session.scalars(select(Call).where(Call.round_id == round_.id))}


def outcomes(session: Session, round_: Round) -> dict[int, Outcome]:
    """Applicant id → the outcome."""
    return {o.applicant_id: o for o in session.scalars(select(Outcome).where(Outcome.round_id == round_.id))}


def closed_row(session: Session, round_: Round, panel: str, half_day: str) -> SittingClosed | None:
    """The record that closed a sitting, named by the codes of panel and session."""
    return session.scalar(
        select(SittingClosed).where(
            SittingClosed.round_id == round_.id, SittingClosed.panel == panel, SittingClosed.session == half_day
        )
    )


def is_closed(session: Session, round_: Round, sitting: Sitting) -> bool:
    """Whether a sitting is closed."""
    return closed_row(session, round_, sitting.panel.code, sitting.session.code) is not None


def all_closed(session: Session, round_: Round, sittings: list[Sitting]) -> bool:
    """Whether every sitting of a panel is closed."""
    return all(is_closed(session, round_, sitting) for sitting in sittings)


def signed_panels(session: Session, round_: Round) -> set[str]:
    """Codes of the panels their chairs have signed off."""
    return set(session.scalars(select(PanelSigned.panel).where(PanelSigned.round_id == round_.id)))


def unlocked(session: Session, round_: Round) -> dict[str, str]:
    """Sheet id → panel, of the sheets that are unlocked or asked about."""
    query = select(Sheet.key, Sheet.panel).join(Unlock, Unlock.sheet_id == Sheet.id)
    rows = session.execute(query.where(Unlock.round_id == round_.id, Unlock.state.in_(("asked", "open"))))
    return {row.key: row.panel for row in rows}


def in_two_versions(session: Session, round_: Round, panel: str) -> list[str]:
    """Ids of a panel's sheets beside which another version is kept that nobody has decided on."""
    query = select(Sheet.key).join(SheetRecord, SheetRecord.sheet_key == Sheet.key).distinct()
    open_ = (SheetRecord.fate == "conflict", SheetRecord.settled_as.is_(None))
    return sorted(session.scalars(query.where(Sheet.round_id == round_.id, Sheet.panel == panel, *open_)))


def recused(session: Session, round_: Round) -> set[tuple[int | None, int | None]]:
    """Applicant id and expert id of each recusal of the day: there is no sheet."""
    query = select(Recusal.applicant_id, Recusal.expert_id).where(Recusal.round_id == round_.id, Recusal.side == "day")
    return {(row.applicant_id, row.expert_id) for row in session.execute(query)}


def missing_pairs(session: Session, round_: Round, sitting: Sitting) -> list[tuple[Appointment, Expert, bool]]:
    """Who has not submitted for whom, among those who were heard and not recused from; whether the sheet is typed
    and waits for the chair."""
    people = [a.applicant_id for a in sitting.appointments]
    query = select(Sheet.applicant_id, Sheet.expert_id, Sheet.state).where(
        Sheet.round_id == round_.id, Sheet.applicant_id.in_(people)
    )
    states = {(row.applicant_id, row.expert_id): row.state for row in session.execute(query)}
    settled = {pair for pair, state in states.items() if state == "submitted"} | recused(session, round_)
    own = select(Outcome).where(Outcome.round_id == round_.id, Outcome.applicant_id.in_(people))
    heard = {outcome.applicant_id for outcome in session.scalars(own) if outcome.kind == "heard"}
    return [
        (a, member.expert, states.get((a.applicant_id, member.expert_id)) == "typed")
        for a in sitting.appointments
        if a.applicant_id in heard
        for member in sitting.panel.members
        if (a.applicant_id, member.expert_id) not in settled
    ]


def missing_sheets(session: Session, round_: Round, sitting: Sitting) -> list[str]:
    """The same, one text each; a typed sheet is missing until the chair has confirmed it, and says so."""
    return [
        f"{expert.name} → {a.applicant.name}" + ("（已录入，等组长确认）" if typed else "")
        for a, expert, typed in missing_pairs(session, round_, sitting)
    ]


def without_outcome(session: Session, round_: Round) -> list[Applicant]:
    """Senior applicants whose defence has no end yet, in the order of their codes."""
    done = select(Outcome.applicant_id).where(Outcome.round_id == round_.id)
    query = select(Applicant).where(
        Applicant.round_id == round_.id, Applicant.level == "senior", Applicant.id.not_in(done)
    )
    return list(session.scalars(query.order_by(Applicant.code)))
