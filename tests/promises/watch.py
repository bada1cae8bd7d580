"""No request may commit a change that no audit entry tells. Imported, this watches every test that sends requests.

A tablet's drafts have a history of their own (``sheet_records``); failed logins are records themselves.
"""

from __future__ import annotations

from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.services import changes

HISTORY = {"sheets"}


@event.listens_for(Session, "before_commit")
def _told(session: Session) -> None:
    if not has_request_context() or not session.is_active or session.in_nested_transaction():
        return
    session.flush()
    left = set(changes.of(session).tables) - HISTORY
    assert not left, (
        f"{request.method} {request.endpoint} changed {sorted(left)} after its last audit entry. "
        "Call audit.record() at the end of the service, when everything is written."
    )
