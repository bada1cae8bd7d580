"""Sheets: the protocol of the tablets. A record is taken once, answered alike ever after, and never lost.

What another hand brings in for an expert (a paper sheet, a row of the entry workbook, a tablet's saved file) is taken
and answered the same way, and waits as ``typed`` until the chair confirms it (``services.paper``).
"""

from __future__ import annotations

import json
import re
import uuid as uuids
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from scoring.errors import ScoringError
from scoring.rubric import Rubric
from scoring.sheet import content_hash
from webapp.models import Appointment, Expert, PanelMember, Recusal, Round, Sheet, SheetRecord, Sitting
from webapp.services import audit, records, sheet_writing, unlocking
from webapp.services.chain import Beside
from webapp.services.kernel import Actor, Clock, Forbidden, Unreadable
from webapp.services.places import Place, SoFar, held, key_of, place_of
from webapp.services.settings import Terms
from webapp.services.settings import of_round as settings_of

_UUID = re.compile(r"[0-9A-Za-z-]{8,36}")
_MOST = 2**31
"""What a whole number of the database holds."""


CONFLICT = "这份评分表已提交或已在别处改过，两份都已保留。"


@dataclass(frozen=True)
class Answered:
    """What a record is answered: the HTTP status and the document."""

    status: int
    document: dict[str, Any]


def own(session: Session, round_: Round, expert: Expert) -> list[tuple[str, Appointment, Sheet | None, bool]]:
    """The expert's list in order: sheet key, appointment, the sheet so far, whether recused on the day."""
    version = records.published(session, round_)
    rows = session.scalars(
        select(Appointment)
        .join(Sitting)
        .join(PanelMember, PanelMember.panel_id == Sitting.panel_id)
        .where(Appointment.version_id == version.id, PanelMember.expert_id == expert.id)
        .order_by(Appointment.start, Appointment.id)
    )
    mine = select(Sheet).where(Sheet.round_id == round_.id, Sheet.expert_id == expert.id)
    sheets = {sheet.applicant_id: sheet for sheet in session.scalars(mine)}
    away = set(
        session.scalars(select(Recusal.applicant_id).where(Recusal.side == "day", Recusal.expert_id == expert.id))
    )
    return [
        (
            key_of(round_, a.sitting.panel.code, a.applicant, expert),
            a,
            sheets.get(a.applicant_id),
            a.applicant_id in away,
        )
        for a in rows
    ]


def of_round(session: Session, round_: Round) -> list[Sheet]:
    """Every sheet of a round there is."""
    return list(session.scalars(select(Sheet).where(Sheet.round_id == round_.id)))


def receive(session: Session, actor: Actor, clock: Clock, round_: Round | Terms, record: Mapping[str, Any]) -> Answered:
    """Take one record of an expert's own sheet: 201 first, 200 on a replay, 409 with both versions otherwise.

    Raises:
        Unreadable: a record that is not whole, marks that make no sense, a hash that does not fit.
        Forbidden: not this expert's sheet, or the applicant was not heard.
    """
    digest = fingerprint(record)
    if not (isinstance(round_, Terms) and round_.sheet == record["sheet"]):
        held(session, record["sheet"])
    place = place_of(session, round_, record["sheet"], record["uuid"])
    if place is None or place.recused or place.expert_id != actor.expert_id:
        raise Forbidden("这不是您的评分表，或您已对该申报人回避。")
    return _take(session, actor, clock, round_, place, record, digest)


def type_in(session: Session, actor: Actor, clock: Clock, round_: Round, record: Mapping[str, Any]) -> Answered:
    """Take one record for an expert, from paper or a file; answered as ``receive`` answers.

    Raises:
        Unreadable, Forbidden: as ``receive``; a panel the actor does not run, an expert who is recused.
    """
    digest = fingerprint(record)
    held(session, record["sheet"])
    place = place_of(session, round_, record["sheet"], record["uuid"])
    if place is None:
        raise Unreadable("已发布的安排里没有表号为 %(key)s 的评分表。请核对表号。", key=record["sheet"])
    if actor.expert_id is not None:
        raise Forbidden("专家在自己的平板上评分。纸质评分表由小组秘书录入。")
    records.panel_of(session, round_, actor, place.panel)
    if place.recused:
        raise Forbidden("%(expert)s 对 %(name)s 回避，没有评分表。", expert=place.expert, name=place.applicant)
    return _take(session, actor, clock, round_, place, record, digest)


