"""Is there enough, what is missing, what each setting does: counted from the round's own data."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.crowded import clock_at, crowded_round
from tests.webapp.small import OFFICE
from webapp import charts
from webapp.models import Applicant, Expert, Job, Round
from webapp.services import audit, effects, findings, ground, overview, pictures, publishing, records, rounds
from webapp.services.kernel import Sentence
from webapp.services.setting_entries import ENTRIES

CLOCK = clock_at(7)


@pytest.fixture
def drafted(session: Session) -> Round:
    round_ = crowded_round(session)
    publishing.withdraw(session, OFFICE, CLOCK, round_, "改")
    return round_


def told(session: Session, round_: Round) -> list[str]:
    counted = ground.made(session, round_).capacity
    assert counted is not None
    return [str(said) for said in findings.shortages(round_, counted)]


def experts(session: Session) -> list[Expert]:
    return list(session.scalars(select(Expert).order_by(Expert.code)))


def test_what_there_is_and_what_is_needed(session: Session, drafted: Round) -> None:
    """12 people of one direction, 12 slots a session: one sitting would do; 8 experts in two sessions are 16 seats."""
    counted = ground.of(session, drafted).capacity
    assert counted is not None
    assert [(h.slots, h.rooms, h.panels, h.chairs, h.sittings) for h in counted.halves] == [(12, 2, 2, 8, 2)] * 2
    assert (counted.sittings, counted.seats_needed, counted.seats) == (1, 3, 16)
    assert (counted.rooms, counted.places) == (48, 48)
    assert told(session, drafted) == []
    said = effects.of(drafted, counted)["panel_size"]
    assert str(said) == "专家组 3 人：至少 1 场，共需 3 人次，可用 16 人次。"


def test_where_it_is_short_it_says_where_and_why(session: Session, drafted: Round) -> None:
    for expert in experts(session):
        expert.may_chair = expert.code == "E0001"
    experts(session)[0].available = ["S2"]
    drafted.sessions[1].end = drafted.sessions[1].start.replace(hour=15)
    session.flush()
    assert told(session, drafted) == [
        "专家、组长和答辩室同时够的位置只有 6 个，申报人有 12 位。请看哪些时段人不够。",
        "锂矿原料方向 12 位申报人，最多只有 6 个位置：12月5日 上午没有可任组长的专家。",
    ]
    for room in drafted.rooms:
        room.sessions = ["S2"] if room.code == "R1" else []
    assert "答辩室一共只有 6 个位置，申报人有 12 位，缺 6 个" in told(session, drafted)[0]
    for expert in experts(session):
        expert.max_sessions = 0 if expert.code > "E0002" else 1
    assert any("至少 2 场，共需 6 人次，可用 2 人次，缺 4 人次" in said for said in told(session, drafted))


def test_a_direction_without_a_chair_is_named(session: Session, drafted: Round) -> None:
    person = session.scalars(select(Applicant).where(Applicant.code == "A00001")).one()
    person.direction = drafted.directions[4]
    session.flush()
    assert "隔膜方向没有可任组长的专家，1 位申报人都排不上。" in told(session, drafted)


def test_the_next_step_leads_and_what_is_wrong_has_its_way(session: Session) -> None:
    round_ = rounds.create(session, OFFICE, CLOCK, "空批次")
    session.flush()
    view = overview.of(session, CLOCK, round_)
    assert view.next is not None
    assert (view.next.text, view.demand) == ("导入场地与时段", None)
    assert [f.endpoint for f in view.missing] == ["rosters.index"] * 3
    round_ = crowded_round(session)
    view = overview.of(session, CLOCK, round_)
    assert view.next is not None
    assert view.next.text == "指定小组秘书"
    assert [str(f.said) for f in view.missing] == ["2 个专家组还没有小组秘书：P1、P2。"]
    experts(session)[0].available = ["S2"]
    audit.record(session, OFFICE, CLOCK, "person.edit", "E0001", round_id=round_.id)
    session.add(Job(round_id=round_.id, state="failed", made_at=CLOCK(), made_by="office", error="坏了", options={}))
    session.flush()
    wrong = {f.endpoint: str(f.said) for f in overview.of(session, CLOCK, round_).wrong}
    assert wrong["schedule.index"] == "上次排程没有完成：坏了"
    assert wrong["people.recheck"].startswith("第 1 版安排按现在的名册有")


def test_a_ground_is_kept_until_the_rounds_data_change(session: Session, drafted: Round) -> None:
    """What the day brings leaves it; a changed expert makes it anew, and every page counts by the new one."""
    kept = ground.of(session, drafted)
    audit.record(session, OFFICE, CLOCK, "desk.arrive", "A00001", round_id=drafted.id)
    assert ground.of(session, drafted) is kept
    experts(session)[0].max_sessions = 0
    audit.record(session, OFFICE, CLOCK, "person.edit", "E0001", round_id=drafted.id)
    fresh = ground.of(session, drafted)
    assert kept.capacity is not None
    assert fresh.capacity is not None
    assert fresh.capacity.seats == kept.capacity.seats - 2


def test_a_draw_is_a_step_where_the_round_has_one(session: Session, drafted: Round) -> None:
    steps = {step.text: step.done for step in overview.of(session, CLOCK, drafted).steps}
    assert steps["抽签"] is False
    drafted.settings = drafted.settings | {"order": "roster"}
    assert "抽签" not in {step.text for step in overview.of(session, CLOCK, drafted).steps}


def test_every_setting_tells_what_it_does(session: Session, drafted: Round) -> None:
    drafted.settings = drafted.settings | {"min_sheets_to_trim": 3}  # a panel of three is trimmed then
    found = effects.of(drafted, ground.of(session, drafted).capacity)
    assert set(ENTRIES) - set(found) == {"notice_start", "notice_end"}
    assert all(str(said) for said in found.values())
    for key, value in (("aggregate", "trim_total"), ("names", "number"), ("lots", "check_in"), ("order", "roster")):
        drafted.settings = drafted.settings | {key: value}
        assert str(effects.of(drafted, None)[key]) != str(found[key]), key


def test_pictures_show_a_version_with_a_sentence_each(session: Session) -> None:
    round_ = crowded_round(session)

    def say(sentence: Sentence) -> str:
        return str(sentence)

    made = pictures.of_version(session, round_, records.published(session, round_), say)
    assert [p.heading for p in made] == list(pictures.HEADINGS)
    assert str(made[0].said) == "6 位专家共坐 6 人次，平均 1.0 场；最多的 1 场，有 6 位。"
    assert "共 48 个位置，用了 12 个，占 25%；2 场，平均 6.0 人" in str(made[1].said)
    boxes = [s for s in made[2].charts[0].shapes if s.look == "tint-0"]
    assert [s.says for s in boxes] == ["09:00 锂矿原料 × 6"] * 2, "one box for people without a gap"
    assert "P1 锂矿原料" in {s.text for s in made[2].charts[0].shapes}, "no colour stands alone"
    drawn = [s for p in made for c in p.charts for s in c.shapes if s.kind == "box"]
    assert all(charts.LABEL <= s.x < s.x2 <= charts.WIDTH for s in drawn)
    counted = ground.of(session, round_).capacity
    assert counted is not None
    squares = [s.text for c in pictures.of_capacity(round_, counted, say) for s in c.shapes if s.look == "in"]
    assert squares == ["2", "2", "2", "2", "8", "8", "2", "2", "2（8·8）", "2（8·8）"]
