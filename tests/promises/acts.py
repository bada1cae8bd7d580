"""One story in which every route that writes is used once by somebody who may, from the first account to the notice.

A new route that writes: put a ``Step`` for it where it belongs in the story, or, where another test drives it through
real requests already, name that test in ``ELSEWHERE`` (all tests of tests/webapp run under ``watch.py``).
``CHANGES_NOTHING`` has what is sent by POST and changes no record.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from werkzeug.test import TestResponse

from exports.sample import sample_files
from tests.promises.town import PASSWORD, Town
from tests.webapp.small import FULL, record
from webapp.models import (
    Applicant,
    Draw,
    ExpertDraw,
    Import,
    Job,
    Note,
    Recusal,
    Repair,
    Review,
    Round,
    Sheet,
    TabletSession,
    Unlock,
    User,
)
from webapp.services import person_form, remarks, rubrics

CHANGES_NOTHING = {
    "auth.language": "the visitor's own cookie",
    "office.audit_log": "a search",
    "office.preview_rubric": "a look at what is typed",
    "people.search": "a search",
    "schedule.search": "a search",
    "results.search": "a search",
    "tablet_data.alive": "a tablet's sign of life",
    "tablet_data.test_record": "the check page's trial, nothing is kept",
}
LOTS = ("lots.call", "lots.reveal", "lots.save_hand")
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(LOTS, "tests/webapp/test_desk_lots.py"),
    **dict.fromkeys(
        ("account.end", "account.end_others", "account.second_on", "admin.second_off"), "tests/webapp/test_account.py"
    ),
    "day.apply": "tests/webapp/test_desk_day.py",
    "wiping.wipe": "tests/webapp/test_wiping.py",
    **dict.fromkeys(("board.edit", "board.undo", "board.redo", "why.apply"), "tests/webapp/test_board.py"),
}
"""Endpoint → the test file that drives it with real requests."""


@dataclass
class Step:
    """One request: who, where, what; its answer is put here for the story to go on."""

    role: str
    endpoint: str
    form: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, object] = field(default_factory=dict)
    query: str = "round=1"
    json: Any = None
    status: int = 303
    answer: TestResponse | None = None


def story(town: Town, *, rosters: bool = True) -> Iterator[Step]:
    """All of it, or without a second round's rosters; each step is taken before the next is asked for."""
    yield from _accounts(town)
    if rosters:
        yield from _rosters(town)
    yield from _schedule(town)
    yield from _day(town)
    yield from _paper(town)
    yield from _closing(town)
    yield from _results(town)
    yield from _life(town)


def _id(town: Town, table: Any, **where: object) -> int:
    with town.data() as session:
        found = session.scalars(select(table.id).filter_by(**where).order_by(table.id.desc())).first()
    assert found is not None, (table, where)
    return int(found)


def _accounts(town: Town) -> Iterator[Step]:
    yield Step("admin", "admin.add", {"name": "sec2", "role": "secretary", "display_name": "第二秘书"}, status=200)
    number = {"number": _id(town, User, name="sec2")}
    yield Step("admin", "admin.reset", parts=number, status=200)
    yield Step("admin", "admin.disabled", {"disabled": "1"}, number)
    yield Step("admin", "admin.disabled", {"disabled": "0"}, number)
    new = {"old": PASSWORD, "new": "another-password", "again": "another-password"}
    yield Step("desk", "auth.password", new)
    screen = {"number": _id(town, User, name="screen")}
    yield Step("admin", "admin.screen", {"screen": "door:R1"}, screen)
    yield Step("nobody", "auth.enter", {"name": "desk", "password": "another-password"})
    yield Step("desk", "auth.leave")
    yield Step("office", "auth.language", parts={"code": "zh"})


def _rosters(town: Town) -> Iterator[Step]:
    yield Step("office", "office.add_round", {"name": "第二批次", "organisation": "示例评委会"}, query="")
    here = "round=2"
    yield Step("office", "office.save_settings", {"panel_size": "3", "min_specialists": "2"}, query=here)
    with town.data() as session:
        names = [d.name for d in session.get_one(Round, 2).directions]
        now = rubrics.current(session, session.get_one(Round, 2), "defence")
        rows = rubrics.texts(now)
    yield Step("office", "office.save_directions", {"names": "\n".join([*names, "新方向"])}, query=here)
    typed = {name: [row[name] for row in rows] for name in rubrics.FIELDS}
    typed["name"][0] += "（改）"
    form = typed | {"whole": format(now.full, "f"), "version": str(now.version)}
    yield Step("office", "office.preview_rubric", form, {"kind": "defence"}, here, status=200)
    yield Step("office", "office.save_rubric", form, {"kind": "defence"}, here)
    for kind, (name, data) in sample_files().items():
        yield Step("office", "rosters.upload", {"kind": kind, "file": (BytesIO(data), name)}, query=here)
        number = {"number": _id(town, Import)}
        yield Step("office", "rosters.answer", {"q.level:副高": "senior"}, number)
        yield Step("office", "rosters.confirm", parts=number)
    yield from _directory(town, here)
    yield Step("office", "rosters.lock", query=here)
    yield Step("office", "rosters.unlock", {"reason": "漏了一位"}, query=here)
    yield Step("office", "rosters.lock", query=here)
    yield Step("office", "schedule.start", {"seconds": "5"}, query=here)
    yield Step("office", "schedule.cancel", parts={"number": _id(town, Job)})


