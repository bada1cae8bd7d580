"""What was measured on an instance, how it compares with a peer, what it misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scheduler.bench.instances import Target
from scheduler.bench.measure import Child
from scheduler.check import check, check_claims
from scheduler.errors import Unreadable
from scheduler.problem import Problem
from scheduler.schedule import LEVELS, Schedule

LATE = 1.05
"""How far over its seconds a run may end: reading and writing are part of it."""


@dataclass(frozen=True)
class Run:
    """One solver on one instance. ``cost`` is recounted by our checker, empty without a valid schedule.

    ``faults``: what is wrong with the schedule or its claims, as sentences; times in seconds from the start of the
    process, memory in megabytes.
    """

    cost: tuple[int, ...]
    bound: tuple[int, ...]
    heard: float | None
    total: float
    megabytes: float | None
    faults: tuple[str, ...] = ()

    @property
    def proven(self) -> int:
        """Levels proven, from the first without a gap."""
        pairs = zip(self.cost, self.bound, strict=True)
        return next((k for k, (c, b) in enumerate(pairs) if c != b), len(self.cost)) if self.bound else 0

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Run:
        """Read what ``asdict`` wrote."""
        lists = {key: tuple(row[key]) for key in ("cost", "bound", "faults")}
        return cls(**{**row, **lists})


@dataclass(frozen=True)
class Row:
    """An instance with its size, its time limit, where and when it was run; ``peer`` is ``None`` if none was there."""

    name: str
    applicants: int
    seconds: float
    machine: str
    day: str
    ours: Run
    peer: Run | None = None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Row:
        """Read what ``to_json`` wrote."""
        peer = Run.from_json(row["peer"]) if row["peer"] else None
        return cls(**{**row, "ours": Run.from_json(row["ours"]), "peer": peer})

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def judged(problem: Problem, child: Child, document: Any, *, claims: bool) -> Run:
    """Judge what a child wrote; ``document`` is ``None`` where it wrote nothing. ``claims``: its bounds count too."""
    times = (child.heard, child.total, child.megabytes)
    if child.status or document is None:
        return Run((), (), *times, (f"no schedule, exit status {child.status}: {child.last}",))
    try:
        schedule = Schedule.from_json(document)
    except Unreadable as error:
        return Run((), (), *times, (str(error),))
    report = check(problem, document)
    wrong = [*map(str, report.violations), *(check_claims(document, report.cost) if claims else ())]
    if wrong:
        return Run((), (), *times, tuple(wrong[:3]))
    heard = child.heard if report.cost[0] else child.heard or child.total
    return Run(report.cost, schedule.bound if claims else (), heard, *times[1:])


def compare(ours: Sequence[int], theirs: Sequence[int]) -> tuple[int, str]:
    """Ours against theirs, the first level that differs decides: -1, 0 or 1 (better, equal, worse), and in words."""
    for level, a, b in zip(LEVELS, ours, theirs, strict=True):
        if a != b:
            return (-1, f"better at {level}") if a < b else (1, f"worse at {level}")
    return 0, "equal"


def ratios(ours: Sequence[int], theirs: Sequence[int]) -> list[float]:
    """Ours ÷ theirs by level; 1 where both are 0, infinity where only theirs is."""
    return [a / b if b else (float("inf") if a else 1.0) for a, b in zip(ours, theirs, strict=True)]


def gap(cost: int, bound: int) -> float:
    """How far a cost is above its bound, as a share of the bound."""
    return (cost - bound) / bound if bound else (float("inf") if cost else 0.0)


def missed(row: Row, target: Target | None) -> list[str]:
    """What the run should have reached and did not: a valid schedule in time, the target, the peer's cost."""
    run = row.ours
    if not run.cost:
        return list(run.faults)
    found = [f"took {run.total:g} s of {row.seconds:g}"] if run.total > LATE * row.seconds else []
    if target is not None:
        found += [f"given {row.seconds:g} s, not {target.seconds:g}"] if row.seconds > target.seconds else []
        found += _below(run, target)
    if row.peer is not None and row.peer.cost and compare(run.cost, row.peer.cost)[0] > 0:
        found.append(f"{compare(run.cost, row.peer.cost)[1]} than the peer")
    return found


def _below(run: Run, target: Target) -> list[str]:
    found = [f"{level} not proven" for level in LEVELS[run.proven : target.proven]]
    for level, share in target.within.items():
        k = LEVELS.index(level)
        if gap(run.cost[k], run.bound[k]) > share:
            found.append(f"{level} above {share:.0%} over its bound")
    if target.heard is not None and run.cost[0] == 0 and (run.heard or 0) > target.heard:
        found.append(f"everyone heard after {run.heard:g} s, not {target.heard:g}")
    if target.gigabytes is not None and (run.megabytes or 0) > target.gigabytes * 1000:
        found.append(f"{run.megabytes:g} MB of memory, not {target.gigabytes * 1000:g}")
    return found
