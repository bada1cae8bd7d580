"""A round's tables as the content of its workbooks."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.content import ItemRow, MeetingRow, NoteRow, Notice, RoundContent
from exports.said import Said
from scoring.rubric import Rubric
from webapp.models import Applicant, Note, ResultSet, Round, Sheet
from webapp.services import audit, boards, kept, notes, notice, results, voting
from webapp.services.books import corrected, scores, sittings
from webapp.services.books.which import version_of
from webapp.services.kernel import system_clock
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import of_round, shown


def of_people(session: Session, round_: Round) -> RoundContent:
    """What is there before a schedule: people and venue."""
    return RoundContent(
        title=round_.name,
        organisation=round_.organisation,
        version="",
        made_at=f"{system_clock().astimezone():%Y-%m-%d %H:%M}",
        audit_head=audit.head(session),
        items=(),
        sittings=(),
        rosters=kept.of_round(session, round_),
    )


def content(session: Session, round_: Round, drafts: bool = True, closing: bool = False) -> RoundContent:
    """Everything the workbooks show, of a draft only where ``drafts`` may be seen; ``closing``: as before computing."""
    settings, version = of_round(round_), version_of(session, round_, drafts)
    people = of_people(session, round_)
    made = results.newest(session, round_)
    computed = made if made is not None and results.visible(round_, "office") and not closing else None
    held, unscheduled = sittings.of_version(session, round_, version), []
    for a, place in boards.by_applicant(session, version):
        if place is None:
            unscheduled.append(sittings.person(a, settings.names))
    papers = select(Applicant).where(Applicant.round_id == round_.id, Applicant.level == "intermediate")
    rubric = Rubric.from_json(round_.rubric)
    sheets = list(session.scalars(select(Sheet).where(Sheet.round_id == round_.id)))
    return replace(
        people,
        version=f"第 {version.number} 版",
        items=tuple(ItemRow(i.key, i.name, i.full, i.prompts, i.step) for i in rubric.items),
        rubric=rubric.version,
        sheet_versions={s.key: s.version for s in sheets},
        handed_in=frozenset(s.key for s in sheets if s.state != "draft"),
        sittings=held,
        unscheduled=tuple(unscheduled),
        review_only=tuple(sittings.person(a, settings.names) for a in session.scalars(papers.order_by(Applicant.code))),
        results=scores.of_set(computed) if computed else scores.so_far(session, round_),
        computed=computed is not None or (made is None and results.visible(round_, "office")),
        computation=computed.number if computed else 0,
        corrected=corrected.of_set(session, round_, computed),
        unconfirmed=computed is not None and computed.confirmed_at is None,
        reference_line=settings.reference_line,
        line_meets=settings.line_meets,
        correction=settings.correction,
        correction_decimals=settings.correction_decimals,
        method=settings.aggregate,
        min_sheets_to_trim=settings.min_sheets_to_trim,
        min_sheets=settings.min_sheets,
        decimals=settings.decimals,
        tie_break=settings.tie_break,
        used=_used(round_, computed),
        rooms=tuple(room.name for room in round_.rooms),
        lots_at_check_in=settings.lots == "check_in",
        sheet_key=f"R{round_.id}-{{panel}}-{{applicant}}-{{expert}}",
        drawn=sittings.drawn(session, version),
        heard=sittings.heard(session, round_),
        notice=_notice(round_),
        votes=voting.votes(session, round_) if version.published else {},
        papers=scores.papers(session, round_, computed),
        weights=settings.weights if computed else None,
        notes={code: _note(note) for code, note in notes.signed(session, round_).items()},
        meeting=_meeting(session, round_),
    )


def _note(note: Note) -> NoteRow:
    return NoteRow(note.opinion, tuple((question, answer) for question, answer in note.questions))


def _meeting(session: Session, round_: Round) -> MeetingRow | None:
    m = voting.meeting(session, round_)
    if m is None:
        return None
    invited = "" if m.invited is None else str(m.invited)
    return MeetingRow(m.held_at, m.place, m.chair, m.recorder, invited, tuple(m.members), m.opinion, m.other)


def _used(round_: Round, made: ResultSet | None) -> tuple[tuple[str, str], ...]:
    """The settings of a computation and who made it, in words."""
    if made is None:
        return ()
    settings = of_round(round_)
    keys = [key for key, entry in ENTRIES.items() if entry.freeze == "scores"]
    values = {key: shown(getattr(settings, key)) for key in keys}
    names = {item.key: item.name for item in Rubric.from_json(round_.rubric).items}
    values["tie_break"] = "、".join(names.get(key, key) for key in settings.tie_break)
    words = [(ENTRIES[key].label, ENTRIES[key].choices.get(value, value) or "不设") for key, value in values.items()]
    acts = [("计算", made.computed_by, made.computed_at), ("确认", made.confirmed_by, made.confirmed_at)]
    acts += [("公布", made.released_by, made.released_at)]
    done = [(word, f"{by}　{at.astimezone():%Y-%m-%d %H:%M}") for word, by, at in acts if by and at]
    return (*words, ("计算次数", f"第 {made.number} 次"), ("重新计算的原因", made.reason or "无"), *done)


def _notice(round_: Round) -> Notice | None:
    days = notice.days(round_)
    return Notice(days.start, days.end, Said.of(days.says.text, days.says.values)) if days else None
