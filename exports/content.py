"""What the workbooks of a round are made from: plain data, already in the order it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Person:
    """An applicant in the schedule."""

    code: str
    name: str
    public_name: str
    """As the round shows it outside: full, masked or empty."""
    employer: str
    direction: str
    start: datetime | None = None


@dataclass(frozen=True)
class Seat:
    """A panel's member."""

    code: str
    name: str
    chair: bool
    employer: str = ""


@dataclass(frozen=True)
class SittingRow:
    """One sitting with its applicants in time."""

    panel: str
    room: str
    label: str
    start: datetime
    report: datetime
    seats: tuple[Seat, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True)
class ItemRow:
    """An item of the rubric."""

    key: str
    name: str
    full: Decimal
    prompts: tuple[str, ...] = ()
    step: Decimal = Decimal(1)


@dataclass(frozen=True)
class ResultRow:
    """One applicant's result; ``marks`` by expert code, then by item key."""

    code: str
    outcome: str
    """已答辩, 缺席 and so on."""
    marks: dict[str, dict[str, Decimal]]
    dropped: frozenset[tuple[str, ...]]
    raw: Decimal | None
    k: Decimal | None
    final: Decimal | None
    rank: int | None
    note: str


@dataclass(frozen=True)
class RoundContent:
    """A round as its workbooks show it."""

    title: str
    version: str
    made_at: str
    audit_head: str
    items: tuple[ItemRow, ...]
    sittings: tuple[SittingRow, ...]
    unscheduled: tuple[Person, ...] = ()
    results: dict[str, ResultRow] = field(default_factory=dict)
    """By applicant code; before computing without k, final and rank, and each expert's marks are one total."""
    method: str = "mean"
    min_sheets_to_trim: int = 5
    decimals: int = 2
    reference_line: Decimal | None = None
    correction: str = "off"
    correction_decimals: tuple[int, int, int] = (2, 3, 2)
    """Of a panel's mean, of k, of the corrected score."""
    rooms: tuple[str, ...] = ()
    """The rooms' names in the order of the venue."""
    lots_at_check_in: bool = False
    """The order inside a sitting is drawn on the day: public lists tell no times."""
    sheet_key: str = "R1-{panel}-{applicant}-{expert}"
    sheet_versions: dict[str, int] = field(default_factory=dict)
    """By sheet id: the version of what a tablet has sent so far."""
    handed_in: frozenset[str] = frozenset()
    """Ids of the sheets that are locked: submitted, or typed in and waiting for the chair."""
    rubric: int = 1
    computed: bool = True
