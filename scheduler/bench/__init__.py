"""``rostrum bench``: named instances through the real ``rostrum solve``, what must be reached, a peer beside it.

``instances`` names and targets · ``make`` the generator · ``measure`` one child process · ``figures`` what was measured
and what it misses · ``report`` and ``picture`` the page.
"""
