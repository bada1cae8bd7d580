"""A linear program with whole numbers for SCIP: columns, rows, costs, and a solve that can be watched and stopped."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

INFINITY = float("inf")
STOPPABLE = (5, 9)
"""SCIP's stages of presolving and of solving: in those in between it must not be told to stop."""
FEW = 5
"""Rounds of cuts at the root where solutions matter more than the bound, or the root must not take long."""
NOTHING = 1e19
"""SCIP's infinity is 1e20; a bound as large as this says nothing."""
SLACK = 0.01
"""A bound is a hair off now and then; a whole number and this hair is no more than the number."""
BRANCHING = {
    "branching/relpscost/maxreliable": 1.0,
    "branching/relpscost/initcand": 10,
    "branching/relpscost/inititer": 10,
}
"""Little looking ahead before a branch: programs of panels are slow to look ahead in, and their trees are small."""
Terms = list[tuple[int, float]]
"""(column, coefficient) pairs; a column may stand more than once."""


@dataclass(frozen=True)
class Answer:
    """What a solve found: a value for each column or ``None``, what it costs, and what nothing can cost less than."""

    values: list[float] | None
    cost: float
    bound: float
    impossible: bool = False
    """No values meet the rows."""
    ended: bool = False
    """The solver came to its end within the gap it was given."""

    @property
    def proven(self) -> bool:
        """Whether nothing better is possible; costs are whole numbers."""
        return self.impossible or (self.values is not None and self.bound > self.cost - 1 + 1e-6)


class Linear:
    """Columns and rows, collected and then handed to the solver in one go."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, high: float = 1, whole: bool = True, low: float = 0) -> int:
        """A new column between ``low`` and ``high``."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.low) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float = -INFINITY, high: float = INFINITY) -> None:
        """A new row: the sum of the terms lies between ``low`` and ``high``."""
        merged: dict[int, float] = {}
        for column, factor in terms:
            merged[column] = merged.get(column, 0) + factor
        if merged or low > 0 or high < 0:
            self.rows.append((merged, low, high))

    def solve(
        self,
        cost: Terms,
        seconds: float = INFINITY,
        *,
        seed: int = 0,
        nodes: int | None = None,
        hint: Mapping[int, float] | None = None,
        gap: float = 0.999,
        stop: Callable[[], bool] | None = None,
        watch: Callable[[float], None] | None = None,
        found: Callable[[list[float]], None] | None = None,
        eager: bool = False,
    ) -> Answer:
        """Minimise to within ``gap``; ``watch`` is told the bound as it rises, ``stop`` asked whether to end early.

        ``found`` is given the values of each better solution on the way; ``eager``: a first one matters most.
        """
        from pyscipopt.scip import PY_SCIP_PARAMSETTING as amounts  # noqa: N811

        model, columns = self._model(cost)
        model.setParams({**BRANCHING, "limits/absgap": gap, "randomization/randomseedshift": seed % 2**31})
        if eager:
            model.setHeuristics(amounts.AGGRESSIVE)
        if eager or nodes is not None:
            model.setParam("separating/maxroundsroot", FEW)
        if seconds < INFINITY:
            model.setParam("limits/time", max(0.0, float(seconds)))
        if nodes is not None:
            model.setParam("limits/totalnodes", nodes)
        if hint is not None:
            start = model.createPartialSol()
            for column, value in hint.items():
                model.setSolVal(start, columns[column], value)
            model.addSol(start)
        if self.empty:
            return Answer(None, INFINITY, INFINITY, True, True)
        listener = _listen(model, columns, watch, found)
        # With a given number of nodes nothing may depend on the clock.
        _run(model, stop if nodes is None else None)
        listener.deaf = True
        return _answer(model, columns)

    @property
    def empty(self) -> bool:
        """Whether a row without a term asks for something: no values can meet it."""
        return any(not terms for terms, _, _ in self.rows)

    def _model(self, cost: Terms) -> tuple[Any, list[Any]]:
        import pyscipopt as scip
        from pyscipopt.scip import Term

        model = scip.Model()
        model.hideOutput()
        model.setParam("misc/catchctrlc", False)  # it is the command's: caught here it would be lost to the search
        costs: dict[int, float] = defaultdict(float)
        for column, factor in cost:
            costs[column] += factor
        columns = [
            model.addVar(lb=low, ub=None if high == INFINITY else high, vtype="I" if w else "C", obj=costs[c])
            for c, (low, high, w) in enumerate(zip(self.low, self.high, self.whole, strict=True))
        ]
        for terms, low, high in self.rows:
            left = scip.Expr({Term(columns[c]): float(v) for c, v in terms.items()})
            ends = (None if abs(end) == INFINITY else end for end in (low, high))
            model.addCons(scip.ExprCons(left, *ends))
        return model, columns


def _run(model: Any, stop: Callable[[], bool] | None) -> None:
    if stop is None:
        model.optimizeNogil()
        return
    # Not a daemon, as it would be by inheritance: ending the process in the midst of it would abort.
    thread = threading.Thread(target=model.optimizeNogil, daemon=False)
    thread.start()
    while thread.is_alive():
        if stop() and model.getStage() in STOPPABLE:
            with suppress(Exception):  # it went on to a stage in which it refuses; asked again in a moment
                model.interruptSolve()
        thread.join(0.02)


def _listen(
    model: Any,
    columns: Sequence[Any],
    watch: Callable[[float], None] | None,
    found: Callable[[list[float]], None] | None,
) -> Any:
    """Tells bounds and solutions on the way, until it is ``deaf``.

    When SCIP takes its tree down it drops nodes that are still open and takes what is left for a better bound: at a
    restart, where it drops the root, that is the best solution's cost, and at the end it may be anything. So the end
    is told by the answer alone.
    """
    import pyscipopt as scip
    from pyscipopt.scip import PY_SCIP_EVENTTYPE as kinds  # noqa: N811

    class Listener(scip.Eventhdlr):
        deaf = False

        def eventinit(self) -> None:
            self.model.catchEvent(kinds.BESTSOLFOUND | kinds.DUALBOUNDIMPROVED, self)

        def eventexec(self, event: Any) -> None:
            if self.deaf:
                return
            bound = self.model.getDualbound()
            if watch and abs(bound) < NOTHING and bound < self.model.getPrimalbound() - 1:
                watch(bound)
            if found and event.getType() == kinds.BESTSOLFOUND:
                best = self.model.getBestSol()
                found([best[v] for v in columns])

    listener = Listener()
    model.includeEventhdlr(listener, "listener", "tells bounds and solutions on the way")
    return listener


def _answer(model: Any, columns: Sequence[Any]) -> Answer:
    status = model.getStatus()
    if status in ("infeasible", "inforunbd"):
        return Answer(None, INFINITY, INFINITY, impossible=True, ended=True)
    bound = model.getDualbound()
    bound = -INFINITY if abs(bound) >= NOTHING else bound
    if not model.getNSols():
        return Answer(None, INFINITY, bound)
    best = model.getBestSol()
    return Answer([best[v] for v in columns], model.getPrimalbound(), bound, ended=status in ("optimal", "gaplimit"))
