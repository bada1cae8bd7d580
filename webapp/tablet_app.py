"""The files a tablet needs to open without a network, and the version they are together."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

HOME = Path(__file__).parent
MODULES = "static/js/tablet"
FILES = ("css/rostrum.css", "css/tablet.css", "icon.svg", "js/sha256.js", "js/clock.js", "js/chime.js", "js/within.js")
"""What the page loads beside its own modules."""


def modules() -> list[str]:
    """The page's modules, as the browser asks for them."""
    return [f"js/tablet/{path.name}" for path in sorted((HOME / MODULES).glob("*.js"))]


@cache
def version() -> str:
    """Changes whenever one of the files does."""
    parts = [HOME / "static" / name for name in (*FILES, *modules())]
    parts += [HOME / "templates" / name for name in ("tablet/home.html", "tablet/_item.html", "tablet/worker.js")]
    digest = hashlib.sha256()
    for path in parts:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def addresses() -> list[str]:
    """Everything the worker keeps, beside the page itself."""
    return [url_for("static", filename=name) for name in (*FILES, *modules())]
