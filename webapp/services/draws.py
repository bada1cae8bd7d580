"""Lots as they stand: which version draws, which sittings have their order, and what was drawn so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import lots as drawing
from webapp.models import Draw, Round, ScheduleVersion
from webapp.services import records, today, version_notes
from webapp.services.kernel import Missing, Refused, Sentence
from webapp.services.rounds import BEFORE_PUBLISHING
from webapp.services.settings import of_round

STATES = {"committed": "已承诺，等报数字", "called": "数字已报，等公布密语", "drawn": "已抽定", "void": "作废"}


def target(session: Session, round_: Round, number: int | None = None) -> ScheduleVersion | None:
    """The version whose people draw: at check-in the published one, else the draft of that number or the newest."""
    if of_round(round_).lots == "check_in":
        return records.published_if_any(session, round_)
    if round_.state not in BEFORE_PUBLISHING:
        return None
    query = select(ScheduleVersion).where(ScheduleVersion.round_id == round_.id, ScheduleVersion.status == "draft")
    if number is not None:
        query = query.where(ScheduleVersion.number == number)
    return session.scalar(query.order_by(ScheduleVersion.number.desc()).limit(1))


def everyone(session: Session, round_: Round) -> list[Draw]:
    """All draws of a round, the newest first."""
    return list(session.scalars(select(Draw).where(Draw.round_id == round_.id).order_by(Draw.id.desc())))


def open_draw(session: Session, round_: Round) -> Draw | None:
    """The draw that has begun and is not finished."""
    return next((draw for draw in everyone(session, round_) if draw.state in ("committed", "called")), None)


def drawn(session: Session, version: ScheduleVersion) -> dict[str, tuple[Draw, dict[str, Any]]]:
    """``session/room`` → the draw and its row that gave the sitting the order it has."""
    round_id, found = version.round_id, dict[str, tuple[Draw, dict[str, Any]]]()
    now = {
        f"{s['session']}/{s['room']}": {a["applicant"]: a["start"] for a in s["appointments"]}
        for panel in version.document["panels"]
        for s in panel["sittings"]
    }
    done = select(Draw).where(Draw.round_id == round_id, Draw.state == "drawn").order_by(Draw.id)
    for draw in session.scalars(done):
        for row in draw.order:
            if now.get(row["sitting"]) == starts(row):
                found[row["sitting"]] = draw, row
    return found


def starts(row: Mapping[str, Any]) -> dict[str, str]:
    """Who takes which slot by a row of the record."""
    slots, cannot = row["slots"], row["cannot"]
    masks = [sum(1 << i for i, at in enumerate(slots) if at not in cannot.get(a, ())) for a in row["applicants"]]
    return {a: slots[i] for a, i in zip(row["applicants"], drawing.in_turn(masks), strict=True)}


def public(draw: Draw) -> dict[str, Any]:
    """The record anyone recomputes a draw with; no experts in it."""
    digits = "".join(digits for _who, digits in draw.digits)
    seal = {"commitment": draw.commitment, "secret": draw.secret, "digits": digits, "seed": draw.seed}
    return {**(seal if draw.kind == "computer" else {}), "order": draw.order}


@dataclass(frozen=True)
class Half:
    """The sittings of one half-day: codes of session and rooms, with whom, and whether they are drawn or have begun."""

    session: str
    places: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    drawn: frozenset[str]
    begun: frozenset[str]

    @property
    def left(self) -> tuple[str, ...]:
        """The sittings that can still be drawn."""
        return tuple(place for place in self.places if place not in self.drawn | self.begun)


def halves(session: Session, round_: Round, version: ScheduleVersion) -> list[Half]:
    """The half-days of a version in order of time."""
    done, busy = drawn(session, version), begun(session, round_, version)
    held = [s for panel in version.document["panels"] for s in panel["sittings"]]
    found = []
    for half in round_.sessions:
        people = {
            f"{half.code}/{s['room']}": tuple(sorted(a["applicant"] for a in s["appointments"]))
            for s in sorted(held, key=lambda s: s["room"])
            if s["session"] == half.code
        }
        if people:
            places = tuple(people)
            found.append(Half(half.code, places, people, frozenset(done) & set(places), busy & set(places)))
    return found


def begun(session: Session, round_: Round, version: ScheduleVersion) -> frozenset[str]:
    """The sittings where somebody was called, or has marks."""
    if version.status != "published":
        return frozenset()
    busy = today.busy(session, round_)
    return frozenset(
        f"{s['session']}/{s['room']}"
        for panel in version.document["panels"]
        for s in panel["sittings"]
        if any(a["applicant"] in busy for a in s["appointments"])
    )


def ready(session: Session, round_: Round, number: int | None) -> ScheduleVersion:
    """The version that can be drawn for now.

    Raises:
        Refused: there is none, or it breaks rules.
    """
    if of_round(round_).order != "lot":
        raise Refused("本批次按名册顺序排定次序，不抽签。可在批次设置中改为抽签。")
    version = target(session, round_, number)
    if version is None:
        raise Refused("现在没有可以抽签的安排。发布前抽签须有草案；报到时抽签须已发布。")
    if version.document.get("violations"):
        raise Refused("第 %(n)s 版违反规则，不能抽签。请先改正。", n=version.number)
    return version


def by_id(session: Session, round_: Round, number: int) -> Draw:
    """The draw of that number."""
    found = session.get(Draw, number)
    if found is None or found.round_id != round_.id:
        raise Missing("没有这次抽签。请从抽签页进入。")
    return found


def missing(session: Session, round_: Round, version: ScheduleVersion) -> Sentence | None:
    """What a version lacks before it is published: its draw."""
    settings = of_round(round_)
    if settings.order != "lot" or settings.lots != "before":
        return None
    every = [place for half in halves(session, round_, version) for place in half.places]
    done = drawn(session, version)
    left = [place for place in every if place not in done]
    if not left:
        return None
    came = (ScheduleVersion.round_id == round_.id, ScheduleVersion.note == version_notes.DRAWN % {"n": version.number})
    made = session.scalar(select(ScheduleVersion.number).where(*came).order_by(ScheduleVersion.number.desc()).limit(1))
    if made is not None:
        return Sentence(
            "第 %(n)s 版已经抽过签，抽定的次序写在第 %(made)s 版。要按抽签的结果发布，请发布第 %(made)s 版。",
            n=version.number,
            made=made,
        )
    return Sentence("还有 %(n)s 场没有抽签：次序是程序排的，不是抽定的。请在“抽签”页抽签。", n=len(left))
