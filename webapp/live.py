"""What wakes the screens: one look a moment at the audit log's head, for all of them, and a seat for each stream.

Every act writes an audit entry, in whichever process it happens; so its newest id says that something changed. A stream
holds a thread of the server while it is open, therefore seats are counted and short-lived: who finds none is told so
and asks every second and a half instead, which costs next to nothing while nothing changed (ETag).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.db import db
from webapp.models import AuditEntry

SEATS = 240
"""Streams at once in one process; the server has as many threads more than it needs for everything else."""
LOOK, BEAT, LIFE = 0.4, 8.0, 120.0
"""Seconds between two looks, between two signs of life, and until a stream ends and asks anew, rights and all.

A page calls its stream off after two and a half missed beats."""


class Hub:
    """One per application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._stamp, self._seated, self._watching = 0, 0, False
        self._kept: dict[str, tuple[int, str]] = {}
        self._making = threading.Lock()

    @property
    def seated(self) -> int:
        """How many streams are open."""
        return self._seated

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Count a stream in and out; the first one wakes the watcher, the last lets it sleep."""
        with self._changed:
            self._seated += 1
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="rostrum-live", daemon=True).start()
        try:
            yield
        finally:
            with self._changed:
                self._seated -= 1

    def full(self) -> bool:
        """Whether the next stream would find no seat."""
        return self._seated >= SEATS

    def _watch(self) -> None:
        while True:
            with self._app.app_context():
                read_plainly()
                stamp = look(db.session())
            with self._changed:
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._changed.notify_all()
                if not self._seated:
                    self._watching = False
                    return
            time.sleep(LOOK)

    def wait(self, seen: int, seconds: float) -> int:
        """The newest stamp, at once where it is another than ``seen``, else after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._stamp != seen, seconds)
            return self._stamp

    def once(self, key: str, stamp: int, make: Callable[[], str]) -> str:
        """What ``make`` gives for this stamp or a newer one, made once for all who show the same."""
        with self._making:
            kept = self._kept.get(key)
            if kept is None or kept[0] < stamp:
                kept = self._kept[key] = (stamp, make())
            return kept[1]


def read_plainly() -> None:
    """Begin a transaction that does not queue behind writers, where none has begun."""
    if not db.session().in_transaction():
        db.session.connection(execution_options={"rostrum_read": True})


def look(session: Session) -> int:
    """The newest id of the audit log, as this transaction sees it: what it shows besides is not older."""
    return session.scalar(select(func.max(AuditEntry.id))) or 0


def hub() -> Hub:
    """The application's hub."""
    found: Hub = current_app.extensions["rostrum_live"]
    return found


def init_app(app: Flask) -> None:
    """Give the application its hub."""
    app.extensions["rostrum_live"] = Hub(app)


def fingerprint(text: str) -> str:
    """The ETag of a fragment."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def beat() -> str:
    """A sign of life the page hears, with how many milliseconds lie between two of them."""
    return f"event: beat\ndata: {BEAT * 1000:.0f}\n\n"


def stream(read: Callable[[int], str]) -> Iterator[str]:
    """Server-sent events: what ``read`` gives for a stamp, whenever it differs from what was sent last; else a beat."""
    here, end = hub(), time.monotonic() + LIFE
    db.session.remove()
    with here.seat():
        yield "retry: 1000\n\n" + beat()
        seen, sent, told = -1, "", time.monotonic()
        while (now := time.monotonic()) < end:
            stamp = here.wait(seen, max(told + BEAT - now, 0))
            text = sent if stamp == seen else read(stamp)
            db.session.remove()  # a stream keeps no connection while it waits
            seen = stamp
            if text != sent:
                yield "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
            elif time.monotonic() >= told + BEAT:
                yield beat()
            else:
                continue
            sent, told = text, time.monotonic()
