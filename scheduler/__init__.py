"""Who is heard by whom, when and where. ``solve`` loads OR-Tools when it is called."""

from scheduler.check import check
from scheduler.errors import SchedulerError, Unreadable
from scheduler.problem import Problem
from scheduler.schedule import Schedule
from scheduler.search import Progress, solve

__all__ = ["Problem", "Progress", "Schedule", "SchedulerError", "Unreadable", "check", "solve"]
