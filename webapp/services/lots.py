"""Lots (抽签): commitment, digits, draw; or numbers drawn on the spot and typed in; both leave the same record.

Before publishing a draw makes a new draft. At check-in the drawn order is an annex to the published version: people
change places inside their sitting, and nothing that was published says otherwise. The secret is made and kept outside;
it reaches the server with the reveal, and no table takes it before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import lots as drawing
from scheduler.calls import draw_calls
from scheduler.errors import SchedulerError
from scheduler.problem import Problem
from scheduler.schedule import Schedule, Sitting
from scheduler.seed import commitment, seed_of
from webapp.models import Applicant, Appointment, Draw, Round, ScheduleVersion
from webapp.models import Sitting as SittingRow
from webapp.services import audit, drafts, records, today
from webapp.services.instance import MINUTE
from webapp.services.kernel import Actor, Clock, Missing, Refused, Sentence, Unreadable
from webapp.services.rounds import BEFORE_PUBLISHING, require_state
from webapp.services.settings import of_round

STATES = {"committed": "已承诺，等报数字", "called": "数字已报，等公布密语", "drawn": "已抽定", "void": "作废"}
SHORTEST = 16
"""Characters of a secret below which it could be tried out."""
_DIGITS = re.compile(r"[0-9]{1,20}")
_HASH = re.compile(r"[0-9a-f]{64}")
Numbers = Mapping[str, int | None]
"""Applicant → the number drawn; ``None`` for who was not there to draw."""


# ---------------------------------------------------------------- what is drawn, and what was


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
    done, begun = drawn(session, version), _begun(session, round_, version)
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
            found.append(Half(half.code, places, people, frozenset(done) & set(places), begun & set(places)))
    return found


def _begun(session: Session, round_: Round, version: ScheduleVersion) -> frozenset[str]:
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


# ---------------------------------------------------------------- by computer


def commit(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    seal: str,
    *,
    number: int | None = None,
    sessions: Collection[str] = (),
    experts: bool = False,
) -> Draw:
    """Publish the commitment: from here on what is drawn for is fixed.

    ``sessions``: at check-in the half-days to be drawn for. ``experts``: before publishing, who is called among equals
    is drawn first.

    Raises:
        Refused: nothing can be drawn now, or a draw is open.
        Unreadable: no SHA-256.
    """
    version = _ready(session, round_, number)
    if open_draw(session, round_):
        raise Refused("上一次抽签还没有抽完。请先报数字、公布密语，或写明原因作废。")
    if not _HASH.fullmatch(seal.strip()):
        raise Unreadable("承诺值是 64 位十六进制的 SHA-256 摘要。请用页面产生的承诺值。")
    late = version.status == "published"
    wanted = [half for half in halves(session, round_, version) if not late or half.session in sessions]
    places = [place for half in wanted for place in half.left]
    if not places:
        raise Refused("没有可以抽签的场次：请选择时段；已抽定或已叫号的场次不再抽。")
    made = Draw(
        round_id=round_.id,
        version_id=version.id,
        kind="computer",
        places=places,
        experts=experts and not late,
        state="committed",
        commitment=seal.strip(),
        made_at=clock(),
        made_by=actor.name,
    )
    session.add(made)
    session.flush()
    after = {"commitment": made.commitment, "version": version.number, "places": places, "experts": made.experts}
    audit.record(session, actor, clock, "lots.commit", str(made.id), round_id=round_.id, after=after)
    return made


def _ready(session: Session, round_: Round, number: int | None) -> ScheduleVersion:
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


def call(
    session: Session, actor: Actor, clock: Clock, round_: Round, number: int, called: Collection[tuple[str, str]]
) -> None:
    """Write down the digits called out, in turn: who, and which. They are never changed.

    Raises:
        Refused: it is not their turn.
        Unreadable: fewer than two callers, or no digits.
    """
    row = by_id(session, round_, number)
    if row.state != "committed":
        raise Refused("这次抽签的数字已经记下，或已抽完。请刷新页面。")
    pairs = [(who.strip()[:64], digits.strip()) for who, digits in called]
    if len(pairs) < 2 or any(not who or not _DIGITS.fullmatch(digits) for who, digits in pairs):
        raise Unreadable("监督人员和申报人都要写明是谁、报了什么数字；数字用半角 0 到 9，每人 1 到 20 个。")
    row.digits, row.state, row.called_at, row.called_by = [list(pair) for pair in pairs], "called", clock(), actor.name
    after = {"digits": row.digits}
    audit.record(session, actor, clock, "lots.call", str(row.id), round_id=round_.id, after=after)


def reveal(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, secret: str) -> ScheduleVersion:
    """Open the secret and draw; the version that now has the order.

    Raises:
        Refused: it is not its turn, or what is drawn for has begun.
        Unreadable: it is not the secret that was committed to.
    """
    row = by_id(session, round_, number)
    if row.state != "called":
        raise Refused("先由监督人员和申报人报数字，再公布密语。")
    secret = secret.strip()
    if len(secret) < SHORTEST or len(secret) > 200 or commitment(secret) != row.commitment:
        raise Unreadable("密语与承诺值不符，没有抽签。请核对大小写和连字符后重新输入。")
    row.seed = seed_of(secret, "".join(digits for _who, digits in row.digits))
    problem, schedule = _read(row.version)
    try:
        if row.experts:
            schedule, calls = draw_calls(problem, schedule, row.seed)
            row.calls = [one.to_json() for one in calls]
        schedule, made = drawing.draw_slots(problem, schedule, row.seed, _pairs(row.places))
    except SchedulerError as error:
        raise Refused("抽签没有完成：%(error)s", error=error) from error
    row.secret = secret
    return _drawn(session, actor, clock, round_, row, schedule, made)


def _read(version: ScheduleVersion) -> tuple[Problem, Schedule]:
    return Problem.from_json(version.instance), Schedule.from_json(drafts.core(version.document))


def _pairs(places: Collection[str]) -> set[tuple[str, str]]:
    return {(session, room) for session, _slash, room in (place.partition("/") for place in places)}


def void(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, reason: str) -> None:
    """Give a draw up, with a reason that stays on the page; a drawn one only where another is to be made.

    Raises:
        Refused: it is void already, or people have been called by it.
        Unreadable: no reason.
    """
    row = by_id(session, round_, number)
    if not reason.strip():
        raise Unreadable("作废抽签要写明原因。")
    version = records.published_if_any(session, round_)
    if row.state == "void" or (version and _begun(session, round_, version) & set(row.places)):
        raise Refused("这次抽签已作废，或已按它叫号。")
    before = {"state": row.state, "commitment": row.commitment, "digits": row.digits}
    row.state, row.reason = "void", reason.strip()[:256]
    audit.record(
        session,
        actor,
        clock,
        "lots.void",
        str(row.id),
        round_id=round_.id,
        before=before,
        after={"reason": row.reason},
    )


# ---------------------------------------------------------------- on the spot


def by_hand(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    numbers: Mapping[str, Numbers],
    number: int | None = None,
) -> ScheduleVersion:
    """Numbers drawn on the spot: ``session/room`` → applicant → number. A sitting without any is left as it is.

    At check-in somebody may not be there to draw; the round's rule on late applicants gives them what is left over, or
    the end.

    Raises:
        Refused: nothing can be drawn now, a sitting is drawn already or has begun.
        Unreadable: a number twice, missing or out of range, by sitting.
    """
    version = _ready(session, round_, number)
    if open_draw(session, round_):
        raise Refused("电脑抽签已经承诺，还没有抽完。请先完成或作废。")
    left = {place: half.people[place] for half in halves(session, round_, version) for place in half.left}
    typed = {place: drawn for place, drawn in numbers.items() if any(n is not None for n in drawn.values())}
    if not typed:
        raise Unreadable("还没有填写任何号码。")
    if done := sorted(set(typed) - set(left)):
        raise Refused("%(places)s 已抽定、已叫号或不在安排里，不能再抽。", places="、".join(done))
    late = of_round(round_).late if version.status == "published" else ""
    orders = {place: _order(place, left[place], drawn, late) for place, drawn in typed.items()}
    problem, schedule = _read(version)

    def order(sitting: Sitting) -> list[str]:
        return orders[f"{sitting.session}/{sitting.room}"]

    schedule, made = drawing.in_order(problem, schedule, order, _pairs(orders))
    row = Draw(
        round_id=round_.id,
        version_id=version.id,
        kind="hand",
        places=sorted(orders),
        state="drawn",
        made_at=clock(),
        made_by=actor.name,
    )
    session.add(row)
    return _drawn(session, actor, clock, round_, row, schedule, made, {p: dict(n) for p, n in typed.items()})


def _order(place: str, people: Collection[str], drawn: Numbers, late: str) -> list[str]:
    """The people of a sitting by their numbers; who was not there as the rule on lateness says."""
    given = {who: n for who, n in drawn.items() if n is not None}
    absent = [who for who in people if who not in given]
    if set(given) - set(people) or len(set(given.values())) < len(given):
        raise Unreadable("%(place)s：有两人同号，或号码写给了别场的人。请核对。", place=place)
    if any(not 1 <= n <= len(people) for n in given.values()):
        raise Unreadable("%(place)s：号码应为 1 到 %(n)s。", place=place, n=len(people))
    if absent and not late:
        raise Unreadable("%(place)s：%(who)s 还没有号码。", place=place, who="、".join(absent))
    if late == "leftover":
        over = sorted(set(range(1, len(people) + 1)) - set(given.values()))
        given |= dict(zip(absent, over, strict=True))
        absent = []
    return [*sorted(given, key=lambda who: given[who]), *absent]


# ---------------------------------------------------------------- what comes of it


def _drawn(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    row: Draw,
    schedule: Schedule,
    made: tuple[drawing.Lot, ...],
    numbers: Mapping[str, Any] | None = None,
) -> ScheduleVersion:
    row.order = [lot.to_json() for lot in made]
    row.state, row.drawn_at, row.drawn_by = "drawn", clock(), actor.name
    session.flush()
    document = row.version.document | schedule.to_json()
    if row.version.status == "published":
        version = _annexed(session, round_, row, document)
    else:
        require_state(round_, "rosters_locked", "scheduled")
        note = f"第 {row.version.number} 版抽签"
        version = drafts.store(session, actor, clock, round_, row.version.instance, document, note)
    after: dict[str, Any] = {"version": version.number, "seed": row.seed, "secret": row.secret, "order": row.order}
    if numbers:
        after["numbers"] = numbers
    audit.record(session, actor, clock, "lots.draw", str(row.id), round_id=round_.id, after=after)
    return version


def _annexed(session: Session, round_: Round, row: Draw, document: dict[str, Any]) -> ScheduleVersion:
    """The published version with the drawn order; refused where a sitting of it has begun."""
    version = row.version
    if started := _begun(session, round_, version) & set(row.places):
        raise Refused("%(places)s 已叫号或已有评分，不能再抽签。", places="、".join(sorted(started)))
    drafts.require_valid(version.instance, document)
    taken = {a: at for one in row.order for a, at in starts(one).items()}
    query = select(Appointment).join(Applicant).join(SittingRow, SittingRow.id == Appointment.sitting_id)
    rows = list(session.scalars(query.where(Appointment.version_id == version.id, Applicant.code.in_(taken))))
    for appointment in rows:  # two change places: a time is there once at every moment
        appointment.start += timedelta(days=36500)
    session.flush()
    for appointment in rows:
        appointment.start = datetime.strptime(taken[appointment.applicant.code], MINUTE)
    version.document = document
    session.flush()
    session.expire(version, ["panels"])
    return version


def by_roster(session: Session, round_: Round, instance: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The document with everyone in the order of the roster, where the round says so."""
    if of_round(round_).order != "roster" or not document["panels"]:
        return document
    rows = session.execute(select(Applicant.code, Applicant.roster_no).where(Applicant.round_id == round_.id))
    numbers = {row.code: row.roster_no for row in rows}

    def order(sitting: Sitting) -> list[str]:
        return sorted((a.applicant for a in sitting.appointments), key=lambda who: (numbers.get(who, 0), who))

    schedule = Schedule.from_json(drafts.core(document))
    arranged, _lots = drawing.in_order(Problem.from_json(instance), schedule, order)
    return document | arranged.to_json()


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
    return Sentence("还有 %(n)s 场没有抽签：次序是程序排的，不是抽定的。请在“抽签”页抽签。", n=len(left))
