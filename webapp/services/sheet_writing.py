"""The statements that write a record and what it makes of its sheet.

PostgreSQL sends and waits once for each, so there record and sheet are one statement, and that of the audit log's entry
where one follows. SQLite, which neither sends nor waits, writes one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Insert, Table, Update, bindparam, insert, true, update

from webapp.models import Sheet, SheetRecord
from webapp.services.chain import NOTHING, Beside, named

_SHEETS, _RECORDS = cast("Table", Sheet.__table__), cast("Table", SheetRecord.__table__)
_KEEP, _BEGIN = insert(_RECORDS).inline(), insert(_SHEETS).inline()
_GO_ON = update(_SHEETS).where(_SHEETS.c.id == bindparam("number"))
_KEPT = (
    insert(_RECORDS)
    .values(named(_RECORDS, "settled_as", "settled_at", "settled_by", prefix="kept_"))
    .returning(_RECORDS.c.id)
    .cte("kept")
)
_WITH_RECORD: dict[Insert | Update, Insert | Update] = {one: one.add_cte(_KEPT) for one in (_BEGIN, _GO_ON)}
"""The same, which write the record, too."""
_WHOSE = ("key", "panel", "round_id", "applicant_id", "expert_id")
_BEGUN = insert(_SHEETS).values(named(_SHEETS, "confirmed_by")).returning(_SHEETS.c.id).cte("begun")
_GONE_ON = _GO_ON.values(named(_SHEETS, "confirmed_by", *_WHOSE)).returning(_SHEETS.c.id).cte("gone_on")
_BESIDE_ENTRY = {one: _KEPT.join(row, true()) for one, row in ((_BEGIN, _BEGUN), (_GO_ON, _GONE_ON))}
"""The same of what is submitted, for the statement of its entry."""


def keep(connection: Connection, record: Mapping[str, Any]) -> None:
    """Write a record that changes nothing."""
    connection.execute(_KEEP, record)


def take(connection: Connection, record: Mapping[str, Any], sheet: Mapping[str, Any], *, entry: bool) -> Beside:
    """Write a record and its sheet, the one of that ``number`` or a new one.

    Where an ``entry`` of the audit log follows and can do it in the same statement, it is left to that.
    """
    statement = _GO_ON if "number" in sheet else _BEGIN
    if connection.dialect.name != "postgresql":
        keep(connection, record)
        connection.execute(statement, sheet)
        return NOTHING
    both = {**sheet, **{f"kept_{name}": value for name, value in record.items()}}
    if entry:
        return Beside(_BESIDE_ENTRY[statement], both)
    connection.execute(_WITH_RECORD[statement], both)
    return NOTHING
