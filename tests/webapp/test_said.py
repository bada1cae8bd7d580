"""Phrases: Chinese as they stand, kept in parts, said in English with the names of a round."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest
from flask import session as visitor

from scheduler.said import joined, listed, moment, name, names, people, read, say, written
from webapp import create_app
from webapp.config import from_environment
from webapp.languages import sentence
from webapp.services.kernel import Refused, Sentence
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
