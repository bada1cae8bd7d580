"""Who can be compared: groups of applicants and experts who are linked by ratings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Applicants and experts linked with each other and with nobody else, each in the order of the ratings."""

    applicants: tuple[str, ...]
    experts: tuple[str, ...]


def groups(pairs: Iterable[tuple[str, str]]) -> list[Group]:
    """The connected parts of (applicant, expert) pairs, in the order of their first pair.

    Severity and ability cannot be told apart between two parts (Linacre 1994); a common item is no link.
    """
    seen = list(dict.fromkeys(pairs))
    root: dict[tuple[int, str], tuple[int, str]] = {}

    def top(node: tuple[int, str]) -> tuple[int, str]:
        while root.setdefault(node, node) != node:
            root[node] = node = root[root[node]]
        return node

    for applicant, expert in seen:
        root[top((1, expert))] = top((0, applicant))
    found: dict[tuple[int, str], tuple[dict[str, None], dict[str, None]]] = {}
    for applicant, expert in seen:
        people = found.setdefault(top((0, applicant)), ({}, {}))
        people[0][applicant] = people[1][expert] = None
    return [Group(tuple(applicants), tuple(experts)) for applicants, experts in found.values()]
