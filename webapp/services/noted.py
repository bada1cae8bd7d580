"""Notes kept with a result or a version, Chinese as they were written: their sentences found again, for any language.

Notes of every age are of few sentences, so they are known by their pattern; what is none stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scoring.said import Said, say, several
from scoring.story import NOTES as RESULTS
from webapp.services.events import WAYS
from webapp.services.version_notes import NOTES as VERSIONS

_PLACE = re.compile(r"%\((\w+)\)s")


def _pattern(text: str) -> re.Pattern[str]:
    """A sentence with anything in its places; what ends in a place takes the rest."""
    pieces = _PLACE.split(text)
    taken = [f"(?P<{piece}>.+?)" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces)]
    return re.compile("".join(taken) + ("" if pieces[-1] else "$"))


_KNOWN = {text: _pattern(text) for text in (*RESULTS, *VERSIONS, *WAYS)}


def again(note: str | None) -> str:
    """The sentences of a note that was kept; of an unknown one its text."""
    found = list(_sentences(note or ""))
    return several(found) if "".join(found) == (note or "") else note or ""


def _sentences(note: str) -> Iterator[Said]:
    while note:
        hit = next(((text, m) for text, known in _KNOWN.items() if (m := known.match(note))), None)
        if hit is None:
            return
        text, match = hit
        yield say(text, **{name: again(value) for name, value in match.groupdict().items()})
        note = note[match.end() :]
