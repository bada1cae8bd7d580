"""Fewer sittings, groups and mismatches by simulated annealing over whole panels.

What it is given stands in arrays (:mod:`scheduler.annealing.given`), the moves are compiled
(:mod:`scheduler.annealing.kernel`): an expert takes a seat, a sitting goes to another session or panel. Other numbers
of panels come from :mod:`scheduler.annealing.changes`. Seats that stay open go to experts who know nothing of the
directions (:mod:`scheduler.annealing.strangers`), people find their sittings as a flow
(:mod:`scheduler.annealing.people`). How hot and how often is told in :mod:`scheduler.annealing.renewal`. It finds, and
proves nothing.

It is imported where it is wanted: numba takes a third of a second.
"""