def is_uuid(text: str) -> bool:
    """Whether a text can be a record's id."""
    return _UUID.fullmatch(text) is not None


def fingerprint(record: Mapping[str, Any]) -> str:
    """The hash of a record that is whole and undamaged."""
    uuid, key, state = (record.get(name) for name in ("uuid", "sheet", "state"))
    marks, numbers = record.get("marks"), (record.get("base_version"), record.get("rubric"))
    texts = isinstance(uuid, str) and _UUID.fullmatch(uuid) and isinstance(key, str) and state in ("draft", "submitted")
    whole = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < _MOST for n in numbers)
    if not texts or not isinstance(marks, dict) or not whole:
        raise Unreadable("评分记录不完整。请刷新平板页面后再试。")
    if any(value is not None and not isinstance(value, str) for value in marks.values()):
        raise Unreadable("评分记录中的分数应为文字。请刷新平板页面后再试。")
    digest = content_hash(sheet=str(key), rubric=record["rubric"], marks=marks, state=str(state))
    if record.get("hash") != digest:
        raise Unreadable("评分记录在传送中损坏，没有保存。平板会自动重发。")
    return digest


def _take(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round | Terms,
    place: Place,
    record: Mapping[str, Any],
    digest: str,
) -> Answered:
    uuid, state, sheet, known = record["uuid"], record["state"], place.sheet, place.known
    if known is not None and known.hash == digest and known.sheet_key == place.key:
        return Answered(200, receipt(asdict(known))) if known.version is not None else _conflict(sheet, record)
    if known is not None:  # the same id for something else: kept under an id of its own, always the same
        uuid = str(uuids.uuid5(uuids.NAMESPACE_OID, f"{uuid}|{place.key}|{digest}"))
        if session.connection().execute(_KNOWN, {"uuid": uuid}).first() is not None:
            return _conflict(sheet, record)
    else:
        still_taken(round_, place)
    rubric = rubric_of(round_)
    try:
        parsed = rubric.parse(record["marks"], complete=state == "submitted")
    except ScoringError as error:
        raise Unreadable("%(error)s请改正后再提交。", error=error) from error
    stale = (
        known is not None
        or record["base_version"] != (sheet.version if sheet else 0)
        or record["rubric"] != rubric.version
        or locked(round_, sheet, actor)
    )
    row = _row(actor, clock, place, record, digest, stale) | {"uuid": uuid}
    if stale and sheet is not None and sheet.hash == digest:  # nothing to decide on
        row |= {"settled_as": "dropped", "settled_at": clock(), "settled_by": "same"}
    said = {"version": row["version"], "base_version": row["base_version"], "state": state, "hash": digest}
    earlier = {"version": sheet.version, "state": sheet.state, "hash": sheet.hash} if sheet is not None else None
    if stale:
        sheet_writing.keep(session.connection(), row)
        audit.record(session, actor, clock, "sheet.conflict", place.key, round_id=round_.id, after=said)
        return _conflict(sheet, record)
    marks = {name: None if mark is None else format(mark, "f") for name, mark in parsed.items()}
    beside = _write(session, actor, round_, place, row, marks)
    act = (
        "sheet.take_back" if earlier and earlier["state"] == "submitted" else ""
    )  # a draft goes to the sheet's history only
    if state == "submitted":
        act = "sheet.submit" if actor.expert_id is not None else "sheet.type"
    if act:
        audit.record(session, actor, clock, act, place.key, beside, round_id=round_.id, before=earlier, after=said)
    return Answered(201, receipt(row))


