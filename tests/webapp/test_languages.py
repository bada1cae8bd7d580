"""Chinese first, English by a switch: the catalogue is whole, in step with the code, and the pages use it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from webapp.services.kernel import Refused
from webapp.translations import catalogue

PLACES = re.compile(r"%\((\w+)\)s")
CHINESE = re.compile(r"[一-鿿]+")


def test_every_sentence_of_the_code_has_its_english() -> None:
    english = {m.id: str(m.string) for m in catalogue.kept() if m.id}
    assert set(english) == {m.id for m in catalogue.found() if m.id}, "run `make words`"
    assert [text for text, said in english.items() if not said] == []
    for text, said in english.items():
        assert set(PLACES.findall(str(text))) == set(PLACES.findall(said)), text


def test_what_is_compiled_is_what_is_written() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.kept()), "run `make words`"


@pytest.mark.parametrize("address", ["/login", "/tablet/enter", "/nothing"])
def test_the_switch_turns_a_page_english_and_back(demo_app: Flask, address: str) -> None:
    with demo_app.test_client() as client:
        demo_app.config["WTF_CSRF_ENABLED"] = False
        assert CHINESE.search(client.get(address).text)
        client.post("/language/en")
        text = re.sub(r"<[^>]+>", "", client.get(address).text)
        assert set(CHINESE.findall(text)) <= {"中文"}
        client.post("/language/zh")
        assert "登录" in client.get("/login").text
        demo_app.config["WTF_CSRF_ENABLED"] = True


def test_a_refusal_speaks_the_visitors_language(demo_app: Flask) -> None:
    from webapp.languages import sentence

    refusal = Refused("专家组 %(code)s 已经签过字。", code="P1")
    with demo_app.test_request_context():
        from flask import session

        assert sentence(refusal) == "专家组 P1 已经签过字。"
        session["language"] = "en"
    with demo_app.test_request_context():
        from flask import session

        session["language"] = "en"
        assert sentence(refusal) == "Panel P1 has been signed off already."


def test_what_is_said_about_a_file_speaks_the_visitors_language(demo_app: Flask) -> None:
    from flask import session

    from exports.errors import UnreadableFile
    from exports.rosters import read_applicants
    from webapp.languages import sentence

    rows = "姓名,单位,级别,专业\n,Firm,高级,Gap\nLi,Firm,level nine,Gap"
    view = read_applicants(rows.encode(), "a.csv", directions=["Gap"]).to_json()
    with pytest.raises(UnreadableFile) as refused:
        read_applicants(b"PK\x03\x04", "a.xlsx", directions=["Gap"])
    with demo_app.test_request_context():
        session["language"] = "en"
        problems = [f"{sentence(p['message'])} {sentence(p['hint'])}" for p in view["problems"]]  # type: ignore[attr-defined]
        assert problems == [
            "Name is not filled in. Fill in: Name.",
            "The level “levelnine” is not known. Change it to 中级 or 高级.",
        ]
        assert [sentence(q["text"]) for q in view["questions"]] == ["Is “levelnine” 中级 or 高级?"]  # type: ignore[attr-defined]
        assert sentence(refused.value.said).startswith("File “a.xlsx” is damaged.")
