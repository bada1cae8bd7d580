"""Sentences on their way: kept in the database, and those of the scheduler with the round's names for its ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler import said
from webapp.models import Session as HalfDay
from webapp.services.kernel import Sentence, Sentences

Spoken = Sentence | Sentences | str


def half(row: HalfDay) -> Sentence:
    """7月15日 上午."""
    return half_day(row.start, row.label)


def half_day(start: datetime, label: str) -> Sentence:
    """The same of one that has no row."""
    return Sentence("%(day)s %(label)s", day=start.date(), label=label)


def written(what: object) -> str:
    """A sentence as text that :func:`heard` understands; what has no parts stays as it is."""
    return json.dumps(parts(what), ensure_ascii=False) if isinstance(what, Sentence) else str(what)


def heard(text: str) -> Sentence | str:
    """The sentence that was written; what is none stays as it is."""
    if not text.startswith("{"):
        return text
    try:
        found = whole(json.loads(text))
    except ValueError:
        return text
    return found if isinstance(found, Sentence) else text


def parts(what: object) -> Any:
    """A sentence as JSON."""
    if isinstance(what, Sentence):
        return {"text": what.text, "values": {key: parts(value) for key, value in what.values.items()}}
    if isinstance(what, Sentences):
        return {"mark": what.mark, "items": [parts(one) for one in what]}
    if isinstance(what, said.Said | said.Joined | said.Name | said.Moment):
        return parts(phrase(what, {}))
    return what if isinstance(what, int | float | str) else str(what)


def whole(kept: Any) -> Any:
    """The sentence of :func:`parts`."""
    if isinstance(kept, dict) and "items" in kept:
        return Sentences.of((whole(one) for one in kept["items"]), kept["mark"])
    if isinstance(kept, dict) and "text" in kept:
        text = kept["text"]
        return Sentence(text, **{key: whole(value) for key, value in kept["values"].items()})
    return kept


def phrase(what: Any, names: Mapping[str, Spoken]) -> Spoken:
    """A phrase of the scheduler; ids are called by these names."""
    if isinstance(what, said.Said):
        return Sentence(what.text, **{key: _value(value, names) for key, value in what.values.items()})
    if isinstance(what, said.Joined):
        return Sentences.of((phrase(one, names) for one in what.items), what.mark)
    if isinstance(what, said.Name):
        if what.kind == "panel":
            return Sentence("专家组 %(id)s", id=what.id)
        return names.get(what.id, str(what))
    if isinstance(what, said.Moment):
        clock = f"{what.at:%H:%M}"
        return Sentence("%(day)s %(clock)s", day=what.at.date(), clock=clock) if what.with_day else clock
    return str(what)


def _value(what: Any, names: Mapping[str, Spoken]) -> Any:
    return phrase(what, names) if isinstance(what, str) else what
