"""How a result came about: one computation told again from the sheets it kept, step by step.

Everything comes from the stored set, so that a result can be told for good; it is computed anew while it is told, and
a difference to what is stored is said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.aggregate import Sheet as Marks
from scoring.flips import Rules
from scoring.rubric import Rubric
from scoring.story import Direction, Story
from scoring.together import Together, together
from webapp.models import Result, ResultSet, SheetRecord


@dataclass(frozen=True)
class Origin:
    """One applicant's result and everything it rests on."""

    made: ResultSet
    row: Result
    rubric: Rubric
    rules: Rules
    story: Story | None
    """Empty where the applicant was not heard."""
    warnings: tuple[str, ...]
    """Of the correction of this direction."""
    panels: dict[str, tuple[tuple[str, Decimal], ...]]
    """Panel → code and score of everyone of the direction, where they are corrected together."""

    @property
    def experts(self) -> tuple[str, ...]:
        """Codes of the panel's members, in their order: without names they are expert 1, 2 and so on."""
        return tuple(sorted({entry["expert"] for entry in (*self.row.sheets, *self.row.uncounted)}))

    @property
    def dropped(self) -> dict[tuple[int, ...], str]:
        """(sheet,) or (sheet, item) by place → ``high`` or ``low``: of each pair the high one comes first."""
        out = self.story.aggregate.dropped if self.story else ()
        return {place: ("high", "low")[n % 2] for n, place in enumerate(out)}

    @property
    def corrected(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Code → k and corrected score of everyone who is corrected: what the rank compares."""
        rows = self.made.results
        return {r.applicant.code: (r.k, r.final) for r in rows if r.k is not None and r.final is not None}

    @property
    def tie_items(self) -> tuple[str, ...]:
        """Names of the items compared where scores are equal."""
        return tuple(self.rubric.items[n].name for n in self.rules.tie_break)

    @property
    def whole(self) -> Together | None:
        """Papers and defence as one, where the round weighs them."""
        weights = self.made.settings.get("weights")
        if weights is None:
            return None
        return together(self.row.papers, self.row.final, (weights[0], weights[1]), decimals=self.rules.decimals)

    @property
    def agrees(self) -> bool:
        """Whether telling it again gives what is stored."""
        if self.story is None:
            return self.row.raw is None
        told = (self.story.aggregate.score, self.story.k, self.story.final, self.story.rank)
        whole = self.whole.score if self.whole else None
        stored = (self.row.raw, self.row.k, self.row.final, self.row.rank)
        return told == stored and whole == self.row.together


def rules_of(made: ResultSet) -> Rules:
    """The rules a set was computed by, as they were then."""
    kept = made.settings
    line = kept["reference_line"]
    items = [item["key"] for item in kept["rubric"]["items"]]
    mean, k, score = kept["correction_decimals"]
    return Rules(
        method=kept["aggregate"],
        min_sheets_to_trim=kept["min_sheets_to_trim"],
        min_sheets=kept["min_sheets"],
        decimals=kept["decimals"],
        correction=kept["correction"],
        correction_decimals=(mean, k, score),
        tie_break=tuple(items.index(key) for key in kept["tie_break"]),
        line=None if line is None else Decimal(line),
        line_meets_corrected=kept.get("line_meets") == "final",
    )


def directions(made: ResultSet) -> dict[int, Direction]:
    """Direction id → everyone of it who was heard, computed anew."""
    rubric, rules = Rubric.from_json(made.settings["rubric"]), rules_of(made)
    items = [item.key for item in rubric.items]
    groups: dict[int, dict[str, dict[str, dict[str, Marks]]]] = defaultdict(lambda: defaultdict(dict))
    for row in made.results:
        if row.outcome == "heard":
            own: dict[str, Marks] = {s["expert"]: [_mark(s["marks"].get(key)) for key in items] for s in row.sheets}
            groups[row.applicant.direction_id][row.panel][row.applicant.code] = own
    least = made.settings.get("min_present", 8)
    return {group: Direction(panels, rules, full=rubric.full, min_present=least) for group, panels in groups.items()}


def _mark(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def of(made: ResultSet, row: Result) -> Origin:
    """How one result of a set came about."""
    told = directions(made).get(row.applicant.direction_id)
    heard = told is not None and row.applicant.code in told.home
    corrected = told is not None and told.correction is not None
    return Origin(
        made=made,
        row=row,
        rubric=Rubric.from_json(made.settings["rubric"]),
        rules=rules_of(made),
        story=told.of(row.applicant.code) if told is not None and heard else None,
        warnings=told.warnings if told is not None and heard else (),
        panels={panel: tuple(people.items()) for panel, people in told.raw.items()} if told and corrected else {},
    )


def history(session: Session, row: Result) -> dict[str, list[SheetRecord]]:
    """Sheet id → the submitted versions of it that were taken, the first one first."""
    keys = [s["key"] for s in row.sheets if "key" in s]
    query = select(SheetRecord).where(SheetRecord.sheet_key.in_(keys), SheetRecord.fate == "taken")
    found: dict[str, list[SheetRecord]] = defaultdict(list)
    for record in session.scalars(query.where(SheetRecord.state == "submitted").order_by(SheetRecord.id)):
        found[record.sheet_key].append(record)
    return found
