"""People one by one: found in long lists, changed without overwriting anybody, and what a change breaks is said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.identity import phone_text
from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, AuditEntry, AuditPayload, Expert, Recusal, Round
from webapp.services import editing, employers, listing, locking, people_lists, person_form, recusals, rounds
from webapp.services.instance import problem_document
from webapp.services.kernel import Missing, Refused, Unreadable
from webapp.services.listing import Asked
from webapp.services.person_checks import clean
from webapp.spelling import spelled

SQLITE = pytest.mark.parametrize("config", ["sqlite"], indirect=True)
"""For what the database has no part in."""


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", "zs"),
        ("张三", "zhangsan"),
        ("单雄信", "sxx"),
        ("单雄信", "danxiongxin"),
        ("吕布", "lvbu"),
        ("万俟卨", "mqx"),
    ],
)
def test_a_name_is_found_by_each_way_to_spell_it(name: str, typed: str) -> None:
    assert typed in spelled(name).split()


def test_names_of_other_scripts_stand_for_themselves() -> None:
    assert spelled("Anna Li") == "annali al"
    assert spelled("买买提·艾力").split()[0] == "maimaitiaili"
    assert spelled("·") == ""


def find(session: Session, round_: Round, kind: str, words: str = "", **given: str) -> list[str]:
    table = people_lists.LISTS[kind][0](round_)
    return [row.name for row in listing.page(session, table, Asked.of(given, words)).rows]


def many(session: Session, round_: Round, count: int) -> None:
    directions = round_.directions
    for n in range(1, count + 1):
        person = Applicant(round_id=round_.id, code=f"B{n:05d}", name=f"李{n}", employer=f"单位{n % 7}", level="senior")
        person.direction = directions[n % 3]
        session.add(person)
    session.flush()


def test_a_list_is_searched_chosen_sorted_and_paged_by_the_database(session: Session, round_: Round) -> None:
    many(session, round_, 120)
    table = people_lists.applicants(round_)
    first = listing.page(session, table, Asked.of({"sort": "-name", "size": "50"}))
    assert (first.count, first.whole, first.pages, len(first.rows)) == (123, 123, 3, 50)
    seen = [row.code for n in (1, 2, 3) for row in listing.page(session, table, Asked.of({"page": str(n)})).rows]
    assert seen == sorted(seen)
    assert len(set(seen)) == 123, "no row twice, none lost"
    assert listing.page(session, table, Asked.of({"page": "99"})).asked.page == 3
    assert find(session, round_, "applicants", "单位3 李3") == ["李3", "李31", "李38"]
    assert find(session, round_, "applicants", "sb1") == ["申报1"]
    assert find(session, round_, "applicants", "100%") == []
    assert find(session, round_, "applicants", "甲厂", direction="D1") == ["申报1", "申报2", "申报3"]
    assert find(session, round_, "applicants", level="intermediate") == []
    assert find(session, round_, "experts", direction="D1") == ["专家1", "专家2", "专家3"]
    assert find(session, round_, "experts", direction="D2") == []
    assert find(session, round_, "experts", chair="1") == ["专家1"]
    assert len(list(listing.every(session, table, Asked.of({}, "单位3")))) == 17


def change(session: Session, round_: Round, kind: str, code: str, reason: str = "", **fields: str) -> editing.Saved:
    person = editing.of_code(session, round_, kind, code)
    typed: Mapping[str, str] = person_form.texts(round_, person) | fields
    return editing.save(session, OFFICE, clock, round_, kind, code, person.row_version, typed, reason)


def last(session: Session) -> tuple[AuditEntry, AuditPayload]:
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    return entry, session.scalars(select(AuditPayload).where(AuditPayload.entry_id == entry.id)).one()


def test_a_change_after_locking_needs_a_reason_and_says_what_it_breaks(session: Session, round_: Round) -> None:
    with pytest.raises(Unreadable, match="名册已锁定"):
        change(session, round_, "experts", "E0002", employer="甲厂")
    done = change(session, round_, "experts", "E0002", "调动", employer="甲厂")
    assert {told.rule for told in done.breaks.told} == {"H9"}
    said = done.breaks.sentence()
    assert said is not None
    assert "专家与申报人应当回避" in str(said)
    entry, payload = last(session)
    assert (entry.act, entry.object) == ("person.edit", "E0002 专家2")
    assert payload.before == {"employer": "大学2", "experts E0002": {"employer": "大学2"}}
    assert payload.after["employer"] == payload.after["experts E0002"]["employer"] == "甲厂"
    assert payload.after["reason"] == "调动"
    assert len(payload.after["breaks"]) == 2
    back = change(session, round_, "experts", "E0002", "误填", employer="大学2")
    assert (back.breaks.told, back.breaks.mended) == ((), 2)


@SQLITE
def test_nothing_typed_is_nothing_written(session: Session, round_: Round) -> None:
    before = last(session)[0].id
    change(session, round_, "experts", "E0002")
    assert last(session)[0].id == before


def test_who_was_slower_is_told_and_overwrites_nobody(session: Session, round_: Round) -> None:
    person = editing.of_code(session, round_, "experts", "E0002")
    version, mine = person.row_version, person_form.texts(round_, person) | {"phone": "13800000001"}
    change(session, round_, "experts", "E0002", "补电话", phone="13900000000")
    with pytest.raises(editing.Older):
        editing.save(session, OFFICE, clock, round_, "experts", "E0002", version, mine, "补电话")
    assert person.phone == "13900000000"


def test_painted_times_are_the_times_of_the_next_schedule(session: Session, round_: Round) -> None:
    done = change(session, round_, "experts", "E0003", "出差", times="")
    assert "H4" in {told.rule for told in done.breaks.told}
    expert = session.scalars(select(Expert).where(Expert.code == "E0003")).one()
    assert expert.available == []
    from webapp.services import times

    assert times.settle(session, round_) == []
    assert expert.available == [], "the text says the same as what was painted"
    change(session, round_, "applicants", "A00001", "住院", times="S1")
    document = problem_document(session, round_)
    assert document["applicants"][0]["unavailable"] == [["2026-12-05T08:30", "2026-12-05T12:30"]]
    assert times.settle(session, round_) == []
    assert problem_document(session, round_) == document


@SQLITE
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "没有填写姓名"),
        ({"id_no": "11010519491231002"}, "身份证号不是 18 位"),
        ({"id_no": "110105194912310021"}, "校验码不对"),
        ({"max_sessions": "三"}, "最多场次不是整数"),
        ({"s.D1": "0"}, "没有选专业方向"),
        ({"s.D1": "7"}, "程度应为 0 到 3"),
        ({"may_chair": "maybe"}, "不在可选的范围内"),
        ({"name": "字" * 65}, "最多 64 个字"),
        ({"name": "申报1", "employer": "甲厂"}, "A00001 申报1 的姓名和工作单位和此人相同"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    session: Session, round_: Round, fields: dict[str, str], said: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        change(session, round_, "experts", "E0002", "更正", **fields)
    assert said in str(refused.value)


@SQLITE
def test_after_the_defences_only_what_reaches_a_person_is_put_right(session: Session, round_: Round) -> None:
    round_.state = "complete"
    change(session, round_, "applicants", "A00001", "笔误", phone="13800000000", name="申报一")
    with pytest.raises(Refused, match="答辩已结束"):
        change(session, round_, "applicants", "A00001", "转方向", direction="D2")


def test_somebody_new_has_the_next_code_and_may_go_again(session: Session, round_: Round) -> None:
    round_.state = "draft"
    typed = person_form.blank(round_, "experts") | {"name": "新专家", "employer": "研究院", "s.D2": "2"}
    made = editing.save(session, OFFICE, clock, round_, "experts", None, 0, typed).person
    assert (made.code, made.spelled.split()[0]) == ("E0004", "xinzhuanjia")
    assert problem_document(session, round_)["experts"][3]["directions"] == {"D2": 2}
    editing.remove(session, OFFICE, clock, round_, "experts", "E0004", "登记错了")
    assert len(problem_document(session, round_)["experts"]) == 3
    with pytest.raises(Refused, match="申报1 已在安排草案或记录中"):
        editing.remove(session, OFFICE, clock, round_, "applicants", "A00001", "退出")


def listed(session: Session, round_: Round, kind: str, code: str, said: str, reason: str = "师生") -> Recusal:
    recusals.add(session, OFFICE, clock, round_, editing.of_code(session, round_, kind, code), said, reason, "来函")
    return session.scalars(select(Recusal).order_by(Recusal.id.desc())).all()[0]


def test_a_recusal_reaches_its_person_and_breaks_what_is_scheduled(session: Session, round_: Round) -> None:
    expert = editing.of_code(session, round_, "experts", "E0002")
    breaks = recusals.add(session, OFFICE, clock, round_, expert, "申报1、申报3", "夫妻", "来函")
    assert [told.rule for told in breaks.told] == ["H9"], "申报3 has no place yet"
    assert problem_document(session, round_)["experts"][1]["recuse_applicants"] == ["A00001", "A00003"]
    assert [row[:1] + row[2:] for row in recusals.kept_apart(session, round_, expert)] == [  # type: ignore[arg-type]
        ("A00001", "专家提出"),
        ("A00003", "专家提出"),
    ]
    with pytest.raises(Unreadable, match="已经列出"):
        recusals.add(session, OFFICE, clock, round_, expert, "申报1", "夫妻", "来函")
    with pytest.raises(Unreadable, match="回避原因应为"):
        recusals.add(session, OFFICE, clock, round_, expert, "申报2", "不想见", "来函")
    with pytest.raises(Unreadable, match="名册已锁定"):
        recusals.add(session, OFFICE, clock, round_, expert, "申报2", "夫妻")
    row = session.scalars(select(Recusal).where(Recusal.name == "申报1")).one()
    recusals.change(session, OFFICE, clock, round_, row.id, "姻亲")
    assert row.reason == "姻亲"
    assert recusals.drop(session, OFFICE, clock, round_, row.id, "撤回").mended == 1


@SQLITE
def test_two_of_one_name_are_asked_about_and_the_choice_stays(session: Session, round_: Round) -> None:
    round_.state = "draft"
    twin = Applicant(round_id=round_.id, code="A00009", name="申报1", employer="乙厂", level="senior")
    twin.direction = round_.directions[0]
    session.add(twin)
    row = listed(session, round_, "experts", "E0002", "申报1")
    assert row.applicant_id is None
    (open_,) = recusals.pending(session, round_)
    assert [person.code for person in open_.hits] == ["A00001", "A00009"]
    with pytest.raises(Refused, match="有 2 位"):
        locking.lock(session, OFFICE, clock, round_)
    recusals.point(session, OFFICE, clock, round_, row.id, "A00009")
    assert (row.name, row.applicant_id) == ("申报1（乙厂）", twin.id)
    recusals.settle(session, round_)
    assert row.applicant_id == twin.id
    assert recusals.pending(session, round_) == []


@SQLITE
def test_a_name_nobody_has_waits_until_the_lock_and_can_be_pointed_at_somebody(session: Session, round_: Round) -> None:
    round_.state = "draft"
    row = listed(session, round_, "applicants", "A00001", "专家二")
    with pytest.raises(Refused, match="“专家二”不在名册上"):
        locking.lock(session, OFFICE, clock, round_)
    recusals.point(session, OFFICE, clock, round_, row.id, "E0002")
    assert (row.name, row.reason) == ("专家2", "师生")
    locking.lock(session, OFFICE, clock, round_)
    assert rounds.newest(session).state == "scheduled"


@SQLITE
def test_a_name_that_is_an_employer_s_is_pointed_at_it_or_comes_right_with_an_alias(
    session: Session, round_: Round
) -> None:
    expert = editing.of_code(session, round_, "experts", "E0002")
    recusals.add(session, OFFICE, clock, round_, expert, "甲长、甲场", "其他", "补录")
    one, other = recusals.pending(session, round_)
    with pytest.raises(Missing, match="单位全称"):
        recusals.point(session, OFFICE, clock, round_, one.row.id, "没有的厂", "核对")
    recusals.point(session, OFFICE, clock, round_, one.row.id, "甲厂", "核对")
    assert (one.row.name, one.row.employer) == ("甲厂", "甲厂")
    employers.join(session, OFFICE, clock, round_, "甲厂", "甲场", "spelling", "核对")
    assert other.row.employer == "甲场"
    assert recusals.pending(session, round_) == []


def test_half_days_painted_in_the_order_of_the_page_are_no_change(session: Session, round_: Round) -> None:
    codes = [s.code for s in round_.sessions]
    assert person_form.in_order(round_, [*reversed(codes), "S99"]) == " ".join(codes)


def test_an_employer_may_be_listed_by_either_side(session: Session, round_: Round) -> None:
    round_.state = "draft"
    assert listed(session, round_, "applicants", "A00001", "大学3").employer == "大学3"
    assert listed(session, round_, "experts", "E0001", "甲厂").employer == "甲厂"
    document = problem_document(session, round_)
    assert document["applicants"][0]["recuse_employers"] == ["大学3"]
    assert document["experts"][0]["recuse_employers"] == ["甲厂"]
    assert find(session, round_, "experts", "甲厂") == []
    change(session, round_, "experts", "E0003", employer="大学9")
    row = session.scalars(select(Recusal).where(Recusal.side == "applicant")).one()
    assert row.employer is None, "nobody is of that employer any more: it is asked about again"


@SQLITE
def test_who_insures_an_applicant_counts_as_an_employer(session: Session, round_: Round) -> None:
    done = change(session, round_, "applicants", "A00001", "核实参保", insured_unit="大学2")
    assert [told.rule for told in done.breaks.told] == ["H9"]
    assert [str(w) for w in done.warnings] == ["参保单位和工作单位不同。请核实后再确认。"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+86 138-0000-0001", "13800000001"), ("１３８ 0000 0001", "13800000001"), ("0790-6441234", "0790-6441234")],
)
def test_a_phone_typed_is_kept_as_a_roster_s(typed: str, kept: str) -> None:
    assert clean("phone", typed) == kept == phone_text(typed)
