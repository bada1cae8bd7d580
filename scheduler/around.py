"""What stays as it is while a part of a schedule is made anew: the other panels, and what they take and count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from scheduler.facts import Facts
from scheduler.schedule import Panel


class Around:
    """The fixed panels as numbers: seats, loads, days and rooms taken, people heard. Empty for a whole problem."""

    def __init__(self, facts: Facts, panels: Iterable[Panel] = ()) -> None:
        self.panels = tuple(panels)
        self.busy: dict[int, set[int]] = defaultdict(set)
        """Expert's number → session numbers."""
        self.load: Counter[int] = Counter()
        self.days: set[tuple[int, int]] = set()
        """(expert's number, day's number) on which the expert sits anyway."""
        self.used_days: set[int] = set()
        self.heard: dict[str, list[int]] = defaultdict(list)
        self.rooms: Counter[tuple[int, int]] = Counter()
        """(room type, session's number) → rooms taken."""
        self.taken: Counter[int] = Counter()
        """Session's number → rooms taken."""
        for panel in self.panels:
            self._add(facts, panel)
        self.peak = max(self.load.values(), default=0)

    def _add(self, f: Facts, panel: Panel) -> None:
        members = [f.expert_number[m] for m in panel.members]
        heard: Counter[str] = Counter()
        for sitting in panel.sittings:
            s = f.session_number[sitting.session]
            day = f.day_number[s]
            if sitting.room:  # a part made by patterns has its rooms handed out last
                self.rooms[f.type_of_room[sitting.room], s] += 1
            self.taken[s] += 1
            self.used_days.add(day)
            for e in members:
                self.busy[e].add(s)
                self.load[e] += 1
                self.days.add((e, day))
            heard.update(f.problem.applicant[a.applicant].direction for a in sitting.appointments)
        for d in panel.directions:
            self.heard[d].append(heard[d])
