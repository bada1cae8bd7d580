"""JSON as somebody else sends it: what is nested beyond reason or holds half a character is no document."""

from __future__ import annotations

import json
import re
from typing import Any

_HALF = re.compile(r"\\ud[89a-f]", re.IGNORECASE)
"""How half of a character is written: two make one, one alone can be neither stored nor hashed."""


def read(sent: str | bytes) -> Any:
    """The document.

    Raises:
        ValueError: no JSON, not UTF-8, too deep, or a text that cannot be written down.
    """
    text = sent if isinstance(sent, str) else sent.decode("utf-8-sig")
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _HALF.search(text) or not text.isascii():
        json.dumps(document, ensure_ascii=False).encode()
    return document
