"""Promise 6: a stale write is a 409 with both values, in every table that can be edited; not scored is never the lowest
mark.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from scoring.aggregate import METHODS, aggregate
from scoring.marks import mark
from tests.promises.acts import Step
from tests.promises.test_promise_12_acts import _rows, post
from tests.promises.town import Town
from tests.webapp.small import FULL, OFFICE, clock, hear, record
from webapp.models import Applicant, Base, Expert, Round, Sheet, Turn
from webapp.services import person_form, rounds, rubrics

NOT_EDITED = {
    "sheet_records": "append-only: the sheet's history",
    "unlocks": "the version of the sheet that was locked; a request is answered once",
    "choices": "the version of the sheet that was looked at; a proposal is answered once",
}
"""Tables with a column of that name that no form writes over."""
SECOND = "round=2"


@dataclass(frozen=True)
class Case:
    """Two persons who saw the same: the first writes, the second must not; both values are in the answer."""

    table: str
    write: Callable[[Town, bool], Step]
    """The first's request, or the second's; made before either is sent."""
    both: tuple[str, str]
    ready: Callable[[Town], None] = lambda _town: None


def _state(state: str) -> Callable[[Town], None]:
    def ready(town: Town) -> None:
        with town.data() as session:
            round_ = session.get_one(Round, 1)
            round_.state = state
            round_.settings = round_.settings | {"vote": "committee"}

    return ready


def _one(endpoint: str, role: str, form: Mapping[str, str], field: str, texts: tuple[str, str], **more: Any) -> Any:
    def write(_town: Town, first: bool) -> Step:
        return Step(role, endpoint, dict(form) | {field: texts[not first]}, **more)

    return write


def _person(kind: str, code: str, field: str, texts: tuple[str, str]) -> Any:
    def write(town: Town, first: bool) -> Step:
        with town.data() as session:
            table = Applicant if kind == "applicants" else Expert
            found = session.scalars(select(table).where(table.code == code)).one()
            form = person_form.texts(town.round(session), found) | {"version": str(found.row_version), "why": "更正"}
        return Step("office", "people.save", form | {field: texts[not first]}, {"kind": kind, "code": code})

    return write


def _second_round(town: Town) -> None:
    with town.data() as session:
        rounds.create(session, OFFICE, clock, "第二批次")


def _directions(town: Town, first: bool) -> Step:
    with town.data() as session:
        names = [d.name for d in session.get_one(Round, 2).directions]
    form = {"was": "\r\n".join(names), "names": "\n".join([*names, ("先加的", "后加的")[not first]])}
    return Step("office", "office.save_directions", form, query=SECOND)


def _rubric(town: Town, first: bool) -> Step:
    with town.data() as session:
        now = rubrics.current(session, session.get_one(Round, 2), "defence")
    rows = rubrics.texts(now)
    typed = {name: [row[name] for row in rows] for name in rubrics.FIELDS}
    typed["prompts"][0] = ("先改的提示", "后改的提示")[not first]
    form = typed | {"whole": format(now.full, "f"), "version": str(now.version)}
    return Step("office", "office.save_rubric", form, {"kind": "defence"}, SECOND)


def _draft(town: Town) -> None:
    post(town, Step("office", "schedule.withdraw", {"reason": "换场地"}))


def _moved(_town: Town, first: bool) -> Step:
    moves = [{"kind": "unschedule", "applicant": ("A00001", "A00002")[not first]}]
    body = {"seen": 0, "moves": moves, "anyway": True}
    return Step("office", "board.edit", parts={"number": 2}, json=body, status=200)


def _published_again(town: Town) -> None:
    post(town, Step("office", "schedule.publish", parts={"number": 2}))


def _heard(town: Town) -> None:
    with town.data() as session:
        hear(session, town.round(session), "A00001")


def _step(town: Town, first: bool) -> Step:
    with town.data() as session:
        turn = session.scalars(select(Turn)).first()
    form = {"panel": "P1", "applicant": "A00002", "seen": str(turn.row_version if turn else 0)}
    return Step("secretary", "panel.step", form | {"step": ("absent", "call")[not first]})


def _sheet(town: Town, first: bool) -> Step:
    with town.data() as session:
        body = record(town.round(session), "A00001", 2, FULL | {"qa": ("11", "12")[not first]}, state="draft")
    return Step("expert", "tablet_data.record", json=body, status=201)


PAPERS = {"A00001.achievements": "50", "A00001.version": "0"}
COUNTS = {"A00001.present": "9", "A00001.abstain": "0", "A00001.spoiled": "0", "A00001.version": "0"}
VOTES = ({"A00001.votes_for": "8", "A00001.against": "1"}, {"A00001.votes_for": "7", "A00001.against": "2"})
DAYS = {"was.notice_days": "5"}


def _votes(_town: Town, first: bool) -> Step:
    return Step("results_officer", "committee.write_votes", COUNTS | VOTES[not first])


CASES = (
    Case("draft_edits", _moved, ("申报1", "申报2"), _draft),
    Case("turns", _step, ("缺席", "叫号"), _published_again),
    Case("sheets", _sheet, ('"qa":"11"', '"qa":"12"'), _heard),
    Case("applicants", _person("applicants", "A00001", "title", ("先填的职称", "后填的职称")), ("先填的", "后填的")),
    Case("experts", _person("experts", "E0002", "phone", ("13900000001", "13900000002")), ("13900000001", "139000000")),
    Case("rounds", _one("office.save_settings", "office", DAYS, "notice_days", ("6", "7")), (">6<", ">7<")),
    Case("rounds", _directions, ("先加的", "后加的"), _second_round),
    Case("rubrics", _rubric, ("先改的提示", "后改的提示")),
    Case("reviews", _one("committee.type_papers", "secretary", PAPERS, "A00001.basis", ("35", "34")), (">35<", ">34<")),
    Case(
        "notes",
        _one(
            "panel.write_note",
            "secretary",
            {"version": "0"},
            "opinion",
            ("先写的意见", "后写的意见"),
            parts={"applicant": "A00001"},
        ),
        ("先写的意见", "后写的意见"),
    ),
    Case("ballots", _votes, (">8<", ">7<"), _state("confirmed")),
    Case(
        "meetings",
        _one("committee.write_meeting", "results_officer", {"version": "0"}, "opinion", ("先记的", "后记的")),
        ("先记的", "后记的"),
    ),
)
KEPT = {"logins", "tablet_sessions", "sheet_records", "audit_log"}
"""What a refused write may change: who was seen when, and a tablet's record is kept beside, in conflict."""


