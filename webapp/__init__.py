"""People, pages and data: ``create_app`` puts the parts together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Config


def create_app(config: Config) -> Flask:
    """The web application over one data folder. The database must be at the newest migration (``webapp.migrate``)."""
    from webapp.factory import build

    return build(config)
