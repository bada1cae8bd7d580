"""The pages, by who uses them. A view parses, calls one service, renders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, request

from webapp.config import Config
from webapp.db import db
from webapp.identity import current_actor
from webapp.languages import sentence
from webapp.limits import spend
from webapp.models import Round
from webapp.services import keeping, rounds
from webapp.services.kernel import Actor, Forbidden, Refused, Stale, system_clock

NAMES = (
    "auth",
    "health",
    "account",
    "admin",
    "wiping",
    "office",
    "rosters",
    "people",
    "employers",
    "pool",
    "schedule",
    "board",
    "why",
    "lots",
    "day",
    "panel",
    "desk",
    "paper",
    "tablet",
    "tablet_data",
    "tablets",
    "versions",
    "screens",
    "live",
    "results",
    "trust",
    "life",
    "committee",
    "prints",
)

ON_THE_DAY = ("desk", "secretary", "screen")
"""Roles that have nothing to do with a round in the making."""


def blueprints() -> Iterator[Blueprint]:
    """Every blueprint, in the order of the menu."""
    for name in NAMES:
        yield import_module(f"webapp.views.{name}").bp


def config() -> Config:
    """Where the data lie and how the server is set up."""
    found: Config = current_app.config["ROSTRUM"]
    return found


def keep_first(why: str) -> None:
    """A backup before what cannot be taken back; where it fails the office's page says so and the work goes on."""
    spend("backup")
    keeping.keep(config(), system_clock, why)


def acting() -> Actor:
    """Who acts in a view behind a right."""
    actor = current_actor()
    if actor is None:
        raise Forbidden("请先登录。")
    return actor


def again(error: Refused, page: Callable[[], str]) -> tuple[str, int]:
    """The page as it was filled in, with what is wrong of it: nothing has to be typed twice."""
    db.session.rollback()
    flash(sentence(error), "error")
    return page(), 409 if isinstance(error, Stale) else 400


def current_round() -> Round:
    """The round of ``?round=ID``, else the newest; for those who work on the day, that of the day."""
    number = request.args.get("round", type=int)
    if number is not None:
        return rounds.by_id(db.session(), number)
    actor = current_actor()
    return (rounds.of_the_day if actor and actor.role in ON_THE_DAY else rounds.newest)(db.session())


def safe_next(address: str | None, otherwise: str) -> str:
    """A place inside this site to go on to; anything else is ignored."""
    parts = urlsplit(address or "")
    inside = (
        address
        and not parts.scheme
        and not parts.netloc
        and address.startswith("/")
        and not address.startswith(("//", "/\\"))
    )
    return address if inside and address else otherwise
