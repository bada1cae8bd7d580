"""Sentences for the user: Chinese as they stand, with what other languages need to say them."""

from __future__ import annotations


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


def say(text: str, **values: object) -> Said:
    """A sentence; the catalogue of other languages finds its text here."""
    return Said.of(text, values)
