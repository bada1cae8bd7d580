"""Plans of the published instances: the fewest sittings and groups, known from other proofs, in the first moments."""

from __future__ import annotations

import pytest

from scheduler import Problem, check
from scheduler.bench.instances import read
from scheduler.held import hold
from scheduler.remake import remake
from scheduler.search import Search


def search(name: str) -> Search:
    return Search(Problem.from_json(read(name)), 60.0, 2, 0, None, None, None, None)


@pytest.mark.parametrize(
    ("name", "fewest"),
    [
        ("n60-1", (0, 6, 4)),  # one sitting more than counted
        ("n120-1", (0, 7, 5)),  # one group more
        ("n120-2", (0, 11, 10)),  # mixes; a sitting and a group more
        ("n300-2", (0, 23, 11)),  # hardly a seat to spare: improvement alone stops at 13 groups
    ],
)
def test_the_fewest_sittings_and_groups(name, fewest):
    found = search(name)
    while demand := found.ways.plans.next():
        found.ways.plans.ask(demand, 60.0, found.stopped)
    found._take()
    assert found.cost[:3] == found.bound[:3] == fewest
    assert not check(found.problem, found.best.to_json()).violations


def test_panels_are_remade_with_fewer_mismatches_or_left():
    """All of n60-1's panels at once: 19 mismatches are the fewest there can be at its best."""
    found = search("n60-1")
    while demand := found.ways.plans.next():
        found.ways.plans.ask(demand, 60.0, found.stopped)
    panels = found.improver.panels
    classes = {tuple(h.panel.directions) for h in panels}
    for _ in range(2):
        made = remake(found.facts, panels, panels, classes, 20.0, found.stopped)
        if made is not None:
            found.improver.offer([hold(found.facts, panel) for panel in made])
            panels = found.improver.panels
    assert made is None
    assert found.improver.cost[:4] == (0, 6, 4, 19)
