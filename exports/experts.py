"""Read the roster of experts. Nothing is written, nothing is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from exports.availability import SessionRow
from exports.choices import strengths
from exports.columns import CHAIRS
from exports.directions import able, direction, named
from exports.finding import somebody, tables
from exports.identity import id_number, phone
from exports.naming import person
from exports.opening import open_sheets, uncollected
from exports.people import Known, Roll, Twice, both, listed, recused
from exports.reading import Answers, Question, Reading
from exports.said import say
from exports.table import Table
from exports.ticks import MINUS, PLUS
from exports.times import available, fit
from exports.words import plain, word

CHAIR, MEMBER = "可任组长", "不任组长"
"""The answers to what a role means."""
MAY_CHAIR = (CHAIR, "组长", "主任委员", "副主任委员", "chair", "chairman", "chairperson")
MAY_NOT = (MEMBER, "", "成员", "委员", "组员", "member")
YES, NO = ("可", "可以", "能"), ("不可", "不能", "无")


@dataclass(frozen=True)
class ExpertRow:
    """An expert as read; strengths by direction 1 to 3; `sessions` are keys of SessionRow, None where not yet known."""

    name: str
    unit: str
    directions: dict[str, int]
    chair: bool
    sessions: tuple[str, ...] | None
    available: str = ""
    max_sessions: int | None = None
    recuse_units: tuple[str, ...] = ()
    recuse_people: tuple[str, ...] = ()
    title: str = ""
    post: str = ""
    phone: str = ""
    id_no: str = ""
    note: str = ""


@uncollected()
def read_experts(
    data: bytes,
    filename: str,
    *,
    directions: Sequence[str],
    sessions: Sequence[SessionRow] = (),
    applicants: Sequence[Known] | None = None,
    heard: Sequence[str] = (),
    specialists: int = 1,
    answers: Answers | None = None,
) -> Reading[ExpertRow]:
    """Read 评审专家名册 against the round's sessions; `applicants` are whom 回避人员 may mean, None if not known yet.

    `heard` are the directions that need a chair and so many `specialists`; who is missing is a warning.
    """
    reading: Reading[ExpertRow] = Reading(by_direction=dict.fromkeys(directions, 0))
    twice, names, others = Twice(), tuple(directions), Roll(applicants) if applicants is not None else None
    found = tables(open_sheets(data, filename), "experts", reading, answers)
    for table in found:
        fit(table, sessions)
        for _ in table.rows():
            row = _expert(table, names, sessions, others, answers or Answers(), twice)
            if table.failed:
                reading.rejected += 1
                continue
            reading.accepted += 1
            reading.rows.append(row)
            for name in row.directions:
                reading.by_direction[name] += 1
    somebody(found, "评审专家")
    if found and reading.rows and reading.ok:
        _covered(found[0], reading.rows, heard, specialists)
    return reading


def _covered(table: Table[ExpertRow], rows: Sequence[ExpertRow], heard: Sequence[str], specialists: int) -> None:
    table.row = table.header.last
    for name in heard:
        count, chair = able((row.directions.get(name, 0), row.chair) for row in rows)
        if not chair:
            table.warn(
                "role",
                "direction-chair",
                say("“%(name)s”没有可任组长的专家。", name=name),
                say("请补充组长；否则不能锁定名册。"),
            )
        if count < specialists:
            what = say(
                "“%(name)s”只有 %(count)s 位本方向专家，要 %(specialists)s 位。",
                name=name,
                count=count,
                specialists=specialists,
            )
            table.warn("direction", "direction-few", what, say("请补充专家；否则不能锁定名册。"))


def _expert(
    table: Table[ExpertRow],
    names: tuple[str, ...],
    sessions: Sequence[SessionRow],
    applicants: Roll | None,
    answers: Answers,
    twice: Twice,
) -> ExpertRow:
    name = person(table)
    id_no = id_number(table)
    unit = table.needed("unit", "unit-missing", "工作单位")
    twice.check(table, name, unit, id_no)
    both(table, name, unit, id_no, applicants)
    times, keys = available(table, sessions, name)
    return ExpertRow(
        name,
        unit,
        _strengths(table, names, answers),
        _chair(table, answers),
        keys,
        times,
        _most(table),
        listed(table, "recuse_units"),
        recused(table, "recuse_people", applicants, answers),
        table.text("title"),
        table.text("post"),
        phone(table),
        id_no,
        table.text("note"),
    )


def _strengths(table: Table[ExpertRow], names: tuple[str, ...], answers: Answers) -> dict[str, int]:
    if table.header.choices:
        return strengths(table)
    found: dict[str, int] = {}
    for part in named(table.needed("direction", "direction-missing", "专业方向", "、"), names):
        match = re.fullmatch(r"(.+?)\((\d+)\)", plain(part))
        strength = int(match[2]) if match else 3
        if not 1 <= strength <= 3:
            table.error(
                "direction", "strength", say("“%(part)s”的程度不是 1 到 3。", part=part), say("请写 1、2 或 3。")
            )
        if meant := direction(table, match[1] if match else part, names, answers):
            found[meant] = strength
    return found


def _chair(table: Table[ExpertRow], answers: Answers) -> bool:
    """Whether an expert may chair: by the role, or by yes and no where the header asks so; else the office says it."""
    role, head = plain(table.text("role")).lower(), word(table.header.words.get("role", "").rpartition("/")[2])
    if role in MAY_CHAIR or role in MAY_NOT:
        return role in MAY_CHAIR
    yes_or_no = head in {word(asks) for asks in CHAIRS}
    if yes_or_no and role in (*PLUS, *MINUS, *YES, *NO):
        return role in (*PLUS, *YES)
    if (answer := answers.given.get(f"role:{role}", "")) in (CHAIR, MEMBER):
        return answer == CHAIR
    what, hint = (
        (say("看不出“%(role)s”是可任组长还是不可。", role=role), say("请写是或否。"))
        if yes_or_no
        else (say("不认识的角色“%(role)s”。", role=role), say("请写组长或成员。"))
    )
    table.error("role", "role-unknown", what, hint)
    text = say("“%(role)s”可以任组长吗？", role=table.text("role"))
    table.reading.ask(Question(f"role:{role}", text, (CHAIR, MEMBER), ""))
    return False


def _most(table: Table[ExpertRow]) -> int | None:
    text = plain(table.text("max_sessions"))
    if text and not text.isdecimal():
        table.error("max_sessions", "max-sessions", say("最多场次不是整数。"), say("请写一个整数，或留空。"))
    return int(text) if text.isdecimal() else None
