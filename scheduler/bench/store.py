"""The page on disk: FILE.md from the figures in FILE.json, with the picture FILE.svg."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scheduler.bench import instances, report
from scheduler.bench.figures import Row
from scheduler.bench.picture import curve
from scheduler.errors import SchedulerError, Unreadable


def kept(page: Path) -> dict[str, Row]:
    """The rows of a page by name, none if there is no page yet.

    Raises:
        Unreadable: the figures beside it are of something else.
    """
    path = page.with_suffix(".json")
    if not path.exists():
        return {}
    try:
        rows: list[Row] = [Row.from_json(row) for row in _list(json.loads(path.read_text(encoding="utf-8")))]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{path}: not the figures of a bench ({error!r}); move it away to start anew") from error
    return {row.name: row for row in rows}


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def publish(page: Path, rows: list[Row]) -> None:
    """Write page, figures and picture.

    Raises:
        SchedulerError: they cannot be written there.
    """
    rows = report.in_order(rows)
    growth = [row for row in rows if row.name in instances.CURVE]
    figures, picture = page.with_suffix(".json"), page.with_suffix(".svg")
    _write(figures, json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1) + "\n")
    if len(growth) > 1:
        _write(picture, curve(growth))
    _write(page, report.page(rows, figures.name, picture.name))


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise SchedulerError(f"{path}: cannot be written ({error.strerror})") from error