def test_every_table_with_a_version_is_tried() -> None:
    own = {m.local_table.name for m in Base.registry.mappers if m.version_id_col is not None}
    named = {
        m.local_table.name
        for m in Base.registry.mappers
        if "version" in m.columns and not m.columns["version"].foreign_keys
    }
    tried = {case.table for case in CASES} - {"draft_edits"}
    assert own | named == tried | set(NOT_EDITED), (
        "A table that can be edited needs a Case here: two saw the same, the second gets a 409 with both values."
    )


def test_a_stale_write_is_a_409_with_both_values_and_nothing_is_written(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    for case in CASES:
        case.ready(town)
        first, second = case.write(town, True), case.write(town, False)
        post(town, first)
        before = _rows(town)
        second.status = 409
        post(town, second)
        assert second.answer is not None
        told = second.answer.text
        if second.answer.is_json:
            told = json.dumps(second.answer.json, ensure_ascii=False, separators=(",", ":"))
        missing = [text for text in case.both if text not in told]
        assert not missing, (case.table, second.endpoint, missing, told[-1500:])
        after = _rows(town)
        changed = {name for name in after if after[name] != before[name]} - KEPT
        assert changed == set(), (case.table, second.endpoint)


def test_who_changes_another_setting_overwrites_nothing(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    post(town, Step("office", "office.save_settings", {"notice_days": "6", "was.notice_days": "5"}))
    other = {"notice_days": "5", "was.notice_days": "5", "notice_start": "2026-12-07", "was.notice_start": ""}
    post(town, Step("office", "office.save_settings", other))
    with town.data() as session:
        kept = town.round(session).settings
    assert (kept["notice_days"], kept["notice_start"]) == (6, "2026-12-07")


def test_not_scored_is_never_the_lowest_mark(tmp_path: Path) -> None:
    town, holed = Town.at(tmp_path), FULL | {"qa": None}
    with town.data() as session:
        round_ = town.round(session)
        drafts = [record(round_, "A00001", 2, holed, state="draft"), record(round_, "A00001", 1, FULL | {"qa": "0"})]
        handed = record(round_, "A00001", 2, holed, base_version=1)
    post(town, Step("expert", "tablet_data.record", json=drafts[0], status=201))
    post(town, Step("chair", "tablet_data.record", json=drafts[1], status=201))
    post(town, Step("expert", "tablet_data.record", json=handed, status=400))
    typed = {f"m.{name}": text or "" for name, text in holed.items()}
    paper = {"sheet": "R1-P1-A00001-E0003", "base_version": "0", "panel": "P1"}
    post(town, Step("secretary", "paper.type_in", typed | paper, status=400))
    with town.data() as session:
        kept = {s.key[-5:]: (s.state, s.marks["qa"]) for s in session.scalars(select(Sheet))}
    assert kept == {"E0002": ("draft", None), "E0001": ("submitted", "0")}
    for method in METHODS:
        lowest = [[mark("0", "")], *([[mark(str(n), "")] for n in (10, 11, 12, 13)])]
        holes = [[None], *lowest[1:]]
        one, other = (aggregate(method, rows, min_sheets_to_trim=3, min_sheets=3) for rows in (lowest, holes))
        assert (one.valid, other.valid) == (5, 4), method
        assert all(sheet != 0 for sheet, *_item in other.dropped), "no hole is dropped as the lowest"
