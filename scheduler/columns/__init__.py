"""Panels as the columns of a linear program: made when they are wanted, chosen one after the other.

A column is a panel with its sessions, its members and its chair. The program asks for people heard, seats every expert
once at a time and keeps to the rooms (:mod:`scheduler.columns.master`). At its prices the cheapest panel for every set
of sessions is found by looking at all of them (:mod:`scheduler.columns.pricing`), so no column is missing where the
program is at its best (:mod:`scheduler.columns.program`). A dive takes the panels the program likes most and solves it
again (:mod:`scheduler.columns.dive`): for fewer sittings or groups. Fewer mismatches are sought among the columns that
are there, and among those a dive meets (:mod:`scheduler.columns.choose`). Nothing here is a bound: it finds, where the
patterns are too many.
"""

from scheduler.columns.choose import choose
from scheduler.columns.dive import dive
from scheduler.columns.grid import Grid, sets_of
from scheduler.columns.stock import Column, Stock

__all__ = ["Column", "Grid", "Stock", "choose", "dive", "sets_of"]
