"""Drafts edited by hand: one service for every change, undo and redo, and for two people at once.

A version made by the solver or read from a file is left as it was: the first edit makes a draft *by hand* of it, which
is then edited in place, until its lots are drawn. Who edits names the revision that was seen; where somebody was
quicker nothing is written (:class:`Outrun`), and the change can be tried again on what there is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from webapp.models import DraftEdit, Draw, Round, ScheduleVersion
from webapp.services import audit, desks, drafts, patches, version_notes
from webapp.services.desks import Desk, Tried
from webapp.services.kernel import Actor, Clock, Refused, Stale
from webapp.services.rounds import require_state

Row = dict[str, Any]


class Outrun(Stale):
    """Somebody else was quicker: which version is now worked on, and what was done there since."""

    def __init__(self, version: ScheduleVersion, theirs: list[DraftEdit]) -> None:
        super().__init__("这一版刚刚在别处改过，您的修改没有写入，也没有丢：请看过那里的修改后再试一次。")
        self.version, self.theirs = version, theirs


class Breaks(Refused):
    """The moves would break rules: nothing is written unless it is asked for anyway."""

    def __init__(self, tried: Tried) -> None:
        super().__init__("这样改会违反 %(n)s 条规则。", n=len(tried.broken))
        self.tried = tried


@dataclass(frozen=True)
class Edited:
    """The draft after an edit, and the edit."""

    version: ScheduleVersion
    edit: DraftEdit


def edit(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    number: int,
    seen: int,
    rows: list[Row],
    *,
    anyway: bool = False,
    apart: bool = False,
) -> Edited:
    """Make moves on a draft. ``anyway``: rules may be broken by it; ``apart``: another draft by hand of this version.

    Raises:
        Outrun: the draft was changed since ``seen``, or there is a draft by hand of this version already.
        Breaks: rules would be broken.
        Refused: the round is not at that stage, a move is not possible, or somebody would be booked twice.
    """
    require_state(round_, "rosters_locked", "scheduled")
    version = _draft(session, round_, number)
    if not version.by_hand and not apart:
        _no_other(session, version)
    desk = desks.of(session, version)
    if desk.revision != seen:
        _seize(session, version, seen)
    rows = desk.settled(rows)
    tried = desk.tried(rows)
    if tried.broken and not anyway:
        raise Breaks(tried)
    _seize(session, version, seen)
    in_place = version.by_hand and not _drawn(session, version)
    target = version if in_place else _copy(session, actor, clock, round_, version, desk)
    patch = patches.between(desk, tried, rows)
    if not patch:
        raise Refused("这一步没有改变任何安排。")
    _forget_undone(session, target)
    made = DraftEdit(
        version_id=target.id,
        position=_last(target) + 1,
        at=clock(),
        by=actor.name,
        moves=rows,
        patch=patch,
    )
    target.edits.append(made)
    patches.apply(session, actor, clock, round_, target, patch, 1, desk)
    audit.record(session, actor, clock, "draft.edit", str(target.number), round_id=round_.id, after={"moves": rows})
    return Edited(target, made)


def undo(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, seen: int) -> Edited:
    """Take the last edit back, whoever made it."""
    return _step(session, actor, clock, round_, number, seen, back=True)


def redo(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, seen: int) -> Edited:
    """Make the edit again that was taken back last."""
    return _step(session, actor, clock, round_, number, seen, back=False)


def _step(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, seen: int, *, back: bool) -> Edited:
    require_state(round_, "rosters_locked", "scheduled")
    version = _draft(session, round_, number)
    found = (last_done(version) if back else next_undone(version)) if version.by_hand else None
    if found is None:
        raise Refused("没有可以撤销的修改。") if back else Refused("没有可以重做的修改。")
    desk = desks.of(session, version)
    _seize(session, version, seen)
    found.undone = back
    patches.apply(session, actor, clock, round_, version, found.patch, 0 if back else 1, desk)
    act = "draft.undo" if back else "draft.redo"
    audit.record(session, actor, clock, act, str(number), round_id=round_.id, after={"moves": found.moves})
    return Edited(version, found)


def last_done(version: ScheduleVersion) -> DraftEdit | None:
    """The edit that would be taken back."""
    return next((e for e in reversed(version.edits) if not e.undone), None)


def next_undone(version: ScheduleVersion) -> DraftEdit | None:
    """The edit that would be made again."""
    return next((e for e in version.edits if e.undone), None)


def since(version: ScheduleVersion, seen: int) -> list[DraftEdit]:
    """What was done to a draft by hand since a revision, the last first; at least the last of all."""
    edits = list(reversed(version.edits))
    return edits[: max(1, version.revision - seen)]


def _draft(session: Session, round_: Round, number: int) -> ScheduleVersion:
    version = drafts.load(session, round_, number)
    if version.status != "draft":
        raise Refused("第 %(number)s 版不是草案，不能修改。安排发布后要修改，请先撤回发布。", number=number)
    return version


def _no_other(session: Session, version: ScheduleVersion) -> None:
    other = by_hand_of(session, version)
    if other is not None:
        raise Outrun(other, since(other, 0))


def by_hand_of(session: Session, version: ScheduleVersion) -> ScheduleVersion | None:
    """The newest draft by hand of a version, where there is one."""
    mine = (ScheduleVersion.round_id == version.round_id, ScheduleVersion.base == version.number)
    query = select(ScheduleVersion).where(*mine, ScheduleVersion.by_hand, ScheduleVersion.status == "draft")
    return session.scalar(query.order_by(ScheduleVersion.number.desc()).limit(1))


def _seize(session: Session, version: ScheduleVersion, seen: int) -> None:
    """Take the next revision; of two who saw the same only one does."""
    wanted = update(ScheduleVersion).where(ScheduleVersion.id == version.id, ScheduleVersion.revision == seen)
    answer = session.execute(wanted.values(revision=seen + 1), execution_options={"synchronize_session": False})
    session.refresh(version, ["revision", "edits"])
    if cast("CursorResult[Any]", answer).rowcount != 1:
        other = version if version.by_hand else by_hand_of(session, version)
        raise Outrun(other or version, since(other, seen) if other else [])


def _copy(
    session: Session, actor: Actor, clock: Clock, round_: Round, version: ScheduleVersion, desk: Desk
) -> ScheduleVersion:
    note = version_notes.BY_HAND % {"n": version.number}
    document, number = version.document, version.number
    broken = bool(desk.violations)
    made = drafts.store(
        session,
        actor,
        clock,
        round_,
        dict(desk.ground.instance),
        document,
        note,
        broken=broken,
        base=number,
        by_hand=True,
    )
    made.revision = 1
    return made


def _drawn(session: Session, version: ScheduleVersion) -> bool:
    """Whether lots were drawn for a version: they stand, so that what is changed then is another version."""
    query = select(Draw.id).where(Draw.version_id == version.id, Draw.state != "void").limit(1)
    return session.scalar(query) is not None


def _last(version: ScheduleVersion) -> int:
    return max((e.position for e in version.edits), default=0)


def _forget_undone(session: Session, version: ScheduleVersion) -> None:
    """What was taken back is left behind once something else is done; the audit keeps it."""
    session.execute(delete(DraftEdit).where(DraftEdit.version_id == version.id, DraftEdit.undone))
    session.expire(version, ["edits"])
