"""Panels and rounds are apart: with the right to a route, nobody reads or writes what is another panel's or round's.

Each role sends the ids of neighbours, in addresses, queries, forms, files and documents, to every route it may use.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text
from werkzeug.routing import Rule

from tests.load.venue import EACH, SIZE
from tests.promises.neighbours import first_of, move_in, record, seen_in, tablet
from tests.promises.rights import may
from tests.promises.town import Town, methods
from webapp.models import Applicant, Base, Expert, Round
from webapp.services import remarks

Row = dict[str, Any]
SIGNS = {"seen_at", "unsent", "app", "skew_ms", "secure", "row_version"}
RECORDS = ("audit_log", "audit_payloads", "logins", "login_failures", "users")
DOORS = ("auth.", "account.", "live.", "tablet.leave", "tablet_data.come_in", "tablet_data.worker")
PARTS = {
    "code": ["P2", "A00013", "P1"],
    "applicant": ["A00013", "A00001"],
    "room": ["R2"],
    "kind": ["sheets", "summary", "opinions", "minutes", "applicants", "experts"],
}
SEES: dict[str, Callable[[str, int, int, int], bool]] = {
    # who sees what of (mark or words, panel, round, expert) while nothing is closed and nothing computed
    "secretary": lambda kind, panel, round_, _who: (kind, panel, round_) == ("words", 1, 2),
    "expert": lambda kind, panel, round_, who: (panel, round_) == (1, 2) and (kind == "words" or who == 2),
    "chair": lambda _kind, panel, round_, _who: (panel, round_) == (1, 2),
    "desk": lambda *_told: False,
    "organiser": lambda *_told: False,
}
OWN = {(2, 0), (2, 1)}
"""The round and its first panel: where the secretary and the tablets of the test are at home."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town.at(tmp_path_factory.mktemp("strangers"))
    assert move_in(made) == (2, 3)
    assert first_of(2)[0] in PARTS["code"]
    return made


def _addresses(town: Town, rule: Rule) -> Iterator[str]:
    """A route with its own and with others' ids; the round is always said, so that it is known what may change."""
    lists = [
        [(name, value) for value in (range(1, 5) if kind == "int" else PARTS.get(name, ["X"]))]
        for name, kind in town.parts(rule)
    ]
    applicant, expert = first_of(2)
    others = f"panel=P2&applicant={applicant}&sheet=R2-P2-{applicant}-{expert}&session=S1&a=1&b=2"
    for parts in itertools.product(*lists):
        for query in ("round=2", f"round=2&{others}", f"round=3&{others}"):
            yield f"{town.address(rule, **dict(parts))}?{query}"


def _bodies(round_: Round, rule: Rule) -> Iterator[dict[str, Any]]:
    """What names a neighbour's panel, applicant, expert, sheet, tablet."""
    for number, panel in ((2, 2), (3, 1), (3, 2)):
        applicant, expert = first_of(panel)
        key = f"R{number}-P{panel}-{applicant}-{expert}"
        said = record(round_, key, base=1) | {"text": "x", "reason": "师生", "more": "", "version": 1}
        if "remark" in rule.endpoint:
            said["hash"] = remarks.fingerprint(key, "x")
        if rule.endpoint.startswith("tablet_data."):
            yield {"json": said | {"unsent": 0, "skew": 0}}
            continue
        form = {"panel": f"P{panel}", "applicant": applicant, "expert": expert, "sheet": key, "session": "S1"}
        form |= {"reason": "师生", "why": "x", "agree": "1", "version": "1", "base_version": "1", "opinion": "改"}
        form |= {f"m.{item}": "1" for item in said["marks"]} | {"day": "2026-12-05", "here": "1", "number": "1"}
        for step, row in (("call", "1"), ("absent", "2"), ("undo", "3")):
            file = io.BytesIO(json.dumps({"records": [said]}).encode())
            more: dict[str, Any] = {"file": (file, "平板.json")} if rule.endpoint == "paper.upload" else {}
            yield {"data": form | {"step": step, "tablet": row} | more}


def _rows(town: Town) -> dict[tuple[str, int], Row]:
    with town.engine.connect() as connection:
        return {
            (table.name, row.id): {k: v for k, v in row._mapping.items() if k not in SIGNS}
            for table in Base.metadata.sorted_tables
            if table.name not in RECORDS
            for row in connection.execute(select(table))
        }


def _written(town: Town) -> tuple[Any, ...]:
    """Another one after every change."""
    query = "SELECT (SELECT max(id) FROM audit_log), (SELECT max(id) FROM sheet_records)"
    with town.engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


class Whose:
    """Whose a row is."""

    def __init__(self, town: Town) -> None:
        with town.data() as session:
            self.people = {
                (name, row.id): (row.round_id, (int(row.code[1:]) - 1) // many + 1)
                for name, table, many in (("applicant_id", Applicant, EACH), ("expert_id", Expert, SIZE))
                for row in session.scalars(select(table))
            }

    def __call__(self, row: Row) -> set[tuple[int, int]]:
        """Round and panel of everything the row names; panel 0 where it is the round's."""
        named = {self.people[k, row[k]] for k in ("applicant_id", "expert_id") if row.get(k)}
        if found := re.match(r"R(\d+)-P(\d+)-", str(row.get("sheet_key") or row.get("key") or "")):
            named.add((int(found[1]), int(found[2])))
        if row.get("round_id") and (row.get("panel") or not named):
            named.add((row["round_id"], int(str(row.get("panel") or "P0")[1:])))
        return named


def _text(data: bytes) -> str:
    if data[:2] != b"PK":
        return data.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(_text(packed.read(name)) for name in packed.namelist())


def _requests(town: Town, role: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything the role may ask, with others' ids."""
    with town.data() as session:
        round_ = session.get_one(Round, 2)
        session.expunge(round_)
    for rule in town.rules():
        if may(role, rule.endpoint) and not rule.endpoint.startswith(DOORS):
            for address in _addresses(town, rule):
                if "GET" in methods(rule):
                    yield address, {"method": "GET"}
                for body in _bodies(round_, rule) if "POST" in methods(rule) else ():
                    yield address, {"method": "POST", **body}


@pytest.mark.parametrize("role", SEES)
def test_nobody_reaches_a_neighbour(town: Town, role: str) -> None:
    at_tablet = {"expert": "E0002", "chair": "E0001"}.get(role)
    person = tablet(town, 2, at_tablet) if at_tablet else town.client(role)
    whose, wrong, asked = Whose(town), [], 0
    rows, last = _rows(town), _written(town)
    for address, how in _requests(town, role):
        town.app.extensions.pop("rostrum_spent", None)
        with person.open(address, **how) as answer:
            told, asked = _text(answer.data), asked + 1
        assert answer.status_code < 500, (address, how)
        wrong += [f"{address} shows {role} {one}" for one in set(seen_in(told)) if not SEES[role](*one)]
        if (now := _written(town)) == last:
            continue
        after = _rows(town)
        inside = {(int(address.partition("round=")[2][0]), p) for p in (0, 1, 2)} if role == "desk" else OWN
        for name in {key for key in rows.keys() | after.keys() if rows.get(key) != after.get(key)}:
            if not whose(after.get(name) or rows[name]) <= inside:
                wrong.append(f"{role} wrote {name} by {how['method']} {address}")
        rows, last = after, now
    assert not wrong, "\n".join(wrong[:20])
    assert asked > 60, "there was something to ask"
