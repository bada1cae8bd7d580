"""The schedule's templates are readable, whatever page surrounds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment

import webapp

FOLDER = Path(webapp.__file__).with_name("templates") / "schedule"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_template_parses_and_runs_no_inline_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    Environment(autoescape=True).parse(text)
    assert " style=" not in text
    assert text.count("<script") == text.count("<script src=")
    assert text.count('method="post"') == text.count('name="csrf_token"')
