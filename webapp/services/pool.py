"""The pool of experts: who is asked, who confirms, who has signed the commitment; and whom to ask, drawn by lot.

A draw goes as lots do (``services.lots``): the office makes a secret and publishes its SHA-256, digits are called out,
and with the secret revealed each direction's specialists are put in the order of SHA-256(seed | direction | expert).
Who of equals is called in a schedule is drawn with its lots.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.seed import commitment, digest, seed_of
from webapp.models import Applicant, Expert, ExpertDraw, Round
from webapp.models.people import STANDINGS
from webapp.services import audit, rechecks
from webapp.services.editing_rights import BEFORE_LOCK, EXCEPTIONS
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.rechecks import Breaks
from webapp.services.rounds import require_state
from webapp.services.settings import of_round

_HASH, _DIGITS = re.compile("[0-9a-f]{64}"), re.compile("[0-9]{1,64}")
OPEN = (BEFORE_LOCK, *EXCEPTIONS)
"""States in which experts are still asked."""
WORDS = dict(zip(STANDINGS, ("未询问", "已询问", "已确认", "不参加", "候补"), strict=True))


@dataclass(frozen=True)
class Need:
    """A direction: its senior applicants, specialists a panel needs, and its specialists by standing."""

    code: str
    name: str
    applicants: int
    needed: int
    there: Mapping[str, int]

    @property
    def short(self) -> bool:
        """Whether somebody is to be heard and too few are left who may come."""
        return self.applicants > 0 and sum(self.there[s] for s in ("pool", "asked", "confirmed")) < self.needed


def needs(session: Session, round_: Round) -> list[Need]:
    """Each direction with its specialists (strength 2 and more) by standing."""
    experts = _everyone(session, round_)
    senior = select(Applicant.direction_id).where(Applicant.round_id == round_.id, Applicant.level == "senior")
    heard, least = Counter(session.scalars(senior)), of_round(round_).min_specialists
    found = []
    for direction in round_.directions:
        count = Counter(e.standing for e in experts if e.strengths.get(direction.code, 0) >= 2)
        there = {standing: count[standing] for standing in STANDINGS}
        found.append(Need(direction.code, direction.name, heard[direction.id], least, there))
    return found


def _everyone(session: Session, round_: Round) -> list[Expert]:
    return list(session.scalars(select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code)))


def _of(session: Session, round_: Round, codes: Sequence[str]) -> list[Expert]:
    people = [expert for expert in _everyone(session, round_) if expert.code in set(codes)]
    if not people:
        raise Unreadable("没有选专家。请先勾选。")
    return people


def answer(
    session: Session, actor: Actor, clock: Clock, round_: Round, codes: Sequence[str], standing: str
) -> tuple[int, Breaks]:
    """Write down how experts answered; how many that changed, and what it broke in what is scheduled.

    Raises:
        Refused: the defences are over.
        Unreadable: nobody is chosen, or an unknown answer.
    """
    require_state(round_, *OPEN)
    if standing not in WORDS:
        raise Unreadable("邀请情况应为：%(words)s。请重新选择。", words="、".join(WORDS.values()))
    changed = [expert for expert in _of(session, round_, codes) if expert.standing != standing]
    stood = rechecks.now(session, round_)
    before = {expert.code: expert.standing for expert in changed}
    for expert in changed:
        expert.standing = standing
    breaks = rechecks.since(session, round_, stood)
    if changed:
        after = {"standing": standing, "breaks": [one.text for one in breaks.told]}
        who = "、".join(before)[:128]
        audit.record(session, actor, clock, "pool.standing", who, round_id=round_.id, before=before, after=after)
    return len(changed), breaks


def promise(
    session: Session, actor: Actor, clock: Clock, round_: Round, codes: Sequence[str], signed: date | None
) -> int:
    """Write down that experts have signed the commitment that day, or that they have not."""
    require_state(round_, *OPEN)
    changed = [expert for expert in _of(session, round_, codes) if expert.promised_on != signed]
    before = {expert.code: str(expert.promised_on or "") for expert in changed}
    for expert in changed:
        expert.promised_on = signed
    if changed:
        after, who = {"signed": str(signed or "")}, "、".join(before)[:128]
        audit.record(session, actor, clock, "pool.promise", who, round_id=round_.id, before=before, after=after)
    return len(changed)


def draws(session: Session, round_: Round) -> list[ExpertDraw]:
    """Every draw of experts, the newest first."""
    return list(
        session.scalars(select(ExpertDraw).where(ExpertDraw.round_id == round_.id).order_by(ExpertDraw.id.desc()))
    )


def commit(
    session: Session, actor: Actor, clock: Clock, round_: Round, places: Mapping[str, str], sealed: str
) -> ExpertDraw:
    """Begin a draw: its commitment is published before digits are called out; nobody can change it afterwards.

    Raises:
        Refused: a draw waits for its digits.
        Unreadable: no places, more than there are experts to draw, or no SHA-256.
    """
    require_state(round_, *OPEN)
    if any(draw.drawn_at is None for draw in draws(session, round_)):
        raise Refused("有一次抽取还在等报出的数字。请先完成它。")
    if not _HASH.fullmatch(sealed := sealed.strip().lower()):
        raise Unreadable("承诺值应为 64 位十六进制，是密语的 SHA-256。请重新填写。")
    row = ExpertDraw(round_id=round_.id, asked=_places(session, round_, places), commitment=sealed)
    row.made_at, row.made_by = clock(), actor.name
    session.add(row)
    session.flush()
    after = {"asked": row.asked, "commitment": sealed}
    audit.record(session, actor, clock, "pool.commit", str(row.id), round_id=round_.id, after=after)
    return row


def _places(session: Session, round_: Round, places: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for need in needs(session, round_):
        text = places.get(need.code, "").strip()
        if text in ("", "0"):
            continue
        if not text.isdecimal() or int(text) > need.there["pool"]:
            raise Unreadable(
                "“%(name)s”未询问的本方向专家有 %(n)s 位，抽取人数应不超过它。", name=need.name, n=need.there["pool"]
            )
        found[need.code] = int(text)
    if not found:
        raise Unreadable("没有写要抽几位。请至少在一个方向写上人数。")
    return found


def draw(
    session: Session, actor: Actor, clock: Clock, round_: Round, number: int, digits: str, secret: str
) -> ExpertDraw:
    """Draw by the digits that were called out and the secret, revealed now; the first of each direction are asked.

    Raises:
        Refused: drawn already.
        Unreadable: no digits, or the secret is not the committed one.
    """
    require_state(round_, *OPEN)
    row = session.get(ExpertDraw, number)
    if row is None or row.round_id != round_.id:
        raise Missing("没有这次抽取。请回到“专家邀请”页。")
    if row.drawn_at is not None:
        raise Refused("这次已经抽取过，结果不能改。")
    digits, secret = digits.strip(), secret.strip()
    if not _DIGITS.fullmatch(digits):
        raise Unreadable("报出的数字应为 1 到 64 位半角数字。请重新输入。")
    if not secret or commitment(secret) != row.commitment:
        raise Unreadable("密语与承诺值不符，没有抽取。请核对大小写后重新输入。")
    row.digits, row.secret, row.drawn_at = digits, secret, clock()
    experts, seed = _everyone(session, round_), seed_of(secret, digits)
    row.order = {code: _by_lot(experts, code, seed) for code in row.asked}
    asked = {who for code, order in row.order.items() for who in order[: row.asked[code]]}
    for expert in experts:
        if expert.code in asked:
            expert.standing = "asked"
    after = {"digits": digits, "secret": secret, "seed": seed, "order": row.order}
    audit.record(session, actor, clock, "pool.draw", str(row.id), round_id=round_.id, after=after)
    return row


def _by_lot(experts: Sequence[Expert], direction: str, seed: str) -> list[str]:
    """A direction's specialists who were not asked, in drawn order; who is drawn for another stays in it."""
    able = [e.code for e in experts if e.standing == "pool" and e.strengths.get(direction, 0) >= 2]
    return [who for _lot, who in sorted((digest(seed, direction, who), who) for who in able)]


def seed_shown(row: ExpertDraw) -> str:
    """The seed, once it is drawn."""
    return seed_of(row.secret, row.digits) if row.drawn_at else ""
