"""What can happen on the day, and the ways to meet it: each way is a set of edits, to be solved as a repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from webapp.services import edits
from webapp.services.edits import Edit
from webapp.services.instance import MINUTE
from webapp.services.kernel import Refused, Sentence, Unreadable
from webapp.services.today import Today

KINDS = {
    "expert": "专家不能到场",
    "room": "答辩室不能用",
    "session": "时段提前结束",
    "late": "申报人不能按时到",
    "withdrawn": "申报人放弃答辩",
    "behind": "小组进度落后",
}
"""Kind of event → its words."""


@dataclass(frozen=True)
class Way:
    """One way to meet an event: ``edits`` last, ``wishes`` hold for this proposal only."""

    label: Sentence
    edits: tuple[Edit, ...]
    wishes: tuple[Edit, ...] = ()


def ways(today: Today, event: Mapping[str, Any]) -> list[Way]:
    """The ways to meet an event, the plainest first.

    Raises:
        Unreadable: the event lacks something.
        Refused: it needs no change of the schedule.
    """
    if event.get("kind") not in KINDS:
        raise Unreadable("请选择发生了什么。")
    return _WAYS[event["kind"]](today, event)


BORROWED = "改用%(room)s"
LAST_ALONE = "最后 %(n)s 位改到别的时段，其他人不动"
LAST_LATER = "最后 %(n)s 位改到别的时段"
LAST_OTHERS = "最后 %(n)s 位改由别的专家组听"
WAYS = (BORROWED, LAST_ALONE, LAST_LATER, LAST_OTHERS)
"""Labels with a place in them; the note of the version that comes of it repeats the label."""


def _least(*made: Edit) -> Way:
    return Way(Sentence("改动最少的安排"), made)


def _nobody_new(today: Today, *made: Edit) -> Way:
    """Without calling an expert who has no seat so far."""
    members = {m for panel in today.version.document["panels"] for m in panel["members"]}
    return Way(Sentence("不另请专家，只用已请的"), made, (edits.only_these(members),))


def _others_stay(today: Today, touched: Iterable[str], *made: Edit) -> Way:
    """Everyone who is not touched stays."""
    left = set(touched)
    here = {row["id"] for row in today.instance["applicants"]}
    stay = {who: (p.session, p.room, p.start) for who, p in today.places.items() if who in here - left}
    return Way(Sentence("其他申报人都不动"), made, (edits.held(stay),))


def _sessions(today: Today, event: Mapping[str, Any]) -> list[str]:
    chosen = [code for code in today.to_come() if code in event.get("sessions", ())]
    if not chosen:
        raise Unreadable("请至少选择一个还没有结束的时段。")
    return chosen


def _expert(today: Today, event: Mapping[str, Any]) -> list[Way]:
    who, chosen = _known(today, "experts", event, Unreadable("请选择专家。")), _sessions(today, event)
    sat = {
        (s["session"], s["room"]): [a["applicant"] for a in s["appointments"]]
        for panel in today.version.document["panels"]
        if who in panel["members"]
        for s in panel["sittings"]
    }
    begun = {session for session, room in sat if (session, room) in today.started}
    lost = [code for code in chosen if code not in begun]
    if not lost:
        raise Refused("所选时段的场次已经开始：本场由其余专家继续，该专家没有评分表。请由小组秘书记录。")
    touched = [a for (session, _room), people in sat.items() if session in lost for a in people]
    away = edits.expert_away(who, lost)
    return [_least(away), _nobody_new(today, away), _others_stay(today, touched, away)]


def _room(today: Today, event: Mapping[str, Any]) -> list[Way]:
    code, chosen = _known(today, "rooms", event, Unreadable("请选择答辩室。")), _sessions(today, event)
    lost = [s for s in chosen if (s, code) not in today.started]
    if not lost:
        raise Refused("所选时段这间答辩室的场次已经开始，安排里保持到本场结束。确要换房间，请在门口和候考室口头通知。")
    closed = edits.room_closed(code, lost)
    touched = [who for who, p in today.places.items() if p.room == code and p.session in lost]
    found = [_least(closed), _nobody_new(today, closed), _others_stay(today, touched, closed)]
    if name := str(event.get("name", "")).strip()[:64]:
        found.insert(0, _substitute(today, closed, name, lost))
    return found


def _substitute(today: Today, closed: Edit, name: str, lost: list[str]) -> Way:
    taken = {row["id"] for row in today.instance["rooms"]}
    code = next(f"R{n}" for n in range(len(taken) + 1, 2 * len(taken) + 3) if f"R{n}" not in taken)
    here = {row["id"] for row in today.instance["applicants"]}
    places = {who: p[:3] for who, p in today.places.items() if who in here}
    for who, (session, room, start) in places.items():
        if room == closed["id"] and session in lost:
            places[who] = (session, code, start)
    return Way(Sentence(BORROWED, room=name), (closed, edits.room_open(code, name, lost)), (edits.held(places),))


def _session(today: Today, event: Mapping[str, Any]) -> list[Way]:
    code = _known(today, "sessions", event, Unreadable("请选择时段。"))
    start, end = today.session(code)
    at = _clock(event, start)
    if not max(start, today.now) < at < end:
        raise Unreadable("新的结束时间应在现在之后、%(end)s 之前。", end=f"{end:%H:%M}")
    cut = edits.session_end(code, at)
    length = timedelta(minutes=_slot(today))
    touched = [
        w for w, p in today.places.items() if p.session == code and datetime.fromisoformat(p.start) + length > at
    ]
    return [_least(cut), _nobody_new(today, cut), _others_stay(today, touched, cut)]


def _late(today: Today, event: Mapping[str, Any]) -> list[Way]:
    who = _known(today, "applicants", event, Unreadable("请选择申报人。"))
    place = today.places.get(who)
    if place is None or who in today.begun | today.ended:
        raise Refused("这位申报人没有等待中的答辩时间。请刷新页面。")
    start, end = today.session(place.session)
    at = end if event.get("whole") else _clock(event, start)
    if not start < at <= end:
        raise Unreadable("应为 %(start)s 到 %(end)s 之间的时间。", start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    away = edits.applicant_away(who, start, at)
    return [_least(away), _others_stay(today, [who], away)]


def _withdrawn(today: Today, event: Mapping[str, Any]) -> list[Way]:
    who = _known(today, "applicants", event, Unreadable("请选择申报人。"))
    if who in today.begun | today.ended:
        raise Refused("这位申报人已经叫过或已有结果。请在答辩现场页处理。")
    return [Way(Sentence("只空出这个位置"), (edits.applicant_gone(who),))]


def _behind(today: Today, event: Mapping[str, Any]) -> list[Way]:
    panel, _slash, code = str(event.get("id", "")).partition("/")
    minutes, waiting = event.get("minutes"), today.waiting(code, panel) if panel else []
    if not isinstance(minutes, int) or not 1 <= minutes <= 480 or not waiting:
        raise Unreadable("请选择还有人等候的小组，并填写落后的分钟数（1 到 480）。")
    start, end = today.session(code)
    slot = _slot(today)
    last = datetime.fromisoformat(today.places[waiting[-1]].start) + timedelta(minutes=slot + minutes)
    over = ceil((last - end) / timedelta(minutes=slot))
    if over <= 0:
        raise Refused("落后 %(n)s 分钟，本场约 %(at)s 结束，仍在时段之内，不需要调整。", n=minutes, at=f"{last:%H:%M}")
    moving = waiting[-over:]
    stamp = [f"{at:{MINUTE}}" for at in (start, end, max(start, min(today.moment, end)))]
    elsewhere = edits.not_then(moving, stamp[0], stamp[1])
    document = today.version.document
    chair = next(p["chair"] for p in document["panels"] if p["id"] == panel)
    other = [
        edits.not_by(moving, chair),
        *([edits.not_then(moving, stamp[0], stamp[2])] if stamp[2] > stamp[0] else []),
    ]
    n, nobody = len(moving), _nobody_else(today, chair)
    stay = _others_stay(today, moving)
    return [
        Way(Sentence(LAST_LATER, n=n), (), (elsewhere, nobody)),
        Way(Sentence(LAST_OTHERS, n=n), (), (*other, nobody)),
        Way(Sentence(LAST_ALONE, n=n), (), (elsewhere, *stay.wishes)),
    ]


def _nobody_else(today: Today, chair: str) -> Edit:
    """Nobody of another panel takes a place before this chair: a group that is behind is to hear fewer."""
    own = {panel["id"] for panel in today.version.document["panels"] if chair in panel["members"]}
    here = {row["id"] for row in today.instance["applicants"]}
    return edits.not_by({who for who in here if who not in today.places or today.places[who].panel not in own}, chair)


_WAYS: dict[str, Callable[[Today, Mapping[str, Any]], list[Way]]] = {
    "expert": _expert,
    "room": _room,
    "session": _session,
    "late": _late,
    "withdrawn": _withdrawn,
    "behind": _behind,
}


def _known(today: Today, kind: str, event: Mapping[str, Any], says: Unreadable) -> str:
    code = str(event.get("id", ""))
    if code not in {row["id"] for row in today.instance[kind]}:
        raise says
    return code


def _clock(event: Mapping[str, Any], day: datetime) -> datetime:
    try:
        at = datetime.strptime(str(event.get("at", "")), "%H:%M")
    except ValueError as error:
        raise Unreadable("时间写成 10:30 这样。") from error
    return day.replace(hour=at.hour, minute=at.minute)


def _slot(today: Today) -> int:
    return sum(today.instance[key] for key in ("talk_minutes", "answer_minutes", "turnover_minutes"))
