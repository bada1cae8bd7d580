"""Rosters that come a second time: what changes is told first; columns that were asked about are remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.live import Person, chromium, running
from tests.webapp.small import NOW, OFFICE, clock
from webapp import create_app
from webapp.config import from_environment
from webapp.db import db
from webapp.migrate import upgrade
from webapp.models import Applicant, AuditEntry, Expert, Recusal, Round
from webapp.services import locking, mapping, rosters, rounds, users
from webapp.services.kernel import Refused, Unreadable

HEAD = "姓名,单位,级别,专业,电话,不可用时间,回避专家"
FIRST = ["张三,甲厂,高级,隔膜,13800000001,,", "李四,乙厂,高级,隔膜,13800000002,15日上午,王五"]
VENUE = "答辩室\n一室\n\n日期,时段名,开始,结束\n2023-07-15,上午,8:30,12:00\n2023-07-15,下午,14:00,17:30"
EXPERTS = "姓名,单位,专业,角色,可用时间\n王五,大学,隔膜,组长,除15日上午"


def text(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.fixture
def draft(session: Session) -> Round:
    made = rounds.create(session, OFFICE, clock, "批次", {"min_specialists": "1"})
    session.flush()
    return made


def write(session: Session, round_: Round, kind: str, *lines: str, **more: object) -> rosters.Look:
    return rosters.write(session, OFFICE, clock, round_, kind, text(*lines), f"{kind}.csv", **more)  # type: ignore[arg-type]


def look(session: Session, round_: Round, kind: str, *lines: str) -> rosters.Look:
    return rosters.look(session, round_, kind, text(*lines), f"{kind}.csv", {})


def names(session: Session, table: type[Applicant | Expert]) -> list[str]:
    return [f"{row.code} {row.name}" for row in session.scalars(select(table).order_by(table.code))]


def test_a_second_import_tells_first_and_then_makes_no_duplicates(session: Session, draft: Round) -> None:
    write(session, draft, "venue", VENUE)
    assert look(session, draft, "applicants", HEAD, *FIRST).changes is None, "nothing to compare with"
    write(session, draft, "applicants", HEAD, *FIRST)
    same = look(session, draft, "applicants", HEAD, *FIRST).changes
    assert same is not None
    assert (same.added, same.changed, same.gone, same.same) == ((), (), (), 2)
    other = [HEAD, "赵六,丙厂,高级,隔膜,,,", "李四,乙厂,中级,隔膜,13800000003,15日下午,"]
    seen = look(session, draft, "applicants", *other)
    assert seen.changes is not None
    assert (seen.changes.added, seen.changes.gone, seen.changes.same) == (("赵六（丙厂）",), ("张三（甲厂）",), 0)
    (person,) = seen.changes.changed
    assert person.fields == (
        ("申报级别", "高级", "中级"),
        ("联系电话", "13800000002", "13800000003"),
        ("不可用时间", "15日上午", "15日下午"),
        ("回避专家", "王五", ""),
    )
    assert names(session, Applicant) == ["A00001 张三", "A00002 李四"], "nothing was written"
    write(session, draft, "applicants", *other)
    assert names(session, Applicant) == ["A00001 张三", "A00002 李四", "A00003 赵六"]
    write(session, draft, "applicants", *other, remove_gone=True)
    assert names(session, Applicant) == ["A00002 李四", "A00003 赵六"]


def test_whoever_is_recused_goes_and_the_recusal_says_so(session: Session, draft: Round) -> None:
    write(session, draft, "venue", VENUE)
    write(session, draft, "experts", EXPERTS)
    write(session, draft, "applicants", HEAD, *FIRST)
    (row,) = session.scalars(select(Recusal))
    assert row.expert_id is not None
    write(session, draft, "experts", EXPERTS.replace("王五", "孙七"), remove_gone=True)
    session.refresh(row)
    assert (row.name, row.expert_id) == ("王五", None)
    with pytest.raises(Refused, match="王五"):
        locking.lock(session, OFFICE, clock, draft)


def test_nobody_of_a_draft_is_removed(session: Session, round_: Round) -> None:
    round_.state = "draft"
    direction = round_.directions[0].name
    with pytest.raises(Refused, match="申报1、申报2"):
        write(session, round_, "applicants", "姓名,单位,级别,专业", f"新人,甲厂,高级,{direction}", remove_gone=True)


def test_times_are_understood_whichever_comes_first(session: Session, draft: Round) -> None:
    write(session, draft, "experts", EXPERTS)
    write(session, draft, "venue", VENUE)
    expert = session.scalars(select(Expert)).one()
    assert expert.available == ["S2"]
    changed = VENUE + "\n2023-07-16,上午,8:30,12:00"
    seen = look(session, draft, "venue", changed).changes
    assert seen is not None
    assert (seen.added, seen.gone) == (("2023-07-16 上午",), ())
    assert seen.changed[0].name == "一室"
    write(session, draft, "venue", changed)
    assert expert.available == ["S2", "S3"]
    (said,) = look(session, draft, "experts", EXPERTS).parts[0].understood
    assert (said.who, said.text, said.meaning) == ("王五", "除15日上午", "7月15日下午、16日全天")


def test_times_that_nobody_understands_stop_the_lock(session: Session, draft: Round) -> None:
    write(session, draft, "experts", EXPERTS.replace("除15日上午", "看情况"))
    write(session, draft, "venue", VENUE)
    write(session, draft, "applicants", HEAD, FIRST[0])
    with pytest.raises(Refused, match="可用时间“看情况”没有看懂"):
        locking.lock(session, OFFICE, clock, draft)


def test_rooms_without_a_half_day_are_no_venue_yet(session: Session, draft: Round) -> None:
    """As after taking over the last round's rooms without a first day."""
    assert "还没有答辩室和时段" in str(locking.lacking(session, draft)[0])
    write(session, draft, "venue", VENUE)
    for half_day in draft.sessions:
        session.delete(half_day)
    session.flush()
    session.refresh(draft)
    assert "有答辩室，还没有时段" in str(locking.lacking(session, draft)[0])


