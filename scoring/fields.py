"""The fields of a JSON object, taken one after the other; what is of the wrong kind or left over is named."""

from __future__ import annotations

from typing import Any

from scoring.errors import ScoringError
from scoring.marks import DIGITS


class Fields:
    """One object of a document; each error names the object (``place``) and the field."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise ScoringError(f"“{place}”应是一个对象。")
        self.left = dict(value)
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self.left

    def take(self, name: str, *default: Any) -> Any:
        """The field's value, whatever it is."""
        if name not in self.left and not default:
            raise ScoringError(f"“{self.place}”缺少“{name}”。")
        return self.left.pop(name, *default)

    def text(self, name: str) -> str:
        """A text that is not empty."""
        value = self.take(name)
        if not isinstance(value, str) or not value.strip():
            raise ScoringError(f"“{self.place}”的“{name}”应是文字。")
        return value

    def whole(self, name: str) -> int:
        """A whole number from 0 to 100; no setting of scoring asks for more."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
            raise ScoringError(f"“{self.place}”的“{name}”应是 0 到 100 的整数。")
        return value

    def decimals(self, name: str) -> int:
        """How many decimals to round to: no more than a mark may have."""
        value = self.whole(name)
        if value > DIGITS:
            raise ScoringError(f"“{self.place}”的“{name}”应是 0 到 {DIGITS} 的整数。")
        return value

    def decimals_or_none(self, name: str) -> int | None:
        """How many decimals to round to; ``null`` is no rounding."""
        return self.take(name) if self.left.get(name, 0) is None else self.decimals(name)

    def mapping(self, name: str) -> dict[str, Any]:
        """An object."""
        value = self.take(name)
        if not isinstance(value, dict):
            raise ScoringError(f"“{self.place}”的“{name}”应是一个对象。")
        return value

    def rows(self, name: str) -> list[list[Any]]:
        """A list of lists."""
        value = self.take(name)
        if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
            raise ScoringError(f"“{self.place}”的“{name}”应是列表的列表。")
        return value

    def lists(self, name: str) -> dict[str, list[Any]]:
        """An object of lists."""
        value = self.mapping(name)
        for key, row in value.items():
            if not isinstance(row, list):
                raise ScoringError(f"“{self.place}”的“{name}”中“{key}”应是列表。")
        return value

    def objects(self, name: str) -> list[Fields]:
        """A list of objects."""
        value = self.take(name)
        if not isinstance(value, list):
            raise ScoringError(f"“{self.place}”的“{name}”应是列表。")
        return [Fields(row, f"{name} {n}") for n, row in enumerate(value)]

    def name(self, name: str) -> str:
        """A name or a number that stands for one."""
        value = self.left.get(name)
        return str(self.take(name)) if isinstance(value, int) and not isinstance(value, bool) else self.text(name)

    def done(self) -> None:
        """Nothing may be left over."""
        if self.left:
            raise ScoringError(f"“{self.place}”中没有“{next(iter(self.left))}”这一项。")
