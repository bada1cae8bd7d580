"""How a result came about: told again from what the set kept, with and without names, on the page and on paper."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import out
from tests.webapp.small import OFFICE, OFFICER, clock, hear, published_round, submit, tablet
from tests.webapp.test_doors import app, client, data  # noqa: F401  (fixtures)
from webapp.models import Applicant, Recusal, ResultSet, Round
from webapp.services import books, closing, origin, panel_day, results, reviews
from webapp.services.kernel import Actor
from webapp.services.verify import verify

ACT = (OFFICE, clock)


def finish(session: Session, round_: Round) -> ResultSet:
    """Two heard: the first without the third expert, who is recused; the second without a sheet of the third."""
    for code in ("A00001", "A00002"):
        hear(session, round_, code)
        for expert, qa in ((1, "20"), (2, "15")):
            submit(session, round_, code, expert, qa=qa)
    first = session.scalars(select(Applicant.id).where(Applicant.code == "A00001")).one()
    third = tablet(session, round_, 3).expert_id
    session.add(Recusal(round_id=round_.id, side="day", applicant_id=first, expert_id=third, reason="师生"))
    panel_day.settle(session, *ACT, round_, "A00003", "deferred", "没有排上")
    session.flush()
    closing.close(session, *ACT, round_, "P1", "S1", "专家3平板故障")
    closing.sign(session, tablet(session, round_, 1), clock, round_, "P1")
    made = results.compute(session, *ACT, round_)
    session.flush()
    return made


def test_it_is_told_from_what_the_set_kept(session: Session, round_: Round) -> None:
    made = finish(session, round_)
    first, second, third = (origin.of(made, row) for row in made.results)
    assert [s.formula for s in first.story.steps if first.story] == ["(82+77)÷2"]
    assert (first.row.raw, first.story and first.story.rank, first.agrees) == (Decimal("79.50"), 1, True)
    assert first.row.uncounted == [{"expert": "E0003", "why": "recused", "reason": "师生"}]
    assert second.row.uncounted == [{"expert": "E0003", "why": "none", "reason": "专家3平板故障"}]
    assert (third.story, third.agrees) == (None, True)
    assert first.experts == ("E0001", "E0002", "E0003")
    assert [r.version for r in origin.history(session, first.row)[first.row.sheets[0]["key"]]] == [1]


def test_a_stored_result_that_its_sheets_do_not_give_is_said(session: Session, round_: Round) -> None:
    made = finish(session, round_)
    row = made.results[0]
    row.raw = Decimal("79.51")
    assert not origin.of(made, row).agrees


@pytest.fixture
def computed(app: Flask) -> Flask:  # noqa: F811
    with data(app) as session:
        finish(session, published_round(session))
    return app


def test_names_and_single_marks_are_for_those_who_read_sheets(computed: Flask) -> None:
    office = client(computed, "office").get("/results/A00001").text
    assert "专家 1" in office
    assert "专家1" not in office, "the first expert's name"
    assert "(82+77)÷2" in office
    assert "<td>20</td>" not in office
    assert "汇报（20）" not in office, "no columns of dashes"
    with data(computed) as session:
        round_ = session.scalars(select(Round)).one()
        results.confirm(session, OFFICER, clock, round_)
        results.release(session, OFFICER, clock, round_)
    for page in ("", "/print"):
        organiser = client(computed, "organiser").get(f"/results/A00001{page}").text
        assert "79.50" in organiser, "the result, and what counts"
        assert not {"<b>82</b>", "<b>77</b>", "(82+77)÷2"} & set(re.findall(r"<b>\d+</b>|\(82\+77\)÷2", organiser))
        assert "(82+77)÷2" in client(computed, "office").get(f"/results/A00001{page}").text
    officer = client(computed, "results_officer").get("/results/A00001").text
    assert "E0001 专家1" in officer
    assert "<td>20</td>" in officer.replace(" </td>", "</td>")
    paper = client(computed, "results_officer").get("/results/A00001/print").text
    assert "专家1" not in paper
    assert "没有评分表：回避" in paper
    other = client(computed, "results_officer").get("/results/A00002/print").text
    assert "没有评分表：没有提交（专家 3平板故障）" in other.replace("\n", ""), "what a secretary wrote names nobody"
    assert "与所存成绩一致" in paper


def test_what_decided_between_equal_scores_is_shown_to_who_reads_sheets(app: Flask) -> None:  # noqa: F811
    with data(app) as session:
        round_ = published_round(session)
        round_.settings = round_.settings | {"tie_break": ["qa", "talk"]}
        finish(session, round_)
        book = books.workbook(session, round_, "origins")[1]
    officer = client(app, "results_officer").get("/results/A00002").text
    row = r"<td[^>]*>(?:<b>)?(A0000[12])(?:</b>)?</td>" + r"<td>([\d.]+)</td>" * 2
    assert re.findall(row, officer) == [("A00001", "17.5", "18"), ("A00002", "17.5", "18")]
    assert "答辩的平均分" in officer
    office = client(app, "office").get("/results/A00002").text
    assert "同分时依次比较：答辩、" in office
    assert "17.5" not in office
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = archive.read("xl/sharedStrings.xml").decode()
    assert "同分的 2 人：A00001 答辩 17.5、汇报 18；A00002" in text
    assert "答辩、汇报的平均分（全部有效评分表，合分时去掉的也算）" in text


def test_papers_are_told_on_the_page_and_in_the_workbook(session: Session, round_: Round) -> None:
    round_.settings = round_.settings | {"weights": [40, 60], "correction": "pooled", "tie_break": ["qa"]}
    marks = {"basis": "35", "achievements": "50", "version": "0"}
    reviews.write(session, Actor("sec", "secretary"), clock, round_, {"A00001": marks})
    session.flush()
    reviews.confirm(session, OFFICER, clock, round_, {"A00001": "1"})
    made = finish(session, round_)
    assert reviews.by_item(session, round_, made.results[0]) == ["基本条件 35", "业绩成果 50"]
    assert reviews.by_item(session, round_, made.results[1]) == []
    book = openpyxl.load_workbook(io.BytesIO(books.workbook(session, round_, "origins")[1]))
    said = [[cell.value for cell in row if cell.value is not None] for row in book.worksheets[0].iter_rows()]
    (whole,) = (row for row in said if row and row[0] == "总分")
    assert whole[1:] == ["85×40%+79.50×60%　→　81.7", "=ROUND(ROUND((85*40+G9*60)/100,10),2)", "到 2 位小数"]
    texts = {row[0] for row in said if row}
    assert "没有材料评审分，不合成总分。" in texts, "the second applicant"
    assert "没有修正，答辩成绩就是最后成绩：本方向只有一个专家组，或不能修正。" in texts
    settings = openpyxl.load_workbook(io.BytesIO(books.workbook(session, round_, "results")[1]))["设置"]
    assert ("同分时比较", "答辩") in set(settings.iter_rows(min_col=1, max_col=2, values_only=True))


def test_a_difference_stands_at_the_head_of_the_page(computed: Flask) -> None:
    with data(computed) as session:
        made = session.scalars(select(ResultSet)).one()
        made.results[0].rank = 2
    assert "不一致" in client(computed, "office").get("/results/A00001").text
    assert "不要使用这一页" in client(computed, "office").get("/results/A00001/print").text


def test_the_workbook_is_for_those_who_read_sheets(session: Session, round_: Round) -> None:
    finish(session, round_)
    takers = [
        r for r in ("office", "organiser", "results_officer", "supervisor") if books.may_take(round_, r, "origins")
    ]
    assert takers == ["results_officer", "supervisor"]
    name, data_ = books.workbook(session, round_, "origins")
    assert (name, data_[:2]) == ("小批次-成绩由来.xlsx", b"PK")


def test_forms_of_too_many_pages_come_in_a_zip_and_in_a_folder_of_all(
    session: Session, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(session, round_)
    monkeypatch.setattr(out, "PAGES", 0)
    panel = books.content(session, round_).sittings[0].panel
    name, data_ = books.workbook(session, round_, "opinions")
    assert name == "小批次-答辩意见.zip"
    with zipfile.ZipFile(io.BytesIO(data_)) as archive:
        assert archive.namelist()[0] == f"小批次-答辩意见-{panel}.xlsx"
        verdict = verify(session, archive.read(archive.namelist()[0]), "一组.xlsx")
    assert verdict.agrees
    with zipfile.ZipFile(io.BytesIO(books.bundle(session, round_, ("groups", "sheets"))[1])) as archive:
        assert archive.namelist()[:2] == ["小批次-分组名单.xlsx", f"评分表/小批次-评分表-{panel}.xlsx"]
