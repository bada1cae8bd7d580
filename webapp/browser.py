"""The browser of the machine Rostrum runs on: ``rostrum serve --open`` shows the login page there."""

from __future__ import annotations

import json
import os
import ssl
import sys
import time
import urllib.request
import webbrowser
from pathlib import Path
from typing import IO

from webapp.deploy.install import alone

STARTS = 120
"""Seconds a Rostrum may take to come up."""


def first(data: Path, address: str) -> IO[bytes] | None:
    """Take the data for this window, as long as the file is open; nothing where another has them or serves there."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "open.lock").open("ab")
    if alone(lock) and not answers(address):
        return lock
    lock.close()
    return None


def show_other(address: str) -> bool:
    """Open the Rostrum of another window once it answers, for it may be starting; whether it ever did."""
    for _ in range(STARTS):
        if answers(address):
            show(f"{address}/login")
            return True
        time.sleep(1)
    return False


def answers(address: str) -> bool:
    """Whether a Rostrum serves there already."""
    try:
        unknown = ssl._create_unverified_context()  # noqa: S323  (our own machine; its certificate may be its own, too)
        with urllib.request.urlopen(f"{address}/healthz", timeout=3, context=unknown) as told:  # noqa: S310
            return "status" in json.loads(told.read(1000))
    except (OSError, ValueError, TypeError):
        return False


def show(address: str) -> None:
    """Open a page where there is a desktop: in a bare terminal the browser would take the server's place."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)
