"""A linear program with whole numbers for HiGHS: columns, rows, costs, and a solve that can be watched and stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

INFINITY = float("inf")
PATIENCE = 0.3
"""Seconds that a solve has to end by itself once it is told to."""
Terms = list[tuple[int, float]]
"""(column, coefficient) pairs; a column may stand more than once."""


@dataclass(frozen=True)
class Answer:
    """What a solve found: a value for each column or ``None``, what it costs, and what nothing can cost less than."""

    values: list[float] | None
    cost: float
    bound: float
    impossible: bool = False
    """HiGHS says that no values meet the rows."""
    ended: bool = False
    """HiGHS came to its end within the gap it was given."""

    @property
    def proven(self) -> bool:
        """Whether nothing better is possible; costs are whole numbers."""
        return self.impossible or (self.values is not None and self.bound > self.cost - 1 + 1e-6)


class Linear:
    """Columns and rows, collected and then handed to HiGHS in one go."""

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
        relaxed: bool = False,
        gap: float = 0.999,
        stop: Callable[[], bool] | None = None,
        watch: Callable[[float], None] | None = None,
        found: Callable[[list[float]], None] | None = None,
    ) -> Answer:
        """Minimise to within ``gap``; ``watch`` is told the bound as it rises, ``stop`` asked whether to end early.

        ``found`` is given the values of each better solution on the way.
        """
        import highspy

        h = highspy.Highs()
        for name, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": seed,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": gap,
            "time_limit": float(seconds),
        }.items():
            h.setOptionValue(name, value)
        if nodes is not None:
            h.setOptionValue("mip_max_nodes", nodes)
        h.passModel(self._program(cost, relaxed))
        if hint is not None:
            h.setSolution(len(hint), list(hint), list(hint.values()))
        if stop or watch:
            _listen(h, stop, watch)
        if found:
            h.cbMipImprovingSolution += lambda event: found(list(event.data_out.mip_solution))
        # With a given number of nodes nothing may depend on the clock.
        if not _run(h, stop if nodes is None else None):
            return Answer(None, INFINITY, -INFINITY)
        return _answer(h, highspy)

    def _program(self, cost: Terms, relaxed: bool) -> Any:
        import highspy
        import numpy as np

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.low), len(self.rows)
        costs = np.zeros(len(self.low))
        for column, factor in cost:
            costs[column] += factor
        lp.col_cost_ = costs
        lp.col_lower_, lp.col_upper_ = np.array(self.low, float), np.array(self.high, float)
        lp.row_lower_ = np.array([low for _, low, _ in self.rows], float)
        lp.row_upper_ = np.array([high for _, _, high in self.rows], float)
        matrix = lp.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *(len(r) for r, _, _ in self.rows)])
        matrix.index_ = np.array([c for r, _, _ in self.rows for c in r], np.int32)
        matrix.value_ = np.array([v for r, _, _ in self.rows for v in r.values()], float)
        if not relaxed and any(self.whole):
            kinds = highspy.HighsVarType
            lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in self.whole]
        return lp


def _run(h: Any, stop: Callable[[], bool] | None) -> bool:
    """Whether HiGHS came to its end: its presolve asks nobody, and where that is long it is left to end by itself."""
    if stop is None:
        h.run()
        return True
    # Not a daemon, as it would be by inheritance: ending the process in the midst of it would abort.
    thread = threading.Thread(target=h.run, daemon=False)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
        if stop():
            thread.join(PATIENCE)
            return not thread.is_alive()
    return True


def _listen(h: Any, stop: Callable[[], bool] | None, watch: Callable[[float], None] | None) -> None:
    def asked(event: Any) -> None:
        if watch and abs(event.data_out.mip_dual_bound) < 1e20:
            watch(event.data_out.mip_dual_bound)
        if stop and stop():
            event.interrupt()

    def simplex(event: Any) -> None:
        if stop and stop():
            event.interrupt()

    h.cbMipInterrupt += asked
    h.cbSimplexInterrupt += simplex
    h.cbIpmInterrupt += simplex


def _answer(h: Any, highspy: Any) -> Answer:
    status, info = h.getModelStatus(), h.getInfo()
    kinds = highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Answer(None, INFINITY, INFINITY, impossible=True, ended=True)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    cost = info.objective_function_value if found else INFINITY
    mixed = h.getLp().integrality_
    bound = info.mip_dual_bound if len(mixed) else (cost if status == kinds.kOptimal else -INFINITY)
    return Answer(list(h.getSolution().col_value) if found else None, cost, bound, ended=status == kinds.kOptimal)
