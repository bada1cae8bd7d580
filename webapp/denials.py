"""Who was refused a page or an act, for the supervisor: one entry an hour for each account and route.

It is written by a session of its own, since the request's is rolled back; experts and strangers are in the server's
log alone, for whoever has no account could fill the audit log.
"""

from __future__ import annotations

import threading
import time

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.db import db
from webapp.identity import current_actor
from webapp.services import audit
from webapp.services.kernel import system_clock, without_words

QUIET = 3600.0
_lock = threading.Lock()


def note() -> None:
    """Write that the present request was refused."""
    actor = current_actor()
    if actor is None or actor.user_id is None or not _first(actor.name, request.endpoint or ""):
        return
    try:
        with Session(db.engine) as session:
            after = {"method": request.method, "role": actor.role}
            audit.record(session, actor, system_clock, "denied", request.endpoint or "", after=after)
            session.commit()
    except SQLAlchemyError as error:  # the answer matters more
        current_app.logger.error("a refusal was not written: %s", without_words(error))  # noqa: TRY400


def _first(name: str, endpoint: str) -> bool:
    """Whether this was not told lately."""
    now, told = time.monotonic(), current_app.extensions.setdefault("rostrum_denied", {})
    with _lock:
        last = told.get((name, endpoint))
        if last is not None and now - last < QUIET:
            return False
        told[name, endpoint] = now
        return True
