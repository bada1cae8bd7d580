"""What the board asks and sends while somebody works on a draft: prices, places, edits, undo and redo, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from scheduler.errors import SchedulerError
from scheduler.explain.elsewhere import Elsewhere, Option
from scheduler.price import Move
from scheduler.problem import stamp
from webapp.db import db
from webapp.languages import sentence
from webapp.models import DraftEdit, Round, ScheduleVersion
from webapp.rights import allow
from webapp.services import desks, documents, drafts, moves, rework_words, reworking
from webapp.services.desks import Desk, Tried
from webapp.services.grid import short
from webapp.services.kernel import Refused, Unreadable, system_clock
from webapp.shown import clock, moment, wall
from webapp.views import acting, current_round

bp = Blueprint("board", __name__, url_prefix="/schedule")
SHOWN = 60
"""Places told at a time."""


def _desk(number: int) -> Desk:
    return desks.of(db.session(), drafts.load(db.session(), current_round(), number))


def _levels(difference: tuple[int, ...]) -> list[dict[str, Any]]:
    """The levels that change, the first one first."""
    pairs = zip(drafts.LEVEL_WORDS, difference, strict=True)
    return [{"word": _(word), "by": by} for word, by in pairs if by]


def _priced(desk: Desk, tried: Tried) -> dict[str, Any]:
    return {
        "broken": [sentence(told.said) for told in desk.told(tried.broken)],
        "mended": [sentence(told.said) for told in desk.told(tried.mended)],
        "levels": _levels(tried.difference),
    }


@bp.get("/<int:number>/price")
@allow("drafts", "read")
def price(number: int) -> ResponseReturnValue:
    """What moves would break, mend and cost."""
    try:
        rows = moves.read(documents.read(request.args.get("moves", "")))
    except ValueError as error:
        raise Unreadable("修改读不出。请刷新页面后重试。") from error
    desk = _desk(number)
    settled = desk.settled(rows)
    said = "" if settled == rows else sentence(rework_words.told(db.session(), current_round(), settled))
    return jsonify(_priced(desk, desk.tried(settled)) | {"said": said})


@bp.get("/<int:number>/places")
@allow("drafts", "read")
def places(number: int) -> ResponseReturnValue:
    """Where else: for an applicant (``applicant``, of one ``day`` where given), a sitting (``panel``, ``session``) or a
    seat (``panel``, ``member``).
    """
    desk, asked = _desk(number), request.args
    try:
        if who := asked.get("applicant"):
            day = asked.get("day")
            here = {s.id for s in desk.problem.sessions if day in (None, "", s.day.isoformat())}
            found, name = desk.places.of_applicant(who, here), _place_of_applicant
        elif member := asked.get("member"):
            found, name = desk.exchange.of_seat(asked.get("panel", ""), member), _who_comes
        else:
            found, name = desk.exchange.of_sitting(asked.get("panel", ""), asked.get("session", "")), _place_of_sitting
    except SchedulerError as error:
        raise Refused("%(error)s", error=desk.tongue.said(error.args[0])) from error
    return jsonify(_elsewhere(desk, found, name))


def _elsewhere(desk: Desk, found: Elsewhere, name: Any) -> dict[str, Any]:
    """The places in full; one that would break a pin to a panel is left to be priced when somebody asks."""
    possible = [option for option in found.possible if not desk.unpinned(option.price.schedule)]
    return {
        "places": [
            {
                "text": name(desk, option.place) + _besides(desk, option),
                "levels": _levels(option.price.difference),
                "mended": [sentence(told.said) for told in desk.told(option.price.mended)],
                "moves": [moves.written(change) for change in option.changes],
                "at": dict(option.place),
            }
            for option in possible[:SHOWN]
        ],
        "more": max(0, len(possible) - SHOWN),
        "barred": [
            {
                "text": name(desk, barred.place),
                "reasons": [sentence(desk.tongue.said(reason)) for reason in barred.reasons],
                "at": dict(barred.place),
            }
            for barred in found.barred
        ],
    }


def _place_of_applicant(desk: Desk, place: dict[str, str]) -> str:
    room = desk.tongue.rooms.get(place["room"], place["room"])
    when = wall(place["start"]) if "start" in place else _half(desk, place["session"])
    return f"{when} {room} {place['panel']}"


def _half(desk: Desk, code: str) -> str:
    return sentence(desk.tongue.halves.get(code, code))


def _place_of_sitting(desk: Desk, place: dict[str, str]) -> str:
    return f"{_half(desk, place['session'])} {desk.tongue.rooms.get(place['room'], place['room'])}"


def _who_comes(desk: Desk, place: dict[str, str]) -> str:
    person = desk.people.get(place["expert"])
    return f"{person.name} {short(person.employer)}" if person else place["expert"]


def _besides(desk: Desk, option: Option) -> str:
    """What else happens: another applicant moves up, a sitting more is held, another member chairs."""
    for row in map(moves.written, option.changes):
        if row["kind"] == "open":
            return str(_("（加开一场）"))
        if row["kind"] == "chair":
            return str(_("（%(who)s 任组长）", who=desk.tongue.people.get(row["chair"], row["chair"])))
    first = option.changes[0]
    if len(option.changes) > 1 and isinstance(first, Move):
        who = desk.tongue.people.get(first.applicant, first.applicant)
        return str(_("（%(who)s 改到 %(time)s）", who=who, time=clock(stamp(first.start))))
    return ""


@bp.get("/<int:number>/people")
@allow("drafts", "read")
def people(number: int) -> ResponseReturnValue:
    """Everybody with the place on the board, for finding: applicants, experts on panels, experts not called."""
    desk = _desk(number)
    problem = desk.problem
    where: dict[str, tuple[str, str, str]] = {}
    seats: dict[str, tuple[str, str, str]] = {}
    for panel in desk.schedule.panels:
        for s in panel.sittings:
            day = problem.session[s.session].day.isoformat() if s.session in problem.session else ""
            where |= {a.applicant: (day, s.room, stamp(a.start)) for a in s.appointments}
            for m in panel.members:
                seats.setdefault(m, (day, s.room, panel.id))
    names = {d.id: d.name for d in problem.directions}

    def row(code: str, place: tuple[str, ...] | None, about: str) -> list[Any]:
        person = desk.people.get(code)
        employer = short(person.employer) if person else ""
        pinyin = person.spelled if person else ""
        return [code, person.name if person else code, employer, about, *(place or ("", "", "")), pinyin]

    strengths = {e.id: "、".join(names.get(d, d) for d, n in e.strength.items() if n >= 2) for e in problem.experts}
    return jsonify(
        applicants=[row(a.id, where.get(a.id), names.get(a.direction, "")) for a in problem.applicants],
        experts=[row(e.id, seats.get(e.id), strengths[e.id]) for e in problem.experts],
    )


# -------------------------------------------------------------------- changes


def _sent() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("seen"), int):
        raise Unreadable("修改读不出。请刷新页面后重试。")
    return body


def _answer(round_: Round, done: reworking.Edited, word: str = "") -> ResponseReturnValue:
    said = word + sentence(rework_words.told(db.session(), round_, done.edit.moves))
    return jsonify(number=done.version.number, revision=done.version.revision, said=said)


@bp.post("/<int:number>/edits")
@allow("drafts", "write")
def edit(number: int) -> ResponseReturnValue:
    """Make moves. 409 with what the other did where somebody was quicker, 422 with the rules where some would break."""
    round_, body = current_round(), _sent()
    rows = moves.read(body.get("moves"))
    how = {"anyway": bool(body.get("anyway")), "apart": bool(body.get("apart"))}
    try:
        done = reworking.edit(db.session(), acting(), system_clock, round_, number, body["seen"], rows, **how)
    except reworking.Outrun as error:
        db.session.rollback()
        return _outrun(current_round(), error, rows), 409
    except reworking.Breaks as error:
        db.session.rollback()
        return jsonify(_priced(_desk(number), error.tried) | {"error": sentence(error)}), 422
    return _answer(round_, done)


@bp.post("/<int:number>/undo")
@allow("drafts", "write")
def undo(number: int) -> ResponseReturnValue:
    """Take the last edit back."""
    return _step(number, reworking.undo, _("已撤销："))


@bp.post("/<int:number>/redo")
@allow("drafts", "write")
def redo(number: int) -> ResponseReturnValue:
    """Make it again."""
    return _step(number, reworking.redo, _("已重做："))


def _step(number: int, step: Any, word: str) -> ResponseReturnValue:
    round_, body = current_round(), _sent()
    try:
        return _answer(round_, step(db.session(), acting(), system_clock, round_, number, body["seen"]), word)
    except reworking.Outrun as error:
        db.session.rollback()
        return _outrun(current_round(), error, []), 409


def _outrun(round_: Round, error: reworking.Outrun, mine: list[dict[str, Any]]) -> Any:
    """Both: what the other did, and one's own moves with their price as things are now."""
    session = db.session()
    version = session.get_one(ScheduleVersion, error.version.id)
    desk = desks.of(session, version)
    answer: dict[str, Any] = {
        "error": sentence(error),
        "number": version.number,
        "revision": version.revision,
        "by_hand": version.by_hand,
        "theirs": [_theirs(round_, row) for row in error.theirs],
        "mine": {"said": sentence(rework_words.told(session, round_, mine)), "moves": mine} if mine else None,
    }
    if mine:
        try:
            answer["mine"] |= _priced(desk, desk.tried(desk.settled(mine)))
        except Refused as refused:
            answer["mine"] |= {"refused": sentence(refused)}
    return jsonify(answer)


def _theirs(round_: Round, row: DraftEdit) -> dict[str, str]:
    said = sentence(rework_words.told(db.session(), round_, row.moves))
    return {"by": row.by, "at": moment(row.at), "said": _("（已撤销）") + said if row.undone else said}
