"""The committee's secret vote and its meeting (表决): a record of its own, which no score decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from scoring.errors import ScoringError
from scoring.vote import Vote
from webapp.models import Applicant, Ballot, Meeting, Round
from webapp.services import audit, records
from webapp.services.kernel import Actor, Clock, Refused, Sentence, Sentences, Stale, Unreadable
from webapp.services.results import has_vote
from webapp.services.rounds import require_state

COUNTS = {"present": "到会", "votes_for": "同意", "against": "反对", "abstain": "弃权", "spoiled": "废票"}
"""Field of a vote → its word."""
TEXTS = {"held_at": 64, "place": 128, "chair": 64, "recorder": 64, "opinion": 4000, "other": 2000}
"""Field of the meeting → how long it may be."""
WORDS = {
    "held_at": "时间",
    "place": "地点",
    "chair": "主持人",
    "recorder": "记录人",
    "invited": "应到委员（人）",
    "members": "出席评委",
    "opinion": "评议意见",
    "other": "其他事项",
}
"""Field of the meeting → its word."""


@dataclass(frozen=True)
class Row:
    """One applicant to vote on, and the vote so far."""

    applicant: Applicant
    ballot: Ballot | None

    @property
    def vote(self) -> Vote | None:
        """The vote as a whole."""
        return vote_of(self.ballot) if self.ballot else None


def vote_of(ballot: Ballot) -> Vote:
    """A recorded vote with what is needed and whether it passed."""
    return Vote(ballot.present, ballot.votes_for, ballot.against, ballot.abstain, ballot.spoiled)


def electors(session: Session, round_: Round) -> list[Applicant]:
    """Whom the committee votes on: seniors who were heard, and everyone of the intermediate level; by code."""
    heard = {person for person, outcome in records.outcomes(session, round_).items() if outcome.kind == "heard"}
    query = select(Applicant).where(Applicant.round_id == round_.id).options(joinedload(Applicant.direction))
    everyone = session.scalars(query.order_by(Applicant.code))
    return [a for a in everyone if a.level == "intermediate" or a.id in heard]


def rows(session: Session, round_: Round) -> list[Row]:
    """Everyone to vote on with the vote so far."""
    found = {b.applicant_id: b for b in session.scalars(select(Ballot).where(Ballot.round_id == round_.id))}
    return [Row(a, found.get(a.id)) for a in electors(session, round_)]


def votes(session: Session, round_: Round) -> dict[str, Vote]:
    """Applicant code → the recorded vote."""
    return {row.applicant.code: row.vote for row in rows(session, round_) if row.vote}


def missing(session: Session, round_: Round) -> list[str]:
    """Codes of those without a recorded vote."""
    return [row.applicant.code for row in rows(session, round_) if row.ballot is None]


def write(session: Session, actor: Actor, clock: Clock, round_: Round, typed: Mapping[str, Mapping[str, str]]) -> int:
    """Record the votes that were typed in (code → field → text), all or none; how many were new or changed.

    ``version`` is the row's version the person saw. A row that is empty but for ``present`` is left alone.

    Raises:
        Unreadable: numbers that cannot be, each by name.
        Stale: somebody else changed one meanwhile.
    """
    _open(round_)
    known, wrong, made = {row.applicant.code: row for row in rows(session, round_)}, [], []
    for code, texts in typed.items():
        if not any(texts.get(name, "").strip() for name in [*COUNTS][1:]):
            continue
        row = known.get(code)
        if row is None:
            wrong.append(Sentence("%(code)s：不在表决名单中", code=code))
            continue
        try:
            made.append((row, _vote(texts), texts.get("version", "")))
        except (ScoringError, Unreadable, ValueError) as error:
            wrong.append(Sentence("%(code)s %(name)s：%(error)s", code=code, name=row.applicant.name, error=error))
    if wrong:
        raise Unreadable("票数有误，没有保存：%(wrong)s", wrong=Sentences.of(wrong[:10], "；"))
    return sum(_store(session, actor, clock, round_, *one) for one in made)


def _open(round_: Round) -> None:
    if not has_vote(round_):
        raise Refused("这个批次按设置不表决。要表决的，请由评委会办公室在“批次设置”中改。")
    require_state(round_, "confirmed")


def _vote(texts: Mapping[str, str]) -> Vote:
    numbers = []
    for name in COUNTS:
        text = texts.get(name, "").strip() or ("" if name == "present" else "0")
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            raise Unreadable("票数应为不小于 0 的整数。")
        numbers.append(int(text))
    return Vote(*numbers)


def _store(session: Session, actor: Actor, clock: Clock, round_: Round, row: Row, vote: Vote, version: str) -> bool:
    after = {name: getattr(vote, name) for name in COUNTS}
    old = row.ballot
    before = {name: getattr(old, name) for name in COUNTS} if old else None
    if before == after:
        return False
    if str(old.row_version if old else 0) != version:
        stale = Stale("%(name)s 的表决刚刚被别人改过。请刷新页面后再填。", name=row.applicant.name)
        raise stale.beside(COUNTS, before or {}, after)
    ballot = old or Ballot(round_id=round_.id, applicant_id=row.applicant.id)
    for name, count in after.items():
        setattr(ballot, name, count)
    ballot.written_at, ballot.written_by = clock(), actor.name
    session.add(ballot)
    audit.record(
        session, actor, clock, "vote.write", row.applicant.code, round_id=round_.id, before=before, after=after
    )
    return True


def finish(session: Session, actor: Actor, clock: Clock, round_: Round) -> None:
    """Close the vote: everyone has one."""
    _open(round_)
    left = missing(session, round_)
    if left:
        raise Refused("还有 %(n)s 位没有记录表决结果：%(some)s。", n=len(left), some="、".join(left[:5]))
    found = meeting(session, round_)
    _fits(session, round_, found.members if found else [])
    round_.state = "voted"
    audit.record(session, actor, clock, "vote.finish", round_.name, round_id=round_.id)


def _fits(session: Session, round_: Round, members: list[str]) -> None:
    """Refuse votes of more people than the minutes name; where they name nobody there is nothing to compare."""
    most = max((row.ballot for row in rows(session, round_) if row.ballot), key=lambda b: b.present, default=None)
    if members and most is not None and most.present > len(members):
        raise Refused(
            "%(code)s 表决时到会 %(present)s 人，多于会议记录的出席评委 %(n)s 人。请核对票数或出席评委。",
            code=most.applicant.code,
            present=most.present,
            n=len(members),
        )


def reopen(session: Session, actor: Actor, clock: Clock, round_: Round, reason: str) -> None:
    """Open the vote again before the results are released, with a reason."""
    require_state(round_, "voted")
    if not reason.strip():
        raise Unreadable("重新打开表决要写明原因。")
    round_.state = "confirmed"
    audit.record(session, actor, clock, "vote.reopen", round_.name, round_id=round_.id, after={"reason": reason[:256]})


def meeting(session: Session, round_: Round) -> Meeting | None:
    """The committee's meeting, as far as written."""
    return session.scalar(select(Meeting).where(Meeting.round_id == round_.id))


