"""What differs between two versions: who is heard elsewhere, who sits elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where somebody is heard: session, room and start as the documents write them, and by whom."""

    session: str
    room: str
    start: str
    panel: str


@dataclass(frozen=True)
class Move:
    """An applicant whose place differs; ``None``: without one."""

    applicant: str
    before: Place | None
    after: Place | None

    @property
    def kind(self) -> str:
        """left, placed, session, time, room or panel: the first of these that holds."""
        if self.after is None:
            return "left"
        if self.before is None:
            return "placed"
        if self.before.session != self.after.session:
            return "session"
        if self.before.start != self.after.start:
            return "time"
        return "room" if self.before.room != self.after.room else "panel"

    @property
    def told(self) -> bool:
        """Whether the person has to be told: session, time or room differ, not the panel alone."""
        return self.kind != "panel"


@dataclass(frozen=True)
class Difference:
    """From one version to another: moves by time of the new place, experts by code with their sessions."""

    moves: tuple[Move, ...]
    called: tuple[tuple[str, tuple[str, ...]], ...]
    """Experts who did not sit in these sessions and do now,"""
    released: tuple[tuple[str, tuple[str, ...]], ...]
    """and who did and do not."""
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...]
    """Who sits in the same sessions, in another room or under another chair."""
    there: frozenset[str] = frozenset()
    """Who sits in both versions, be it in other sessions."""

    @property
    def experts(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Those whose sessions differ, by kind: new, more, gone, less."""
        rows = {"new": (self.called, False), "more": (self.called, True), "gone": (self.released, False)}
        rows["less"] = (self.released, True)
        return {
            kind: tuple(row for row in some if (row[0] in self.there) == stays) for kind, (some, stays) in rows.items()
        }

    def of(self, kind: str) -> tuple[Move, ...]:
        """The moves of a kind."""
        return tuple(move for move in self.moves if move.kind == kind)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.moves or self.called or self.released or self.elsewhere)


def places(document: Mapping[str, Any]) -> dict[str, Place]:
    """Applicant → place."""
    return {
        a["applicant"]: Place(sitting["session"], sitting["room"], a["start"], panel["id"])
        for panel in document["panels"]
        for sitting in panel["sittings"]
        for a in sitting["appointments"]
    }


def seats(document: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Expert and session → room and chair."""
    return {
        (member, sitting["session"]): (sitting["room"], panel["chair"])
        for panel in document["panels"]
        for sitting in panel["sittings"]
        for member in panel["members"]
    }


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """What differs from one document to another."""
    was, now = places(old), places(new)
    moves = [Move(who, was.get(who), now.get(who)) for who in {**was, **now} if was.get(who) != now.get(who)]
    moves.sort(key=lambda move: ((move.after or move.before or Place("", "", "", "")).start, move.applicant))
    sat, sits = seats(old), seats(new)
    there = frozenset(who for who, _session in sat) & frozenset(who for who, _session in sits)
    moved = [key for key in sits if key in sat and sits[key] != sat[key]]
    return Difference(tuple(moves), _by(set(sits) - set(sat)), _by(set(sat) - set(sits)), _by(moved), there)


def _by(pairs: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for expert, session in sorted(pairs):
        found.setdefault(expert, []).append(session)
    return tuple((expert, tuple(sessions)) for expert, sessions in found.items())
