"""Lots (抽签): commitment, digits, draw; or numbers drawn on the spot and typed in; both leave the same record.

Before publishing a draw makes a new draft. At check-in the drawn order is an annex to the published version: people
change places inside their sitting, and nothing that was published says otherwise. The secret is made and kept outside;
it reaches the server with the reveal, and no table takes it before.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy.orm import Session

from scheduler import lots as drawing
from scheduler.calls import draw_calls
from scheduler.errors import SchedulerError
from scheduler.seed import commitment, seed_of
from webapp.models import Draw, Round, ScheduleVersion
from webapp.services import audit, draws, records
from webapp.services.drawn_order import pairs, put, read
from webapp.services.kernel import Actor, Clock, Refused, Unreadable

SHORTEST = 16
"""Characters of a secret below which it could be tried out."""
_DIGITS = re.compile(r"[0-9]{1,20}")
_HASH = re.compile(r"[0-9a-f]{64}")


def commit(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    seal: str,
    *,
    number: int | None = None,
    sessions: Collection[str] = (),
    experts: bool = False,
) -> Draw:
    """Publish the commitment: from here on what is drawn for is fixed.

    ``sessions``: at check-in the half-days to be drawn for. ``experts``: before publishing, who is called among equals
    is drawn first.

    Raises:
        Refused: nothing can be drawn now, or a draw is open.
        Unreadable: no SHA-256.
    """
    version = draws.ready(session, round_, number)
    if draws.open_draw(session, round_):
        raise Refused("上一次抽签还没有抽完。请先报数字、公布密语，或写明原因作废。")
    if not _HASH.fullmatch(seal.strip()):
        raise Unreadable("承诺值是 64 位十六进制的 SHA-256 摘要。请用页面产生的承诺值。")
    late = version.published
    wanted = [half for half in draws.halves(session, round_, version) if not late or half.session in sessions]
    places = [place for half in wanted for place in half.left]
    if not places:
        raise Refused("没有可以抽签的场次：请选择时段；已抽定或已叫号的场次不再抽。")
    made = Draw(
        round_id=round_.id,
        version_id=version.id,
        kind="computer",
        places=places,
        experts=experts and not late,
        state="committed",
        commitment=seal.strip(),
        made_at=clock(),
        made_by=actor.name,
    )
    session.add(made)
    session.flush()
    after = {"commitment": made.commitment, "version": version.number, "places": places, "experts": made.experts}
    audit.record(session, actor, clock, "lots.commit", str(made.id), round_id=round_.id, after=after)
    return made


def call(
    session: Session, actor: Actor, clock: Clock, round_: Round, number: int, called: Collection[tuple[str, str]]
) -> None:
    """Write down the digits called out, in turn: who, and which. They are never changed.

    Raises:
        Refused: it is not their turn.
        Unreadable: fewer than two callers, or no digits.
    """
    row = draws.by_id(session, round_, number)
    if row.state != "committed":
        raise Refused("这次抽签的数字已经记下，或已抽完。请刷新页面。")
    pairs = [(who.strip()[:64], digits.strip()) for who, digits in called]
    if len(pairs) < 2 or any(not who or not _DIGITS.fullmatch(digits) for who, digits in pairs):
        raise Unreadable("监督人员和申报人都要写明是谁、报了什么数字；数字用半角 0 到 9，每人 1 到 20 个。")
    row.digits, row.state, row.called_at, row.called_by = [list(pair) for pair in pairs], "called", clock(), actor.name
    after = {"digits": row.digits}
    audit.record(session, actor, clock, "lots.call", str(row.id), round_id=round_.id, after=after)


def reveal(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, secret: str) -> ScheduleVersion:
    """Open the secret and draw; the version that now has the order.

    Raises:
        Refused: it is not its turn, or what is drawn for has begun.
        Unreadable: it is not the secret that was committed to.
    """
    row = draws.by_id(session, round_, number)
    if row.state != "called":
        raise Refused("先由监督人员和申报人报数字，再公布密语。")
    secret = secret.strip()
    if len(secret) < SHORTEST or len(secret) > 200 or commitment(secret) != row.commitment:
        raise Unreadable("密语与承诺值不符，没有抽签。请核对大小写和连字符后重新输入。")
    row.seed = seed_of(secret, "".join(digits for _who, digits in row.digits))
    problem, schedule = read(row.version)
    try:
        if row.experts:
            schedule, calls = draw_calls(problem, schedule, row.seed)
            row.calls = [one.to_json() for one in calls]
        schedule, made = drawing.draw_slots(problem, schedule, row.seed, pairs(row.places))
    except SchedulerError as error:
        raise Refused("抽签没有完成：%(error)s", error=error) from error
    row.secret = secret
    return put(session, actor, clock, round_, row, schedule, made)


def void(session: Session, actor: Actor, clock: Clock, round_: Round, number: int, reason: str) -> None:
    """Give a draw up, with a reason that stays on the page; a drawn one only where another is to be made.

    Raises:
        Refused: it is void already, or people have been called by it.
        Unreadable: no reason.
    """
    row = draws.by_id(session, round_, number)
    if not reason.strip():
        raise Unreadable("作废抽签要写明原因。")
    version = records.published_if_any(session, round_)
    if row.state == "void" or (version and draws.begun(session, round_, version) & set(row.places)):
        raise Refused("这次抽签已作废，或已按它叫号。")
    before = {"state": row.state, "commitment": row.commitment, "digits": row.digits}
    row.state, row.reason = "void", reason.strip()[:256]
    audit.record(
        session,
        actor,
        clock,
        "lots.void",
        str(row.id),
        round_id=round_.id,
        before=before,
        after={"reason": row.reason},
    )