def write_meeting(session: Session, actor: Actor, clock: Clock, round_: Round, texts: Mapping[str, str]) -> None:
    """Write what the minutes say beside the votes.

    Raises:
        Unreadable: a text too long, a number that is none, more people there than invited.
        Refused: a recorded vote has more people present than the minutes name.
        Stale: somebody else changed it meanwhile.
    """
    require_state(round_, "complete", "computed", "confirmed", "voted", "released", "public_notice")
    found = meeting(session, round_)
    values: dict[str, object] = {name: texts.get(name, "").strip() for name in TEXTS}
    long = [name for name, most in TEXTS.items() if len(str(values[name])) > most]
    invited = texts.get("invited", "").strip()
    if long or (invited and not (invited.isascii() and invited.isdigit() and len(invited) <= 4)):
        raise Unreadable("会议记录中有内容过长，或应到人数不是整数。请改正后再保存。")
    names = texts.get("members", "").replace("、", "\n").splitlines()
    members = [name.strip()[:64] for name in names if name.strip()]
    values |= {"invited": int(invited) if invited else None, "members": members}
    if invited and len(members) > int(invited):
        raise Unreadable("出席评委 %(n)s 人，多于应到 %(invited)s 人。请核对。", n=len(members), invited=invited)
    _fits(session, round_, members)
    before = {name: getattr(found, name) for name in values} if found else None
    if str(found.row_version if found else 0) != texts.get("version", "0"):
        raise Stale("会议记录刚刚被别人改过。请刷新页面后再填。").beside(WORDS, before or {}, values)
    made = found or Meeting(round_id=round_.id)
    for name, value in values.items():
        setattr(made, name, value)
    made.written_at, made.written_by = clock(), actor.name
    session.add(made)
    audit.record(session, actor, clock, "meeting.write", round_.name, round_id=round_.id, before=before, after=values)
