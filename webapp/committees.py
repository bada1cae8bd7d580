"""Many committees on one server, strictly apart: each has a data folder, a database, keys and a host name of its own.

A folder of committees has one folder for each, named after its host name (``jn.example.cn``). Which committee a request
is for is decided once, by its host; behind that stands an application that knows no other database. So no query, no
forgotten condition and no id from elsewhere can reach across: there is nothing to reach.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from webapp.config import Config, from_environment

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?")
SETTINGS = "committee.json"
"""In a committee's folder: ``{"database_url": ...}`` where it is not SQLite beside it."""


def configs(folder: Path, *, tls: bool = False) -> dict[str, Config]:
    """Host name → the committee's settings."""
    hosts = sorted(one.name for one in folder.iterdir() if one.is_dir() and _HOST.fullmatch(one.name))
    return {host: _config(folder / host, tls) for host in hosts}


def _config(folder: Path, tls: bool) -> Config:
    own = from_environment(folder, tls=tls)
    said = folder / SETTINGS
    url = json.loads(said.read_text(encoding="utf-8"))["database_url"] if said.exists() else ""
    return replace(own, database_url=url or f"sqlite:///{folder.absolute() / 'rostrum.sqlite3'}", journal=None)


class Committees:
    """The WSGI application in front: by host name to the committee's own, which is made when it is first asked for."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.folder, self.tls = folder, tls
        self._apps: dict[str, WSGIApplication] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the host's committee; a host that is none is not found."""
        app = self.of(environ.get("HTTP_HOST", "").rsplit(":", 1)[0].lower())
        if app is None:
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return ["这个地址没有评委会。请核对网址。\n".encode()]
        return app(environ, start_response)

    def of(self, host: str) -> WSGIApplication | None:
        """The application of a host."""
        with self._lock:
            if host not in self._apps:
                if not _HOST.fullmatch(host) or not (self.folder / host).is_dir():
                    return None
                from webapp import create_app
                from webapp.migrate import upgrade

                config = _config(self.folder / host, self.tls)
                upgrade(config)
                self._apps[host] = create_app(config)
            return self._apps[host]
