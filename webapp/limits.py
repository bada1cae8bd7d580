"""How often one account may ask for what costs much: workbooks, solver jobs, files to read, backups before an act.

Enough for the busiest person, not for a script. Tablets are never held up: what they hand in costs little, and on a
bad network it comes in bursts. Counted in each web process alone, so that asking costs no writing; a restart forgets.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import current_app

from webapp.identity import current_actor
from webapp.services.kernel import TooOften

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Budget:
    """So many at once, and one more every so many seconds."""

    at_once: int
    every: float


BUDGETS = {"export": Budget(60, 5), "job": Budget(30, 20), "file": Budget(60, 5), "backup": Budget(30, 20)}
"""What costs much → how often."""


class Spent:
    """What the accounts have spent; for each one number, the moment at which its budget is whole again."""

    def __init__(self) -> None:
        self._whole: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def take(self, who: str, kind: str, now: float) -> float:
        """Take one if there is one: 0, else the seconds until there is."""
        budget = BUDGETS[kind]
        with self._lock:
            whole = max(now, self._whole.get((who, kind), now)) + budget.every
            wait = whole - now - budget.at_once * budget.every
            if wait <= 0:
                self._whole[who, kind] = whole
        return max(wait, 0.0)


def spend(kind: str) -> None:
    """Count one for whoever asks now.

    Raises:
        TooOften: the budget is spent.
    """
    actor = current_actor()
    spent: Spent = current_app.extensions.setdefault("rostrum_spent", Spent())
    if actor is not None and (wait := spent.take(actor.name, kind, time.monotonic())):
        raise TooOften(seconds=int(wait) + 1)


def costly(kind: str) -> Callable[[View], View]:
    """Count a view's requests; goes below ``rights.allow``, so that only those who may are counted."""
    assert kind in BUDGETS, kind

    def gate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **keywords: Any) -> Any:
            spend(kind)
            return view(*args, **keywords)

        return counted  # type: ignore[return-value]

    return gate
