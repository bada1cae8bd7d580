"""Who of a panel has no sheet that counts for somebody who was heard, and why."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Recusal, Round, Sheet, SittingClosed
from webapp.services import boards, records

WHY = {"recused": "回避", "typed": "已录入，组长没有确认", "none": "没有提交"}
"""Why a sheet does not count → its words."""


def of_round(session: Session, round_: Round) -> dict[int, list[dict[str, Any]]]:
    """Applicant id → members without a sheet that counts, the reason of the recusal or of the closing beside."""
    query = select(Sheet.applicant_id, Sheet.expert_id, Sheet.state).where(Sheet.round_id == round_.id)
    states = {(row.applicant_id, row.expert_id): row.state for row in session.execute(query)}
    away = select(Recusal).where(Recusal.round_id == round_.id, Recusal.side == "day")
    recused = {(r.applicant_id, r.expert_id): r.reason for r in session.scalars(away)}
    closed = select(SittingClosed).where(SittingClosed.round_id == round_.id)
    reasons = {(c.panel, c.session): c.reason for c in session.scalars(closed)}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for panel, sittings in boards.by_panel(session, records.published(session, round_)):
        members = sorted((m.expert for m in panel.members), key=lambda e: e.code)
        for sitting, place in ((s, a) for s in sittings for a in s.appointments):
            for expert in members:
                pair = (place.applicant_id, expert.id)
                if pair in recused:
                    entry = {"expert": expert.code, "why": "recused", "reason": recused[pair]}
                elif states.get(pair) == "submitted":
                    continue
                else:
                    why = "typed" if states.get(pair) == "typed" else "none"
                    entry = {
                        "expert": expert.code,
                        "why": why,
                        "reason": reasons.get((panel.code, sitting.session.code), ""),
                    }
                found[place.applicant_id].append(entry)
    return found
