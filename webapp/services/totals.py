"""A panel's sheets and totals, for those and at the moments the tables of the domain's page name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from scoring.rubric import Item, Rubric
from webapp.models import Appointment, Expert, Panel, Result, Round, Sheet, Sitting
from webapp.services import records, results
from webapp.services.kernel import Actor, Refused
from webapp.services.settings import of_round


@dataclass(frozen=True)
class Row:
    """One applicant: the experts' sheets that may be shown, the combined score as it stands."""

    appointment: Appointment
    sheets: dict[int, Sheet]
    """Expert id → submitted sheet."""
    result: Result | None
    """Empty while this reader may see no totals."""

    def dropped(self, expert: Expert) -> bool:
        """Whether the expert's whole sheet was trimmed."""
        return self.result is not None and [expert.code] in self.result.dropped


@dataclass(frozen=True)
class Totals:
    """A panel's page: its members across, its applicants down."""

    panel: Panel
    members: tuple[Expert, ...]
    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    waiting: int
    """How many sittings are not shown yet because they are open."""
    with_marks: bool
    recused: frozenset[tuple[int | None, int | None]]
    """Applicant id and expert id of those who did not meet."""
    missing: frozenset[tuple[int, int]]
    """Applicant id and expert id of the sheets that the closed sittings lack."""
    short: tuple[tuple[tuple[str, ...], str], ...]
    """Of each closed sitting that lacks sheets: which, and the reason it was closed with."""


def readable(session: Session, round_: Round, actor: Actor, panel: Panel, sittings: list[Sitting]) -> list[Sitting]:
    """The sittings whose totals may be read: the office's once the chair has signed, the others' once closed."""
    if actor.role == "office" and panel.code not in records.signed_panels(session, round_):
        return []
    return [sitting for sitting in sittings if records.is_closed(session, round_, sitting)]


def of_panel(session: Session, round_: Round, actor: Actor, code: str) -> Totals:
    """What the actor may see of a panel's marks now.

    Raises:
        Refused: not yet; the sentence says what is waited for.
    """
    panel, sittings = records.panel_of(session, round_, actor, code)
    closed = readable(session, round_, actor, panel, sittings)
    if not closed and actor.role != "chair":
        raise Refused(
            "专家组 %(code)s 的合计现在还不能查看。小组秘书关闭场次后可看该场，评委会办公室在组长签字后可看。",
            code=code,
        )
    valid = results.valid_sheets(session, round_)
    places = [a for sitting in (sittings if actor.role == "chair" else closed) for a in sitting.appointments]
    combined = [a.applicant for sitting in closed for a in sitting.appointments]
    computed = results.of_applicants(session, round_, combined)
    rows = tuple(Row(a, _shown(valid.get(a.applicant_id, []), actor), computed.get(a.applicant_id)) for a in places)
    members = tuple(m.expert for m in sorted(panel.members, key=lambda m: not m.chair))
    with_marks = actor.role in ("chair", "results_officer", "supervisor")
    lacking = [(s, records.missing_pairs(session, round_, s)) for s in closed]
    return Totals(
        panel,
        members,
        Rubric.from_json(round_.rubric).items,
        rows,
        len(sittings) - len(closed),
        with_marks,
        frozenset(records.recused(session, round_)),
        frozenset((a.applicant_id, expert.id) for _sitting, pairs in lacking for a, expert, _typed in pairs),
        tuple(_short(session, round_, sitting) for sitting, pairs in lacking if pairs),
    )


def _short(session: Session, round_: Round, sitting: Sitting) -> tuple[tuple[str, ...], str]:
    row = records.closed_row(session, round_, sitting.panel.code, sitting.session.code)
    return tuple(records.missing_sheets(session, round_, sitting)), row.reason if row else ""


def _shown(sheets: list[Sheet], actor: Actor) -> dict[int, Sheet]:
    """All sheets of an applicant; for the chair only once the chair's own is among them."""
    if actor.role == "chair" and all(sheet.expert_id != actor.expert_id for sheet in sheets):
        return {}
    return {sheet.expert_id: sheet for sheet in sheets}


def method_words(round_: Round) -> str:
    """How the sheets are combined, as the office says it."""
    from webapp.services.setting_entries import ENTRIES

    return ENTRIES["aggregate"].choices[of_round(round_).aggregate]
