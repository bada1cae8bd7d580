"""Who may see and do what: the tables at the end of the domain's page, and the gate in front of every view.

A condition that depends on the moment ("read when released") is the service's; this table says who may ever.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.db import db

View = TypeVar("View", bound=Callable[..., Any])

TABLE: dict[str, dict[str, str]] = {
    # scores
    "own_sheet": {"expert": "read write", "chair": "read write"},
    "panel_sheets": {
        "chair": "read confirm unlock unlocks settle",
        "secretary": "state type hand_in",
        "office": "state hand_in",
        "results_officer": "read unlock unlocks settle",
        "supervisor": "read unlocks",
    },
    "panel_totals": {
        "chair": "read sign",
        "secretary": "print",
        "office": "read",
        "results_officer": "read",
        "supervisor": "read",
    },
    "results": {
        "office": "read compute history",
        "results_officer": "read confirm release history",
        "organiser": "read",
        "supervisor": "read history",
    },
    # the review of papers, of either level
    "papers": {"secretary": "type", "results_officer": "read confirm", "supervisor": "read"},
    # a panel's opinion and record of questions
    "notes": {"secretary": "write", "chair": "sign"},
    # by expert: names beside marks, severity, measures
    "statistics": {"results_officer": "read", "supervisor": "read"},
    "votes": {"results_officer": "read write", "supervisor": "read"},
    "audit": {"supervisor": "read"},
    # the rest
    "people": {
        "expert": "own_panel",
        "chair": "own_panel",
        "secretary": "own_panel",
        "desk": "read",
        "office": "read write",
        "results_officer": "read",
        "organiser": "read export",
        "supervisor": "read",
    },
    "settings": {"office": "read write", "results_officer": "read", "supervisor": "read"},
    "drafts": {"office": "read write", "supervisor": "read"},
    "published": {
        "expert": "own",
        "chair": "own",
        "secretary": "read",
        "desk": "read",
        "office": "read publish repair",
        "results_officer": "read",
        "organiser": "read export",
        "supervisor": "read",
    },
    "calls": {
        "secretary": "own_panel",
        "desk": "read write",
        "office": "read write",
        "results_officer": "read",
        "organiser": "read",
        "supervisor": "read",
    },
    "users": {"admin": "read write"},
    # a round's personal data after the archive: how much there is, no names
    "personal_data": {"admin": "read wipe"},
    "screens": {
        **dict.fromkeys(
            ("expert", "chair", "secretary", "desk", "office", "results_officer", "organiser", "supervisor", "admin"),
            "read",
        ),
        "screen": "own",
    },
    # one's own account and the home page: whoever is logged in with a password
    "account": dict.fromkeys(
        ("secretary", "desk", "office", "results_officer", "organiser", "supervisor", "admin", "screen"), "use"
    ),
}
"""Area → role → verbs. A role that is missing may nothing there."""


def may(role: str, area: str, *verbs: str) -> bool:
    """Whether the role may do one of the verbs in the area."""
    return any(verb in TABLE[area].get(role, "").split() for verb in verbs)


def allow(area: str, *verbs: str) -> Callable[[View], View]:
    """Let those use a view who may do one of ``verbs`` in ``area``; a writing view is committed when done."""
    assert area in TABLE, area

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **keywords: Any) -> Any:
            from webapp.identity import current_actor, password_is_new, second_is_missing

            actor = current_actor()
            if actor is None:
                return _to_login(area)
            if area != "account" and password_is_new():
                return redirect(url_for("auth.password"), 303)
            if area != "account" and second_is_missing():
                return redirect(url_for("account.index"), 303)
            if not may(actor.role, area, *verbs):
                abort(403)
            return _committed(view, *args, **keywords)

        guarded.right = (area, verbs)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return gate


def public(view: View) -> View:
    """Let everyone use a view: the doors, the language switch, the health check."""

    @wraps(view)
    def guarded(*args: Any, **keywords: Any) -> Any:
        return _committed(view, *args, **keywords)

    guarded.right = ("public", ("use",))  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def _committed(view: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    answer = view(*args, **keywords)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        db.session.commit()
    return answer


def _to_login(area: str) -> Response:
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        abort(401)
    door = "tablet.enter" if area == "own_sheet" else "auth.login"
    return redirect(url_for(door, next=request.full_path.rstrip("?") if request.method == "GET" else None))