def test_an_answer_about_a_column_is_remembered_and_taken_back(session: Session, draft: Round) -> None:
    lines = ("姓名,供职之处,级别,专业", "张三,甲厂,高级,隔膜")
    assert [q.key for q in look(session, draft, "applicants", *lines).parts[0].questions] == ["column:applicants.unit"]
    key, value = mapping.answer("applicants", "单位=供职之处")
    rosters.answer(session, OFFICE, clock, draft, "applicants", {key: value})
    assert look(session, draft, "applicants", *lines).ok
    told = session.scalars(select(AuditEntry).where(AuditEntry.act == "import.answer")).one()
    assert told.at == NOW
    columns = mapping.columns(look(session, draft, "applicants", *lines).parts, rosters.remembered(session, draft))
    unit = next(column for column in columns if column.key == key)
    assert (unit.found, unit.chosen, unit.needed) == (("供职之处",), "供职之处", True)
    rosters.answer(session, OFFICE, clock, draft, "applicants", {key: mapping.AUTOMATIC})
    assert not look(session, draft, "applicants", *lines).ok


def test_a_column_is_named_on_the_command_line_by_our_word() -> None:
    assert mapping.answer("venue", "候考室=等候") == ("column:rooms.waiting", "等候")
    assert mapping.answer("applicants", "备注=") == ("column:applicants.note", "没有这一列")
    with pytest.raises(Unreadable, match="本系统的列有：姓名"):
        mapping.answer("applicants", "星座=星座")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Person]:
    """The office at its screen, with a round whose venue is there."""
    config = from_environment(tmp_path, testing=True)
    upgrade(config)
    app = create_app(config)
    with app.app_context(), Session(db.engine) as opened:
        round_ = rounds.create(opened, OFFICE, clock, "批次", {})
        opened.flush()
        write(opened, round_, "venue", VENUE)
        users.create(opened, OFFICE, clock, "office", "office", "first-password-1")
        opened.commit()
    with chromium() as browser, running(app) as address:
        person = Person.sit_down(browser, address)
        person.log_in("office", "first-password-1")
        for field, word in (("old", "first-password-1"), ("new", "own-password-2"), ("again", "own-password-2")):
            person.page.fill(f"#{field}", word)
        person.press("修改密码")
        yield person
        assert person.complaints == []


def upload(office: Person, kind: str, *lines: str) -> None:
    office.go("/rosters/")
    office.page.select_option("#kind", kind)
    office.page.set_input_files("#file", {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": text(*lines)})
    office.press("检查")


def test_a_column_is_answered_corrected_and_a_second_import_compared_on_screen(office: Person) -> None:
    page = office.page
    head = HEAD.replace("单位", "供职之处")
    office.go("/rosters/")
    expect(page.locator("#kind")).to_have_value("applicants")  # the venue is there already
    upload(office, "applicants", head, *FIRST)
    expect(page.get_by_label("哪一列是“工作单位”？")).to_have_value("供职之处")
    office.picture("roster-question")
    office.press("按回答重新检查")
    expect(page.locator("main")).to_contain_text("7月15日上午")
    page.get_by_label("联系电话").select_option("没有这一列")
    office.press("按所选的列重新检查")
    expect(page.locator("main")).to_contain_text("电话")
    office.picture("roster-columns")
    office.press("确认导入")
    upload(office, "applicants", head, FIRST[0].replace("高级", "中级"), "赵六,丙厂,高级,隔膜,,16日,")
    expect(page.locator("main")).to_contain_text("不可用时间“16日”没有看懂")
    assert office.take("下载带“问题”列的文件") == "申报人员名册-问题.xlsx"
    upload(office, "applicants", head, FIRST[0].replace("高级", "中级"), "赵六,丙厂,高级,隔膜,,15日下午,")
    expect(page.locator("main")).to_contain_text("新增 1，更改 1，不变 0，新文件里没有的 1。")
    expect(page.locator("main")).to_contain_text("新文件里没有：李四（乙厂）")
    office.picture("roster-changes")
    page.get_by_label("从名册中删去").check()
    office.press("确认导入")
    office.go("/rosters/applicants")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert office.take("导出到 Excel") == "申报人员.xlsx"
    expect(page.locator("main")).not_to_contain_text("李四")
