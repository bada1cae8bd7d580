"""Phrases in Chinese that can be said in other languages too: what they are made of stays with them.

A phrase is a ``str``, so that the command line, a log or a test takes it as it is. Who speaks another language, or
knows names for ids, builds the sentence anew from the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any


class Said(str):
    """``text`` is a message id with ``%(name)s`` places for ``values``."""

    text: str
    values: Mapping[str, Any]


class Joined(str):
    """Phrases one after the other with ``mark`` between them."""

    mark: str
    items: tuple[Any, ...]


class Name(str):
    """Somebody or something of the problem: ``kind`` is expert, applicant, panel, room or session."""

    kind: str
    id: str


class Moment(str):
    """A time, with its day or without."""

    at: datetime
    with_day: bool


def say(text: str, /, **values: Any) -> Said:
    """A phrase; the catalogue of other languages finds its text here."""
    made = Said(spaced(text % values if values else text))
    made.text, made.values = text, values
    return made


def joined(items: Iterable[Any], mark: str = "、") -> Joined:
    """Several phrases as one."""
    parts = tuple(items)
    made = Joined(spaced(mark.join(map(str, parts))))
    made.mark, made.items = mark, parts
    return made


def name(kind: str, code: str, shown: str = "") -> Name:
    """``shown``: how it is called where no name is known."""
    made = Name(shown or code)
    made.kind, made.id = kind, code
    return made


def names(kind: str, codes: Iterable[str]) -> list[Name]:
    """Several of a kind."""
    return [name(kind, code) for code in codes]


def moment(at: datetime, *, with_day: bool = True) -> Moment:
    """7 月 15 日 08:30."""
    made = Moment(f"{at.month} 月 {at.day} 日 {at:%H:%M}" if with_day else f"{at:%H:%M}")
    made.at, made.with_day = at, with_day
    return made


def listed(items: Iterable[Any], most: int = 8) -> Joined | Said:
    """One、two、three; a long list says how many there are."""
    parts = list(items)
    first = joined(parts[:most])
    return first if len(parts) <= most else say("%(first)s 等 %(n)s 个", first=first, n=len(parts))


def people(items: Iterable[Any], most: int = 8) -> Joined | Said:
    """The same for people."""
    parts = list(items)
    first = joined(parts[:most])
    return first if len(parts) <= most else say("%(first)s 等 %(n)s 位", first=first, n=len(parts))


def spaced(text: str) -> str:
    """A space between Chinese and what is not, as the office's documents have it."""
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])", " ", text)
    return re.sub(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])", " ", text)


# -------------------------------------------------------------------- kept as JSON


def written(phrase: Any) -> Any:
    """A phrase as JSON."""
    if isinstance(phrase, Said):
        return {"text": phrase.text, "values": {key: written(value) for key, value in phrase.values.items()}}
    if isinstance(phrase, Joined):
        return {"mark": phrase.mark, "items": [written(one) for one in phrase.items]}
    if isinstance(phrase, Name):
        return {"kind": phrase.kind, "id": phrase.id, "shown": str(phrase)}
    if isinstance(phrase, Moment):
        return {"at": phrase.at.isoformat(), "with_day": phrase.with_day}
    return phrase


def read(document: Any) -> Any:
    """The phrase of :func:`written`."""
    if not isinstance(document, dict):
        return document
    if "text" in document:
        text, values = document["text"], document["values"]
        return say(text, **{key: read(value) for key, value in values.items()})
    if "items" in document:
        return joined((read(one) for one in document["items"]), document["mark"])
    if "kind" in document:
        return name(document["kind"], document["id"], document["shown"])
    return moment(datetime.fromisoformat(document["at"]), with_day=document["with_day"])
