"""Other numbers of panels to start from: one less here and one more there, or only as many as counting says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from scheduler.annealing.cooling import Seated
from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.patterns import Class


def shifted(f: Facts, around: Around, panels: Sequence[Seated], rng: random.Random) -> list[Seated] | None:
    """One panel of a class less and one of another class more; ``None`` where that can't be."""
    held, groups = _counted(panels)
    less = [c for c in sorted(held) if groups[c] > 1 and held[c] <= (groups[c] - 1) * f.limit]
    more = [c for c in sorted(held) if held[c] > groups[c]]
    pairs = [(a, b) for a in less for b in more if a != b and len(b) <= len(a)]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    wanted = {a: (held[a], groups[a] - 1), b: (held[b], groups[b] + 1)}
    return dealt(f, around, panels, wanted, rng)


def dealt(
    f: Facts, around: Around, panels: Sequence[Seated], wanted: Mapping[Class, tuple[int, int]], rng: random.Random
) -> list[Seated] | None:
    """So many sittings of some classes dealt to so many panels without members, the other panels as they are.

    ``None`` where there are too few rooms.
    """
    found = [x for x in panels if x[0] not in wanted]
    rooms = Counter({s: n - around.taken[s] for s, n in enumerate(f.rooms_open)})
    rooms.subtract(s for _, times, _ in found for s in times)
    for c, (sittings, n) in wanted.items():
        for length in (sittings // n + (i < sittings % n) for i in range(n)):
            times = sorted(rooms, key=lambda s: rooms[s] + rng.random(), reverse=True)[:length]
            rooms.subtract(times)
            found.append((c, tuple(sorted(times)), ()))
    return found if min(rooms.values(), default=0) >= 0 else None


def _counted(panels: Sequence[Seated]) -> tuple[Counter[Class], Counter[Class]]:
    """Sittings and panels of each class."""
    held, groups = Counter[Class](), Counter[Class]()
    for c, times, _ in panels:
        held[c] += len(times)
        groups[c] += 1
    return held, groups
