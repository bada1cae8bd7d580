"""What the workbooks of a round are made from: plain data, already in the order it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from exports.availability import SessionRow
from exports.rosters import ApplicantRow, ExpertRow
from exports.venue import RoomRow
from scoring.vote import Vote

SHORT_HEAD = 16
"""Digits of the audit head on a page to be signed; who reads them off may look for no fewer."""


@dataclass(frozen=True)
class Person:
    """An applicant."""

    code: str
    name: str
    public_name: str
    """As the round shows it outside: full, masked or empty."""
    employer: str
    direction: str
    start: datetime | None = None
    title: str = ""
    """The title applied for."""
    phone: str = ""


@dataclass(frozen=True)
class Seat:
    """A panel's member."""

    code: str
    name: str
    chair: bool
    employer: str = ""
    title: str = ""
    phone: str = ""
    id_no: str = ""


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
    place: str = ""
    """``session/room`` in codes, as lots are drawn for."""
    present: frozenset[str] = frozenset()
    """Codes of the experts who handed in a sheet for somebody of this sitting."""


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
    together: Decimal | None = None
    """Papers and defence by the round's weights."""
    uncounted: tuple[tuple[str, str], ...] = ()
    """Members of the panel without a sheet that counts: expert code and why."""


@dataclass(frozen=True)
class Drawn:
    """A sitting's draw of lots, as far as it is on record; ``order``: codes in drawn order.

    One by hand, with numbers drawn on the spot, has neither commitment nor seed.
    """

    commitment: str = ""
    digits: str = ""
    secret: str = ""
    seed: str = ""
    order: tuple[str, ...] = ()
    hand: bool = False


@dataclass(frozen=True)
class Notice:
    """The days of the public notice; without ``end`` it has to be filled in, and ``says`` tells what to do."""

    start: date
    end: date | None
    says: str


@dataclass(frozen=True)
class Rosters:
    """The people, each with the id of public lists, and the venue, as they would be read."""

    applicants: tuple[tuple[str, ApplicantRow], ...] = ()
    experts: tuple[tuple[str, ExpertRow], ...] = ()
    rooms: tuple[RoomRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()


@dataclass(frozen=True)
class NoteRow:
    """A panel's opinion on one applicant and its questions with their answers."""

    opinion: str
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MeetingRow:
    """What the committee's minutes say beside the votes; ``invited`` is empty where it is not known."""

    held_at: str
    place: str
    chair: str
    recorder: str
    invited: str
    members: tuple[str, ...]
    opinion: str
    other: str


@dataclass(frozen=True)
class CorrectedRow:
    """One applicant of whom a correction changed something; ``sheets`` names experts and their totals."""

    code: str
    name: str
    results: tuple[str, ...]
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Corrected:
    """What a computation changed of the one released before it, which is that ``number``, and why."""

    number: int
    reasons: tuple[str, ...]
    rows: tuple[CorrectedRow, ...]


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
    min_sheets: int = 3
    decimals: int = 2
    reference_line: Decimal | None = None
    line_meets: str = "raw"
    """Which score meets the reference line: ``raw`` or ``final``."""
    correction: str = "off"
    correction_decimals: tuple[int, int, int] = (2, 3, 2)
    """Of a panel's mean, of k, of the corrected score."""
    tie_break: tuple[str, ...] = ()
    """Keys of the items compared where scores are equal."""
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
    """The version of the rubric that sheets are filled in by."""
    computed: bool = True
    computation: int = 0
    """Which computation of the round's results this is; 0 at closing, before there is one."""
    corrected: Corrected | None = None
    unconfirmed: bool = False
    """The computation still waits for the second person."""
    organisation: str = ""
    review_only: tuple[Person, ...] = ()
    """Intermediate applicants: their papers are reviewed, they are not heard."""
    used: tuple[tuple[str, str], ...] = ()
    """The settings results were computed by, in words, and who computed and confirmed when."""
    drawn: Mapping[str, Drawn] = field(default_factory=dict)
    """By place."""
    heard: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Applicant code → when the talk began and the answers ended, HH:MM."""
    votes: dict[str, Vote] = field(default_factory=dict)
    """By applicant code, of the committee's ballot."""
    notice: Notice | None = None
    rosters: Rosters = Rosters()
    papers: dict[str, Decimal] = field(default_factory=dict)
    """By applicant code, of either level: the confirmed mark of the papers' review."""
    weights: tuple[int, int] | None = None
    """Of papers and defence in per cent, where the round puts them together."""
    reader: str = "supervisor"
    """The role the workbook is for; what it may not see is left out."""
    detail: str = "items"
    """What the reader may see of each expert's marks: ``items``, ``totals`` or ``none``."""
    notes: dict[str, NoteRow] = field(default_factory=dict)
    """By applicant code: what the panel's chair has signed."""
    meeting: MeetingRow | None = None
    part: str = ""
    """What a workbook of forms is limited to, where one for all would have too many pages: a panel, the committee."""

    def shows(self, part: str) -> bool:
        """Whether the workbook has the forms of that panel."""
        return self.part in ("", part)

    @property
    def people(self) -> tuple[Person, ...]:
        """Every applicant who is to be heard, by panel and time, those without a place last."""
        return (*(person for sitting in self.sittings for person in sitting.people), *self.unscheduled)

    @property
    def short_head(self) -> str:
        """As much of the audit head as a page to be signed has room for."""
        return self.audit_head[:SHORT_HEAD]

    def was_heard(self, code: str) -> bool:
        """Whether an applicant was heard, or may still be."""
        return code not in self.results or self.results[code].outcome == "已答辩"

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Every expert who is called, by code, once."""
        found = {seat.code: seat for sitting in self.sittings for seat in sitting.seats}
        return tuple(found[code] for code in sorted(found))
