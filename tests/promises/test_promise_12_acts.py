"""Promise 12: every state-changing route writes who, when (UTC), before and after; the walk goes over the URL map."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.promises.acts import CHANGES_NOTHING, ELSEWHERE, Step, story
from tests.promises.town import SAFE, Town
from tests.promises.whole import assert_whole
from webapp.models import AuditEntry, AuditPayload, Base
from webapp.services import audit

RECORDS = {"audit_log", "audit_payloads", "login_failures"}
COUNTERS = {"seen_at", "unsent", "app", "skew_ms", "secure", "row_version"}
DRAFTS = {"sheets", "sheet_records"}
"""A tablet's drafts go to the sheet's history."""
HERE = Path(__file__).resolve().parents[2]


def _rows(town: Town) -> dict[str, dict[int, dict[str, Any]]]:
    with town.engine.connect() as connection:
        return {
            table.name: {row.id: {k: v for k, v in row._mapping.items() if k not in COUNTERS} for row in rows}
            for table in Base.metadata.sorted_tables
            if table.name not in RECORDS
            for rows in [connection.execute(select(table))]
        }


def _last(town: Town) -> int:
    with town.data() as session:
        return session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc())).first() or 0


def post(town: Town, step: Step, client: FlaskClient | None = None) -> None:
    """Send a step's request; it must be answered as it says."""
    rule = next(r for r in town.rules() if r.endpoint == step.endpoint and "POST" in (r.methods or ()))
    address = town.address(rule, **step.parts) + (f"?{step.query}" if step.query else "")
    kind = {"json": step.json} if step.json is not None else {"data": dict(step.form)}
    step.answer = (client or town.client(step.role)).post(address, **kind)  # type: ignore[arg-type]
    what = f"{step.endpoint} by {step.role}"
    assert step.answer.status_code == step.status, (what, step.answer.status_code, _said(step.answer.text))


def _take(town: Town, step: Step) -> None:
    client, what = town.client(step.role), f"{step.endpoint} by {step.role}"
    before, last = _rows(town), _last(town)
    post(town, step, client)
    after = _rows(town)
    changed = {name for name in after if after[name] != before[name]}
    with town.data() as session:
        entries = session.execute(
            select(AuditEntry, AuditPayload)
            .join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
            .where(AuditEntry.id > last)
        ).all()
        if step.endpoint in CHANGES_NOTHING:
            assert (changed, entries) == (set(), []), f"{what} is said to change nothing"
            return
        _told(step, what, changed, entries, before, after)


def _said(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0] or page
    problem = re.search(r'role="alert"[^>]*>(.*?)</p>', main, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", problem[1] if problem else main).split())[:400]


def _told(step: Step, what: str, changed: set[str], entries: Any, before: Any, after: Any) -> None:
    assert entries or changed <= DRAFTS, f"{what} changed {sorted(changed)} and wrote no audit entry"
    who = {"expert": "expert:E0002", "chair": "expert:E0001"}.get(step.role, step.role)
    for entry, _payload in entries:
        played = step.endpoint == "tablets.fill"  # a rehearsal: the office plays the experts
        assert entry.actor == who or step.role == "nobody" or played, (what, entry.actor)
        assert entry.at.tzinfo is UTC
        assert abs(datetime.now(UTC) - entry.at) < timedelta(minutes=5), "the moment is the server's, in UTC"
    sides = [side for _entry, payload in entries for side in (payload.before, payload.after) if side]
    assert sides or changed <= DRAFTS, (
        f"{what}: {[e.act for e, _ in entries]} says nothing of before and after. Pass before= and after=."
    )
    touched = {name for name in changed if set(before[name]) & set(after[name]) and _altered(before, after, name)}
    if touched:
        assert any(payload.before for _e, payload in entries), (
            f"{what} altered rows of {sorted(touched)} and the entry has no `before`. Write through the session, "
            "or pass before= to audit.record()."
        )


def _altered(before: Any, after: Any, name: str) -> bool:
    return any(after[name].get(key, row) != row for key, row in before[name].items())


def _every_route_has_its_step(town: Town, taken: dict[str, list[Step]]) -> None:
    writing = {rule.endpoint: rule.rule for rule in town.rules() if set(rule.methods or ()) - set(SAFE)}
    without = {
        name: rule for name, rule in sorted(writing.items()) if name not in {*taken, *ELSEWHERE, *CHANGES_NOTHING}
    }
    assert not without, (
        f"These routes write and no test says that the audit log tells it: {without}. Add a Step to the story in "
        "tests/promises/acts.py (or, where another test drives the route, name it in ELSEWHERE there)."
    )
    for endpoint, name in ELSEWHERE.items():
        text = (HERE / name).read_text()
        stem = writing[endpoint].split("<", maxsplit=1)[0].rstrip("/")
        assert endpoint in text or stem in text, f"{name} does not drive {endpoint}"


def _the_chain_holds(town: Town) -> None:
    with town.data() as session:
        assert list(audit.broken(session)) == []
        acts = set(session.scalars(select(AuditEntry.act)))
        kept = " ".join(str((p.before, p.after)) for p in session.scalars(select(AuditPayload)))
    assert len(acts) > 40
    assert "argon2" not in kept, "no password's hash in the log"


def _a_reader_changes_nothing(town: Town) -> None:
    """Every page that is read leaves every record as it was."""
    before = _rows(town)
    for rule in town.rules():
        if "GET" in (rule.methods or ()):
            town.client("supervisor").get(town.address(rule, number=1, kind="schedule", code="P1"))
    after = {name: rows for name, rows in _rows(town).items() if name not in ("tablet_sessions", "logins")}
    assert {name: before[name] for name in after} == after


def test_every_act_is_told(tmp_path: Path) -> None:
    """One test, so that the story is told once: each step is looked at as it is taken."""
    town, taken = Town.at(tmp_path), dict[str, list[Step]]()
    for step in story(town):
        _take(town, step)
        taken.setdefault(step.endpoint, []).append(step)
    _every_route_has_its_step(town, taken)
    _the_chain_holds(town)
    _a_reader_changes_nothing(town)
    assert_whole(town.config)
