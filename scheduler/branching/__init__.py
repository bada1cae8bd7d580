"""What the mismatch of a cluster is at least: a linear program of whole panels, cut and branched.

A column is a panel with its sessions and members; strangers, who know none of its directions, are without limit, so
it is a relaxation. Each row of the program (:mod:`scheduler.branching.rows`) counts something of a panel's sessions and
something of each member's seat, so that at any prices of the rows the cheapest panel for every set of sessions is found
exactly, expert after expert (:mod:`scheduler.branching.cheapest`), and no column is missing
(:mod:`scheduler.branching.program`). More rows cut off shares of panels that no whole ones make
(:mod:`scheduler.branching.cuts`); then the numbers of panels, of sittings in a session and of an expert's panels are
made whole (:mod:`scheduler.branching.split`), in a tree of programs each of which goes on from where its parent's
solver stood (:mod:`scheduler.branching.tree`). This is branch and price (Barnhart and others 1998).

The bound is worked out from the prices alone, whatever the solver says: see ``Program.bound``.
"""

from scheduler.branching.tree import bound_by_branching

__all__ = ["bound_by_branching"]
