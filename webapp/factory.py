"""The application's parts in their order: settings, database, doors, languages, pages, headers, errors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import errors, headers, health, identity, languages, live, shown
from webapp.config import Config
from webapp.db import db
from webapp.services import documents

csrf = CSRFProtect()
POOL = {"pool_size": 16, "max_overflow": 4, "pool_timeout": 60}
"""Connections of one process: more threads wait here, where they cost nothing, and PostgreSQL's hundred are enough."""


class Json(DefaultJSONProvider):
    """What pages send is read as every document from outside."""

    def loads(self, s: str | bytes, **_more: Any) -> Any:
        """The document, or a ``ValueError``, which Flask answers with 400."""
        return documents.read(s)


def build(config: Config) -> Flask:
    """Make the application."""
    app = Flask("webapp")
    app.json = Json(app)
    app.config.update(
        ROSTRUM=config,
        TESTING=config.testing,
        SECRET_KEY=config.secret_key(),
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=POOL,
        SESSION_COOKIE_NAME="__Host-rostrum" if config.tls else "rostrum",
        SESSION_COOKIE_SECURE=config.tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # an offline tablet's token outlives the day; it ends with its session
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxies, config.proxies, 0, 0, 0)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    identity.init_app(app)
    languages.init_app(app)
    shown.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    live.init_app(app)
    _readers_do_not_queue(app)
    health.init_app(app)
    from webapp.views import blueprints

    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


TRIES = ("paper.check",)
"""Pages that write to see what it gives, and take it back: who begins as a reader may not write once another has."""


def _readers_do_not_queue(app: Flask) -> None:
    @app.before_request
    def _read_plainly() -> None:
        if request.method in ("GET", "HEAD") and request.endpoint not in (None, "static", "live.now", *TRIES):
            live.read_plainly()
