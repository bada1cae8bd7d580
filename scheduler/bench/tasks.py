"""A task is an instance that was read and found good; it runs our solver and, unless it is of the curve, the peer."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scheduler.bench import figures, instances, measure
from scheduler.errors import Unreadable
from scheduler.problem import Problem

PARTS = {"table": list(instances.TABLE), "curve": list(instances.CURVE)}
"""Names for several instances at once."""


@dataclass(frozen=True)
class Task:
    """An instance as a file, and its seconds."""

    name: str
    applicants: int
    path: Path
    seconds: float

    def run(self, solver: Sequence[str], peer: Sequence[str] | None, show: Callable[[str], None]) -> figures.Row:
        """Measure the solver, then the peer, with the same seconds; commands with ``{instance}`` and so on in them.

        Raises:
            OSError: a program cannot be started.
        """
        problem = Problem.from_json(json.loads(self.path.read_text(encoding="utf-8")))
        ours = self._one(problem, solver, show, claims=True)
        theirs = self._one(problem, peer, show, claims=False) if peer and self.name not in instances.CURVE else None
        return figures.Row(self.name, self.applicants, self.seconds, machine(), date.today().isoformat(), ours, theirs)

    def _one(
        self, problem: Problem, command: Sequence[str], show: Callable[[str], None], *, claims: bool
    ) -> figures.Run:
        out = self.path.with_name("schedule.json")
        out.unlink(missing_ok=True)
        values = {"{instance}": str(self.path), "{output}": str(out), "{seconds}": f"{self.seconds:g}"}
        child = measure.run([_filled(word, values) for word in command], self.seconds, show)
        return figures.judged(problem, child, _json(out), claims=claims)


def tasks(names: Sequence[str], seconds: float | None, folder: Path) -> list[Task]:
    """Every instance, read and checked before the first is run; as files in the folder.

    Raises:
        Unreadable: a name is neither an instance nor a file, a file is no instance, two have one name.
    """
    found: dict[str, Task] = {}
    for name in (n for word in names for n in PARTS.get(word, [word])):
        short = name if instances.known(name) else Path(name).stem
        if short in found:
            raise Unreadable(f"{name}: there is another instance called {short}; rename the file or name it once")
        document = instances.read(name)
        size = len(Problem.from_json(document).applicants)
        path = folder / f"{len(found)}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        found[short] = Task(short, size, path, seconds or instances.seconds_of(short, size))
    return list(found.values())


def machine() -> str:
    """The machine and the versions that decide about speed."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, Python {platform.python_version()}, OR-Tools {version('ortools')}"


def _filled(word: str, values: dict[str, str]) -> str:
    for place, value in values.items():
        word = word.replace(place, value)
    return word


def _json(path: Path) -> Any:
    """What a solver wrote, ``None`` if that is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
