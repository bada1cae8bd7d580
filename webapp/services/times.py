"""What people said about their times, as sessions of the venue: read anew whenever people or the venue change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.availability import SessionRow, absences, sentence, understand
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
        times = [[f"{at:{MINUTE}}" for at in (halves[key].start, halves[key].end)] for key in keys]
        if times != person.unavailable:
            person.unavailable = times
    return wrong


def spoken(round_: Round, expert: Expert) -> str:
    """The sessions an expert can come to, in words; empty where it is not known yet."""
    rows = keyed(round_)
    codes = expert.available
    if codes is None or not rows:
        return ""
    return sentence([row.key for row, half in rows if half.code in codes], [row for row, _half in rows])


def _unclear(who: str, what: str, said: str) -> Sentence:
    return Sentence("%(who)s 的%(what)s“%(said)s”没有看懂。请写成“15日上午”后重新导入。", who=who, what=what, said=said)
