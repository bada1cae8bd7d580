"""Everyone heard in as few sittings by as few groups as counting allows: cluster after cluster, by the whole model.

CP-SAT is asked for any panels of a cluster that meet a demand, with those of the clusters before around them: that is
found or refuted in seconds where minimising takes minutes. A demand refuted with nothing around is a bound. Panels need
only their specialists at first, so that no cluster takes another's; the other seats are filled last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model

from scheduler.around import Around
from scheduler.bounds import Bounds
from scheduler.candidates import Candidate, candidates
from scheduler.clusters import Cluster, Clusters, Demand
from scheduler.facts import Facts
from scheduler.held import hold
from scheduler.improve import Improver
from scheduler.model import Model
from scheduler.quick import new_solver, watched
from scheduler.schedule import Panel
from scheduler.staffing import Staffing

SHARE, STAFF = 0.15, 5.0
"""Of the time that is left: for one answer. Seconds for the best people of the panels found."""
TWICE = 2
"""So many numbers of groups are refuted before the number of sittings is doubted."""
WHOLE = 60_000
"""Places of experts on panels in sessions: with more, all panels together take too long."""
LATER = 2
"""So many sittings more than counted are asked for: where they do not do, mostly not everyone can be heard at all."""
MORE = 3
"""So many groups more than the least a cluster may take beside the others."""


class Plans:
    """Asks for one cluster after the other, the largest first; one thread at a time."""

    def __init__(self, facts: Facts, clusters: Clusters, improver: Improver, bounds: Bounds, seed: int) -> None:
        self.f, self.clusters, self.i, self.b, self.seed = facts, clusters, improver, bounds, seed
        self.placed: dict[Cluster, list[Panel]] = {}
        """Panels with their specialists."""
        self.more: Counter[Cluster] = Counter()
        """Groups a cluster takes above its least, beside what is placed."""
        self.refuted: Counter[tuple[Cluster, int]] = Counter()
        """Cluster and sittings → how often a number of groups was refuted."""
        self.open_seats = True
        """Whether seats that any expert could fill are left for the end."""
        self.over = False
        """All are placed, or it is given up."""

    def next(self) -> Demand | None:
        """The largest cluster that is not placed; ``None`` where nothing is left to ask or the bound is reached."""
        if self.over or self._reached() or not self.whole:
            return None
        c = next(c for c in reversed(self.clusters.facts) if c not in self.placed)
        least = self.clusters.least[c]
        any_ = self.refuted[c, least.sittings] == TWICE
        groups = self._most(least.sittings) if any_ else least.groups + self.more[c]
        return Demand(c, least.sittings, groups)

    @property
    def whole(self) -> bool:
        """Whether all panels together are few enough to be given people at once."""
        return self.clusters.places(self.f.count) <= WHOLE

    @property
    def doubtful(self) -> bool:
        """Whether a cluster's sittings are in doubt, so that maybe not everyone can be heard."""
        return max(self.refuted.values(), default=0) >= TWICE

    def _most(self, sittings: int) -> int:
        """So many groups are as good as any."""
        return sittings * max((len(mix) for mix in self.f.problem.rules.mixes), default=1)

    def _reached(self) -> bool:
        cost = self.i.cost
        return not cost[0] and all(self.b.proven(cost, k) for k in (1, 2))

    def ask(self, demand: Demand, seconds: float, stop: Callable[[], bool], work: float | None = None) -> None:
        """Place the cluster, or learn that it needs more; ``work``: of the solver's deterministic time."""
        c = demand.cluster
        status, panels = self._solve(demand, self._around(), 0, SHARE * seconds, stop, work)
        if status == cp_model.INFEASIBLE and self._refuted(demand, seconds, stop, work):
            self._needs_more(demand)
        elif self.refuted[c, demand.sittings] == TWICE:
            self.refuted[c, demand.sittings] += 1
        elif panels is not None:
            self.placed[c] = panels
            if len(self.placed) == len(self.clusters.facts):
                self._staff(stop, work)
        else:
            self.more[c] += 1 if status == cp_model.INFEASIBLE else 2
            self.over = self.more[c] > MORE

    def _needs_more(self, demand: Demand) -> None:
        """Groups, one by one; once they were refuted twice any number is asked for, and then a sitting more."""
        c, least = demand.cluster, self.clusters.least[demand.cluster]
        if self.refuted[c, demand.sittings] == TWICE:
            counted = self.clusters.counted(c)
            least.sittings, least.groups = demand.sittings + 1, counted.groups
            self.over = least.sittings > counted.sittings + LATER
        else:
            self.refuted[c, demand.sittings] += 1
            least.groups = demand.groups + 1
        self.clusters.tell()

    def _refuted(self, demand: Demand, seconds: float, stop: Callable[[], bool], work: float | None) -> bool:
        """Whether it cannot be with nothing around either, asked in another way: nothing impossible is said once."""
        return bool(self._solve(demand, None, 1, SHARE * seconds, stop, work)[0] == cp_model.INFEASIBLE)

    def _specialists(self, directions: Candidate) -> list[int]:
        return [e for e in self.f.know(directions) if any(self.f.strength(e, d) >= 2 for d in directions)]

    def _solve(
        self,
        demand: Demand,
        around: Around | None,
        linear: int,
        seconds: float,
        stop: Callable[[], bool],
        work: float | None,
    ) -> tuple[Any, list[Panel] | None]:
        f = self.clusters.facts[demand.cluster]
        panels = candidates(f, (0, demand.sittings, demand.groups), 3)
        able = [self._specialists(ds) for ds in panels] if self.open_seats else None
        model = Model(f, panels, around, able, open_seats=self.open_seats)
        for k, most in enumerate((0, demand.sittings, demand.groups)):
            model.m.add(model.level(k) <= most)
        model.counted()
        solver = new_solver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = linear
        solver.parameters.cp_model_probing_level = 0  # it takes longer than the search that it makes shorter
        solver.parameters.random_seed = self.seed + linear
        if work is None:
            solver.parameters.max_time_in_seconds = max(0.1, seconds)
        else:
            solver.parameters.max_deterministic_time = work
        status = watched(solver, model.m, lambda: stop() or (work is None and self._reached()))
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return status, model.panels(solver.value) if found else None

    def _around(self) -> Around:
        return Around(self.f, [panel for panels in self.placed.values() for panel in panels])

    def _staff(self, stop: Callable[[], bool], work: float | None) -> None:
        """The best people for all panels, once every cluster has its own."""
        placed = [panel for panels in self.placed.values() for panel in panels]
        patterns = [(p.directions, tuple(self.f.session_number[s.session] for s in p.sittings)) for p in placed]
        staffing = Staffing(self.f, patterns, 0)
        staffed = staffing.solve(STAFF if work is None else work, self.seed, stop, by_work=work is not None)
        if staffed:
            self.i.offer([hold(self.f, panel) for panel in staffed])
        elif self.open_seats and not stop():  # not to be filled: from now on every plan has all its members
            self.open_seats = False
            self.placed.clear()
            return
        self.over = True
