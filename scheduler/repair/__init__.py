"""Repair (调整): a published schedule for an instance that changed; only what must move moves."""

from scheduler.repair.judge import ORDER, Changes
from scheduler.repair.repaired import Repaired
from scheduler.repair.search import repair

__all__ = ["ORDER", "Changes", "Repaired", "repair"]
