"""Does a workbook that went out still agree with the data (``rostrum verify``)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.errors import ExportError
from exports.out import KINDS
from exports.out.password import unlock
from exports.out.verify import READER, Difference, differences, exported
from webapp.models import AuditEntry
from webapp.services import books, rounds
from webapp.services.chain import START
from webapp.services.kernel import Sentence, Unreadable


@dataclass(frozen=True)
class Verdict:
    """What was found: ``remarks`` explain, ``wrong`` and ``differences`` are the answer no."""

    title: str
    said: dict[str, str]
    remarks: tuple[Sentence, ...]
    wrong: tuple[Sentence, ...]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Whether the file agrees with the data."""
        return not self.wrong and not self.differences


def verify(session: Session, data: bytes, filename: str, password: str = "") -> Verdict:
    """Compare a workbook with its round as it is now.

    Raises:
        Unreadable: no workbook of ours, or a wrong password.
        Missing: its round is not here.
    """
    try:
        data = unlock(data, password) if password else data
        file = exported(data, filename)
        said = file.said
        round_ = rounds.by_name(session, said["rostrum_round"])
        closing = said["rostrum_computation"] == "0"
        people = said["rostrum_kind"] in books.BEFORE_A_SCHEDULE
        now = books.of_people(session, round_) if people else books.content(session, round_, closing=closing)
        kind, reader = said["rostrum_kind"], said.get(READER, books.EVERYTHING)
        found = tuple(differences(file, books.seen_by(now, kind, reader)))
    except ExportError as error:
        raise Unreadable(error.said.text, **error.said.values) from error
    remarks = []
    if now.version != said["rostrum_version"]:
        remarks.append(Sentence("文件按安排%(a)s导出，现在是%(b)s。", a=said["rostrum_version"], b=now.version))
    if str(now.computation) != said["rostrum_computation"]:
        a, b = said["rostrum_computation"], now.computation
        remarks.append(Sentence("文件是第 %(a)s 次计算的成绩，现在是第 %(b)s 次。", a=a, b=b))
    return Verdict(KINDS[said["rostrum_kind"]], said, tuple(remarks), tuple(_chain(session, said)), found)


def _chain(session: Session, said: dict[str, str]) -> list[Sentence]:
    head = said["rostrum_audit_head"]
    known = head == START or session.scalar(select(AuditEntry.id).where(AuditEntry.hash == head)) is not None
    if known:
        return []
    return [Sentence("文件所载的审计链头 %(head)s 不在审计链中：文件被改过，或审计链被截断。", head=head[:16])]
