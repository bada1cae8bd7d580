"""A panel with what the levels count of it, worked out once; and the cost of many of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scheduler.facts import Facts
from scheduler.schedule import Panel


@dataclass(frozen=True, eq=False)
class Held:
    """A panel by numbers: members, sessions, people by direction, its share of levels 4 and 7."""

    panel: Panel
    members: tuple[int, ...]
    times: tuple[int, ...]
    heard: Counter[str]
    mismatch: int
    thin: int
    """Empty slots before the last appointment, and what is missing to ``min_sitting``."""

    @property
    def people(self) -> list[str]:
        """The applicants heard, by sitting and start."""
        return [a.applicant for s in self.panel.sittings for a in s.appointments]


def hold(f: Facts, panel: Panel) -> Held:
    """The panel with its figures."""
    members = tuple(f.expert_number[m] for m in panel.members)
    heard = Counter(f.problem.applicant[a.applicant].direction for s in panel.sittings for a in s.appointments)
    lack = sum(f.lack(e, panel.directions) for e in (*members, f.expert_number[panel.chair]))
    times, thin = [], 0
    for sitting in panel.sittings:
        s = f.session_number[sitting.session]
        times.append(s)
        n = len(sitting.appointments)
        thin += f.starts[s].index(sitting.appointments[-1].start) + 1 - n + max(0, f.problem.rules.min_sitting - n)
    return Held(panel, members, tuple(times), heard, lack * len(times), thin)


def cost(f: Facts, panels: Sequence[Held]) -> tuple[int, ...]:
    """The seven levels of these panels as the whole schedule, changes of room left out."""
    days, load, used = set[tuple[int, int]](), Counter[int](), set[int]()
    counts: dict[str, list[int]] = defaultdict(list)
    for h in panels:
        mine = {f.day_number[s] for s in h.times}
        used |= mine
        for e in h.members:
            load[e] += len(h.times)
            days.update((e, day) for day in mine)
        for d in h.panel.directions:
            counts[d].append(h.heard[d])
    return (
        len(f.problem.applicants) - sum(h.heard.total() for h in panels),
        sum(len(h.times) for h in panels),
        sum(len(h.panel.directions) for h in panels),
        sum(h.mismatch for h in panels),
        len(days) + f.problem.rules.panel_size * len(used),
        max(load.values(), default=0),
        sum(h.thin for h in panels) + sum(max(n) - min(n) for n in counts.values()),
    )


def panels_of(held: Iterable[Held]) -> list[Panel]:
    """The panels alone."""
    return [h.panel for h in held]


def consistent(f: Facts, panels: Iterable[Held]) -> bool:
    """Whether no expert sits twice at a time or too often, and every session has rooms enough (H3, H4)."""
    busy, load, rooms, heard = set[tuple[int, int]](), Counter[int](), Counter[int](), 0
    people = set[str]()
    for h in panels:
        rooms.update(h.times)
        heard += h.heard.total()
        people.update(h.people)
        for e in h.members:
            load[e] += len(h.times)
            for s in h.times:
                if (e, s) in busy:
                    return False
                busy.add((e, s))
    return (
        heard == len(people)
        and all(n <= f.rooms_open[s] for s, n in rooms.items())
        and all(n <= f.most_sessions(e) for e, n in load.items())
    )
