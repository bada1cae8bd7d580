"""Workbooks as files: one, a zip of several, a zip of all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from exports.content import RoundContent
from exports.errors import ExportError
from exports.out import KINDS, PUBLIC, parts, write
from exports.out.password import lock
from webapp.models import Round
from webapp.services.books.content import content, of_people
from webapp.services.books.rights import EVERYTHING, seen_by
from webapp.services.books.which import BEFORE_A_SCHEDULE
from webapp.services.kernel import Refused


def workbook(
    session: Session, round_: Round, kind: str, drafts: bool = True, password: str = "", role: str = EVERYTHING
) -> tuple[str, bytes]:
    """File name and bytes of one workbook, or of a zip where forms take several.

    An internal one opens with the password, where one is given.

    Raises:
        Refused: the round is not that far.
    """
    made = of_people(session, round_) if kind in BEFORE_A_SCHEDULE else content(session, round_, drafts)
    return filled(made, kind, password, role)


def filled(made: RoundContent, kind: str, password: str = "", role: str = EVERYTHING) -> tuple[str, bytes]:
    """The same of content that is there already."""
    files = _files(made, kind, password, role)
    if parts(kind, made) == ("",):
        return next(files)
    return f"{made.title}-{KINDS[kind]}.zip", _zip(files)


def _files(made: RoundContent, kind: str, password: str, role: str) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a kind one after the other, never two in memory: one, or one for each panel."""
    if kind in BEFORE_A_SCHEDULE:
        made = replace(made, version="", computation=0)
    for part in parts(kind, made):
        try:
            data = write(kind, replace(seen_by(made, kind, role), part=part))
            locked = lock(data, password) if password and kind not in PUBLIC else data
        except ExportError as error:
            raise Refused(error.said.text, **error.said.values) from error
        yield f"{'-'.join(filter(None, (made.title, KINDS[kind], part)))}.xlsx", locked


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def bundle(
    session: Session,
    round_: Round,
    kinds: Iterable[str] = KINDS,
    drafts: bool = True,
    password: str = "",
    role: str = EVERYTHING,
) -> tuple[str, bytes]:
    """A zip of all those workbooks; a file in it names those that cannot be had yet, with the reason."""
    made = content(session, round_, drafts)
    return f"{round_.name}-全部表格.zip", _zip(_all(made, kinds, password, role))


def _all(made: RoundContent, kinds: Iterable[str], password: str, role: str) -> Iterator[tuple[str, bytes]]:
    missing = []
    for kind in kinds:
        folder = "" if parts(kind, made) == ("",) else f"{KINDS[kind]}/"
        try:
            for name, data in _files(made, kind, password, role):
                yield folder + name, data
        except Refused as error:
            missing.append(f"{KINDS[kind]}：{error}")
    if missing:
        yield "没有的表格.txt", "\r\n".join(missing).encode()
