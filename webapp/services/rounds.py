"""Rounds: making one, finding one, its settings, and the state it is in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric, example
from webapp.models import Call, Direction, Round
from webapp.services import audit
from webapp.services.kernel import Actor, Clock, Missing, Refused, Stale, Unreadable
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import by_key, check_together, check_weights, of_round, parse, shown

DIRECTIONS = (
    "锂矿原料",
    "锂及锂化合物",
    "正负极材料",
    "电解液（固体电解质）",
    "隔膜",
    "锂电池（组）",
    "循环经济与环保",
)
"""What a new round starts with: the scope of 余人社字〔2023〕81号. A starter, never a fixed list."""

BEFORE_PUBLISHING = ("draft", "rosters_locked", "scheduled")
ON_THE_DAY = ("published", "in_session", "complete")
"""When desk, secretaries and screens have something to do or to show."""


def newest(session: Session) -> Round:
    """The round made last."""
    real = Round.rehearsal_of.is_(None)
    found = session.scalar(select(Round).where(real).order_by(Round.id.desc()).limit(1))
    if found is None:
        raise Missing("还没有评审批次。请评委会办公室先在“批次”页新建一个。")
    return found


def of_the_day(session: Session) -> Round:
    """The newest round that is heard or waits for its day, though the next is in the making; else the newest."""
    return next(iter(on_the_day(session)), None) or newest(session)


def on_the_day(session: Session, rehearsals: bool = False) -> list[Round]:
    """The rounds that are being heard or wait for their day, the newest first."""
    query = select(Round).where(Round.state.in_(ON_THE_DAY)).order_by(Round.id.desc())
    return list(session.scalars(query if rehearsals else query.where(Round.rehearsal_of.is_(None))))


def by_name(session: Session, name: str | None) -> Round:
    """The round of that name, or the newest without one."""
    if not name:
        return newest(session)
    found = session.scalar(select(Round).where(Round.name == name))
    if found is None:
        raise Missing("没有名为“%(name)s”的批次。用 rostrum round list 查看。", name=name)
    return found


def by_id(session: Session, number: int) -> Round:
    """The round of that id."""
    found = session.get(Round, number)
    if found is None:
        raise Missing("没有这个批次。请从批次列表进入。")
    return found


def everyone(session: Session) -> list[Round]:
    """All rounds, the newest first; a rehearsal until it is wiped."""
    shown = Round.rehearsal_of.is_(None) | (Round.state != "archived")
    return list(session.scalars(select(Round).where(shown).order_by(Round.id.desc())))


def require_state(round_: Round, *states: str) -> None:
    """Refuse an act that does not fit the round's state."""
    if round_.state not in states:
        raise Refused("批次“%(name)s”现在的阶段不能做这一步。请回到批次首页查看下一步。", name=round_.name)


def create(
    session: Session,
    actor: Actor,
    clock: Clock,
    name: str,
    texts: Mapping[str, str] | None = None,
    organisation: str = "",
) -> Round:
    """Make a round with the notice's directions and the example rubric.

    Raises:
        Unreadable: an empty or used name, a setting that makes no sense.
    """
    name = name.strip()
    if not name or len(name) > 100:
        raise Unreadable("批次名称为 1 到 100 个字。")
    if session.scalar(select(Round.id).where(Round.name == name)):
        raise Unreadable("已有名为“%(name)s”的批次。请换一个名称。", name=name)
    rubric = example()
    round_ = Round(
        name=name,
        organisation=organisation.strip(),
        settings=by_key(parse(texts or {}), rubric),
        rubric=rubric.to_json(),
        made_at=clock(),
    )
    check_together(of_round(round_), rubric)
    round_.directions = [Direction(code=f"D{i}", name=text, position=i - 1) for i, text in enumerate(DIRECTIONS, 1)]
    session.add(round_)
    audit.record(session, actor, clock, "round.new", name, after={"settings": round_.settings})
    return round_


def change_settings(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    texts: Mapping[str, str],
    was: Mapping[str, str] | None = None,
) -> None:
    """Write settings that are not frozen yet; ``was`` is what the page showed: what stayed as it was is not written.

    Raises:
        Refused: one of the changed settings is frozen, by name.
        Stale: somebody else changed one of them meanwhile.
        Unreadable: a value that makes no sense.
    """
    from webapp.services import rubrics  # it asks here what is frozen

    seen = was or {}
    texts = {key: text.strip() for key, text in texts.items() if text.strip() != seen.get(key)}
    rubric = Rubric.from_json(round_.rubric)
    values = by_key(parse(texts), rubric)
    now = {key: shown(getattr(of_round(round_), key)) for key in texts if key in ENTRIES}
    if any(text not in (seen.get(key, text), texts[key]) for key, text in now.items()):
        labels = {key: ENTRIES[key].label for key in texts}
        raise Stale("批次设置刚刚被别人改过。请刷新页面后再改。").beside(labels, now, texts)
    before = dict(round_.settings)
    changed = {key: value for key, value in values.items() if json.dumps(_stored(round_, key)) != json.dumps(value)}
    frozen = [ENTRIES[key].label for key in changed if is_frozen(session, round_, ENTRIES[key].freeze)]
    if frozen:
        raise Refused(
            "%(names)s 已冻结，不能再改。安排发布后时间与专家组设置冻结，叫到第一位申报人后计分设置冻结。",
            names="、".join(frozen),
        )
    if changed:
        round_.settings = before | changed
        check_together(of_round(round_), rubric)
        check_weights(of_round(round_), rubric, rubrics.current(session, round_, "papers"))
        audit.record(
            session,
            actor,
            clock,
            "round.settings",
            round_.name,
            round_id=round_.id,
            before=before,
            after=round_.settings,
        )


def _stored(round_: Round, key: str) -> object:
    value = getattr(of_round(round_), key)
    if key == "mixes":
        return [{"directions": list(mix.directions), "reason": mix.reason} for mix in value]
    return str(value) if isinstance(value, Decimal | date) else value


def is_frozen(session: Session, round_: Round, kind: str) -> bool:
    """Whether the settings of that kind are frozen."""
    if kind == "schedule":
        return round_.state not in BEFORE_PUBLISHING
    if kind == "notice":
        return round_.state == "archived"
    return bool(session.scalar(select(func.count()).select_from(Call).where(Call.round_id == round_.id)))


def change_directions(
    session: Session, actor: Actor, clock: Clock, round_: Round, names: list[str], was: list[str] | None = None
) -> None:
    """Add directions and rename by position; one that is in use is never taken away. ``was``: what the page showed."""
    require_state(round_, "draft")
    names = [name.strip() for name in names if name.strip()]
    if len(set(names)) != len(names):
        raise Unreadable("专业方向有重复。")
    before = [d.name for d in round_.directions]
    if was is not None and was != before:
        stale = Stale("专业方向刚刚被别人改过。请刷新页面后再改。")
        raise stale.beside({"names": "专业方向"}, {"names": before}, {"names": names})
    if len(names) < len(before):
        raise Refused("专业方向只能改名或增加；不用的方向留着即可，没有申报人就不会安排。")
    for direction in round_.directions:
        direction.name = f"={direction.code}"  # two may change names: a name is there once at every moment
    session.flush()
    for direction, name in zip(round_.directions, names, strict=False):
        direction.name = name
    for position, name in enumerate(names[len(before) :], len(before)):
        round_.directions.append(Direction(code=f"D{position + 1}", name=name, position=position))
    audit.record(
        session,
        actor,
        clock,
        "round.directions",
        round_.name,
        round_id=round_.id,
        before={"names": before},
        after={"names": names},
    )
