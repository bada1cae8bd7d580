"""Who is heard in which sitting, as a flow: from people that are alike to sittings and on to their slots."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from ortools.graph.python import max_flow

from scheduler.facts import Facts
from scheduler.filling import panel_with
from scheduler.held import hold
from scheduler.patterns import Frame
from scheduler.schedule import Panel


def heard(f: Facts, frames: Sequence[Frame], rng: random.Random) -> list[Panel] | None:
    """The panels with all people of ``f``; ``None`` where somebody has no place, or a panel or sitting not its people.

    Nobody is kept to the room of a pin.
    """
    sittings = [(p, s) for p, frame in enumerate(frames) for s in frame[1]]
    rng.shuffle(sittings)
    here = _flow(f, frames, sittings)
    if here is None or not all(here[key] for key in sittings):
        return None
    panels = [panel_with(f, frame, {s: here[p, s] for s in frame[1]}) for p, frame in enumerate(frames)]
    return panels if all(hold(f, panel).heard.keys() == {*panel.directions} for panel in panels) else None


def _flow(
    f: Facts, frames: Sequence[Frame], sittings: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], list[str]] | None:
    """By panel and session who is heard; ``None`` where somebody has no place."""
    flow, first = max_flow.SimpleMaxFlow(), 2 + len(f.kinds)
    node = {key: i for i, key in enumerate(sittings, first)}
    slot = _slots(f, sittings, first + len(sittings), flow, node)
    places: dict[int, tuple[int, int, int]] = {}
    for k, kind in enumerate(f.kinds):
        flow.add_arc_with_capacity(0, 2 + k, len(kind.people))
        apart = {f.expert_number[e] for e in kind.recused}
        for p, s in sittings:
            if kind.direction in frames[p][0] and kind.masks[s] and apart.isdisjoint(frames[p][2]):
                for at in _to(f, kind.masks[s], s, node[p, s], slot[p, s]):
                    places[flow.add_arc_with_capacity(2 + k, at, len(kind.people))] = k, p, s
    if flow.solve(0, 1) != flow.OPTIMAL or flow.optimal_flow() < f.count.total():
        return None
    here: dict[tuple[int, int], list[str]] = defaultdict(list)
    people = [list(kind.people) for kind in f.kinds]
    for arc, (k, p, s) in places.items():
        here[p, s] += (people[k].pop() for _ in range(flow.flow(arc)))
    return here


def _slots(
    f: Facts,
    sittings: Sequence[tuple[int, int]],
    first: int,
    flow: max_flow.SimpleMaxFlow,
    node: dict[tuple[int, int], int],
) -> dict[tuple[int, int], int]:
    """Each sitting has its slots, each for one; the number of the first one's node."""
    found: dict[tuple[int, int], int] = {}
    for p, s in sittings:
        found[p, s] = first
        for t in range(first, first + f.slots[s]):
            flow.add_arc_with_capacity(node[p, s], t, 1)
            flow.add_arc_with_capacity(t, 1, 1)
        first += f.slots[s]
    return found


def _to(f: Facts, mask: int, s: int, sitting: int, first: int) -> list[int]:
    """Who can take every slot goes to the sitting, the others to their slots."""
    return [sitting] if mask == f.full[s] else [first + t for t in range(f.slots[s]) if mask >> t & 1]
