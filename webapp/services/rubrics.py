"""The rubric of a round: edited until the first sheet, each saved wording a version that stays readable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.errors import ScoringError
from scoring.marks import mark, on_step
from scoring.rubric import Item, Rubric, papers
from webapp.models import Review, Round, RubricVersion, Sheet
from webapp.services import audit, rounds
from webapp.services.kernel import Actor, Clock, Refused, Sentence, Sentences, Stale, Unreadable
from webapp.services.settings import check_weights, of_round

KINDS = {"defence": "答辩评分标准", "papers": "材料评审标准"}
"""Kind → its words."""
FIELDS = ("key", "name", "full", "step", "prompts", "bands")
MOST, LONGEST, PROMPTS, BANDS = 20, 32, 12, 6
"""Items of a rubric at most, characters of a name or prompt, prompts and bands of an item."""
_WRITTEN = ("name", "full", "prompts", "bands")
"""Fields one of which is written in a row that is an item; a new row comes with a step."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,15}")
_BAND = re.compile(r"(\D+?)\s*(\d+(?:\.\d+)?)")
_PARTS = re.compile(r"[、，,；;\n]+")


def current(session: Session, round_: Round, kind: str) -> Rubric:
    """The rubric as it is now."""
    if kind == "defence":
        return Rubric.from_json(round_.rubric)
    last = history(session, round_, kind)
    return Rubric.from_json(last[0].document) if last else papers()


def history(session: Session, round_: Round, kind: str) -> list[RubricVersion]:
    """Every saved version, the newest first."""
    where = (RubricVersion.round_id == round_.id, RubricVersion.kind == kind)
    return list(session.scalars(select(RubricVersion).where(*where).order_by(RubricVersion.version.desc())))


def frozen(session: Session, round_: Round, kind: str) -> bool:
    """Whether it may not be changed any more: somebody was called, or there is a mark."""
    if kind == "papers":
        return session.scalar(select(Review.id).where(Review.round_id == round_.id).limit(1)) is not None
    marked = session.scalar(select(Sheet.id).where(Sheet.round_id == round_.id).limit(1))
    return marked is not None or rounds.is_frozen(session, round_, "scores")


def parse(rows: Sequence[Mapping[str, str]], full: str, version: int) -> Rubric:
    """The rubric that was typed in; rows with nothing but a step are left out.

    Raises:
        Unreadable: every mistake at once, each at its item.
    """
    wrong: list[Sentence] = []
    typed = [row for row in rows if any(row.get(name, "").strip() for name in _WRITTEN)]
    used = {row["key"] for row in typed if _KEY.fullmatch(row.get("key", ""))}
    items = []
    for n, row in enumerate(typed, 1):
        key = row.get("key", "")
        if not _KEY.fullmatch(key):
            key = next(f"item{i}" for i in range(n, n + MOST + len(used) + 1) if f"item{i}" not in used)
            used.add(key)
        try:
            items.append(_item(key, row))
        except (ScoringError, Unreadable) as error:
            name = row.get("name", "").strip()[:LONGEST]
            wrong.append(Sentence("第 %(n)s 项“%(name)s”：%(error)s", n=n, name=name, error=error))
    names = [item.name for item in items]
    wrong += [Sentence("项目“%(name)s”写了两次。", name=name) for name in dict.fromkeys(names) if names.count(name) > 1]
    if len({item.key for item in items}) < len(items):
        wrong.append(Sentence("有两项用了同一个代码。请删去一项再加。"))
    if not 1 <= len(typed) <= MOST:
        wrong.append(Sentence("评分项目为 1 到 %(most)s 项。", most=MOST))
    total = sum((item.full for item in items), Decimal(0))
    if not wrong and (_number(full) or Decimal(0)) != total:
        said = Sentence(
            "各项满分合计 %(total)s，与本批次满分 %(full)s 不符。",
            total=f"{total:f}",
            full=full.strip() or Sentence("（空）"),
        )
        wrong.append(said)
    if wrong:
        raise Unreadable("评分标准有误，没有保存：%(wrong)s", wrong=Sentences.of(wrong))
    return Rubric(version, tuple(items))


def _number(text: str) -> Decimal | None:
    try:
        number = mark(text, "") if text.strip() else None
    except ScoringError:
        return None
    return number if number is not None and 0 < number <= 1000 else None


