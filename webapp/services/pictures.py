"""Pictures of a round and of a version: what there is, and how a schedule uses it, with a sentence each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp import charts
from webapp.charts import Bar, Chart, Square
from webapp.models import Appointment, Round, ScheduleVersion, Sitting
from webapp.models import Session as HalfDay
from webapp.services import boards
from webapp.services.capacity import Capacity, Cell, Half
from webapp.services.kernel import Sentence
from webapp.services.names import aside
from webapp.services.settings import of_round

Say = Callable[[Sentence | str], str]
"""Puts a sentence into the visitor's language: what stands inside a picture is drawn with it."""


@dataclass(frozen=True)
class Picture:
    """Some charts under one heading, and what they show in a sentence."""

    heading: str
    said: Sentence
    charts: tuple[Chart, ...]
    tints: tuple[tuple[int, str], ...] = ()
    """The directions in it, by position, with their names: no colour stands alone."""


HEADINGS = ("专家场次", "答辩室使用", "每天的时间", "专家到场天数", "申报人等候时间")
"""The pictures of a version, in their order."""
MOST, BUSIEST = 60, 20
"""Rows of a picture, and of the experts with the most sittings; of more the first are shown, the sentence is of all."""


# ---------------------------------------------------------------- of a round, before solving


def of_capacity(round_: Round, capacity: Capacity, say: Say) -> list[Chart]:
    """Half-days across: what limits the sittings, and each direction's sittings at most."""
    heads = [_head(half, say) for half in _halves(round_, capacity)]
    rows = [
        (say(Sentence("答辩室")), [_figure(half, half.rooms) for half in capacity.halves]),
        (say(Sentence("专家够几组")), [_figure(half, half.panels) for half in capacity.halves]),
        (say(Sentence("可任组长")), [_figure(half, half.chairs) for half in capacity.halves]),
        (say(Sentence("最多几场")), [_most(half) for half in capacity.halves]),
    ]
    names = {d.code: d.name for d in round_.directions}
    lines = [
        (_short(names[line.direction]), [_cell(*pair, say) for pair in zip(line.cells, capacity.halves, strict=True)])
        for line in capacity.lines
    ]
    first = say(Sentence("每个时段能同时开几场：黄色是限制所在，红色是一场也开不了"))
    second = say(Sentence("每个方向在每个时段最多几场（组长数 · 本方向专家数）"))
    return [*charts.grids(first, heads, rows), *charts.grids(second, heads, lines)]


def _halves(round_: Round, capacity: Capacity) -> list[HalfDay]:
    by_code = {half.code: half for half in round_.sessions}
    return [by_code[half.session] for half in capacity.halves]


def _head(half: HalfDay, say: Say) -> tuple[str, str]:
    return f"{half.start.month}/{half.start.day}", _short_half(half, say)


def _short_half(half: HalfDay, say: Say) -> str:
    """Its name where there is little room: four characters, or nine letters."""
    words = say(half.label)
    return words[: 9 if words.isascii() else 4]


def _figure(half: Half, figure: int) -> Square:
    """Red where it is what holds the sittings down, below the others."""
    limits = figure == half.sittings and figure < max(half.rooms, half.panels, half.chairs)
    return Square(str(figure), "low" if not figure else "tight" if limits else "good")


def _most(half: Half) -> Square:
    return Square(str(half.sittings), "good" if half.sittings else "low")


def _cell(cell: Cell, half: Half, say: Say) -> Square:
    look = "good" if cell.sittings >= half.sittings > 0 else "tight" if cell.sittings else "low"
    text = say(aside(cell.sittings, f"{cell.chairs}·{cell.specialists}"))
    return Square(text, "none" if not half.rooms else look)


def _short(name: str) -> str:
    return name if len(name) <= 11 else name[:10] + "…"


# ---------------------------------------------------------------- of a version


def of_version(session: Session, round_: Round, version: ScheduleVersion, say: Say) -> list[Picture]:
    """Load, rooms, days, travel and waiting; nothing where nobody is scheduled."""
    held = boards.sittings(session, version)
    if not held:
        return []
    slot = sum(version.instance.get(key, 0) for key in ("talk_minutes", "answer_minutes", "turnover_minutes"))
    makers = (
        _load(held, say),
        _rooms(round_, held, version.instance, say),
        _days(held, slot, say),
        _travel(held, say),
        _waits(round_, held, say),
    )
    there = {a.applicant.direction for s in held for a in s.appointments}
    tints = tuple((d.position, d.name) for d in sorted(there, key=lambda d: d.position))
    return [
        Picture(heading, *made, tints if heading == "每天的时间" else ())
        for heading, made in zip(HEADINGS, makers, strict=True)
    ]


