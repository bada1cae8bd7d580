"""What always holds of the whole database. ``rostrum check-data`` and every restore go through all of it.

Each invariant is a function that yields a sentence for every row that breaks it, and has its name in ``EVERY``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from webapp.services.invariants import people, records, schedules, scores
from webapp.services.invariants.kind import Invariant
from webapp.services.kernel import Sentence

EVERY: dict[str, Invariant] = {**records.EVERY, **people.EVERY, **schedules.EVERY, **scores.EVERY}
"""Name → what it looks at; the names are what ``check-data`` prints."""


def broken(session: Session, uploads: Path | None = None) -> Iterator[tuple[str, Sentence]]:
    """Name and sentence of everything that does not hold; ``uploads``: look for the files too."""
    for name, look in EVERY.items():
        try:
            yield from ((name, said) for said in look(session))
        except (DatabaseError, ValueError, KeyError, TypeError) as error:
            yield name, Sentence("读不出：%(what)s。数据文件可能已损坏，请从备份恢复。", what=type(error).__name__)
    if uploads is not None:
        yield from ((records.FILES, said) for said in records.files(session, uploads))
