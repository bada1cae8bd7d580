"""JSON files of the command line: read whole, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


class Bad(click.ClickException):
    """Input that cannot be read: one line, exit status 2."""

    exit_code = 2


def read(path: Path) -> Any:
    """A file's JSON value.

    Raises:
        Bad: it is not there, or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Bad(f"{path}: cannot be read as JSON ({error})") from error


def write(path: Path, document: dict[str, Any]) -> None:
    """Put a document in a file's place in one step.

    Raises:
        Bad: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise Bad(f"{path}: cannot be written ({error.strerror})") from error
