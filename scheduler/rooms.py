"""Panels made in parts become one schedule: rooms handed out inside each type, ids in order, who is left over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from scheduler.facts import Facts
from scheduler.schedule import Panel, Schedule


def settle(facts: Facts, panels: Sequence[Panel]) -> Schedule | None:
    """The schedule of these panels, each sitting in a room of the type it has; ``None`` where a type is short."""
    rooms = _hand_out(facts, panels)
    if rooms is None:
        return None
    placed = []
    for q, panel in enumerate(panels):
        sittings = (replace(s, room=rooms[q, s.session]) for s in panel.sittings)
        placed.append(replace(panel, id=f"P{q + 1}", sittings=tuple(sittings)))
    heard = {a.applicant for panel in panels for s in panel.sittings for a in s.appointments}
    return Schedule(tuple(placed), tuple(a.id for a in facts.problem.applicants if a.id not in heard))


def _hand_out(facts: Facts, panels: Sequence[Panel]) -> dict[tuple[int, str], str] | None:
    """(panel, session) → room: who sat in one earlier in the day keeps it."""
    found: dict[tuple[int, str], str] = {}
    last: dict[tuple[int, int], str] = {}
    sitting: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for q, panel in enumerate(panels):
        for s in panel.sittings:
            sitting[facts.session_number[s.session]].append((q, facts.type_of_room[s.room]))
    for s, pairs in sorted(sitting.items()):
        day, here = facts.day_number[s], facts.sessions[s].id
        free = [[r for r in names if here in open_in] for open_in, names in facts.room_types]
        for q, t in sorted(pairs, key=lambda pair: last.get((pair[0], day)) not in free[pair[1]]):
            kept = last.get((q, day))
            if not free[t]:
                return None
            room = kept if kept in free[t] else free[t][0]
            free[t].remove(room)
            found[q, here] = last[q, day] = room
    return found
