"""Where the results of a round stand on their way from sheets to the archive, and who took each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import AuditEntry, Panel, Round, Sitting, SittingClosed
from webapp.models import Session as HalfDay
from webapp.models.rounds import STATES
from webapp.services import records, results
from webapp.services.kernel import Sentence


@dataclass(frozen=True)
class Stage:
    """One stage: ``who`` and ``at`` are of the person who took it; ``says`` counts where several have to."""

    words: str
    done: bool
    who: str = ""
    at: datetime | None = None
    says: Sentence | None = None


WORDS = ("评分表齐全", "组长签字", "计算", "确认", "表决", "公布", "公示", "归档")
"""The stages, in their order."""


def stages(session: Session, round_: Round) -> tuple[Stage, ...]:
    """All stages; the first that is not done is the next."""
    reached = STATES.index(round_.state)
    made = results.newest(session, round_)
    valid = made if made is not None and reached >= STATES.index("computed") else None
    closed, signed = _panels(session, round_)
    acts = _acts(session, round_) if reached >= STATES.index("voted") else {}

    def after(state: str) -> bool:
        return reached >= STATES.index(state)

    def by_act(words: str, state: str, act: str) -> Stage:
        return Stage(words, after(state), *(acts.get(act, ()) if after(state) else ()))

    found = (
        Stage(WORDS[0], *closed),
        Stage(WORDS[1], *signed),
        Stage(WORDS[2], valid is not None, *((valid.computed_by, valid.computed_at) if valid else ())),
        Stage(WORDS[3], after("confirmed"), *((valid.confirmed_by or "", valid.confirmed_at) if valid else ())),
        by_act(WORDS[4], "voted", "vote.finish"),
        Stage(WORDS[5], after("released"), *((valid.released_by or "", valid.released_at) if valid else ())),
        by_act(WORDS[6], "public_notice", "notice.begin"),
        by_act(WORDS[7], "archived", "round.archive"),
    )
    without = () if results.has_vote(round_) else (WORDS[4], WORDS[6])
    return tuple(stage for stage in found if stage.words not in without)


def _acts(session: Session, round_: Round) -> dict[str, tuple[str, datetime]]:
    """Act → who did it last, and when; of those that only the audit keeps."""
    only = AuditEntry.act.in_(("vote.finish", "notice.begin", "round.archive"))
    rows = session.scalars(select(AuditEntry).where(AuditEntry.round_id == round_.id, only).order_by(AuditEntry.id))
    return {row.act: (row.actor, row.at) for row in rows}


def _panels(session: Session, round_: Round) -> tuple[tuple[bool, str, None, Sentence], ...]:
    """How many sittings are closed and how many panels signed."""
    version = records.published_if_any(session, round_)
    number = version.id if version else 0
    panels = session.scalar(select(func.count(Panel.id)).where(Panel.version_id == number)) or 0
    held = session.scalar(select(func.count(Sitting.id)).where(Sitting.version_id == number)) or 0
    closed = session.scalar(
        select(func.count(SittingClosed.id))
        .join(Panel, (Panel.version_id == number) & (Panel.code == SittingClosed.panel))
        .join(Sitting, Sitting.panel_id == Panel.id)
        .join(HalfDay, (HalfDay.id == Sitting.session_id) & (HalfDay.code == SittingClosed.session))
        .where(SittingClosed.round_id == round_.id)
    )
    signed = len(records.signed_panels(session, round_))
    return (
        (bool(held) and closed == held, "", None, Sentence("%(a)s / %(b)s 场", a=closed, b=held)),
        (bool(panels) and signed == panels, "", None, Sentence("%(a)s / %(b)s 组", a=signed, b=panels)),
    )
