"""Who is heard by whom, when and where.

Only who solves loads the solvers: a server that checks, prices and shows schedules has none of their native code.
"""

import os
from typing import TYPE_CHECKING, Any

# Arrays here are small: numpy's own threads would only take the searches' cores from each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from scheduler.check import check
from scheduler.errors import SchedulerError, Unreadable
from scheduler.problem import Problem
from scheduler.schedule import Schedule

if TYPE_CHECKING:
    from scheduler.search import Progress, solve

__all__ = ["Problem", "Progress", "Schedule", "SchedulerError", "Unreadable", "check", "solve"]


def __getattr__(name: str) -> Any:
    if name not in ("Progress", "solve"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scheduler import search

    return getattr(search, name)
