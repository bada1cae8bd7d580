"""An account's script is slowed where it costs much; a person never notices, a tablet handing in is never held up."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.promises.acts import Step
from tests.promises.test_promise_12_acts import post
from tests.promises.town import Town
from tests.webapp.small import FULL, hear, record
from webapp.limits import BUDGETS, Spent
from webapp.models import AuditEntry, Sheet
from webapp.services import backups

LIMITED = {
    "day.again": "job",
    "day.ask": "job",
    "paper.check": "file",
    "paper.confirm": "file",
    "paper.upload": "file",
    "people.excel": "export",
    "results.download": "export",
    "results.excel": "export",
    "results.locked": "export",
    "results.release": "backup",
    "rosters.annotated": "file",
    "rosters.check": "file",
    "rosters.confirm": "file",
    "rosters.upload": "file",
    "schedule.check": "file",
    "schedule.excel": "export",
    "schedule.keep": "file",
    "schedule.start": "job",
    "schedule.upload": "file",
    "why.ask": "job",
}
"""Endpoint → what it takes of. A new page that gives a workbook, reads a file or asks for a job belongs here."""
COSTLY = ("excel", "download", "locked", "annotated", "upload")
WHO = {"paper.upload": "secretary", "results.release": "results_officer"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town.at(tmp_path_factory.mktemp("limits"))


def exhausted(town: Town, who: str, *kinds: str) -> Spent:
    """Nothing is left of these for a long while."""
    spent = town.app.extensions["rostrum_spent"] = Spent()
    for kind in kinds:
        while not spent.take(who, kind, 1e12):
            pass
    return spent


@pytest.mark.parametrize("kind", BUDGETS)
def test_so_many_at_once_then_one_each_while(kind: str) -> None:
    spent, budget = Spent(), BUDGETS[kind]
    assert [spent.take("office", kind, 100.0) for _ in range(budget.at_once)] == [0] * budget.at_once
    assert spent.take("office", kind, 100.0) == pytest.approx(budget.every)
    assert spent.take("office", kind, 100.0 + budget.every / 2) == pytest.approx(budget.every / 2)
    assert spent.take("office", kind, 100.0 + budget.every) == 0
    assert spent.take("office", kind, 100.0 + budget.every) > 0
    assert spent.take("desk", kind, 100.0) == 0, "each account has its own"
    later = 100.0 + budget.every * (budget.at_once + 2)
    assert [spent.take("office", kind, later) for _ in range(budget.at_once)] == [0] * budget.at_once


@pytest.mark.parametrize("endpoint", LIMITED)
def test_what_costs_much_is_counted(town: Town, endpoint: str) -> None:
    rule = next(rule for rule in town.rules() if rule.endpoint == endpoint)
    who = WHO.get(endpoint, "office")
    exhausted(town, who, LIMITED[endpoint])
    known = {"number": 1, "kind": "applicants" if "excel" in endpoint else "schedule"}
    address = town.address(rule, **{name: value for name, value in known.items() if name in rule.arguments})
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    form = {"data": {"seconds": "5"}} if method == "POST" else {}
    answer = town.client(who).open(f"{address}?round=1", method=method, **form)  # type: ignore[arg-type]
    assert answer.status_code == 429, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "秒后再试" in answer.text
    assert backups.listed(town.config.backups) == []


def test_every_page_that_looks_costly_is_named(town: Town) -> None:
    there = {rule.endpoint for rule in town.rules() if rule.endpoint.endswith(COSTLY)}
    assert there <= set(LIMITED)


def test_a_script_is_stopped_told_and_nobody_else_notices(town: Town) -> None:
    exhausted(town, "nobody")
    office, take = town.client("office"), "/people/lists/applicants/excel?round=1"
    answers = [office.get(take).status_code for _ in range(BUDGETS["export"].at_once + 2)]
    assert answers == [200] * BUDGETS["export"].at_once + [429] * 2
    assert office.get("/people/lists/applicants/rows?round=1").status_code == 200, "pages go on"
    assert town.client("organiser").get(take).status_code == 200
    with town.data() as session:
        told = select(AuditEntry.actor).where(AuditEntry.act == "denied", AuditEntry.object == "people.excel")
        assert session.scalars(told).all() == ["office"]


def test_a_tablet_on_a_bad_network_is_never_held_up(town: Town) -> None:
    """Five hundred records in one burst, whatever its expert's budgets are."""
    exhausted(town, "expert:E0002", *BUDGETS)
    with town.data() as session:
        round_ = town.round(session)
        hear(session, round_, "A00001")
        rows = [
            record(round_, "A00001", 2, FULL | {"talk": str(n % 20)}, state="draft", base_version=n) for n in range(500)
        ]
    tablet = town.client("expert")
    assert {tablet.post("/tablet/records", json=row).status_code for row in rows} == {201}
    with town.data() as session:
        assert session.scalar(select(func.max(Sheet.version))) == 500


def test_a_refusal_spends_nothing(town: Town) -> None:
    """Who may not is not counted: the gate comes first."""
    exhausted(town, "nobody")
    for _ in range(3):
        post(town, Step("desk", "schedule.start", {"seconds": "5"}, status=403))
    spent: Spent = town.app.extensions["rostrum_spent"]
    assert spent.take("desk", "job", 0.0) == 0
