"""Names of one employer, people who are there twice: proposed, decided by the office, checked in what is scheduled."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock
from webapp.models import Applicant, EmployerAlias, Expert, Recusal, Round
from webapp.services import duplicates, editing, employers, likeness, listing, people_lists, recusals
from webapp.services.instance import problem_document
from webapp.services.kernel import Refused, Unreadable
from webapp.services.listing import Asked

ALIKE = {
    ("江西赣锋锂业（集团）有限公司", "江西赣锋锂业集团有限公司"): "spelling",
    ("江西赣锋锂业有限公司", "江西赣峰锂业有限公司"): "sound",
    ("江西云锂材料股份有限公司", "江西云锂材料有限公司"): "form",
    ("江西省锂电质检中心", "江西锂电质检中心"): "region",
    ("江西理工大学", "江西理工大学材料学院"): "branch",
    ("国轩高科集团有限公司", "国轩高科有限公司"): "group",
    ("样例工业大学", "样例工业大"): "near",
    ("宁德时代新能源科技股份有限公司", "宁德时代"): "short",
    ("中国科学院过程工程研究所", "中科院过程所"): "short",
    ("江西赣锋循环科技有限公司", "江西赣锋锂电有限公司"): "brand",
}
OTHERS = [
    ("江西理工大学", "武汉理工大学"),
    ("宜春市第一人民医院", "宜春市第二人民医院"),
    ("南昌大学", "南昌工学院"),
    ("样例理工大学", "样例化工大学"),
    ("样例第二研究院", "样例第研究院"),
    ("江西新能源科技有限公司", "江西新能材料有限公司"),
]


@pytest.mark.parametrize(("pair", "why"), ALIKE.items())
def test_names_of_one_employer_are_proposed_with_the_reason(pair: tuple[str, str], why: str) -> None:
    (like,) = likeness.proposals(pair)
    assert (set(pair), why) == ({like.main, like.other}, like.why)


@pytest.mark.parametrize("pair", OTHERS)
def test_names_of_two_employers_are_not(pair: tuple[str, str]) -> None:
    assert likeness.proposals(pair) == []


def proposed(session: Session, round_: Round) -> list[tuple[str, str, str]]:
    return [(p.like.main, p.like.other, p.like.why) for p in employers.proposals(session, round_)]


def rename(session: Session, round_: Round, **names: str) -> None:
    for table in (Applicant, Expert):
        for person in session.scalars(select(table).where(table.code.in_(list(names)))):
            person.employer = names[person.code]
    session.flush()


def join(session: Session, round_: Round, main: str, other: str, kind: str = "short") -> employers.Breaks:
    return employers.join(session, OFFICE, clock, round_, main, other, kind, "核实")


def test_a_confirmed_name_recuses_and_breaks_what_is_scheduled(session: Session, round_: Round) -> None:
    rename(session, round_, E0002="宁德时代", A00001="宁德时代新能源科技股份有限公司", A00002="丙厂")
    assert proposed(session, round_) == [("宁德时代新能源科技股份有限公司", "宁德时代", "short")]
    with pytest.raises(Unreadable, match="名册已锁定"):
        employers.join(session, OFFICE, clock, round_, "宁德时代新能源科技股份有限公司", "宁德时代", "short")
    breaks = join(session, round_, "宁德时代新能源科技股份有限公司", "宁德时代")
    assert [told.rule for told in breaks.told] == ["H9"]
    assert proposed(session, round_) == []
    assert problem_document(session, round_)["experts"][1]["employer"] == "宁德时代新能源科技股份有限公司"
    assert employers.split(session, OFFICE, clock, round_, "宁德时代", "弄错了").mended == 1


def test_names_come_together_in_groups_whatever_the_order(session: Session, round_: Round) -> None:
    round_.state = "draft"
    join(session, round_, "全称公司", "简称")
    join(session, round_, "另一全称", "另一简称")
    join(session, round_, "另一简称", "简称", "old")
    names = {row.alias: (row.employer, row.kind) for row in session.scalars(select(EmployerAlias))}
    assert {main for main, _kind in names.values()} == {"另一简称"}
    assert set(names) == {"全称公司", "简称", "另一全称"}
    assert names["简称"] == ("另一简称", "old")
    with pytest.raises(Unreadable, match="已经是同一单位"):
        join(session, round_, "全称公司", "另一全称")
    with pytest.raises(Unreadable, match="两个不同的单位名称"):
        join(session, round_, "甲", " 甲")
    with pytest.raises(Unreadable, match="名称的种类"):
        join(session, round_, "甲", "乙", "cousin")


def test_what_was_decided_apart_and_what_recuses_nobody_is_not_proposed(session: Session, round_: Round) -> None:
    rename(session, round_, A00001="江西云锂材料有限公司", A00002="江西云锂材料股份有限公司")
    assert proposed(session, round_) == [], "no expert is of either"
    rename(session, round_, E0001="江西云锂材料股份有限公司")
    assert len(proposed(session, round_)) == 1
    employers.keep_apart(session, OFFICE, clock, round_, "江西云锂材料股份有限公司", "江西云锂材料有限公司")
    assert proposed(session, round_) == []
    join(session, round_, "江西云锂材料股份有限公司", "江西云锂材料有限公司")
    assert problem_document(session, round_)["applicants"][0]["employer"] == "江西云锂材料股份有限公司"


def test_a_recusal_names_an_employer_by_any_of_its_names(session: Session, round_: Round) -> None:
    round_.state = "draft"
    join(session, round_, "大学2", "二大")
    person = editing.of_code(session, round_, "applicants", "A00001")
    recusals.add(session, OFFICE, clock, round_, person, "二大", "其他")
    assert recusals.pending(session, round_) == []
    assert problem_document(session, round_)["applicants"][0]["recuse_employers"] == ["大学2"]
    employers.split(session, OFFICE, clock, round_, "二大")
    assert [one.row.name for one in recusals.pending(session, round_)] == ["二大"]


def test_every_name_is_listed_with_who_is_behind_it(session: Session, round_: Round) -> None:
    join(session, round_, "大学1", "一大")
    editing.of_code(session, round_, "applicants", "A00003").insured_unit = "劳务公司"  # type: ignore[union-attr]
    session.flush()
    table = people_lists.LISTS["employers"][0](round_)
    rows = {row[0]: row[1:] for row in listing.every(session, table, Asked.of({}))}
    assert rows["甲厂"] == ["", "", "3", "", ""]
    assert rows["一大"][:2] == ["大学1", "简称"]
    assert rows["劳务公司"][4] == "1"
    page = listing.page(session, table, Asked.of({"names": "alias"}))
    assert (page.count, page.whole) == (1, 6)
    most = listing.page(session, table, Asked.of({"sort": "-experts"}, "大学")).rows[0]
    assert most.name == "大学1"


def twin(session: Session, round_: Round, **fields: object) -> Applicant:
    person = Applicant(round_id=round_.id, code="A00008", name="申报3", employer="甲厂", level="senior", **fields)
    person.direction = round_.directions[0]
    session.add(person)
    session.flush()
    return person


def test_who_is_there_twice_is_found_and_merged_with_what_each_knows(session: Session, round_: Round) -> None:
    round_.state = "draft"
    other = twin(session, round_, id_no="11010519491231002X", phone="13800000000", details={"edu": "本科"})
    recusals.add(session, OFFICE, clock, round_, other, "专家3", "师生")
    session.add(Recusal(round_id=round_.id, side="expert", expert_id=_expert(session, "E0001").id, name="申报3"))
    recusals.settle(session, round_)
    (pair,) = duplicates.found(session, round_)
    assert (pair.one.code, pair.other.code, pair.why) == ("A00003", "A00008", ("name",))
    pair.one.title, pair.other.title = "高级工程师", "正高级工程师"
    assert duplicates.differing(round_, pair) == [("申报职称", "高级工程师", "正高级工程师")], (
        "one of them will be lost"
    )
    duplicates.merge(session, OFFICE, clock, round_, "applicants", "A00003", "A00008")
    kept = editing.of_code(session, round_, "applicants", "A00003")
    assert isinstance(kept, Applicant)
    assert (kept.id_no, kept.phone, kept.details) == ("11010519491231002X", "13800000000", {"edu": "本科"})
    assert duplicates.found(session, round_) == []
    assert recusals.pending(session, round_) == []
    document = problem_document(session, round_)
    assert document["applicants"][2]["recuse_experts"] == ["E0003"]
    assert document["experts"][0]["recuse_applicants"] == ["A00003"]


def _expert(session: Session, code: str) -> Expert:
    return session.scalars(select(Expert).where(Expert.code == code)).one()


def test_who_stands_in_a_draft_is_kept_and_two_persons_stay_two(session: Session, round_: Round) -> None:
    twin(session, round_).name = "申报1"
    session.flush()
    with pytest.raises(Refused, match="A00001 申报1 已在安排草案或记录中"):
        duplicates.merge(session, OFFICE, clock, round_, "applicants", "A00008", "A00001", "重复登记")
    with pytest.raises(Unreadable, match="请写明为什么不是同一个人"):
        duplicates.keep_both(session, OFFICE, clock, round_, "A00008", "A00001", " ")
    duplicates.keep_both(session, OFFICE, clock, round_, "A00008", "A00001", "同名，已核对")
    assert duplicates.found(session, round_) == []
    assert [row.reason for row in duplicates.reasons(session, round_)] == ["同名，已核对"]
    with pytest.raises(Unreadable, match="已不在待核对的名单里"):
        duplicates.keep_both(session, OFFICE, clock, round_, "A00008", "A00001", "再来一次")


def test_an_expert_who_applies_is_found_across_the_rosters(session: Session, round_: Round) -> None:
    _expert(session, "E0002").phone = "138-0000-0000"
    editing.of_code(session, round_, "applicants", "A00002").phone = "13800000000"
    session.flush()
    (pair,) = duplicates.found(session, round_)
    assert (pair.one_roster, duplicates.of_words(pair)) == (False, ["电话相同"])