def _directory(town: Town, here: str) -> Iterator[Step]:
    with town.data() as session:
        round_ = session.get_one(Round, 2)
        people = session.scalars(select(Applicant).where(Applicant.round_id == 2).order_by(Applicant.code)).all()
        codes = [one.code for one in people]
        typed = person_form.texts(round_, people[0])
        form = typed | {"title": "正高级工程师", "version": str(people[0].row_version)}
        names = sorted({one.employer for one in people})
    yield Step("office", "people.save", form, {"kind": "applicants", "code": codes[0]}, here)
    twin = typed | {"id_no": "", "employer": "另一家公司", "version": "0"}
    yield Step("office", "people.save", twin, {"kind": "applicants", "code": "new"}, here)
    pair = sorted((codes[0], f"A{int(codes[-1][1:]) + 1:05d}"))
    both = {"decide": "apart", "why": "同名，已核对"}
    yield Step("office", "employers.decide", both, {"one": pair[0], "other": pair[1]}, here)
    yield Step("office", "people.remove", parts={"kind": "applicants", "code": pair[1]}, query=here)
    listed = {"name": "某大学", "reason": "其他"}
    yield Step("office", "people.add_recusal", listed, {"kind": "applicants", "code": codes[0]}, here)
    number = _id(town, Recusal, round_id=2)
    yield Step("office", "people.change_recusal", {"reason": "师生"}, {"number": number, "act": "reason"}, here)
    yield Step("office", "people.change_recusal", parts={"number": number, "act": "drop"}, query=here)
    yield Step("office", "people.search", {"q": "张"}, {"kind": "applicants"}, here)
    yield Step("office", "employers.join", {"main": names[0], "other": names[1], "kind": "other"}, query=here)
    yield Step("office", "pool.answer", {"code": "E0001", "do": "confirmed"}, query=here)
    sealed = {"n.D1": "1", "commitment": hashlib.sha256(b"a secret of the office").hexdigest()}
    yield Step("office", "pool.commit", sealed, query=here)
    reveal = {"digits": "271828", "secret": "a secret of the office"}
    yield Step("office", "pool.draw", reveal, {"number": _id(town, ExpertDraw)}, here)
    yield Step("office", "employers.split", {"alias": names[1]}, query=here)


def _schedule(town: Town) -> Iterator[Step]:
    yield Step("office", "schedule.withdraw", {"reason": "换场地"})
    book = town.client("office").get("/results/books/schedule?round=1")
    assert book.status_code == 200
    yield Step("office", "schedule.upload", {"file": (BytesIO(book.data), "总表.xlsx")})
    yield Step("office", "schedule.keep", parts={"number": _id(town, Import, kind="schedule")})
    yield Step("office", "why.ask", parts={"number": 2})
    yield Step("office", "schedule.cancel", parts={"number": _id(town, Job)})
    sealed = {"commitment": hashlib.sha256(b"another secret").hexdigest(), "draft": "2"}
    yield Step("office", "lots.commit", sealed)
    yield Step("office", "lots.void", {"reason": "密语遗失"}, {"number": _id(town, Draw)})
    yield Step("office", "schedule.publish", parts={"number": 2})
    yield Step("office", "panel.assign", {"panel": "P1", "user": "sec2"})
    yield Step("office", "panel.dismiss", {"panel": "P1", "user": "sec2"})
    yield Step("secretary", "tablets.cards", {"panel": "P1", "day": "2026-12-05"}, status=200)
    shut = {"panel": "P1", "tablet": _id(town, TabletSession)} if town.tablet("E0002") else {}
    yield Step("secretary", "tablets.revoke", shut)
    yield Step("office", "tablets.begin")
    trial = f"round={_id(town, Round)}"
    yield Step("office", "tablets.fill", {"panel": "P1"}, query=trial)
    yield Step("office", "tablets.wipe", query=trial)
    ill = {"id": "E0003", "sessions": ["S1"]}
    yield Step("office", "day.ask", ill, {"kind": "expert"})
    for act in ("stop", "again", "stop", "drop"):
        yield Step("office", f"day.{act}", parts={"number": _id(town, Repair)})
    yield Step("office", "results.locked", {"kind": "schedule", "password": "abcd-1234"}, status=200)


