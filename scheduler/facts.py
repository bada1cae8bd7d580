"""What the searches need of a problem, worked out once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from scheduler.conflicts import Conflicts
from scheduler.problem import Applicant, Pin, Problem
from scheduler.timeline import grid, mask
from scheduler.windows import least_sittings

FREE = Pin()
WINDOWED = 0.8
"""Free slots of all, over all people: below this share windows decide."""


@dataclass(frozen=True)
class Kind:
    """Applicants that are alike: same direction, recused experts, slots by session, pinned room."""

    direction: str
    recused: frozenset[str]
    masks: tuple[int, ...]
    """By session, in order of time."""
    room: str | None
    people: tuple[str, ...]


class Facts:
    """Sessions in order of time with their slots, kinds of applicants, rooms by type, lower limits by direction."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        starts = grid(problem)
        self.sessions = sorted(problem.sessions, key=lambda s: s.start)
        self.starts = [starts[s.id] for s in self.sessions]
        self.slots = [len(x) for x in self.starts]
        self.full = tuple((1 << n) - 1 for n in self.slots)
        """The masks of who can take every slot."""
        self.most = max(
            (n for n, s in zip(self.slots, self.sessions, strict=True) if any(r.open_in(s.id) for r in problem.rooms)),
            default=0,
        )
        self.days = sorted({s.day for s in self.sessions})
        most = problem.rules.max_sittings_per_panel
        self.limit = len(self.sessions) if most is None else min(most, len(self.sessions))
        conflicts = Conflicts(problem)
        self.recused = {a.id: frozenset(conflicts.of(a.id)) for a in problem.applicants}
        self.masks = {a.id: self._masks(a) for a in problem.applicants}
        self.kinds = self._kinds()
        self.count = Counter({d.id: 0 for d in problem.directions})
        self.count.update(a.direction for a in problem.applicants)
        pinned = {a.pin.room for a in problem.applicants}
        types: dict[tuple[frozenset[str], str], list[str]] = defaultdict(list)
        for r in problem.rooms:
            open_in = frozenset(s.id for s in self.sessions if r.open_in(s.id))
            types[open_in, r.id if r.id in pinned else ""].append(r.id)
        self.room_types = [(open_in, tuple(names)) for (open_in, _), names in types.items()]
        self.blocks = self._blocks()
        self.expert_number = {e.id: i for i, e in enumerate(problem.experts)}
        self.direction_number = {d.id: i for i, d in enumerate(problem.directions)}
        self.session_number = {s.id: i for i, s in enumerate(self.sessions)}
        self.day_number = [self.days.index(s.day) for s in self.sessions]
        self.rooms_open = [sum(r.open_in(s.id) for r in problem.rooms) for s in self.sessions]
        self.open = [frozenset(self.session_number[s] for s in e.sessions) for e in problem.experts]
        """By expert's number: the sessions' numbers in which the expert may sit."""
        free = sum(m.bit_count() for masks in self.masks.values() for m in masks)
        self.windowed = free < WINDOWED * sum(self.slots) * len(problem.applicants)
        """Whether people are free so seldom that counting slots says little."""
        self.known: dict[tuple[tuple[str, ...], int], int] = {}
        """Block and people left out → sittings at least, by windows."""
        self.strengths = [e.strength for e in problem.experts]
        self.type_of_room = {room: t for t, (_, names) in enumerate(self.room_types) for room in names}

    def _masks(self, a: Applicant) -> tuple[int, ...]:
        if not a.unavailable and a.pin == FREE:
            return self.full
        room = next((r for r in self.problem.rooms if r.id == a.pin.room), None)
        return tuple(
            mask(self.problem, a, s.id, x) if room is None or room.open_in(s.id) else 0
            for s, x in zip(self.sessions, self.starts, strict=True)
        )

    def strength(self, e: int, d: str) -> int:
        """The expert's strength in the direction; 0 for none."""
        return self.strengths[e].get(d, 0)

    def lack(self, e: int, directions: Iterable[str]) -> int:
        """What level 4 counts for the expert's seat on a panel for these directions, each sitting."""
        return sum(3 - self.strengths[e].get(d, 0) for d in directions)

    def may_chair(self, e: int, directions: Iterable[str]) -> bool:
        """Whether the expert may chair a panel for these directions (H5)."""
        return self.problem.experts[e].chair and all(self.strengths[e].get(d, 0) >= 2 for d in directions)

    def most_sessions(self, e: int) -> int:
        """In how many sessions the expert may sit."""
        most = self.problem.experts[e].max_sessions
        return len(self.open[e]) if most is None else min(most, len(self.open[e]))

    def know(self, directions: Iterable[str]) -> list[int]:
        """Numbers of the experts with some strength in one of the directions."""
        return sorted(set().union(*(self._pool[d] for d in directions)))

    @cached_property
    def _pool(self) -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = {d.id: set() for d in self.problem.directions}
        for e, strengths in enumerate(self.strengths):
            for d in strengths:
                found[d].add(e)
        return {d: frozenset(x) for d, x in found.items()}

    def part(self, people: set[str]) -> Facts:
        """The same facts with only these applicants to be heard."""
        found = copy(self)
        kept = (replace(k, people=tuple(a for a in k.people if a in people)) for k in self.kinds)
        found.kinds = [k for k in kept if k.people]
        found.known = {}
        found.count = Counter(dict.fromkeys(self.count, 0))
        for k in found.kinds:
            found.count[k.direction] += len(k.people)
        return found

    def _kinds(self) -> list[Kind]:
        groups: dict[tuple[str, frozenset[str], tuple[int, ...], str | None], list[str]] = defaultdict(list)
        for a in self.problem.applicants:
            groups[a.direction, self.recused[a.id], self.masks[a.id], a.pin.room].append(a.id)
        return [Kind(*key, tuple(people)) for key, people in groups.items()]

    def _blocks(self) -> list[tuple[str, ...]]:
        """Directions by connected mixes: those of two blocks never share a panel."""
        blocks = [{d.id} for d in self.problem.directions]
        for mix in self.problem.rules.mixes:
            touched = [b for b in blocks if b & mix]
            blocks = [b for b in blocks if not b & mix] + ([set().union(*touched)] if touched else [])
        order = {d.id: i for i, d in enumerate(self.problem.directions)}
        return sorted((tuple(sorted(b, key=order.__getitem__)) for b in blocks), key=lambda b: order[b[0]])

    def block_of(self, directions: Iterable[str]) -> tuple[str, ...]:
        """The block of directions of which a panel hears some."""
        return self._block[next(iter(directions))]

    @cached_property
    def _block(self) -> dict[str, tuple[str, ...]]:
        return {d: b for b in self.blocks for d in b}

    def least_sittings(self, block: tuple[str, ...], unscheduled: int) -> int:
        """Sittings the block needs at least, when ``unscheduled`` of all are left out."""
        if not self.most:
            return 0
        counted = ceil(max(0, sum(self.count[d] for d in block) - unscheduled) / self.most)
        return max(counted, self._by_windows(block, unscheduled)) if self.windowed else counted

    def _by_windows(self, block: tuple[str, ...], unscheduled: int) -> int:
        key = block, unscheduled
        if key not in self.known:
            windows = [k.masks for k in self.kinds if k.direction in block for _ in k.people]
            self.known[key] = least_sittings(windows, self.rooms_open, self.slots, unscheduled)
        return self.known[key]

    def least_groups(self, block: tuple[str, ...], unscheduled: int) -> int:
        """Directions heard over the block's panels at least."""
        if len(block) > 1:
            return sum(self.count[d] > unscheduled for d in block)
        return ceil(self.least_sittings(block, unscheduled) / max(1, self.limit))
