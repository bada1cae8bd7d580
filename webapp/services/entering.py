"""Marks from files: a filled-in entry workbook, or what a tablet saved when nothing else worked.

Both go the tablets' path record by record (``sheets.type_in``). A workbook is taken whole or not at all, since its
cells can be corrected; of a tablet's file, which nobody can correct, everything is taken that can be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from exports.entry import read_entry
from exports.errors import UnreadableFile
from exports.reading import Problem
from exports.said import Said
from scoring.rubric import Rubric
from webapp.models import Import, Round
from webapp.services import audit, documents, paper, records, sheets
from webapp.services.kernel import Actor, Clock, Forbidden, Refused, Unreadable

WORDS = {201: "新收到", 200: "以前已收到", 409: "与已有的不同，两份都保留", 0: "没有收"}
"""How a record is answered; 0 is a refusal."""
AHEAD = WORDS | {201: "可以收下", 0: "不能收"}
"""The same before it is read in."""
TAKEN = (200, 201)
MAX_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Line:
    """One record of a file: where it stands, its sheet id, its answer's status, the receipt or the reason."""

    place: str
    sheet: str
    status: int
    said: str
    receipt: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Entered:
    """A file of marks: its records' answers, the problems of its cells, how many sheets nobody has marked."""

    whole: bool
    """A workbook: one refusal refuses all."""
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    empty: int = 0

    @property
    def counts(self) -> dict[int, int]:
        """Status → how many."""
        found = Counter(line.status for line in self.lines)
        return {status: found[status] for status in WORDS}

    @property
    def ok(self) -> bool:
        """Whether it can be written: something in it that is taken or kept, and no error that refuses all."""
        refused = self.problems or (self.whole and self.counts[0])
        return not refused and any(line.status for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """The document of ``rostrum enter --json``."""
        words = {201: "taken", 200: "known", 409: "conflict", 0: "refused"}
        counts = {words[status]: n for status, n in self.counts.items()} | {"empty": self.empty}
        return {
            "rows": counts,
            "sheets": [asdict(line) for line in self.lines],
            "problems": [asdict(problem) for problem in self.problems],
        }


def look(session: Session, actor: Actor, clock: Clock, round_: Round, data: bytes, filename: str) -> Entered:
    """What writing the file would give; nothing is written.

    Raises:
        Unreadable: neither a workbook of the template nor a tablet's file.
        Forbidden: a round in which the actor runs no panel.
    """
    if actor.role == "secretary" and not records.panel_codes(session, round_, actor):
        raise Forbidden("本批次没有您负责的专家组。请选择自己的批次，或联系评委会办公室。")
    attempt = session.begin_nested()
    try:
        return _run(session, actor, clock, round_, data, filename)
    finally:
        attempt.rollback()


def write(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    data: bytes,
    filename: str,
    upload: Import | None = None,
) -> Entered:
    """Take the file's records; ``upload`` is marked as read in.

    Raises:
        Unreadable: neither a workbook of the template nor a tablet's file.
        Refused: nothing in it can be taken, or a workbook has an error.
    """
    seen = look(session, actor, clock, round_, data, filename)
    if not seen.ok:
        raise Refused(
            "“%(name)s”有 %(n)s 处问题，没有写入。请按所列改正后重新读入。",
            name=filename,
            n=len(seen.problems) + seen.counts[0],
        )
    done = _run(session, actor, clock, round_, data, filename)
    after = {WORDS[status]: n for status, n in done.counts.items()}
    if upload is not None:
        upload.confirmed_at, upload.summary = clock(), {"counts": {str(k): n for k, n in done.counts.items()}}
    audit.record(session, actor, clock, "sheets.enter", "", round_id=round_.id, after=after)
    return done


def _run(session: Session, actor: Actor, clock: Clock, round_: Round, data: bytes, filename: str) -> Entered:
    if data[:1] in (b"{", b"[") or filename.lower().endswith(".json"):
        records = _saved(data, filename)
        places = [f"第 {n} 条" for n in range(1, len(records) + 1)]
        return Entered(False, _taken(session, actor, clock, round_, places, records))
    rubric = Rubric.from_json(round_.rubric)
    try:
        reading = read_entry(data, filename, rubric)
    except UnreadableFile as error:
        raise Unreadable(error.said.text, **error.said.values) from error
    rows = [paper.record_of(row.key, rubric, row.base_version, row.marks) for row in reading.rows]
    places = [f"{row.sheet}!{row.cell}" for row in reading.rows]
    lines = _taken(session, actor, clock, round_, places, rows)
    return Entered(True, lines, tuple(reading.problems), reading.empty)


def _taken(
    session: Session, actor: Actor, clock: Clock, round_: Round, places: list[str], rows: list[dict[str, Any]]
) -> tuple[Line, ...]:
    lines = []
    for place, record in zip(places, rows, strict=True):
        key = str(record.get("sheet", ""))[:64]
        try:
            answer = sheets.type_in(session, actor, clock, round_, record)
        except Refused as error:
            lines.append(Line(place, key, 0, Said.of(error.text, error.values)))
            continue
        status = 200 if answer.status == 409 and _same(answer.document) else answer.status
        receipt = answer.document if answer.status in TAKEN else None
        lines.append(Line(place, key, status, WORDS[status], receipt))
    return tuple(lines)


def _same(document: Mapping[str, Any]) -> bool:
    """Whether what the office has in hand says just what was refused beside it: nobody has anything to decide."""
    ours, theirs = document["server"], document["yours"]
    return ours is not None and ours["state"] != "draft" and ours["marks"] == theirs["marks"]


def _saved(data: bytes, filename: str) -> list[dict[str, Any]]:
    """The records of a tablet's file: ``{"records": [...]}``, the list alone, or one record."""
    if len(data) > MAX_BYTES:
        raise Unreadable("文件“%(name)s”超过 10 MB，不是平板保存的评分文件。", name=filename)
    try:
        document = documents.read(data)
    except ValueError as error:
        raise Unreadable("文件“%(name)s”读不出。请选择平板保存的评分文件。", name=filename) from error
    if isinstance(document, dict):
        document = document.get("records", [document])
    if not isinstance(document, list) or not document or not all(isinstance(row, dict) for row in document):
        raise Unreadable("文件“%(name)s”里没有评分记录。请选择平板保存的评分文件。", name=filename)
    return document
