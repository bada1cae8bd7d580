"""Who may take which workbook, and what of a round's content a role may see in it."""

from __future__ import annotations

from dataclasses import replace

from exports.content import RoundContent
from webapp.models import Round
from webapp.services import results

EVERYTHING = "supervisor"
"""The role that may see all that stands in a workbook: what the archive writes."""
BALLOTS = ("results_officer", "supervisor")
"""Roles that may read counts of votes."""
NOTES = ("office", "results_officer", "supervisor", "organiser")
"""Roles whose forms come filled with what panels and the committee wrote; others take blank ones."""
DETAIL = {"office": "totals", "results_officer": "items", "supervisor": "items"}
"""What a role may see of each expert's marks; all others nothing."""
MARKS = ("summary", "results", "origins")
"""Kinds that show marks: read when released, or by those who may read sheets."""
TAKERS = {
    "sheets": ("office", "secretary", "organiser"),
    "entry": ("office", "secretary", "organiser"),
    "minutes": ("office", "secretary", "results_officer", "organiser", "supervisor"),
    "opinions": ("office", "secretary", "organiser", "supervisor"),
    "votes": ("office", "results_officer", "supervisor"),
    "fees": ("office", "organiser"),
    "contacts": ("office", "desk", "organiser"),
    "rosters": ("office", "organiser"),
}
"""Who may take a kind that is not for all staff: where phones or ID numbers stand, and forms to be filled in."""


def may_take(round_: Round, role: str, kind: str) -> bool:
    """Whether a role may take a workbook of the round now."""
    if kind in MARKS:
        if kind == "summary" and role == "organiser":
            return False  # it shows the experts' totals
        closing = kind == "summary" and round_.state in ("in_session", "complete")
        if kind == "origins":
            return role in ("results_officer", "supervisor") and results.visible(round_, role)
        return role in ("office", "organiser", "results_officer", "supervisor") and (
            closing or results.visible(round_, role)
        )
    return kind not in TAKERS or role in TAKERS[kind]


def seen_by(made: RoundContent, kind: str, role: str) -> RoundContent:
    """The content as a role may see it in a workbook: counts of votes and panels' notes are not for everyone.

    The public notice says only who passed; each expert's marks by item are for those who may read sheets.
    """
    made = replace(made, reader=role, detail=DETAIL.get(role, "none"))
    if kind != "notice" and role not in BALLOTS:
        made = replace(made, votes={})
    return made if role in NOTES else replace(made, notes={}, meeting=None)