def _item(key: str, row: Mapping[str, str]) -> Item:
    name, full, step = row.get("name", "").strip(), _number(row.get("full", "")), _number(row.get("step", ""))
    prompts = tuple(part.strip() for part in _PARTS.split(row.get("prompts", "")) if part.strip())
    if not name:
        raise Unreadable("没有写名称。请补上，或删去这一项。")
    if len(name) > LONGEST or len(prompts) > PROMPTS or any(len(prompt) > LONGEST for prompt in prompts):
        raise Unreadable("名称和每条提示不超过 %(n)s 字，提示不超过 %(most)s 条。", n=LONGEST, most=PROMPTS)
    if full is None or step is None:
        raise Unreadable("满分和步长应为大于 0、不超过 1000 的数。")
    if not on_step(full, step):
        raise Unreadable("满分 %(full)s 不是步长 %(step)s 的整数倍。", full=f"{full:f}", step=f"{step:f}")
    return Item(key, name, full, step, prompts, _bands(row.get("bands", ""), full, step))


def _bands(text: str, full: Decimal, step: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """``优 18、良 16`` as words and marks, from high to low."""
    found = []
    for part in filter(None, (one.strip() for one in _PARTS.split(text))):
        match = _BAND.fullmatch(part)
        if match is None:
            raise Unreadable("档次“%(part)s”应写成“优 18”。", part=part[:LONGEST])
        found.append((match[1].strip(), Decimal(match[2])))
    values = [value for _, value in found]
    if any(value > full or not on_step(value, step) for value in values):
        raise Unreadable("档次的分数应不超过满分，且是步长的整数倍。")
    if len(found) > BANDS or any(len(word) > 4 for word, _ in found) or sorted(set(values), reverse=True) != values:
        raise Unreadable("档次不超过 %(n)s 个，每个不超过 4 字，分数从高到低，各不相同。", n=BANDS)
    return tuple(found)


def texts(rubric: Rubric) -> list[dict[str, str]]:
    """The rows of the editor."""
    return [
        {
            "key": item.key,
            "name": item.name,
            "full": f"{item.full:f}",
            "step": f"{item.step:f}",
            "prompts": "、".join(item.prompts),
            "bands": "、".join(f"{word} {value:f}" for word, value in item.bands),
        }
        for item in rubric.items
    ]


def save(
    session: Session,
    actor: Actor,
    clock: Clock,
    round_: Round,
    kind: str,
    rows: Sequence[Mapping[str, str]],
    full: str,
    seen: int,
) -> Rubric:
    """Save a new version; the one it replaces is kept too.

    Raises:
        Refused: it is frozen, an item that decides ties is gone, or the reference line is above the full mark.
        Stale: somebody else saved meanwhile.
        Unreadable: it makes no sense, or has another full mark than the one it is weighed with.
    """
    if frozen(session, round_, kind):
        raise Refused("评分标准已冻结：已叫到第一位申报人，或已有评分。")
    before = current(session, round_, kind)
    if before.version != seen:
        stale = Stale("评分标准刚刚被别人改过。请刷新页面后再改。")
        raise stale.beside({}, _sides(texts(before), format(before.full, "f")), _sides(rows, full))
    made = parse(rows, full, before.version + 1)
    if made.items == before.items:
        return before
    lost = [key for key in of_round(round_).tie_break if kind == "defence" and key not in {i.key for i in made.items}]
    if lost:
        names = {item.key: item.name for item in before.items}
        raise Refused("“同分时比较”用到项目“%(name)s”。请先在批次设置中去掉。", name=names.get(lost[0], lost[0]))
    line = of_round(round_).reference_line
    if kind == "defence" and line is not None and line > made.full:
        raise Refused(
            "参考线 %(line)s 高于满分 %(full)s。请先在批次设置中改低参考线。", line=f"{line:f}", full=f"{made.full:f}"
        )
    other = current(session, round_, "papers" if kind == "defence" else "defence")
    check_weights(of_round(round_), *((made, other) if kind == "defence" else (other, made)))
    if not history(session, round_, kind):
        _keep(session, round_, kind, before, round_.made_at, "")
    _keep(session, round_, kind, made, clock(), actor.name)
    if kind == "defence":
        round_.rubric = made.to_json()
    sides = {"before": before.to_json(), "after": made.to_json()}
    audit.record(session, actor, clock, "rubric.save", f"{kind} {made.version}", round_id=round_.id, **sides)
    return made


def _sides(rows: Sequence[Mapping[str, str]], full: str) -> dict[str, object]:
    """Each item's name and what it says, and the full mark."""
    said = {row["name"]: [row.get(name, "") for name in FIELDS[2:] if row.get(name)] for row in rows if row.get("name")}
    return {"满分": full, **said}


def _keep(session: Session, round_: Round, kind: str, rubric: Rubric, at: datetime, by: str) -> None:
    row = RubricVersion(round_id=round_.id, kind=kind, version=rubric.version, document=rubric.to_json())
    row.made_at, row.made_by = at, by
    session.add(row)
