"""Phrases: Chinese as they stand, kept in parts, said in English with the names of a round."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from flask import session as visitor

from scheduler.said import joined, listed, moment, name, names, people, read, say, written
from scoring.aggregate import aggregate
from scoring.agreement import agreement
from scoring.correction import correct
from scoring.errors import ScoringError
from scoring.facets import Rating, facets
from scoring.rubric import example
from scoring.said import say as scored
from scoring.severity import severity
from scoring.story import NOT_CORRECTED
from scoring.together import together
from scoring.vote import Vote
from webapp import create_app
from webapp.config import from_environment
from webapp.languages import sentence
from webapp.services.kernel import Refused, Sentence
from webapp.services.noted import again
from webapp.services.spoken import heard, phrase
from webapp.services.spoken import written as kept

WHEN = datetime(2026, 7, 15, 8, 30)
PHRASES = {
    "names": (say("%(who)s不能到场", who=listed(names("expert", ["E1", "E2"]))), "E1、E2 不能到场"),
    "a long list": (people(names("applicant", "ABCDEFGHIJ")), "A、B、C、D、E、F、G、H 等 10 位"),
    "a moment": (say("%(when)s延长到 %(until)s", when=moment(WHEN), until=moment(WHEN, with_day=False)),
                 "7 月 15 日 08:30 延长到 08:30"),
    "one in another": (joined([say("无法安排"), say("没有%(what)s", what=name("room", "R1", "答辩室 R1"))], "；"),
                       "无法安排；没有答辩室 R1"),
}  # fmt: skip


@pytest.mark.parametrize("what", PHRASES)
def test_a_phrase_is_its_chinese_and_survives_being_kept(what: str) -> None:
    made, chinese = PHRASES[what]
    again = read(json.loads(json.dumps(written(made))))
    assert (str(made), str(again), written(again)) == (chinese, chinese, written(made))


def test_a_page_says_it_in_english_with_names() -> None:
    made = say("%(who)s须回避%(whom)s", who=name("applicant", "A1"), whom="同单位")
    with create_app(from_environment(testing=True)).test_request_context():
        visitor["language"] = "en"
        said = sentence(phrase(PHRASES["a moment"][0], {}))
        assert said == "Prolong 15 July 08:30 until 08:30"
        assert sentence(phrase(PHRASES["names"][0], {"E1": "Li", "E2": "Wu"})) == "Li, Wu cannot come"
        assert not re.search("[一-鿿]", sentence(phrase(PHRASES["one in another"][0], {"R1": "room 1"})))
    with create_app(from_environment(testing=True)).test_request_context():
        assert sentence(phrase(PHRASES["a moment"][0], {})) == "7月15日 08:30延长到 08:30"
    assert str(made) == "A1 须回避同单位"


def test_a_failure_is_kept_as_a_sentence() -> None:
    refused = Refused("安排违反 %(n)s 条硬规则：%(first)s。请修改后再存。", n=2, first=Sentence("无法安排"))
    assert str(heard(kept(refused))) == "安排违反 2 条硬规则：无法安排。请修改后再存。"
    assert (heard("{broken"), heard("一句话"), kept(ValueError("plain"))) == ("{broken", "一句话", "plain")


D = Decimal


@pytest.fixture
def english() -> Iterator[None]:
    with create_app(from_environment(testing=True)).test_request_context():
        visitor["language"] = "en"
        yield


def refused(call: Callable[[], object]) -> ScoringError:
    with pytest.raises(ScoringError) as found:
        call()
    return found.value


def no_correction(panels: dict[str, list[Decimal]], method: str) -> str:
    return str(scored(NOT_CORRECTED, error=refused(lambda: correct(method, panels)).said))


@pytest.mark.usefixtures("english")
def test_what_the_scoring_says_is_said_in_english() -> None:
    thin = correct("pooled", {"A": [D(90)], "B": [D(50), D(100)]}, full=D(90))
    extreme = [Rating(a, e, "x", D(m)) for a, e, m in (("a", "e", 5), ("b", "e", 3), ("b", "f", 1), ("c", "f", 2))]
    measured = facets([*extreme, Rating("z", "y", "x", D(5))])
    reasons = [
        agreement([[D(1), D(1)], [D(1), D(1)]]).reason,
        agreement([[D(1), None]]).reason,
        *(one.reason for one in severity({("a", "e"): D(1), ("b", "f"): D(2)}).values()),
        *(one.reason for one in severity({("a", "e"): D(1)}).values()),
        aggregate("trim_item", [[D(1)]] * 3).reason,
        *thin.warnings,
        *(together(*pair, (30, 70)).reason for pair in ((None, None), (D(1), None), (None, D(1)))),
        measured.reason,
        *(one.reason for one in (*measured.applicants.values(), *measured.experts.values())),
        facets([]).reason,
    ]
    assert [text for text in map(sentence, reasons) if re.search("[一-鿿]", text)] == []
    assert sentence(thin.warnings[0]) == "Panel A: 1 heard, fewer than 8, so its coefficient is unsteady."
    wrong = refused(lambda: example().parse({"talk": "x"}, complete=True))
    said = sentence(Refused("%(error)s请改正后再提交。", error=wrong))
    assert said.endswith(": “x” is not a mark. Correct it and submit again.")
    holes = refused(lambda: example().parse({"talk": 3, "skill": 3, "general": 1}, complete=True))
    assert re.fullmatch("Not scored yet: [^、]+, [^、]+", sentence(holes.said))
    ballot = refused(lambda: Vote(9, 1, 1, 1, 1))
    expected = "For, against, abstained and spoiled add up to 4 votes, but 9 people are present."
    assert sentence(Refused("%(code)s：%(error)s", code="A1", error=ballot)).endswith(expected)


@pytest.mark.usefixtures("english")
def test_the_note_of_a_version_is_said_in_english() -> None:
    assert [sentence(again(note)) for note in (
        "提前停止", "从第 3 版重新计算，提前停止", "从第 12 版重新计算", "第 2 版抽签", "读自 安排表.xlsx",
        "撤回第 2 版：场地有变",         "答辩室不能用：改用三楼会议室（调整自第 1 版）",
        "小组进度落后：最后 2 位改到别的时段，其他人不动（调整自第 4 版）",
    )] == [
        "Stopped early", "Computed again from version 3, stopped early", "Computed again from version 12",
        "Lots drawn for version 2", "Read from 安排表.xlsx", "Version 2 withdrawn: 场地有变",
        "A room cannot be used: Use 三楼会议室 instead (adjusted from version 1)",
        "A group is behind: The last 2 move to another session, everyone else stays (adjusted from version 4)",
    ]  # fmt: skip


@pytest.mark.usefixtures("english")
def test_a_note_that_was_kept_is_said_in_english() -> None:
    """What is in the database is Chinese text of any age; what nobody of ours wrote stays."""
    mean = str(aggregate("trim_item", [[D(1)]] * 4).reason)
    zero = no_correction({"P1": [D(0)], "P2": [D(1)]}, "pooled")
    short = no_correction({"P1": [D(1)], "P2": [D(1)]}, "trimmed")
    few = str(aggregate("mean", [[D(1)]]).reason)
    for note in (mean, zero, short, few, mean + zero, mean + short):
        assert again(note) == note
        assert not re.search("[一-鿿]", sentence(again(note))), note
    both = sentence(again(mean + zero))
    assert both.startswith("Valid sheets: 4, fewer than 5, so none")
    assert both.endswith("Not corrected: The mean of panel P1 is 0, so it cannot be corrected.")
    assert (sentence(again("经评委会复议。")), again(None)) == ("经评委会复议。", "")
    assert sentence(again(mean + "经复议。")) == mean + "经复议。"
