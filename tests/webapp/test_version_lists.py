"""The long lists of a version, of a difference of two and of results: sorted, chosen, found and paged by the server."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.drafted import drafted_round, schedule
from tests.webapp.panels import computed_round
from tests.webapp.small import OFFICE, clock
from tests.webapp.test_doors import app, client, data  # noqa: F401
from webapp.models import Applicant, Result, Round, ScheduleVersion
from webapp.services import change_lists, comparing, drafts, listing, result_lists, results, schedule_lists
from webapp.services.instance import problem_document
from webapp.services.listing import Asked, Table

Drafted = tuple[Round, ScheduleVersion]


@pytest.fixture
def drafted(session: Session) -> Drafted:
    return drafted_round(session)


def cells(session: Session, table: Table, words: str = "", **given: str) -> list[list[str]]:
    return list(listing.every(session, table, Asked.of(given, words)))


def column(session: Session, table: Table, words: str = "", *, at: int = 0, **given: str) -> list[str]:
    return [row[at] for row in cells(session, table, words, **given)]


def test_applicants_with_time_and_place(session: Session, drafted: Drafted) -> None:
    table = schedule_lists.applicants(*drafted)
    rows = cells(session, table)
    assert rows[0] == ["A00001", "张明远", "甲厂", "锂矿原料", "12月5日 上午 09:00", "第一答辩室", "P1"]
    assert rows[-1][4:] == ["未安排", "", ""]
    early = column(session, table, sort="time")
    assert (early[0], early[-1]) == ("A00001", "A00008")
    assert column(session, table, sort="-time")[-1] == "A00008", "who has no time stands last, either way"
    assert column(session, table, there="left") == ["A00008"]
    assert column(session, table, room="R2") == ["A00005", "A00006", "A00007"]
    assert column(session, table, half="S2") == []
    assert column(session, table, "p2 zjg") == []
    assert column(session, table, "p2") == ["A00005", "A00006", "A00007"]
    assert column(session, table, "zmy") == ["A00001"]
    assert len(cells(session, schedule_lists.applicants(*drafted, placed=True))) == 7


def test_pages_neither_repeat_nor_lose_anybody(session: Session, drafted: Drafted) -> None:
    round_, version = drafted
    for n in range(100, 230):
        person = Applicant(round_id=round_.id, code=f"A{n:05d}", name="申报", employer="某公司", level="senior")
        person.direction = round_.directions[0]
        session.add(person)
    session.flush()
    table = schedule_lists.applicants(round_, version)
    seen = [listing.page(session, table, Asked.of({"sort": "time", "page": str(n)})) for n in (1, 2, 3)]
    codes = [row[0].code for page in seen for row in page.rows]
    assert (len(codes), len(set(codes)), seen[0].pages, seen[0].count) == (138, 138, 3, 138)


def test_panels_and_the_experts_who_sit(session: Session, drafted: Drafted) -> None:
    table = schedule_lists.panels(*drafted)
    assert cells(session, table)[0] == ["P1", "锂矿原料", "钱伟", "冯刚、陈静", "1", "12月5日 上午 第一答辩室（4 人）"]
    assert column(session, table, direction="D2") == ["P2"] == column(session, table, room="R2")
    assert column(session, table, "fg") == ["P1"], "by a member's pinyin"
    experts = schedule_lists.experts(*drafted)
    assert len(cells(session, experts)) == 6, "E7 and E8 are not called"
    assert cells(session, experts, chair="1")[0][3:] == ["P1（组长）", "1", "1", "12月5日 上午 第一答辩室"]
    assert column(session, experts, room="R2", sort="-name") == ["E0005", "E0006", "E0004"]


def second(session: Session, round_: Round) -> comparing.Comparison:
    """A5 is heard an hour later under a panel of the afternoon, A8 gets a place, A1 loses the one there was."""
    document: dict[str, Any] = copy.deepcopy(schedule())
    first, other = (panel["sittings"][0]["appointments"] for panel in document["panels"])
    first[0]["applicant"] = "A00008"
    document["unscheduled"] = ["A00001"]
    other.pop(0)
    afternoon = {"session": "S2", "room": "R2", "appointments": [{"applicant": "A00005", "start": "2026-12-05T14:00"}]}
    document["panels"][1]["sittings"].append(afternoon)
    version = drafts.put(session, OFFICE, clock, round_, problem_document(session, round_), document)
    return comparing.compare(session, round_, drafts.load(session, round_, 1), version)


def test_what_differs_between_two_versions(session: Session, drafted: Drafted) -> None:
    found = second(session, drafted[0])
    unknown = change_lists.moved(session, drafted[0], found)
    assert "told" not in [c.key for c in unknown.columns], "nobody was told of a version that was never published"
    found.a.published_at = clock()
    table = change_lists.moved(session, drafted[0], found)
    assert column(session, table) == ["A00008", "A00005", "A00001"], "by the time that is now, who has none last"
    assert cells(session, table, kind="session") == [
        [
            "A00005",
            "孙立",
            "公司5",
            "换时段",
            "12月5日 上午 09:00 第二答辩室 P2",
            "12月5日 下午 14:00 第二答辩室 P2",
            "要通知",
        ]
    ]
    assert column(session, table, "zmy", told="1") == ["A00001"]
    assert column(session, table, told="0") == []
    assert column(session, table, sort="-code") == ["A00008", "A00005", "A00001"]
    people = change_lists.called(session, drafted[0], found)
    assert column(session, people, side="new") == ["E0004", "E0005", "E0006"]
    assert column(session, people, side="gone") == []


def test_results_are_sorted_as_numbers_and_chosen_by_the_line(session: Session) -> None:
    round_ = computed_round(session, reference_line="60", correction="off")
    made = results.newest(session, round_)
    assert made is not None
    rows = list(session.scalars(select(Result).where(Result.set_id == made.id).order_by(Result.id)))
    for row, text in zip(rows[:3], ("100", "99.5", "9.25"), strict=True):
        row.raw = Decimal(text)
    rows[3].raw, rows[3].outcome, rows[3].rank = None, "absent", None
    session.flush()
    table = result_lists.seniors(session, round_, made)
    marks = column(session, table, sort="-raw", at=7)
    assert (marks[:2], marks[-2:]) == (["100", "99.5"], ["9.25", "缺席"])
    assert column(session, table, line="0", at=7)[:1] == ["9.25"]
    assert "9.25" not in column(session, table, line="1", at=7)
    assert column(session, table, outcome="absent", at=1) == [rows[3].applicant.code]
    assert column(session, table)[-1] == "–", "by rank, who has none last"
    assert cells(session, table, direction="D2")
    for n in (31, 32):
        person = Applicant(round_id=round_.id, code=f"A{n:05d}", name="中级", employer="某公司", level="intermediate")
        person.direction = round_.directions[n - 31]
        session.add(person)
    session.flush()
    papers = result_lists.intermediates(round_)
    assert column(session, papers) == ["A00031", "A00032"], "each once, with the own direction"
    assert not cells(session, table, "nobody")


def test_who_reads_a_version_searches_sorts_and_takes_it_away(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        drafted_round(session)
    office = client(app, "office")
    where = "/schedule/1/lists/applicants"
    answer = office.post(f"{where}/search?round=1&sort=-name", data={"words": "张明远"})
    assert (answer.status_code, "张" in answer.headers["Location"]) == (303, False)
    page = office.get(answer.headers["Location"]).text
    assert "张明远" in page
    assert "李思齐" not in page
    assert "sort=-name" in answer.headers["Location"]
    copied = office.get(f"{where}/rows?round=1&there=left").text.splitlines()
    assert (len(copied), copied[1].split("\t")[0]) == (2, "A00008")
    assert office.get(f"{where}/excel?round=1").data[:2] == b"PK"
    assert office.get("/schedule/1/lists/nothing/rows?round=1").status_code == 404
    assert client(app, "organiser").get(f"{where}/rows?round=1").status_code == 403, "a draft is not theirs to read"
