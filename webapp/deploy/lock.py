"""The lock file as what it says: parts with version, marker and hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FIRST = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?: ; ([^\\]+?))?(?: \\)?$")
_TERM = re.compile(r"([a-z_]+) (==|!=|>=|<=|<|>) '([^']*)'")


@dataclass(frozen=True)
class Part:
    """One package of the lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def needed(self, environment: Mapping[str, str]) -> bool:
        """Whether a machine needs it; ``and`` binds closer than ``or``, as in the lock's own markers.

        Raises:
            ValueError: a marker of another shape.
        """
        if not self.marker:
            return True
        if "(" in self.marker or _TERM.sub("", self.marker).replace("and", "").replace("or", "").strip():
            raise ValueError(f"{self.name}: {self.marker}")
        choices = self.marker.split(" or ")
        return any(all(_holds(term, environment) for term in choice.split(" and ")) for choice in choices)

    def pinned(self) -> str:
        """The line of a requirements file without its marker."""
        return " \\\n    ".join([f"{self.name}=={self.version}", *(f"--hash=sha256:{h}" for h in self.hashes)])


def _holds(term: str, environment: Mapping[str, str]) -> bool:
    found = _TERM.fullmatch(term.strip())
    if found is None:
        raise ValueError(term)
    name, sign, value = found.groups()
    mine = environment[name]
    if name.endswith("version"):
        left, right = (tuple(int(n) for n in re.findall(r"\d+", text)) for text in (mine, value))
        return _compare(left, sign, right)
    return _compare(mine, sign, value)


def _compare(left: object, sign: str, right: object) -> bool:
    order = {"==": left == right, "!=": left != right}
    if sign in order:
        return order[sign]
    less = bool(left < right)  # type: ignore[operator]
    return {"<": less, "<=": less or left == right, ">": not less and left != right, ">=": not less}[sign]


def read(file: Path) -> Iterator[Part]:
    """The parts of a lock file in their order."""
    found: list[str] = []
    for line in [*file.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith(" "):
            found.append(line)
            continue
        if found:
            yield _part(found)
        found = [line] if line and not line.startswith("#") else []


def _part(lines: list[str]) -> Part:
    first = _FIRST.match(lines[0])
    if first is None:
        raise ValueError(lines[0])
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", "\n".join(lines))
    return Part(first[1], first[2], (first[3] or "").strip(), tuple(hashes))
