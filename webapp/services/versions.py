"""Every computation of a round beside another: what changed, by whom, why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import Objection, Result, ResultSet, Round, Sheet, SheetRecord, Unlock
from webapp.services import results
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import shown

FIELDS = {
    "outcome": "结果",
    "raw": "答辩成绩",
    "k": "k",
    "final": "最后成绩",
    "rank": "名次",
    "valid_sheets": "有效评分表",
    "panel": "专家组",
    "papers": "材料评审",
    "together": "总分",
}
"""Attribute of a result → its words."""


@dataclass(frozen=True)
class SheetChange:
    """One expert's sheet that differs; a version of ``None``: it did not count in that set."""

    key: str
    expert: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    times: tuple[int, int]
    """Which submission of the sheet counted in each; what is saved in between is a version, no submission."""
    unlocked: tuple[Unlock, ...]
    """Why, and by which two persons, it was unlocked between the two."""


@dataclass(frozen=True)
class Change:
    """One applicant whose result or sheets differ."""

    before: Result | None
    after: Result | None
    fields: tuple[tuple[str, str, str], ...]
    """Words, before, after."""
    sheets: tuple[SheetChange, ...]

    @property
    def row(self) -> Result:
        """Either, to say who it is."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Comparison:
    """Two sets of a round."""

    a: ResultSet
    b: ResultSet
    settings: tuple[tuple[str, str, str], ...]
    changes: tuple[Change, ...]
    same: int
    objections: tuple[Objection, ...]
    """Decided between the two computations."""


def everyone(session: Session, round_: Round) -> list[ResultSet]:
    """All sets, the newest first."""
    query = select(ResultSet).where(ResultSet.round_id == round_.id).order_by(ResultSet.number.desc())
    return list(session.scalars(query))


def standing(session: Session, round_: Round) -> ResultSet | None:
    """What is released now: it stands while the round is checked again, until a corrected version is confirmed."""
    query = select(ResultSet).where(ResultSet.round_id == round_.id, ResultSet.state == "released")
    return session.scalar(query.order_by(ResultSet.number.desc()).limit(1))


def now(session: Session, round_: Round, role: str) -> ResultSet | None:
    """What a role reads as the results: the newest computation where its stage allows it, else what stands."""
    return results.newest(session, round_) if results.visible(round_, role) else standing(session, round_)


def checking(round_: Round, made: ResultSet | None) -> bool:
    """Whether a set that is released is being checked again: it stands until a corrected one is confirmed."""
    return bool(made and made.state == "released" and not results.visible(round_, "organiser"))


def of_number(session: Session, round_: Round, number: int | None) -> ResultSet | None:
    """The set of that number."""
    return session.scalar(select(ResultSet).where(ResultSet.round_id == round_.id, ResultSet.number == number))


def compare(session: Session, round_: Round, a: ResultSet, b: ResultSet) -> Comparison:
    """What differs from ``a`` to ``b``: first those whose sheets differ, then by code."""
    one, two = ({r.applicant.code: r for r in made.results} for made in (a, b))
    unlocked, submitted = _unlocked(session, round_), _submitted(session, round_)
    changes = []
    for code in sorted({*one, *two}):
        fields = _fields(one.get(code), two.get(code))
        sheets = _sheets(one.get(code), two.get(code), unlocked, submitted)
        if fields or sheets:
            changes.append(Change(one.get(code), two.get(code), fields, sheets))
    settled = select(Objection).where(
        Objection.round_id == round_.id,
        Objection.decided_at >= min(a.computed_at, b.computed_at),
        Objection.decided_at <= max(a.computed_at, b.computed_at),
    )
    objections = tuple(session.scalars(settled.order_by(Objection.number)))
    changes.sort(key=lambda change: not change.sheets)
    return Comparison(a, b, _settings(a, b), tuple(changes), len({*one, *two}) - len(changes), objections)


def _settings(a: ResultSet, b: ResultSet) -> tuple[tuple[str, str, str], ...]:
    found = []
    for key in dict.fromkeys([*a.settings, *b.settings]):
        before, after = a.settings.get(key), b.settings.get(key)
        if before != after:
            words = ENTRIES[key].label if key in ENTRIES else "评分标准"
            pair = (_version(before), _version(after)) if key == "rubric" else (_plain(before), _plain(after))
            found.append((words, *pair))
    return tuple(found)


def _version(rubric: Any) -> str:
    return f"第 {rubric['version']} 版" if isinstance(rubric, dict) else ""


def _plain(value: Any) -> str:
    return shown(tuple(value) if isinstance(value, list) else value)


def _fields(a: Result | None, b: Result | None) -> tuple[tuple[str, str, str], ...]:
    found = []
    for name, words in FIELDS.items():
        before, after = (_text(getattr(row, name) if row else None) for row in (a, b))
        if before != after:
            found.append((words, before, after))
    return tuple(found)


def _text(value: object) -> str:
    return "–" if value is None else str(value)


def _sheets(
    a: Result | None, b: Result | None, unlocked: dict[str, list[Unlock]], submitted: dict[str, list[int]]
) -> tuple[SheetChange, ...]:
    one, two = ({s["expert"]: s for s in row.sheets} if row else {} for row in (a, b))
    found = []
    for expert in sorted({*one, *two}):
        before, after = one.get(expert), two.get(expert)
        if (before and before["hash"]) != (after and after["hash"]):
            key = str((after or before or {}).get("key", ""))
            own = submitted.get(key, [])
            times = tuple(sum(one <= s["version"] for one in own) if s else 0 for s in (before, after))
            why = _between(unlocked.get(key, []), before, after)
            found.append(SheetChange(key, expert, before, after, (times[0], times[1]), why))
    return tuple(found)


def _between(unlocked: list[Unlock], before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Unlock, ...]:
    """The unlockings that led from one version to the other; all of them where the sheet did not count in one."""
    if before is None or after is None:
        return tuple(unlocked)
    low, high = sorted((before["version"], after["version"]))
    return tuple(u for u in unlocked if low <= u.version < high)


def _submitted(session: Session, round_: Round) -> dict[str, list[int]]:
    """Sheet id → its versions that were submitted and taken, at once or after a choice between two."""
    own = SheetRecord.sheet_key.startswith(f"R{round_.id}-", autoescape=True)
    taken = or_(SheetRecord.fate == "taken", SheetRecord.settled_as == "kept")
    query = select(SheetRecord.sheet_key, SheetRecord.version).where(own, taken, SheetRecord.state == "submitted")
    found: dict[str, list[int]] = defaultdict(list)
    for key, version in session.execute(query):
        if version is not None:
            found[key].append(version)
    return found


def _unlocked(session: Session, round_: Round) -> dict[str, list[Unlock]]:
    """Sheet id → its unlockings that were agreed to, in their order."""
    query = select(Unlock).where(Unlock.round_id == round_.id, Unlock.state.in_(("open", "done")))
    found: dict[str, list[Unlock]] = defaultdict(list)
    for unlock in session.scalars(query.join(Sheet, Sheet.id == Unlock.sheet_id).order_by(Unlock.id)):
        found[unlock.sheet.key].append(unlock)
    return found
