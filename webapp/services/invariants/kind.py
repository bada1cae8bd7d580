"""What an invariant is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from webapp.models import Round
from webapp.services.kernel import Sentence

Invariant = Callable[[Session], Iterator[Sentence]]
"""Yields one sentence for everything that breaks it."""
NOT_WIPED = Round.rehearsal_of.is_(None) | (Round.state != "archived")
"""Rounds that hold something: all but rehearsals that were wiped."""
