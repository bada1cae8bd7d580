"""Chinese first, English by a switch. Message ids are the Chinese sentences."""

from __future__ import annotations

from datetime import date

from flask import Flask, current_app, session
from flask_babel import Babel, gettext

from scoring.errors import ScoringError
from scoring.said import Said, Several
from webapp.services import names, noted
from webapp.services.kernel import Sentence, Sentences, chinese
from webapp.services.spoken import heard

LANGUAGES = {"zh": "中文", "en": "English"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


def language() -> str:
    """The visitor's choice, else the installation's."""
    chosen: str = session.get("language") or current_app.config["ROSTRUM"].language
    return chosen if chosen in LANGUAGES else "zh"


def sentence(said: Sentence | Sentences | Said | Several | str) -> str:
    """The sentence in the visitor's language, and every word in it that has a translation."""
    if isinstance(said, Sentences | Several):
        return str(_value(said))
    if not isinstance(said, Sentence | Said):
        return str(gettext(said)) if said else ""
    values = {name: _value(value) for name, value in said.values.items()}
    text: str = gettext(said.text)
    return text % values if values else text


def _value(value: object) -> object:
    if isinstance(value, ScoringError):
        value = value.said
    if isinstance(value, Sentences):
        return between(value.mark).join(map(sentence, value))
    if isinstance(value, Several):
        return between(value.between).join(map(sentence, value.items))
    if isinstance(value, date):
        return day(value)
    return sentence(value) if isinstance(value, str | Sentence) else value


def between(mark: str) -> str:
    """What stands between several things, in the visitor's language."""
    return mark if language() == "zh" else {"；": "; ", "、": ", ", "，": ", "}.get(mark, " ")


def aside(value: object) -> str:
    """What stands behind something in brackets, with those of the visitor's language."""
    return sentence(names.aside("", value))


def day(value: date) -> str:
    """7月15日, or 15 July."""
    return str(chinese(value)) if language() == "zh" else f"{value.day} {value:%B}"


def init_app(app: Flask) -> None:
    """Attach Babel."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans_CN"
    Babel(app, locale_selector=lambda: LOCALES[language()])
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["between"] = between
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.filters["aside"] = aside
    app.jinja_env.filters["noted"] = lambda note: sentence(noted.again(note))
    app.jinja_env.filters["told"] = lambda text: sentence(heard(text))
