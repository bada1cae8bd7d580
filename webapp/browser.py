"""The browser of the machine Rostrum runs on: ``rostrum serve --open`` shows the login page there."""

from __future__ import annotations

import json
import os
import ssl
import sys
import urllib.request
import webbrowser


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
