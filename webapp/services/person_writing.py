"""What was typed of a person, written into the tables."""

from __future__ import annotations

from collections.abc import Mapping

from exports.availability import told
from webapp.models import Applicant, Expert, Round
from webapp.services.instance import MINUTE
from webapp.services.person_form import DETAILS, AnyPerson
from webapp.services.times import keyed


def write(round_: Round, person: AnyPerson, after: Mapping[str, str], changed: set[str]) -> None:
    """The values of a checked form; ``changed``: the keys that differ."""
    for key in ("name", "employer", "title", "id_no", "phone"):
        setattr(person, key, after[key])
    if isinstance(person, Applicant):
        person.insured_unit, person.level = after["insured_unit"], after["level"]
        person.direction = next(d for d in round_.directions if d.code == after["direction"])
        kept = {key: text for key in DETAILS if (text := after[key])}
        if "unavailable" in person.details:
            kept["unavailable"] = person.details["unavailable"]
        person.details = kept
        if "times" in changed:
            _away(round_, person, after["times"].split())
        return
    person.post, person.note, person.may_chair = after["post"], after["note"], bool(after["may_chair"])
    person.max_sessions = int(after["max_sessions"]) if after["max_sessions"] else None
    person.strengths = {d.code: n for d in round_.directions if (n := int(after[f"s.{d.code}"]))}
    if "times" in changed or person.id is None:
        _there(round_, person, after["times"].split())


def _there(round_: Round, person: Expert, codes: list[str]) -> None:
    """The painted half-days of an expert, and the text that means exactly them."""
    pairs = keyed(round_)
    rows, keys = [row for row, _half in pairs], [row.key for row, half in pairs if half.code in codes]
    person.available = [half.code for _row, half in pairs if half.code in codes] if pairs else None
    person.availability_text = told(keys, rows) if pairs else ""


def _away(round_: Round, person: Applicant, codes: list[str]) -> None:
    pairs = keyed(round_)
    rows, keys = [row for row, _half in pairs], [row.key for row, half in pairs if half.code in codes]
    person.unavailable = [
        [f"{at:{MINUTE}}" for at in (half.start, half.end)] for _row, half in pairs if half.code in codes
    ]
    rest = {key: text for key, text in person.details.items() if key != "unavailable"}
    person.details = rest | ({"unavailable": told(keys, rows)} if keys else {})
