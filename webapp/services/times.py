"""What people said about their times, as sessions of the venue: read anew whenever people or the venue change.

What is kept is the text as well as what it means: whoever changes one changes the other (:func:`come`,
:func:`stay_away`), else the next reading would take it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.availability import SessionRow, absences, sentence, told, understand
from webapp.models import Applicant, Expert, Round
from webapp.models import Session as HalfDay
from webapp.services.instance import MINUTE
from webapp.services.kernel import Sentence


def session_rows(round_: Round) -> list[SessionRow]:
    """The round's sessions as rosters name them."""
    return [SessionRow(f"{s.start:%Y-%m-%d}", s.label, f"{s.start:%H:%M}", f"{s.end:%H:%M}") for s in round_.sessions]


def keyed(round_: Round) -> list[tuple[SessionRow, HalfDay]]:
    """Each of them beside its row."""
    return list(zip(session_rows(round_), round_.sessions, strict=True))


def settle(session: Session, round_: Round) -> list[Sentence]:
    """Give every expert the sessions and every applicant the absences their texts mean; one sentence for each
    text that is not understood."""
    session.flush()
    halves = {row.key: half for row, half in keyed(round_)}
    rows, wrong = session_rows(round_), list[Sentence]()
    if not rows:
        return []
    for expert in session.scalars(select(Expert).where(Expert.round_id == round_.id).order_by(Expert.code)):
        keys = understand(expert.availability_text, rows)
        if keys is None:
            wrong.append(_unclear(f"{expert.code} {expert.name}", "可用时间", expert.availability_text))
        elif (codes := [halves[key].code for key in keys]) != expert.available:
            expert.available = codes
    for person in session.scalars(select(Applicant).where(Applicant.round_id == round_.id).order_by(Applicant.code)):
        text = person.details.get("unavailable", "")
        keys = absences(text, rows)
        if keys is None:
            wrong.append(_unclear(f"{person.code} {person.name}", "不可用时间", text))
            continue
        whole = spans(round_, [halves[key].code for key in keys])
        if (both := [*whole, *_parts(round_, person, whole)]) != person.unavailable:
            person.unavailable = both
    return wrong


def _parts(round_: Round, person: Applicant, whole: list[list[str]]) -> list[list[str]]:
    """Parts of half-days somebody cannot come, as the day brings them: no text says them."""
    every = spans(round_, [half.code for half in round_.sessions])
    new = [span for span in person.unavailable if not any(_within(span, other) for other in whole)]
    return [span for span in new if span not in every and any(_within(span, half) for half in every)]


def _within(span: list[str], other: list[str]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def spans(round_: Round, codes: Iterable[str]) -> list[list[str]]:
    """These half-days from start to end."""
    wanted = set(codes)
    return [[f"{at:{MINUTE}}" for at in (s.start, s.end)] for s in round_.sessions if s.code in wanted]


def come(round_: Round, expert: Expert, codes: Iterable[str] | None) -> None:
    """The half-days an expert comes to, and the text that means exactly them."""
    wanted, pairs = None if codes is None else set(codes), keyed(round_)
    there = [(row, half) for row, half in pairs if wanted is None or half.code in wanted]
    expert.available = None if wanted is None else [half.code for _row, half in there]
    said = [row.key for row, _half in there]
    expert.availability_text = told(said, session_rows(round_)) if pairs and wanted is not None else ""


def stay_away(round_: Round, person: Applicant, away: list[list[str]]) -> None:
    """When an applicant cannot come, and the text that means the half-days among it."""
    person.unavailable = away
    every = zip(session_rows(round_), spans(round_, [half.code for half in round_.sessions]), strict=True)
    keys = [row.key for row, half in every if any(_within(half, span) for span in away)]
    rest = {key: text for key, text in person.details.items() if key != "unavailable"}
    person.details = rest | ({"unavailable": told(keys, session_rows(round_))} if keys else {})


def spoken(round_: Round, expert: Expert) -> str:
    """The sessions an expert can come to, in words; empty where it is not known yet."""
    rows = keyed(round_)
    codes = expert.available
    if codes is None or not rows:
        return ""
    return sentence([row.key for row, half in rows if half.code in codes], [row for row, _half in rows])


def _unclear(who: str, what: str, said: str) -> Sentence:
    return Sentence("%(who)s 的%(what)s“%(said)s”没有看懂。请写成“15日上午”后重新导入。", who=who, what=what, said=said)
