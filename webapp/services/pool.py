"""The pool of experts: who is asked, who confirms, who has signed the commitment; and drawing by lot, open to all.

A draw has three steps in this order: its commitment (the SHA-256 of a secret) is shown, digits are called out, and
experts are drawn by the seed of both (``scheduler.seed``). ``pool`` draws who is asked: a direction's specialists in
the order of SHA-256(seed | direction | expert). ``seats`` draws who is called among those who serve equally well
(``scheduler.calls``) and makes a new draft of it. Either can be computed again by anyone: ``docs/lots.md``.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calls import draw_calls
from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.seed import commitment, digest, seed_of
from webapp.models import Applicant, Expert, ExpertDraw, Round
from webapp.models.people import STANDINGS
from webapp.services import audit, drafts, rechecks
from webapp.services.editing_rights import BEFORE_LOCK, EXCEPTIONS
from webapp.services.instance import problem_document
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable
from webapp.services.rechecks import Breaks
from webapp.services.rounds import require_state
from webapp.services.settings import of_round

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
    session: Session, actor: Actor, clock: Clock, round_: Round, kind: str, places: Mapping[str, str]
) -> ExpertDraw:
    """Begin a draw: a secret is made, its commitment is to be published before digits are called out.

    Raises:
        Refused: a draw waits for its digits, or there is nothing to draw from.
        Unreadable: no places, or more than there are experts to draw.
    """
    require_state(round_, *OPEN)
    if any(draw.drawn_at is None for draw in draws(session, round_)):
        raise Refused("有一次抽取还在等报出的数字。请先完成它。")
    asked: dict[str, object] = _draft(session, round_) if kind == "seats" else _places(session, round_, places)
    draw = ExpertDraw(round_id=round_.id, kind=kind, asked=asked, secret=secrets.token_hex(24))
    draw.made_at, draw.made_by = clock(), actor.name
    session.add(draw)
    session.flush()
    after = {"kind": kind, "asked": asked, "commitment": commitment(draw.secret)}
    audit.record(session, actor, clock, "pool.commit", str(draw.id), round_id=round_.id, after=after)
    return draw


def _draft(session: Session, round_: Round) -> dict[str, object]:
    version = rechecks.scheduled(session, round_)
    if version is None or version.status != "draft":
        raise Refused("没有可以抽取的草案。请先生成安排；已发布的要先撤回。")
    return {"version": version.number}


def _places(session: Session, round_: Round, places: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
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


def draw(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, digits: str) -> ExpertDraw:
    """Draw by the digits that were called out; the secret may be shown from now on.

    Raises:
        Refused: drawn already, or the draft is not the newest any more.
        Unreadable: no digits.
    """
    require_state(round_, *OPEN)
    row = session.get(ExpertDraw, number)
    if row is None or row.round_id != round_.id:
        raise Missing("没有这次抽取。请回到“专家邀请”页。")
    if row.drawn_at is not None:
        raise Refused("这次已经抽取过，结果不能改。")
    digits = digits.strip()
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 64:
        raise Unreadable("报出的数字应为 1 到 64 位半角数字。请重新输入。")
    seed = seed_of(row.secret, digits)
    row.digits, row.drawn_at = digits, clock()
    row.result = (
        _seats(session, actor, clock, round_, row, seed) if row.kind == "seats" else _ask(session, round_, row, seed)
    )
    after = {"digits": digits, "secret": row.secret, "seed": seed, "result": row.result}
    audit.record(session, actor, clock, "pool.draw", str(row.id), round_id=round_.id, after=after)
    return row


def _ask(session: Session, round_: Round, row: ExpertDraw, seed: str) -> dict[str, object]:
    """Put each direction's specialists who were not asked in drawn order; the first are asked, whoever is drawn for one
    direction stays in the order of the others."""
    orders: dict[str, list[str]] = {}
    experts = _everyone(session, round_)
    for code in row.asked:
        able = [e.code for e in experts if e.standing == "pool" and e.strengths.get(code, 0) >= 2]
        by_lot = sorted((digest(seed, code, who), who) for who in able)
        orders[code] = [who for _lot, who in by_lot]
    asked = {who for code, order in orders.items() for who in order[: row.asked[code]]}
    for expert in experts:
        if expert.code in asked:
            expert.standing = "asked"
    return {"order": orders, "asked": sorted(asked)}


def _seats(
    session: Session, actor: Actor, clock: Clock, round_: Round, row: ExpertDraw, seed: str
) -> dict[str, object]:
    version = rechecks.scheduled(session, round_)
    if version is None or version.status != "draft" or version.number != row.asked["version"]:
        raise Refused("第 %(n)s 版已不是最新的草案，不能再按它抽取。请重新定承诺值。", n=row.asked["version"])
    instance = problem_document(session, round_)
    drafts.require_valid(instance, version.document)
    try:
        problem, schedule = Problem.from_json(instance), Schedule.from_json(drafts.core(version.document))
        drawn, calls = draw_calls(problem, schedule, seed)
    except SchedulerError as error:
        raise Unreadable("排程数据读不出：%(error)s。请重新生成安排。", error=error) from error
    document = version.document | drawn.to_json()
    note = f"第 {version.number} 版，专家抽签确定"
    made = drafts.store(session, actor, clock, round_, instance, document, note)
    return {"version": made.number, "calls": [call.to_json() for call in calls]}


def seed_shown(row: ExpertDraw) -> str:
    """The seed, once it is drawn."""
    return seed_of(row.secret, row.digits) if row.drawn_at else ""


def commitment_of(row: ExpertDraw) -> str:
    """What is published before the digits."""
    return commitment(row.secret)
