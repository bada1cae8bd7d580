"""The times of a row, as a text or by ticks: what they mean is said back, what is not clear is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from exports.availability import ALL_TIMES, NOTHING, SessionRow, absences, sentence, told, understand
from exports.columns import LONGEST
from exports.reading import Question, Understood
from exports.said import say
from exports.sheet import Formula
from exports.table import Table
from exports.ticks import BLANK, COME, PARTS, STAY_AWAY, Half, Marks, marks
from exports.words import plain

Row = TypeVar("Row")
EMPTY_ROW = "ticks:experts.整行空白"


def usable(table: Table[Row], text: str, sessions: Sequence[SessionRow], who: str) -> tuple[str, ...]:
    """The sessions a text about times means; what is not understood is an error."""
    keys = understand(text, sessions)
    if keys is None:
        hint = say("请写成“全部”“15日全天”或“除16日下午”。%(all)s", all=_all(sessions))
        table.error("available", "availability", say("可用时间“%(said)s”没有看懂。", said=text), hint)
    elif text:
        _said_back(table, "available", who, text, sentence(keys, sessions))
    return keys or ()


def _all(sessions: Sequence[SessionRow]) -> str:
    """Which times there are: one of another day is no more understood than none."""
    return say("本批次的时段是%(all)s。", all=sentence([session.key for session in sessions], sessions))


def available(table: Table[Row], sessions: Sequence[SessionRow], who: str) -> tuple[str, tuple[str, ...] | None]:
    """When an expert can come: the text that is kept and, where the sessions are known, which it means."""
    written = _written(table)
    halves = None if written else _ticked(table)
    if halves is None:
        return written, usable(table, written, sessions, who) if sessions else None
    come = [half for half, yes in halves.items() if yes]
    text = "、".join(come) if come else "除" + "、".join(halves) if halves else ""
    return _kept(table, text, sessions, who)


def _written(table: Table[Row]) -> str:
    """The text about an expert's times: when there is time, or 除 and when there is none."""
    written, away = table.text("available", "、"), table.text("unavailable", "、")
    if not away or plain(away) in NOTHING:
        return written
    if written and plain(written) not in ALL_TIMES:
        what = say("可用时间和不可用时间都填了。")
        table.error("unavailable", "availability", what, say("请只填一处，例如“除16日下午”。"))
    return "除" + away


def unavailable(table: Table[Row], sessions: Sequence[SessionRow], who: str) -> str:
    """When an applicant cannot come, as the text that is kept; what is not understood is an error."""
    text = table.text("unavailable", "、")
    if not text and (halves := _ticked(table)) is not None:
        return _kept(table, "、".join(half for half, yes in halves.items() if not yes), sessions, who)[0]
    keys = absences(text, sessions) if sessions else ()
    if keys is None:
        table.error(
            "unavailable",
            "unavailable",
            say("不可用时间“%(said)s”没有看懂。", said=text),
            say("请写成“15日上午”或“16日全天”。%(all)s", all=_all(sessions)),
        )
    elif keys:
        _said_back(table, "unavailable", who, text, sentence(keys, sessions))
    return text


def fit(table: Table[Row], sessions: Sequence[SessionRow]) -> None:
    """Hold tick columns against the sessions: a column of none is an error, a session without a column a warning."""
    ticks = table.header.ticks
    if not ticks or not sessions:
        return
    meant = {column: understand(half.text, sessions) for column, half in ticks.items()}
    table.row = table.header.last
    for column, keys in meant.items():
        if keys is None:
            what = say("本批次没有“%(said)s”这个时段。", said=ticks[column].text)
            table.note_at(column, "tick-session", "error", what, say("请核对场地与时段，或删去这一列。"))
    without = [session.key for session in sessions if not any(session.key in (keys or ()) for keys in meant.values())]
    if without:
        what = say("打勾的各列里没有这些时段：%(names)s。", names=sentence(without, sessions))
        table.note_at(
            min(ticks), "tick-missing", "warning", what, say("没有列出的时段按不能来处理；要用请补上这一列。")
        )
    table.header = replace(table.header, ticks={column: half for column, half in ticks.items() if meant[column]})


def _ticked(table: Table[Row]) -> dict[str, bool] | None:
    """Half-day → whether somebody comes then, by the ticks of the row; None without such columns or an answer in them.

    Nothing is guessed: a mark that only the office can read is an error and a question.
    """
    ticks = table.header.ticks
    if not ticks:
        return None
    if table.marks is None:
        rows = range(table.header.last + 1, table.sheet.last_row + 1)
        table.marks = marks(table.kind, ticks, [_values(table, row) for row in rows], table.given)
    values = _values(table, table.row)
    if all(plain(values[column]) in BLANK for column in ticks):
        return _empty(table, ticks)
    found: dict[str, bool] = {}
    for column, half in ticks.items():
        part = plain(values[column])
        if part in PARTS and not half.part:
            found[half.day + part] = half.come is not False
            continue
        come = table.marks.means(column, values[column])
        if come is None:
            _ask(table, table.marks, column, values[column])
        else:
            found[half.text] = come
    return found


def _values(table: Table[Row], row: int) -> Mapping[int, object]:
    """The values of a row's tick columns; one over several half-days counts for each."""
    return {column: _value(table, row, column) for column in table.header.ticks}


def _value(table: Table[Row], row: int, column: int) -> object:
    value = table.sheet.cells.get(table.covered.get((row, column), (row, column)))
    return value.cached if isinstance(value, Formula) else value


def _empty(table: Table[Row], ticks: Mapping[int, Half]) -> dict[str, bool] | None:
    """A row without a single mark: an applicant can come always, about an expert the office is asked."""
    if table.kind == "applicants":
        return None
    said = table.given.get(EMPTY_ROW, "")
    if said in (COME, STAY_AWAY):
        return dict.fromkeys((half.text for half in ticks.values()), said == COME)
    hint = say("请在表里打勾，或回答这样的专家能不能来。")
    table.failed = True
    table.note_at(min(ticks), "tick-empty", "error", say("打勾的各列全是空的。"), hint)
    text = say("时段各列全空的专家，是都能来还是都不能来？")
    table.reading.ask(Question(EMPTY_ROW, text, (COME, STAY_AWAY), ""))
    return {}


def _ask(table: Table[Row], seen: Marks, column: int, value: object) -> None:
    table.failed = True
    what = (
        say("打勾的列里这一格是空的，看不出能不能来。")
        if not plain(value)
        else say("看不出“%(mark)s”是能来还是不能来。", mark=plain(value))
    )
    table.note_at(column, "tick-unclear", "error", what, say("请回答它的意思，或改成 √ 和 ×。"))
    table.reading.ask(seen.question(value))


def _kept(table: Table[Row], text: str, sessions: Sequence[SessionRow], who: str) -> tuple[str, tuple[str, ...] | None]:
    """The text that ticks come to, no longer than what is kept, and the sessions it means; said back."""
    if not text or table.failed or not sessions:
        return text, () if sessions else None
    keys = understand(text, sessions) or ()
    ticks = "、".join(
        f"{half.text} {plain(_value(table, table.row, at)) or '空'}" for at, half in table.header.ticks.items()
    )
    table.reading.understood.append(
        Understood(table.sheet.name, table.cell_at(min(table.header.ticks)), who, ticks, sentence(keys, sessions))
    )
    return (text if len(text) <= LONGEST["available"] else told(keys, sessions)), keys


def _said_back(table: Table[Row], key: str, who: str, text: str, meaning: str) -> None:
    """Note what a text about times was taken to mean."""
    table.reading.understood.append(Understood(table.sheet.name, table.cell(key), who, text, meaning))
