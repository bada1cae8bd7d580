"""What follows a new schedule on the day: secretaries, sign-offs and draft sheets go where their panels go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Applicant, PanelSecretary, PanelSigned, Round, Sheet
from webapp.services import differences, places


def follow(session: Session, round_: Round, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Secretaries go on with the panels that go on under a new id; a panel that sits otherwise is not signed off."""
    was = {p["id"]: p for p in old["panels"]}
    mine = list(session.scalars(select(PanelSecretary).where(PanelSecretary.round_id == round_.id)))
    known = {(row.panel, row.user_id) for row in mine}
    for panel in new["panels"]:
        stem = panel["id"].partition("+")[0]
        if panel["id"] not in was and stem in was:
            fresh = [row for row in mine if row.panel == stem and (panel["id"], row.user_id) not in known]
            session.add_all(PanelSecretary(round_id=round_.id, panel=panel["id"], user_id=r.user_id) for r in fresh)
    _sheets(session, round_, new)
    now = {p["id"]: p["sittings"] for p in new["panels"]}
    for signed in session.scalars(select(PanelSigned).where(PanelSigned.round_id == round_.id)):
        if signed.panel in was and was[signed.panel]["sittings"] != now.get(signed.panel):
            session.delete(signed)
    session.flush()


def _sheets(session: Session, round_: Round, new: Mapping[str, Any]) -> None:
    """A draft of an expert who hears the applicant under another panel's id goes there."""
    panel = {who: place.panel for who, place in differences.places(new).items()}
    members = {p["id"]: set(p["members"]) for p in new["panels"]}
    query = select(Sheet).join(Applicant, Applicant.id == Sheet.applicant_id)
    for sheet in session.scalars(query.where(Sheet.round_id == round_.id, Sheet.state == "draft")):
        here = panel.get(sheet.applicant.code)
        if here not in (None, sheet.panel) and sheet.expert.code in members[here]:
            sheet.panel, sheet.key = here, places.key_of(round_, here, sheet.applicant, sheet.expert)
