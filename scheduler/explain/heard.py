"""From a schedule to a hint for the model, and from a solution to who is left out and to a schedule."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scheduler.explain.hearing import Hearing
from scheduler.schedule import Appointment, Panel, Schedule, Sitting
from scheduler.seating import seat


def hint(model: Hearing, schedule: Schedule) -> None:
    """Start from a schedule, as far as its people are in the scope."""
    kind = {a: c for c, k in enumerate(model.kinds) for a in k.people}
    free, values = list(model.J), Counter[int]()
    for panel in schedule.panels:
        for sitting in panel.sittings:
            s = model.f.session_number[sitting.session]
            rows = [a for a in sitting.appointments if a.applicant in kind]
            heard = {model.kinds[kind[a.applicant]].direction for a in rows}
            fit = (j for j in free if model.places[j].session == s and heard <= set(model.places[j].directions))
            j = next(fit, None) if rows else None
            if j is not None:
                free.remove(j)
                _hint_sitting(model, values, j, panel, sitting, [(kind[a.applicant], a) for a in rows])
    for v in model.variables:
        model.m.add_hint(v, values[v.index])


def _hint_sitting(
    model: Hearing, values: Counter[int], j: int, panel: Panel, sitting: Sitting, rows: list[Any]
) -> None:
    values[model.held[j].index] = 1
    starts = model.f.starts[model.f.session_number[sitting.session]]
    for c, appointment in rows:
        if (j, c) in model.x:
            values[model.x[j, c].index] += 1
        slot = (j, c, starts.index(appointment.start))
        if slot in model.at:
            values[model.at[slot].index] = 1
    for name in panel.members:
        e = model.f.expert_number[name]
        if (j, e) in model.member:
            values[model.member[j, e].index] = 1
    chair = j, model.f.expert_number[panel.chair]
    if chair in model.chair:
        values[model.chair[chair].index] = 1


def people_left(model: Hearing, value: Any) -> list[str]:
    """Who is not heard in a solution: the last ones of each kind."""
    return [a for c, k in enumerate(model.kinds) for a in k.people[len(k.people) - value(model.left[c]) :]]


def schedule(model: Hearing, value: Any) -> Schedule:
    """The schedule of a solution where every limit counts: each sitting a panel of its own."""
    queue = {c: list(k.people) for c, k in enumerate(model.kinds)}
    free = {s: [r.id for r in model.p.rooms if r.open_in(x.id)] for s, x in enumerate(model.f.sessions)}
    held = [j for j in model.J if any(value(v) for v in model.here[j])]
    room = {j: r for (j, r), v in model.room.items() if j in held and value(v)}
    for j, r in room.items():
        free[model.places[j].session].remove(r)
    for j in held:
        if j not in room:
            room[j] = free[model.places[j].session].pop()
    panels = tuple(_made(model, n, j, room[j], queue, value) for n, j in enumerate(held, 1))
    heard = {a.applicant for p in panels for s in p.sittings for a in s.appointments}
    return Schedule(panels, tuple(a.id for a in model.p.applicants if a.id not in heard))


def _made(model: Hearing, number: int, j: int, room: str, queue: dict[int, list[str]], value: Any) -> Panel:
    s = model.places[j].session
    mine = [(c, value(model.x[j, c])) for c in range(len(model.kinds)) if (j, c) in model.x]
    who = [queue[c].pop(0) for c, n in mine for _ in range(n)]
    slots = seat([model.f.masks[a][s] for a in who], model.f.slots[s])
    assert slots is not None
    rows = sorted(zip(slots, who, strict=True))
    appointments = tuple(Appointment(a, model.f.starts[s][t]) for t, a in rows)
    members = tuple(e.id for i, e in enumerate(model.p.experts) if (j, i) in model.member and value(model.member[j, i]))
    chair = next(model.p.experts[e].id for (q, e), v in model.chair.items() if q == j and value(v))
    heard = {model.p.applicant[a].direction for a in who}
    directions = tuple(d for d in model.places[j].directions if d in heard)
    return Panel(f"P{number}", directions, chair, members, (Sitting(model.f.sessions[s].id, room, appointments),))
