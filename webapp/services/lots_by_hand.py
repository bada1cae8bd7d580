"""Lots drawn on the spot: numbers typed in, the record as of a draw by computer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from scheduler import lots as drawing
from scheduler.schedule import Sitting
from webapp.models import Draw, Round, ScheduleVersion
from webapp.services import codes, draws
from webapp.services.drawn_order import pairs, put, read
from webapp.services.kernel import Actor, Clock, Refused, Unreadable
from webapp.services.settings import of_round

Numbers = Mapping[str, int | None]
"""Applicant → the number drawn; ``None`` for who was not there to draw."""


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
    version = draws.ready(session, round_, number)
    if draws.open_draw(session, round_):
        raise Refused("电脑抽签已经承诺，还没有抽完。请先完成或作废。")
    left = {place: half.people[place] for half in draws.halves(session, round_, version) for place in half.left}
    typed = {place: drawn for place, drawn in numbers.items() if any(n is not None for n in drawn.values())}
    if not typed:
        raise Unreadable("还没有填写任何号码。")
    if done := sorted(set(typed) - set(left)):
        places = "、".join(map(codes.of(session, round_).place, done))
        raise Refused("%(places)s 已抽定、已叫号或不在安排里，不能再抽。", places=places)
    late = of_round(round_).late if version.published else ""
    known = codes.of(session, round_)
    orders = {place: _order(place, left[place], drawn, late, known) for place, drawn in typed.items()}
    problem, schedule = read(version)

    def order(sitting: Sitting) -> list[str]:
        return orders[f"{sitting.session}/{sitting.room}"]

    schedule, made = drawing.in_order(problem, schedule, order, pairs(orders))
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
    return put(session, actor, clock, round_, row, schedule, made, {p: dict(n) for p, n in typed.items()})


def _order(place: str, people: Collection[str], drawn: Numbers, late: str, known: codes.Codes) -> list[str]:
    """The people of a sitting by their numbers; who was not there as the rule on lateness says."""
    given = {who: n for who, n in drawn.items() if n is not None}
    _check(known.place(place), people, given, known.people)
    absent = [who for who in people if who not in given]
    if absent and not late:
        raise Unreadable("%(place)s：%(who)s 还没有号码。请补填。", place=known.place(place), who=known.people(absent))
    if late == "leftover":
        over = sorted(set(range(1, len(people) + 1)) - set(given.values()))
        given |= dict(zip(absent, over, strict=True))
        absent = []
    return [*sorted(given, key=lambda who: given[who]), *absent]


def _check(
    place: str, people: Collection[str], given: Mapping[str, int], names: Callable[[Iterable[str]], str]
) -> None:
    """Numbers of a sitting's own people, each once, none beyond their count; ``names`` says who."""
    if strange := set(given) - set(people):
        raise Unreadable("%(place)s：%(who)s 不在这一场。请刷新页面后重填。", place=place, who=names(sorted(strange)))
    for n in sorted(set(given.values())):
        who = [one for one in given if given[one] == n]
        if not 1 <= n <= len(people):
            raise Unreadable(
                "%(place)s：%(who)s 的号码是 %(n)s，应为 1 到 %(most)s。请改正。",
                place=place, who=names(who), n=n, most=len(people),
            )  # fmt: skip
        if len(who) > 1:
            raise Unreadable("%(place)s：%(who)s 都是 %(n)s 号。请核对。", place=place, who=names(who), n=n)