def _marks(town: Town, expert: int, applicant: str = "A00001", **more: Any) -> dict[str, Any]:
    with town.data() as session:
        return record(session.get_one(Round, 1), applicant, expert, FULL | more.pop("marks", {}), **more)


def _day(town: Town) -> Iterator[Step]:
    for door in ("tablet.typed", "tablet_data.come_in"):
        given = Step("secretary", "panel.code", {"panel": "P1", "expert": "E0003"}, status=200)
        yield given
        code = _code(given)
        if door == "tablet.typed":
            yield Step("nobody", door, {"code": code})
        else:
            yield Step("nobody", door, json={"code": code}, status=200)
    yield Step("expert", "tablet.leave")
    yield Step("desk", "desk.arrive", {"applicant": "A00001", "session": "S1"})
    yield Step("desk", "desk.depart", {"applicant": "A00001", "session": "S1"})
    with town.data() as session:  # as if the round drew its lots at check-in
        round_ = session.get_one(Round, 1)
        round_.settings = round_.settings | {"lots": "check_in", "vote": "committee"}
    yield Step("desk", "desk.arrive", {"applicant": "A00002", "session": "S1", "number": "1"})
    yield Step("desk", "desk.draw", {"place": "S1/R1", "session": "S1"})
    yield Step("desk", "desk.expert", {"expert": "E0001", "session": "S1", "here": "1"})
    apart = {"applicant": "A00002", "expert": "E0003", "reason": "师生", "panel": "P1"}
    yield Step("office", "panel.recuse", apart)
    yield Step("office", "panel.unrecuse", apart)
    yield Step("expert", "tablet_data.alive", json={"unsent": 0, "skew": 0, "app": "1", "secure": True}, status=200)
    yield Step("nobody", "tablet_data.test_record", json=_marks(town, 1), status=201)
    third = {"sheet": "R1-P1-A00002-E0002", "reason": "师生", "more": ""}
    yield Step("expert", "tablet_data.recuse", json=third, status=200)
    for what in ("call", "enter", "talk", "answers", "heard"):
        yield Step("secretary", "panel.step", {"panel": "P1", "step": what, "applicant": "A00001"})
    for what in ("absent", "undo", "absent"):
        yield Step("secretary", "panel.step", {"panel": "P1", "step": what, "applicant": "A00002"})
    yield Step("office", "panel.step", {"step": "gave_up", "applicant": "A00003"})
    yield Step("chair", "tablet_data.record", json=_marks(town, 1), status=201)
    yield from _two_versions(town)
    key, text = "R1-P1-A00001-E0001", "陈述清楚"
    said = {"uuid": str(uuid4()), "sheet": key, "text": text, "hash": remarks.fingerprint(key, text)}
    yield Step("chair", "tablet_data.remark", json=said, status=201)
    words = {"opinion": "同意", "question": "为什么？", "answer": "因为。", "version": "0"}
    note = {"applicant": "A00001"}
    yield Step("secretary", "panel.write_note", words, note)
    yield Step("chair", "tablet.sign_note", {"version": _version(town, Note)}, note)
    yield Step("chair", "tablet.sign_note", {"back": "1"}, note)


def _two_versions(town: Town) -> Iterator[Step]:
    """A sheet that two tablets wrote, before it is submitted and after."""
    key = "R1-P1-A00001-E0002"

    def written(status: int, state: str, base: int, mark: str) -> Step:
        marks = _marks(town, 2, state=state, base_version=base, marks={"qa": mark})
        return Step("expert", "tablet_data.record", json=marks, status=status)

    yield written(201, "draft", 0, "10")
    other = written(409, "draft", 0, "12")
    yield other
    settled = {"sheet": key, "uuid": other.json["uuid"], "version": 1}
    yield Step("expert", "tablet_data.settle", json=settled, status=200)
    yield written(201, "submitted", _sheet(town, key), "14")
    choice = {"sheet": key, "uuid": "", "reason": "以先到的为准"}
    yield written(409, "submitted", 0, "15")
    yield Step("chair", "tablet.propose_version", choice)
    yield Step("results_officer", "versions.answer", {"sheet": key, "agree": "1"})
    yield written(409, "submitted", 0, "16")
    yield Step("results_officer", "versions.propose", choice)
    yield Step("chair", "tablet.answer_version", {"sheet": key, "agree": "1"})