def _load(held: list[Sitting], say: Say) -> tuple[Sentence, tuple[Chart, ...]]:
    """How many experts sit how often, and those who sit most by name."""
    names = {m.expert.code: m.expert.name for s in held for m in s.panel.members}
    count = Counter(m.expert.code for s in held for m in s.panel.members)
    most, mean = max(count.values()), sum(count.values()) / len(count)
    order = sorted(count, key=lambda code: (-count[code], code))[:BUSIEST]
    rows = [Bar(names[c], ((0, count[c], "bar", f"{names[c]} {count[c]}"),), str(count[c])) for c in order]
    by = Counter(count.values())
    spread = [(say(Sentence("%(n)s 场", n=n)), by[n]) for n in range(1, most + 1) if by[n]]
    said = Sentence(
        "%(n)s 位专家共坐 %(all)s 人次，平均 %(mean)s 场；最多的 %(most)s 场，有 %(who)s 位。",
        n=len(count),
        all=sum(count.values()),
        mean=f"{mean:.1f}",
        most=most,
        who=sum(n == most for n in count.values()),
    )
    busiest = charts.bars(say(Sentence("场次最多的专家")), rows, _up_to(most), _ticks(most))
    return said, (_heads(say(Sentence("场次和专家人数")), spread, say), busiest)


def _heads(title: str, rows: list[tuple[str, int]], say: Say) -> Chart:
    """A bar of people for each row."""
    most = max(n for _name, n in rows)
    made = [Bar(name, ((0, n, "bar", str(n)),), say(Sentence("%(n)s 人", n=n))) for name, n in rows]
    return charts.bars(title, made, _up_to(most), _ticks(most))


def _up_to(most: int) -> charts.Axis:
    """Room for the words behind the longest bar, too."""
    return charts.Axis(0, 1.08 * most, 1)


