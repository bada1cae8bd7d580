"""A sheet's fingerprint, the same on tablet, server, workbook and saved file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def content_hash(*, sheet: str, rubric: int, marks: Mapping[str, str | None], state: str) -> str:
    """SHA-256 of the canonical JSON of marks, rubric, sheet and state (tablet protocol), lower-case hex."""
    document = {"marks": dict(marks), "rubric": rubric, "sheet": sheet, "state": state}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
