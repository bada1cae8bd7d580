"""Why somebody stays unscheduled: minimal causes, what can be done about each, reasons by applicant; and where else.

``limits`` says what a cause is made of, ``causes`` looks for them, ``fixes`` makes changes and solves them, ``words``
puts both into sentences, ``report`` is the whole; ``oracle`` asks the solver, whose model is ``candidates``, ``seats``,
``hearing`` and ``heard``. ``places`` and ``exchange`` say where else in a schedule, on the ground of ``elsewhere``.
"""

from scheduler.explain.elsewhere import Barred, Elsewhere, Option
from scheduler.explain.exchange import experts_for_seat, places_of_sitting
from scheduler.explain.places import places_of_applicant

__all__ = ["Barred", "Elsewhere", "Option", "experts_for_seat", "places_of_applicant", "places_of_sitting"]