def _ticks(most: int) -> list[tuple[float, str]]:
    return [(float(n), str(n)) for n in range(0, most + 1, max(1, most // 8))]


def _rooms(
    round_: Round, held: list[Sitting], instance: Mapping[str, Any], say: Say
) -> tuple[Sentence, tuple[Chart, ...]]:
    """Rooms down, half-days across: people of the places there are."""
    from scheduler.problem import Problem
    from scheduler.timeline import grid

    problem = Problem.from_json(instance)
    slots, rooms = grid(problem), {room.id: room for room in problem.rooms}
    halves = [half for half in round_.sessions if half.code in slots]
    there = {(s.room.code, s.session.code): len(s.appointments) for s in held}
    rows, all_places = [], 0
    for room in (row for row in round_.rooms if row.code in rooms):
        squares = []
        for half in halves:
            places = len(slots[half.code]) if rooms[room.code].open_in(half.code) else 0
            people = there.get((room.code, half.code), 0)
            all_places += places
            squares.append(_use(people, places))
        rows.append((_short(room.name), squares))
    people = sum(there.values())
    said = Sentence(
        "%(rooms)s 间答辩室共 %(places)s 个位置，用了 %(people)s 个，占 %(share)s%%；%(held)s 场，平均 %(mean)s 人。",
        rooms=len(rows),
        places=all_places,
        people=people,
        share=round(100 * people / max(1, all_places)),
        held=len(held),
        mean=f"{people / len(held):.1f}",
    )
    return said, tuple(
        charts.grids(say(Sentence("每间答辩室每个时段的人数／位置")), [_head(half, say) for half in halves], rows)
    )


def _use(people: int, places: int) -> Square:
    if not places:
        return Square("–", "none")
    look = "none" if not people else "best" if people == places else "good" if 2 * people >= places else "tight"
    return Square(f"{people}/{places}", look)


def _days(held: list[Sitting], slot: int, say: Say) -> tuple[Sentence, tuple[Chart, ...]]:
    """One chart a day: rooms down, the clock across, a box for people of one direction without a gap between them."""
    by_day: dict[date, list[Sitting]] = defaultdict(list)
    for s in held:
        by_day[s.session.start.date()].append(s)
    made = []
    for day, sittings in sorted(by_day.items()):
        first = min(s.session.start for s in sittings).replace(minute=0)
        last = max(s.session.end for s in sittings)
        hours = -(-int((last - first).total_seconds()) // 3600)
        axis = charts.Axis(0, float(60 * hours), 60)
        ticks = [(60.0 * n, f"{first.hour + n}:00") for n in range(hours + 1)]
        rooms: dict[str, list[Sitting]] = defaultdict(list)
        for s in sittings:
            rooms[s.room.name].append(s)
        rows = [
            Bar(_short(name), _boxes(there, first, slot, say), words=tuple(_named(s, first) for s in there))
            for name, there in rooms.items()
        ]
        title = say(Sentence("%(month)s 月 %(day)s 日", month=day.month, day=day.day))
        made.append(charts.bars(title, rows, axis, ticks))
    ends = max(a.start for s in held for a in s.appointments) + timedelta(minutes=slot)
    said = Sentence(
        "共 %(days)s 天，最早 %(first)s 开始，最后一位 %(last)s 结束。",
        days=len(by_day),
        first=f"{min(a.start for s in held for a in s.appointments):%m-%d %H:%M}",
        last=f"{ends:%m-%d %H:%M}",
    )
    return said, tuple(made)


def _named(sitting: Sitting, first: datetime) -> tuple[float, str]:
    """The panel and its directions where its sitting starts: tints alone may be alike."""
    names = dict.fromkeys(a.applicant.direction.name for a in sitting.appointments)
    return (sitting.session.start - first).total_seconds() / 60, f"{sitting.panel.code} {_short('、'.join(names))}"


def _boxes(held: list[Sitting], first: datetime, slot: int, say: Say) -> tuple[tuple[float, float, str, str], ...]:
    def minutes(at: datetime) -> float:
        return (at - first).total_seconds() / 60

    frames = [
        (minutes(s.session.start), minutes(s.session.end), "pale", f"{s.panel.code} {say(s.session.label)}")
        for s in held
    ]
    boxes = [
        (
            minutes(run[0].start) + 0.4,
            minutes(run[-1].start) + slot - 0.4,
            f"tint-{run[0].applicant.direction.position % 8}",
            f"{run[0].start:%H:%M} {run[0].applicant.direction.name} × {len(run)}",
        )
        for s in held
        for run in _runs(s, slot)
    ]
    return (*frames, *boxes)


def _runs(sitting: Sitting, slot: int) -> list[list[Appointment]]:
    """The appointments of a sitting, those together that follow each other and are of one direction."""
    runs: list[list[Appointment]] = []
    for a in sitting.appointments:
        last = runs[-1][-1] if runs else None
        follows = last is not None and a.start - last.start == timedelta(minutes=slot)
        if last is None or not follows or a.applicant.direction_id != last.applicant.direction_id:
            runs.append([])
        runs[-1].append(a)
    return runs


def _travel(held: list[Sitting], say: Say) -> tuple[Sentence, tuple[Chart, ...]]:
    """Experts by the days they come, as a row for each number of days; and who comes for a single sitting."""
    days: dict[str, set[date]] = defaultdict(set)
    count: Counter[str] = Counter()
    for s in held:
        for m in s.panel.members:
            days[m.expert.code].add(s.session.start.date())
            count[m.expert.code] += 1
    by = Counter(len(found) for found in days.values())
    rows = [(say(Sentence("%(n)s 天", n=n)), by[n]) for n in range(1, max(by) + 1)]
    said = Sentence(
        "%(n)s 位专家共到场 %(days)s 天次，%(one)s 位只到一天；%(single)s 位只为一场而来。",
        n=len(days),
        days=sum(map(len, days.values())),
        one=by[1],
        single=sum(n == 1 for n in count.values()),
    )
    return said, (_heads(say(Sentence("到场天数和专家人数")), rows, say),)


def _waits(round_: Round, held: list[Sitting], say: Say) -> tuple[Sentence, tuple[Chart, ...]]:
    """From reporting to being heard: the range of each sitting, with its middle."""
    lead = timedelta(minutes=of_round(round_).report_minutes)
    every, rows = [], []
    for s in held:
        waits = sorted(int((a.start - (s.session.start - lead)).total_seconds() / 60) for a in s.appointments)
        every += waits
        name = f"{s.panel.code} {s.session.start.month}/{s.session.start.day} {_short_half(s.session, say)}"
        rows.append(charts.Row(name, (float(waits[len(waits) // 2]),), (float(waits[0]), float(waits[-1]))))
    every.sort()
    said = Sentence(
        "从报到到答辩，中间的一位等 %(middle)s 分钟，最久的等 %(most)s 分钟。"
        "等得太久时，可把一场分成两段报到，或缩短提前报到的时间。",
        middle=every[len(every) // 2],
        most=every[-1],
    )
    axis = charts.Axis.over([0.0, float(every[-1])])
    return said, (
        charts.rows(say(Sentence("每场的等候时间（分钟）：线是最短到最长，点是中间一位")), rows[:MOST], axis),
    )
