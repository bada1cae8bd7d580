"""When people may change: freely while drafting, then as an exception with a reason, at last only how to reach them."""

from __future__ import annotations

from collections.abc import Set

from webapp.models import Round
from webapp.services.kernel import Refused, Unreadable

BEFORE_LOCK = "draft"
EXCEPTIONS = ("rosters_locked", "scheduled", "published", "in_session")
"""States in which people change as an exception, with a reason that is logged."""
AFTERWARDS = ("complete", "computed", "confirmed", "voted", "released", "public_notice")
"""States in which only what identifies and reaches a person can still be put right."""
CONTACTS = frozenset(("name", "id_no", "phone", "title", "post", "note"))


def require(round_: Round, reason: str, changed: Set[str] | None = None) -> None:
    """Whether people may change now; ``changed`` are the fields, ``None`` where more than a person's own fields change.

    Raises:
        Unreadable: the rosters are locked and no reason is given.
        Refused: the round is too far for it.
    """
    if round_.state == BEFORE_LOCK:
        return
    late = round_.state in AFTERWARDS and changed is not None and changed <= CONTACTS
    if round_.state not in EXCEPTIONS and not late:
        raise Refused("答辩已结束，只能更正姓名、证件、电话、职称和备注。其他内容请在“异议”中处理。")
    if not reason.strip():
        raise Unreadable("名册已锁定。要作为例外更改，请写明原因；原因会记入审计。")


def needs_reason(round_: Round) -> bool:
    """Whether a change is an exception now."""
    return round_.state != BEFORE_LOCK


def possible(round_: Round) -> bool:
    """Whether more than how to reach somebody can be changed."""
    return round_.state == BEFORE_LOCK or round_.state in EXCEPTIONS
