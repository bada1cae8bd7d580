"""What an invariant is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from webapp.services.kernel import Sentence

Invariant = Callable[[Session], Iterator[Sentence]]
"""Yields one sentence for everything that breaks it."""
