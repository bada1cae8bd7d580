"""How far results can be trusted: figures, words that say what to do, pictures; for whom, and never a NaN."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.panels import computed_round
from tests.webapp.small import OFFICER, clock
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from webapp import charts
from webapp.models import ResultSet, Round
from webapp.services import objections, results, trust

NUMBER = re.compile(r"\b(nan|inf|None)\b", re.IGNORECASE)


def newest(session: Session, round_: Round) -> ResultSet:
    made = results.newest(session, round_)
    assert made is not None
    return made


def test_the_severe_expert_is_flagged_and_the_advice_says_what_to_do(session: Session) -> None:
    made = newest(session, computed_round(session))
    first, second = trust.panels(made)
    assert (first.code, len(first.rows), first.left_out) == ("P1", 10, 0)
    assert first.flagged[0] == "E0001", "made 7 % more severe"
    severe = first.severity["E0001"]
    assert severe.mean is not None
    assert severe.mean < -3
    assert second.agreement.icc["icc2k"] is not None
    said = " ".join(str(sentence) for level, sentence in first.advice if level == "warn")
    assert "专家 E0001 平均比同组其他专家低" in said
    assert "成绩不因此改动" in said
    assert [round(float(far), 2) for _row, far in first.far] == sorted([float(f) for _r, f in first.far], reverse=True)


@pytest.mark.parametrize(("shared", "parts"), [(False, 2), (True, 1)])
def test_panels_without_a_common_person_cannot_be_compared(session: Session, shared: bool, parts: int) -> None:
    made = newest(session, computed_round(session, shared=shared))
    assert len(trust.apart(made)) == parts
    assert bool(trust.split(made, trust.apart(made))) is not shared, "one direction in two parts"
    measured = trust.measures(made)
    assert len(measured.subsets) == parts
    assert ("没有共同的专家或申报人，不能比较" in measured.reason) is not shared
    assert trust.measures(made) is measured, "computed once"


def test_each_part_has_a_ruler_of_its_own(app: Flask) -> None:  # noqa: F811
    """Measures of unlinked parts do not compare: they never stand on one ruler, nor under one reliability."""
    with data(app) as session:
        parts = trust.measured(newest(session, computed_round(session)))
    assert [part.panels for part in parts] == [("P1",), ("P2",)]
    assert parts[0].reliability != parts[1].reliability
    for at, own, other in ((1, "A00001", "A00020"), (2, "A00020", "A00001"), (9, "A00020", "A00001")):
        page = client(app, "supervisor").get(f"/results/trust/?part={at}").text
        ruler = page[page.index('id="ruler"') : page.index("四、换一种算法谁会变")]
        assert (own in ruler, other in ruler, "不同的尺上的高低不能比较" in ruler) == (True, False, True)
        assert f"申报人 {parts[min(at, 2) - 1].reliability[0]:.2f}" in ruler


def test_what_would_flip_needs_a_line_or_a_quota(session: Session) -> None:
    made = newest(session, computed_round(session))
    assert trust.flipped(made, None) == {}
    (found,) = trust.flipped(made, 5).values()
    assert {f.change for f in found} <= {"method", "correction", "without"}
    assert all(f.before != f.after for f in found)


def test_a_sheet_that_is_missing_is_said(session: Session) -> None:
    made = newest(session, computed_round(session))
    made.results[0].sheets = made.results[0].sheets[:-1]
    first = trust.panels(made)[0]
    assert first.left_out == 1
    assert any("1 位申报人的评分表不全" in str(s) for _level, s in first.advice)


def test_one_applicant_tells_nothing_about_severity(session: Session) -> None:
    """With one applicant two experts may be ten marks apart: that nobody stands out is no finding."""
    made = newest(session, computed_round(session))
    made.results = [row for row in made.results if row.panel == "P1"][:1]
    said = [str(sentence) for _level, sentence in trust.panels(made)[0].advice]
    assert "只有 1 位申报人可比，判断不了专家偏严还是偏松。" in said
    assert not any("没有专家明显" in text for text in said)


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (lambda row: row.sheets[:1], "各至少 2 位才能计算一致性"),
        (lambda row: [s | {"total": "80", "marks": dict.fromkeys(s["marks"], "5")} for s in row.sheets], "没有差别"),
        (lambda row: [], ""),
    ],
)
def test_one_expert_equal_marks_or_no_sheet_are_sentences_and_never_a_nan(app: Flask, sheets, said: str) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    with data(app) as session:
        for row in newest(session, computed_round(session)).results:
            row.sheets = sheets(row)
    officer = client(app, "results_officer")
    for address in ("/results/trust/?quota=3", "/results/trust/P1"):
        answer = officer.get(address)
        assert answer.status_code == (200 if said or address.endswith("3") else 404)
        text = re.sub(r"<[^>]+>", " ", answer.text)
        assert not NUMBER.search(text), NUMBER.findall(text)
        assert said in text or answer.status_code == 404


def test_by_expert_statistics_are_for_officer_and_supervisor_and_never_live(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        computed_round(session, shared=True, reference_line="78")
    for role, status in (("results_officer", 200), ("supervisor", 200), ("office", 403), ("organiser", 403)):
        for address in ("/results/trust/", "/results/trust/P1"):
            assert client(app, role).get(address).status_code == status
    page = client(app, "supervisor").get("/results/trust/?quota=4").text
    assert page.count("<svg") == 3
    assert "各组由共同的专家相连，可以比较" in page
    assert "换一种算法谁会变" in page
    with data(app) as session:
        found = trust.panels(newest(session, session.scalars(select(Round)).one()))[0].agreement
    panel = client(app, "supervisor").get("/results/trust/P1").text
    low, high = found.ci95["icc3"] or (0, 0)
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", panel[panel.index("95% 区间</td>") :])
    assert cells[2] == f"{low:.3f} ～ {high:.3f}", "the third coefficient's own interval"
    assert client(app, "supervisor").get("/results/trust/P9").status_code == 404
    with data(app) as session:
        round_ = session.scalars(select(Round)).one()
        results.confirm(session, OFFICER, clock, round_)
        results.release(session, OFFICER, clock, round_)
        objections.recheck(session, OFFICER, clock, round_, "误点")
    for address in ("/results/trust/", "/results/trust/P1"):
        text = client(app, "supervisor").get(address).text
        assert "正在复查。下面是已公布的第 1 次计算" in text
        assert "<svg" in text, "what is released stands while it is checked again"
    with data(app) as session:
        session.scalars(select(Round)).one().state = "in_session"
        for made in session.scalars(select(ResultSet)):
            made.state = "superseded"
    assert "成绩计算后在这里查看" in client(app, "supervisor").get("/results/trust/").text, "never while marks come in"


def test_an_axis_has_round_ticks_and_holds_every_value() -> None:
    for values in ([71.2, 88.9], [0.001, 0.002], [-4.2, 3.1], [5.0], [], [1e6, 3e6]):
        axis = charts.Axis.over(values)
        ticks = list(axis.ticks())
        assert 2 <= len(ticks) <= 9
        assert all(axis.low <= value <= axis.high for value in values)
        assert ticks[0] == axis.low
        assert ticks[-1] == pytest.approx(axis.high)
    assert charts.Axis(0, 1, 0.5).at(-3) == charts.LABEL, "beyond the end at the end"


def test_agreement_under_nothing_stands_left_of_0_and_an_interval_beyond_the_axis_has_an_arrow() -> None:
    axis = charts.Axis.over([-1.18, 1.0])
    found = [charts.Row("P1", (-1.18,), (-4.3, 0.3)), charts.Row("P2", (0.9,), (0.7, 0.95))]
    chart = charts.rows("一致性", found, axis, zero=True, bands=True)
    dots = [s.x for s in chart.shapes if s.kind == "dot"]
    assert dots[0] < axis.at(0) < dots[1]
    assert [(s.text, s.x, s.says) for s in chart.shapes if s.look == "beyond"] == [("◂", axis.at(axis.low), "-4.30")]
    assert [s.x for s in chart.shapes if s.look == "low"] == [axis.at(axis.low)], "the band of low goes on below 0"


def test_names_nearer_than_a_line_share_one() -> None:
    marks = [("A1", 1.0), ("A2", 0.999), ("A3", -1.0)]
    chart = charts.ruler("尺", [("申报人", marks)])
    assert [s.text for s in chart.shapes if s.look == "name"] == ["A1 A2", "A3"]
