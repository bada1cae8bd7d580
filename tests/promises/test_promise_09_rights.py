"""Promise 9: every route × every role, generated from the URL map, gives exactly the tables of the domain's page."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.promises.rights import EVERYBODY, ROLES, ROUTES, may
from tests.promises.town import DOOR, Town, methods


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town.at(tmp_path_factory.mktemp("rights"))


def test_every_route_has_its_cell(town: Town) -> None:
    there = {rule.endpoint for rule in town.rules()}
    new = {rule.endpoint: f"{'/'.join(methods(rule))} {rule.rule}" for rule in town.rules()}
    without = {name: new[name] for name in sorted(there - set(ROUTES))}
    assert not without, (
        f"These routes fit no cell of the tables in domain.md yet: {without}. Decide by the tables who may use each "
        "and add it to ROUTES in tests/promises/rights.py (its head says how); a route that writes also needs a step "
        "in tests/promises/acts.py."
    )
    assert set(ROUTES) == there, f"gone, take them out of ROUTES: {sorted(set(ROUTES) - there)}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_in_where_the_tables_say_and_nowhere_else(town: Town, role: str) -> None:
    wrong = []
    for rule in sorted(town.rules(), key=lambda r: r.endpoint):
        for method in methods(rule) if rule.endpoint in ROUTES else ():
            answer = town.client(role).open(town.address(rule), method=method)
            if _let_in(answer) != may(role, rule.endpoint):
                wrong.append(f"{method} {rule.rule} answers {role} {answer.status_code}")
    assert wrong == []


def _let_in(answer: TestResponse) -> bool:
    """Whether the gate let somebody through; what the page then says is another matter."""
    if answer.status_code == 302 and answer.headers["Location"].startswith(("/login", "/tablet/enter")):
        return answer.request.path == "/"  # which sends on whoever comes
    assert answer.status_code < 500, (answer.request.path, answer.text)
    return not (answer.status_code == 401 or (answer.status_code == 403 and DOOR in answer.text))


def test_the_table_has_no_idle_word(town: Town) -> None:
    """Each role may use something, and somebody may use each route."""
    for endpoint in ROUTES:
        assert any(may(role, endpoint) for role in EVERYBODY), endpoint
    for role in EVERYBODY - {"nobody"}:
        assert any(may(role, endpoint) for endpoint, cell in ROUTES.items() if cell), role
