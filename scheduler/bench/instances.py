"""Instances by name, and what must be reached on each.

A name is one of ``TABLE``, ``made-N-SEED`` with any of the words of ``WORDS`` behind it, or the path of a file.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from scheduler.bench.make import Kind, make
from scheduler.errors import Unreadable


@dataclass(frozen=True)
class Target:
    """What must be reached in ``seconds`` on 2 cores.

    ``proven``: so many levels, from the first; ``within``: level → the most above its bound, as a share of it;
    ``heard``: seconds until everyone is heard; ``gigabytes``: of memory. ``None`` is no demand.
    """

    seconds: float
    proven: int = 0
    within: Mapping[str, float] = field(default_factory=dict)
    heard: float | None = None
    gigabytes: float | None = None


SMALL = Target(30, proven=7)
MIDDLE = Target(60, proven=3, within={"mismatch": 0.03, "days": 0.1, "peak": 0.1}, heard=1)
TABLE = {
    "n60-1": SMALL,
    "n120-1": SMALL,
    "n120-2": SMALL,
    "n300-1": MIDDLE,
    "n300-2": MIDDLE,
    "n1000-1": Target(120, proven=3, within={"mismatch": 0.05}, heard=6),
    "n10000-1": Target(300, proven=2, within={"groups": 0.05, "mismatch": 0.1}, heard=20, gigabytes=8),
}
"""The public instances, kept beside this module: plain, tight, mixed, pinned, uneven, with turnover."""
CURVE = {"made-100-1": 30.0, "made-300-1": 60.0, "made-1000-1": 120.0, "made-3000-1": 180.0, "made-10000-1": 300.0}
CURVE["made-30000-1"] = 900.0
"""The curve's instances and their seconds, in line with the applicants from 10,000 on."""
WORDS: dict[str, dict[str, Any]] = {
    "mixes": {"mixes": True},
    "pins": {"pins": 0.05},
    "uneven": {"uneven": True},
    "turnover": {"turnover": 2},
    "tight": {"tight": 1.0, "spare": 1.25},
    "windows": {"windows": True},
}


def read(name: str) -> dict[str, Any]:
    """The instance document of a name.

    Raises:
        Unreadable: no such name and no such file, or the file is no JSON.
    """
    if name in TABLE:
        packed = files("scheduler.bench").joinpath("data", f"{name}.json.gz").read_bytes()
        document: dict[str, Any] = json.loads(gzip.decompress(packed))
        return document
    kind = kind_of(name)
    if kind is not None:
        return make(kind)
    return _file(Path(name))


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        raise Unreadable(f"{path}: neither an instance ({', '.join(TABLE)}, made-N-SEED) nor a file")
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: cannot be read as JSON ({error})") from error
    return document


def known(name: str) -> bool:
    """Whether it names an instance without being a file."""
    return name in TABLE or kind_of(name) is not None


@cache
def kind_of(name: str) -> Kind | None:
    """``made-300-7-mixes-pins`` as what to make; ``None`` if it is no such name."""
    found = re.fullmatch(r"made-([1-9]\d*)-(\d+)((?:-[a-z]+)*)", name)
    words = found[3].split("-")[1:] if found else []
    if found is None or not set(words) <= set(WORDS):
        return None
    options: dict[str, Any] = {}
    for word in words:
        options |= WORDS[word]
    return Kind(int(found[1]), int(found[2]), **options)


def seconds_of(name: str, applicants: int) -> float:
    """The time limit: the table's, the curve's, else that of the table's next larger size."""
    if name in TABLE:
        return TABLE[name].seconds
    if name in CURVE:
        return CURVE[name]
    return next((s for most, s in ((120, 30.0), (300, 60.0), (1000, 120.0)) if applicants <= most), 300.0)
