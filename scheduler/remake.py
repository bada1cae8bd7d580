"""Some panels made anew with fewer mismatches while every stranger's seat is open; then the best people for the whole.

Experts who know nothing of a panel's directions fill its last seats, and any others would do. Left where they are they
hold the seats in which they are missed elsewhere. So here they are only counted, and seated again at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from scheduler.around import Around
from scheduler.facts import Facts
from scheduler.held import Held
from scheduler.patterns import Class, Patterns
from scheduler.schedule import MISMATCH, Panel
from scheduler.staffing import Staffing

STAFF = 6.0
"""Seconds for the people of all panels."""


def remake(
    f: Facts,
    panels: Sequence[Held],
    out: Sequence[Held],
    classes: Iterable[Class],
    seconds: float,
    stop: Callable[[], bool],
    seed: int = 0,
    longest: Mapping[Class, int] | None = None,
) -> list[Panel] | None:
    """All panels, those ``out`` in other sessions or of other experts; ``None`` where that is no better."""
    gone = {id(h) for h in out}
    rest = [h for h in panels if id(h) not in gone]
    part = f.part({a for h in out for a in h.people})
    p = Patterns(
        part, classes, Around(f, [_known(f, h.panel) for h in rest]), longest=longest, pool=True, counted=False
    )
    p.row(p.levels[1], high=sum(len(h.times) for h in out))
    p.row(p.levels[2], high=sum(len(h.panel.directions) for h in out))
    p.row(p.levels[MISMATCH], high=sum(h.mismatch for h in out) - 1)
    answer = p.solve(p.levels[MISMATCH], seconds, seed=seed, stop=stop)
    if answer.values is None or stop():
        return None
    patterns = [(h.panel.directions, h.times) for h in rest] + p.panels_in(answer.values)
    return Staffing(f, patterns, 0).solve(STAFF, seed, stop)


def _known(f: Facts, panel: Panel) -> Panel:
    """The panel with only those members who know one of its directions."""
    known = (m for m in panel.members if any(f.strength(f.expert_number[m], d) for d in panel.directions))
    return replace(panel, members=tuple(known))
