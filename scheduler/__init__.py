"""Who is heard by whom, when and where."""

import os

# Arrays here are small: numpy's own threads would only take the searches' cores from each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from scheduler.check import check
from scheduler.errors import SchedulerError, Unreadable
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.search import Progress, solve

__all__ = ["Problem", "Progress", "Schedule", "SchedulerError", "Unreadable", "check", "solve"]