def _sheet(town: Town, key: str) -> int:
    """The sheet's version."""
    with town.data() as session:
        return session.scalars(select(Sheet.version).where(Sheet.key == key)).one()


def _code(given: Step) -> str:
    assert given.answer is not None
    found = re.search(r"<code[^>]*>([A-Z2-9 -]{8,})</code>", given.answer.text)
    assert found, given.answer.text
    return found[1].strip()


def _version(town: Town, table: Any) -> str:
    with town.data() as session:
        return str(session.scalars(select(table.row_version).order_by(table.id.desc())).first())


def _paper(town: Town) -> Iterator[Step]:
    key = "R1-P1-A00001-E0003"

    def typed(base: int) -> Step:
        form = {f"m.{name}": mark for name, mark in FULL.items()}
        return Step("secretary", "paper.type_in", form | {"sheet": key, "base_version": str(base), "panel": "P1"})

    def form() -> dict[str, str]:
        return {"sheet": key, "version": str(_sheet(town, key)), "reason": "与纸面不符"}

    saved = json.dumps({"records": [_marks(town, 3)]}).encode()
    yield Step("secretary", "paper.upload", {"file": (BytesIO(saved), "平板.json")})
    yield Step("secretary", "paper.confirm", parts={"number": _id(town, Import, kind="entry")})
    yield Step("chair", "tablet.return_paper", form())
    yield typed(1)
    yield Step("chair", "tablet.confirm_paper", form())


def _closing(town: Town) -> Iterator[Step]:
    key = "R1-P1-A00001-E0002"
    yield Step("chair", "tablet.ask_unlock", {"sheet": key, "reason": "写错一项"})
    yield Step("results_officer", "life.answer", {"agree": "1"}, {"number": _id(town, Unlock)})
    yield Step(
        "expert",
        "tablet_data.record",
        json=_marks(town, 2, base_version=_sheet(town, key), marks={"qa": "18"}),
        status=201,
    )
    yield Step("results_officer", "life.ask", {"sheet": key, "reason": "核对"})
    yield Step("chair", "tablet.answer_unlock", parts={"number": _id(town, Unlock)})
    place = {"panel": "P1", "session": "S1", "reason": "再看一遍"}
    yield Step("secretary", "panel.close", place)
    yield Step("office", "panel.reopen", place)
    yield Step("secretary", "panel.close", place)
    yield Step("chair", "tablet.sign", {"panel": "P1"})
    papers = {"A00001.basis": "35", "A00001.achievements": "50", "A00001.version": "0"}
    yield Step("secretary", "committee.type_papers", papers)
    seen = {"A00001.version": _version(town, Review), "A00001.seen": "1"}
    yield Step("results_officer", "committee.confirm_papers", seen)


def _results(town: Town) -> Iterator[Step]:
    yield Step("office", "schedule.search", {"words": "张"}, {"number": 1, "kind": "applicants"})
    yield Step("office", "results.compute")
    yield Step("office", "results.search", {"words": "张"}, {"kind": "results"})
    yield Step("results_officer", "results.back", {"reason": "核对"})
    yield Step("office", "results.compute", {"reason": "已核对"})
    yield Step("results_officer", "results.confirm")
    counts = {"present": "9", "votes_for": "6", "against": "3", "abstain": "0", "spoiled": "0", "version": "0"}
    votes = {f"A00001.{name}": text for name, text in counts.items()}
    yield Step("results_officer", "committee.write_votes", votes)
    yield Step("results_officer", "committee.finish_votes")
    yield Step("results_officer", "committee.reopen_votes", {"reason": "补记"})
    yield Step("results_officer", "committee.finish_votes")
    meeting = {
        "members": "、".join("甲乙丙丁戊己庚辛壬"),
        "invited": "11",
        "chair": "甲",
        "opinion": "同意。",
        "version": "0",
    }
    yield Step("results_officer", "committee.write_meeting", meeting)
    yield Step("results_officer", "results.release")


def _life(town: Town) -> Iterator[Step]:
    said = {"source": "某人", "text": "分数偏低", "applicant": "A00001"}
    yield Step("office", "life.receive", said)
    yield Step("results_officer", "life.decide", {"decision": "kept", "finding": "已核查"}, {"number": 1})
    yield Step("office", "office.save_settings", {"notice_start": "2026-12-07"})
    yield Step("results_officer", "committee.begin_notice")
    yield Step("results_officer", "life.recheck", {"reason": "再查一遍"})
