"""What was typed of a person, written into the tables."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.models import Applicant, Round
from webapp.services import times
from webapp.services.person_form import DETAILS, AnyPerson


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
            times.stay_away(round_, person, times.spans(round_, after["times"].split()))
        return
    person.post, person.note, person.may_chair = after["post"], after["note"], bool(after["may_chair"])
    person.max_sessions = int(after["max_sessions"]) if after["max_sessions"] else None
    person.strengths = {d.code: n for d in round_.directions if (n := int(after[f"s.{d.code}"]))}
    if "times" in changed or person.id is None:
        times.come(round_, person, after["times"].split() if round_.sessions else None)