def locked(round_: Round | Terms, sheet: Sheet | SoFar | None, actor: Actor) -> bool:
    """Whether a sheet takes no other marks: once handed in, or where the round says so once its sitting is closed.

    Until then only the expert whose own hand it is takes it back, by changing a mark; a chair does not: who has handed
    in may read the others' sheets.
    """
    if sheet is None or sheet.state == "draft":
        return False
    own = sheet.state == "submitted" and sheet.entered_by == actor.name and actor.role != "chair"
    return not (own and settings_of(round_).sheet_lock == "closed")


_KNOWN = select(SheetRecord.id).where(SheetRecord.uuid == bindparam("uuid"))


def _row(
    actor: Actor, clock: Clock, place: Place, record: Mapping[str, Any], digest: str, stale: bool
) -> dict[str, Any]:
    """The record as it is kept, taken or in conflict."""
    return {
        "uuid": record["uuid"],
        "sheet_key": place.key,
        "base_version": record["base_version"],
        "version": None if stale else record["base_version"] + 1,
        "rubric": record["rubric"],
        "marks": record["marks"],
        "state": record["state"],
        "hash": digest,
        "client_time": "".join(c for c in str(record.get("client_time", "")) if c.isprintable())[:40],
        "server_time": clock(),
        "by": actor.name,
        "fate": "conflict" if stale else "taken",
    }


def _write(
    session: Session,
    actor: Actor,
    round_: Round | Terms,
    place: Place,
    row: Mapping[str, Any],
    marks: dict[str, str | None],
) -> Beside:
    """The record that is taken, and the sheet's new version; or what is to be written with the audit log's entry."""
    own, submitted, connection = actor.expert_id is not None, row["state"] == "submitted", session.connection()
    values = {"version": row["version"], "rubric": row["rubric"], "hash": row["hash"], "entered_by": actor.name}
    values |= {"state": "typed" if submitted and not own else row["state"], "marks": marks}
    if submitted:
        values["submitted_at"] = row["server_time"]
    if place.sheet is None:
        values |= {"key": place.key, "panel": place.panel, "round_id": round_.id}
        values |= {"applicant_id": place.applicant_id, "expert_id": place.expert_id}
        return sheet_writing.take(connection, row, values, entry=submitted)
    again = submitted and own and place.unlocked
    values |= {"number": place.sheet.id}
    beside = sheet_writing.take(connection, row, values, entry=submitted and not again)
    if (loaded := session.identity_map.get(identity_key(Sheet, place.sheet.id))) is not None:
        session.expire(loaded)
    if again:
        unlocking.handed_in(session, session.get_one(Sheet, place.sheet.id))
    return beside


def still_taken(round_: Round | Terms, place: Place) -> None:
    """Refuse what is new for who was not heard, after the sitting was closed (unless unlocked) or the round is over."""
    if place.outcome not in (None, "heard"):
        raise Forbidden("该申报人没有参加答辩，不需要评分。")
    if round_.state not in ("published", "in_session"):
        raise Forbidden("本批次现在不收评分。请联系评委会办公室。")
    if place.closed and not place.unlocked:
        raise Forbidden("这一场已关闭，不再收评分表。请联系评委会办公室重新打开。")


def rubric_of(round_: Round | Terms) -> Rubric:
    """The round's rubric; made once for the same wording."""
    return _rubric(round_.rubric if isinstance(round_, Terms) else audit.canonical(round_.rubric))


@lru_cache(maxsize=64)
def _rubric(document: str) -> Rubric:
    return Rubric.from_json(json.loads(document))


def receipt(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a tablet is told of a record that was taken."""
    return {
        "uuid": row["uuid"],
        "hash": row["hash"],
        "sheet": row["sheet_key"],
        "version": row["version"],
        "server_time": row["server_time"].isoformat(),
    }


def _conflict(sheet: SoFar | None, record: Mapping[str, Any]) -> Answered:
    ours = {"version": sheet.version, "state": sheet.state, "marks": sheet.marks} if sheet else None
    theirs = {"base_version": record.get("base_version"), "state": record.get("state"), "marks": record.get("marks")}
    kept = {"uuid": record.get("uuid"), "hash": record.get("hash")}
    return Answered(409, {"error": CONFLICT, "kept": kept, "server": ours, "yours": theirs})
