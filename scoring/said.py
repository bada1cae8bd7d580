"""Sentences for people: Chinese as they stand, with what another language needs to say them.

Both are a ``str``: a command line, a log or a workbook takes them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable


class Said(str):
    """A sentence in Chinese; ``text`` is its message id with ``%(name)s`` places for ``values``."""

    text: str
    values: dict[str, object]

    @classmethod
    def of(cls, text: str, values: dict[str, object]) -> Said:
        """The sentence with its places filled."""
        made = cls(text % values if values else text)
        made.text, made.values = text, values
        return made


class Several(str):
    """Sentences or names one after the other, with ``between`` between them."""

    items: tuple[str, ...]
    between: str


def say(text: str, /, **values: object) -> Said:
    """A sentence; the catalogue of other languages finds its text here."""
    return Said.of(text, values)


def several(items: Iterable[str], between: str = "") -> Several:
    """These, in their order: sentences, or names with ``、`` between them."""
    kept = tuple(items)
    made = Several(between.join(kept))
    made.items, made.between = kept, between
    return made
