"""Read the roster of applicants. Nothing is written, nothing is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from exports.aside import BY_SHEET, EVERYBODY, LEVELS
from exports.availability import SessionRow
from exports.dates import partial_date
from exports.directions import direction
from exports.finding import somebody, tables
from exports.identity import id_number, phone
from exports.naming import person
from exports.opening import open_sheets, uncollected
from exports.people import Known, Roll, Twice, both, recused
from exports.reading import Answers, Question, Reading
from exports.said import say
from exports.table import Table
from exports.ticks import BLANK as NO_TICK
from exports.ticks import MINUS
from exports.times import fit, unavailable
from exports.words import bare, plain, simplified

SENIOR, INTERMEDIATE = "高级", "中级"
_PLAIN_KEYS = ("sex", "edu", "school", "major", "cur_title", "county", "insured_unit", "note")


@dataclass(frozen=True)
class ApplicantRow:
    """An applicant as read; `level` is 高级 or 中级, `details` the other columns by key (dates YYYY-MM[-DD])."""

    name: str
    unit: str
    level: str
    direction: str
    id_no: str = ""
    title: str = ""
    phone: str = ""
    details: dict[str, str] = field(default_factory=dict)
    recuse: tuple[str, ...] = ()


@uncollected()
def read_applicants(
    data: bytes,
    filename: str,
    *,
    directions: Sequence[str],
    sessions: Sequence[SessionRow] = (),
    experts: Sequence[Known] | None = None,
    answers: Answers | None = None,
) -> Reading[ApplicantRow]:
    """Read 申报人员名册 against the round's sessions; `experts` are whom 回避专家 may mean, None if not known yet.

    Raises UnreadableFile where it cannot be opened; everything else is a problem at a cell.
    """
    reading: Reading[ApplicantRow] = Reading(by_direction=dict.fromkeys(directions, 0))
    twice, names, others = Twice(), tuple(directions), Roll(experts) if experts is not None else None
    found = tables(open_sheets(data, filename), "applicants", reading, answers)
    for table in found:
        fit(table, sessions)
        for _ in table.rows():
            row = _applicant(table, names, sessions, others, answers or Answers(), twice)
            _count(reading, table, row, row.level == INTERMEDIATE)
            if not table.failed and row.level == SENIOR:
                reading.by_direction[row.direction] += 1
    somebody(found, "申报人员")
    return reading


def _count(reading: Reading[ApplicantRow], table: Table[ApplicantRow], row: ApplicantRow, review_only: bool) -> None:
    if table.failed:
        reading.rejected += 1
        return
    reading.rows.append(row)
    if review_only:
        reading.review_only += 1
    else:
        reading.accepted += 1


def _applicant(
    table: Table[ApplicantRow],
    names: tuple[str, ...],
    sessions: Sequence[SessionRow],
    experts: Roll | None,
    answers: Answers,
    twice: Twice,
) -> ApplicantRow:
    name = person(table)
    id_no = id_number(table)
    unit = table.needed("unit", "unit-missing", "工作单位")
    level = _level(table, answers)
    said = table.needed("direction", "direction-missing", "专业方向")
    meant = direction(table, said, names, answers) if said else ""
    tel = phone(table)
    twice.check(table, name, unit, id_no)
    both(table, name, unit, id_no, experts)
    recuse = recused(table, "recuse", experts, answers, units=True)
    details = {key: text for key in _PLAIN_KEYS if (text := table.text(key))}
    if text := unavailable(table, sessions, name):
        details["unavailable"] = text
    if details.get("insured_unit", unit) != unit:
        table.warn("insured_unit", "insured-unit", say("参保单位和工作单位不同。"), say("请核实后再确认。"))
    return ApplicantRow(name, unit, level, meant, id_no, table.text("title"), tel, details | _dates(table), recuse)


def _dates(table: Table[ApplicantRow]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in ("birth", "cur_date", "hire_date"):
        raw = table.raw(key)
        date = partial_date(raw)
        if date:
            found[key] = date
        elif bare(raw):
            table.warn(key, "date", say("日期没有看懂，没有采用。"), say("请写成 1988-03 或 1988-03-05。"))
    return found


def _level(table: Table[ApplicantRow], answers: Answers) -> str:
    if table.header.levels:
        return _ticked_level(table)
    whole = table.aside.told.get("level", "")
    whole = table.level if whole == BY_SHEET else whole
    if whole in EVERYBODY:
        return next(level for level, everybody in LEVELS.items() if everybody == whole)
    said = simplified(bare(table.text("level")) or plain(table.text("level")))
    source = said or bare(table.text("title")) or plain(table.text("title"))
    if re.fullmatch(r"(副|正)?高级?(职称)?", said) or re.search(r"高级|教授", source):
        return SENIOR
    if said in ("中级", "中级职称") or source in ("工程师", "中级工程师"):
        return INTERMEDIATE
    answer = answers.given.get(f"level:{source}", "")
    if answer in (SENIOR, INTERMEDIATE):
        return answer
    if not source:
        table.needed("level", "level-missing", "申报级别")
        return ""
    table.error(
        "level", "level-unknown", say("不认识的申报级别“%(source)s”。", source=source), say("请改成中级或高级。")
    )
    table.reading.ask(
        Question(f"level:{source}", say("“%(source)s”是中级还是高级？", source=source), (INTERMEDIATE, SENIOR), "")
    )
    return ""


def _ticked_level(table: Table[ApplicantRow]) -> str:
    """The level of the one column that is ticked; none or both is an error there."""
    cells = {column: table.sheet.cells.get((table.row, column)) for column in table.header.levels}
    marked = [column for column, value in cells.items() if plain(value).lower() not in (*NO_TICK, *MINUS)]
    if len(marked) == 1:
        return table.header.levels[marked[0]]
    table.failed, first, hint = True, min(table.header.levels), say("请只在其中一列打勾。")
    if marked:
        table.note_at(first, "level-unknown", "error", say("中级、高级两列都打了勾。"), hint)
    else:
        table.note_at(first, "level-missing", "error", say("中级、高级两列都没有打勾。"), hint)
    return ""
