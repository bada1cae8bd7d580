"""Rounds in which a figure has no answer: one applicant, one expert, equal marks, nothing but zeros, nobody heard.

Never a NaN, an infinity or a Python word on a page, in a workbook, for the clipboard or in JSON; a sentence instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from math import isfinite

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.webapp.small import FULL, OFFICE, OFFICER, clock, hear, published_round, submit, tablet
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from webapp.models import Round
from webapp.services import books, closing, panel_day, results

NO_NUMBER = re.compile(r"(?<![A-Za-z])(nan|inf|infinity|none|null|undefined)(?![A-Za-z])", re.IGNORECASE)
ZERO = dict.fromkeys(FULL, "0")
TOP = {"talk": "20", "skill": "25", "work": "25", "qa": "25", "general": "5"}
EQUAL: dict[str, str] = {}
Marks = dict[tuple[int, int], dict[str, str]]
"""Applicant and expert → the marks that differ from the usual ones."""
ROUNDS: dict[str, tuple[Marks, str]] = {
    "one applicant": ({(1, e): {"qa": str(15 + e)} for e in (1, 2, 3)}, "各至少 2 位"),
    "one expert": ({(1, 1): {"qa": "19"}, (2, 1): {"qa": "12"}}, "各至少 2 位"),
    "one of both": ({(1, 1): EQUAL}, "各至少 2 位"),
    "all equal": ({(a, e): EQUAL for a in (1, 2) for e in (1, 2, 3)}, "没有差别"),
    "applicants equal": ({(a, e): {"qa": str(15 + e)} for a in (1, 2) for e in (1, 2, 3)}, ""),
    "experts equal": ({(a, e): {"qa": str(15 + a)} for a in (1, 2) for e in (1, 2, 3)}, ""),
    "nothing but zeros": ({(a, e): ZERO for a in (1, 2) for e in (1, 2, 3)}, "没有差别"),
    "nothing but full marks": ({(a, e): TOP for a in (1, 2) for e in (1, 2, 3)}, "没有差别"),
    "one sheet missing": (
        {(a, e): {"qa": str(10 + a * e)} for a in (1, 2) for e in (1, 2, 3) if (a, e) != (2, 3)},
        "不全",
    ),
    "nobody heard": ({}, ""),
}


def computed(session: Session, marks: Marks) -> Round:
    """The round with these sheets, computed with everything a round may use."""
    round_ = published_round(session)
    changes = {"aggregate": "trim_item", "correction": "pooled", "weights": [40, 60], "reference_line": "60"}
    round_.settings = round_.settings | changes | {"min_sheets": 1, "min_sheets_to_trim": 3}
    for applicant in (1, 2):
        code = f"A0000{applicant}"
        if all(a != applicant for a, _e in marks):
            panel_day.settle(session, OFFICE, clock, round_, code, "absent")
            continue
        hear(session, round_, code)
        for (a, expert), own in marks.items():
            if a == applicant:
                submit(session, round_, code, expert, **own)
    panel_day.settle(session, OFFICE, clock, round_, "A00003", "deferred", "没有排上")
    session.flush()
    closing.close(session, OFFICE, clock, round_, "P1", "S1", "有专家请假")
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    results.compute(session, OFFICE, clock, round_)
    results.confirm(session, OFFICER, clock, round_)
    session.flush()
    return round_


def cells(workbook: bytes) -> Iterator[str]:
    """What of a workbook is no number: texts with such a word, floats that are none."""
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook), data_only=False):
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if (isinstance(value, float) and not isfinite(value)) or (
                    isinstance(value, str) and NO_NUMBER.search(value)
                ):
                    yield f"{sheet.title}!{cell.coordinate}: {value}"


@pytest.mark.parametrize("name", ROUNDS)
def test_a_sentence_and_never_a_nan(app: Flask, name: str) -> None:  # noqa: F811
    marks, said = ROUNDS[name]
    with data(app) as session:
        round_ = computed(session, marks)
        kinds = ("summary", "results", "origins", "minutes", "opinions", "votes", "attendance")
        found = [
            line for kind in kinds for line in cells(books.workbook(session, round_, kind, role="results_officer")[1])
        ]
        assert found == []
    officer, seen = client(app, "results_officer"), ""
    codes = [f"/results/A0000{n}{page}" for n in (1, 2, 3) for page in ("", "/print")]
    trust = ["/results/trust/", "/results/trust/?quota=1", "/results/trust/P1"]
    rows = [
        "/results/lists/results/rows",
        "/results/",
        "/results/life/versions",
        "/committee/papers",
        "/committee/votes",
    ]
    for address in (*codes, *trust, *rows):
        answer = officer.get(address)
        assert answer.status_code in (200, 404), address
        text = re.sub(r"<[^>]+>|&[a-z]+;", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", answer.text))
        assert not NO_NUMBER.search(text), (address, NO_NUMBER.findall(text))
        numbers = re.findall(
            r'"[^"]*\b(?:nan|inf)\b[^"]*"', " ".join(re.findall(r"<svg.*?</svg>", answer.text, re.DOTALL))
        )
        assert numbers == [], "nor among the places of a picture"
        seen += text
    assert said in seen
