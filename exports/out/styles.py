"""The looks of cells: 宋体 for titles and headers, 仿宋 for what is written, thin lines."""

from __future__ import annotations

from typing import Any

BASE: dict[str, Any] = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter"}
_INPUT = {"border": 1, "align": "center", "text_wrap": True, "locked": False, "bg_color": "#FFFBE6"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "宋体", "font_size": 18, "bold": True, "align": "center"},
    "note": {"font_size": 9},
    "head": {
        "font_name": "宋体",
        "bold": True,
        "border": 1,
        "align": "center",
        "text_wrap": True,
        "bg_color": "#EDEDED",
    },
    "cell": {"border": 1, "text_wrap": True},
    "center": {"border": 1, "align": "center", "text_wrap": True},
    "big": {"border": 1, "font_size": 14, "text_wrap": True},
    "mark": {"border": 1, "align": "center"},
    "large": {"border": 1, "font_size": 14, "align": "center"},
    "total": {"border": 1, "align": "center", "num_format": "General"},
    "sum": {"border": 1, "align": "center", "num_format": "General", "bold": True, "bg_color": "#F5F5F5"},
    "dropped": {"border": 1, "align": "center", "num_format": "General", "font_strikeout": True, "bg_color": "#DDDDDD"},
    "money": {"border": 1, "align": "right", "num_format": "#,##0.00", "locked": False},
    "sign": {"font_size": 12},
    "box": {"border": 1, "text_wrap": True, "valign": "top", "locked": False},
    "field": {"border": 1, "text_wrap": True, "locked": False},
    "input": _INPUT,
    "text": {"font_size": 14, "text_wrap": True, "valign": "top"},
}
"""Name → look. ``input``, ``field``, ``box`` and ``money`` are what somebody types into: not locked."""


def points(places: int) -> str:
    """The number format with so many decimals."""
    return "0." + "0" * places if places else "0"
