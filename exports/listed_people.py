"""Who, when and where the cells of an edited schedule mean."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence

from exports.dates import clock
from exports.listed import Known, Seen, Table, Timetable, Who
from exports.said import Said, say
from exports.sheet import Fault
from exports.words import plain

_DAY = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:时点](\d{1,2}|半)?(?::00|分)?(?:开始|起)?$")
_UNTIL = re.compile(r"(?<=\d)([:时点](?:\d{1,2}|半)?分?)\s*[-–—~至到].*")
"""What stands behind the beginning: 8:30-8:40."""
_NOTE = re.compile(r"(合计|总计|小计|共计|填表|制表|审核人)|(注|备注|说明):")
_PART = re.compile(r"[、,;/\n]+")
_CODED = re.compile(r"(.*?)[(\[【]([^)\]】]+)[)\]】]")


class People:
    """Finds persons, times and places of the cells."""

    def __init__(self, known: Known, found: Timetable) -> None:
        self.known, self.found = known, found
        self.by_code = {who.code: who for who in known.applicants}
        self.experts = {who.code: who for who in known.experts}
        self.seen: dict[str, str] = {}

    def rows(self, table: Table) -> Iterator[Seen]:
        """The appointments of a list; who has no time is unscheduled."""
        for row in table.rows():
            person = table.text(row, "code") or table.text(row, "name")
            if not person or _NOTE.match(person) or _NOTE.match(table.opening(row)):
                self.found.skipped += 1  # an empty slot, or a note below the list
                continue
            who = self.applicant(table, row)
            if who is None:
                continue
            if who.code in self.seen:
                hint = say("请只留一行。")
                table.note(
                    row,
                    self._key(table),
                    "person-twice",
                    say("%(name)s 在 %(place)s 已有一行。", name=who.name, place=self.seen[who.code]),
                    hint,
                )
                continue
            self.seen[who.code] = table.at(row, self._key(table))
            if table.text(row, "time") in ("", "未安排", "-", "—", "/"):
                continue
            start, room, panel = self.start(table, row), self.room(table, row), table.text(row, "panel")
            if not panel:
                table.note(
                    row,
                    "panel",
                    "panel-missing",
                    say("%(name)s 没有写专家组。", name=who.name),
                    say("请填写专家组，例如 P1。"),
                )
            session = next((name for name, begin, end in self.known.sessions if start and begin <= start < end), "")
            if start and not session:
                table.note(
                    row,
                    "time",
                    "no-session",
                    say("%(start)s 不在任何时段内。", start=f"{start:%m-%d %H:%M}"),
                    self._halves(),
                )
            if start and session and room and panel:
                yield Seen(who, start, session, room, panel, table.at(row, "time"))

    @staticmethod
    def _key(table: Table) -> str:
        return "code" if "code" in table.columns else "name"

    def _halves(self) -> Said:
        times = [f"{begin:%m-%d %H:%M}–{end:%H:%M}" for _name, begin, end in self.known.sessions]
        return say("本批次的时段：%(names)s。", names="、".join(times[:6]) + ("……" if len(times) > 6 else ""))

    def applicant(self, table: Table, row: int) -> Who | None:
        """Who a row is about."""
        code, name, unit = (table.text(row, key) for key in ("code", "name", "unit"))
        who = self.by_code.get(code)
        if code and who is None:
            table.note(
                row,
                "code",
                "person-unknown",
                say("高级申报人里没有编号 %(code)s。", code=code),
                say("请核对编号；只评材料的人不参加答辩。"),
            )
            return None
        if who and name and plain(who.name) != name:
            table.note(
                row,
                "name",
                "person-other",
                say("编号 %(code)s 是 %(name)s，不是 %(written)s。", code=code, name=who.name, written=name),
                say("请核对编号和姓名。"),
            )
            return None
        if who:
            return who
        hits = [one for one in self.known.applicants if plain(one.name) == name]
        hits = [one for one in hits if plain(one.employer) == unit] if len(hits) > 1 and unit else hits
        if len(hits) == 1:
            return hits[0]
        if hits:
            codes = "、".join(one.code for one in hits)
            table.note(
                row,
                "name",
                "person-two",
                say("名叫 %(name)s 的有 %(n)s 位：%(codes)s。", name=name, n=len(hits), codes=codes),
                say("请填写编号。"),
            )
        else:
            table.note(
                row,
                "name",
                "person-unknown",
                say("高级申报人里没有 %(name)s。", name=name),
                say("请核对姓名，或填写编号。"),
            )
        return None

    def room(self, table: Table, row: int) -> str:
        """The id of its room."""
        text = table.text(row, "room")
        found = self.known.rooms.get(text, "")
        if not found:
            names = "、".join(name for name, code in self.known.rooms.items() if name != code)
            said = say("没有名为“%(said)s”的答辩室。", said=text) if text else say("没有写答辩室。")
            table.note(row, "room", "room-unknown", said, say("可用：%(names)s。", names=names))
        return found

    def start(self, table: Table, row: int) -> dt.datetime | None:
        """A moment of one cell, or of a date's and a time's; a year that is not written is the round's."""
        value, day = table.value(row, "time"), self.day(table.value(row, "date"))
        if isinstance(value, dt.datetime) and value.year > 1900:
            return value.replace(tzinfo=None, second=0, microsecond=0)
        text = "" if isinstance(value, Fault) else unicodedata.normalize("NFKC", str(value)).strip()
        text = _UNTIL.sub(r"\1", text)
        day = self.day(text) or day
        if day is None and len(days := {begin.date() for _n, begin, _e in self.known.sessions}) == 1:
            (day,) = days
        rest = _DAY.sub("", text, count=1)
        match = _TIME.search(rest)
        at = clock(value) or (f"{int(match[1]):02d}:{_minute(match[2]):02d}" if match else None)
        if day is None or at is None or not (int(at[:2]) < 24 and int(at[3:]) < 60):
            table.note(
                row, "time", "time", say("时间看不懂。"), say("请写成“7月15日 上午 08:30”，或日期和时间各一列。")
            )
            return None
        hour = int(at[:2]) + (12 if re.search("下午|晚上", rest) and int(at[:2]) < 12 else 0)
        return dt.datetime.combine(day, dt.time(hour, int(at[3:])))

    def day(self, value: object) -> dt.date | None:
        """The day a cell means; a year that is not written is the round's."""
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 20000:
            return dt.date(1899, 12, 30) + dt.timedelta(days=int(value))
        match = _DAY.search(plain(value))
        if not match:
            return None
        days = {begin.date() for _name, begin, _end in self.known.sessions}
        year = int(match[1]) if match[1] else 0
        same = [day for day in days if (day.month, day.day) == (int(match[2]), int(match[3])) and year in (0, day.year)]
        if len(same) == 1:
            return same[0]
        try:
            return dt.date(year or min(days).year, int(match[2]), int(match[3])) if days else None
        except ValueError:
            return None

    def panels(self, table: Table) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
        """Name → chair and members, the chair first."""
        for row in table.rows():
            name = table.text(row, "panel")
            raw = [table.value(row, key) for key in ("chair", "members")]
            chairs, members = (self._names(text) for text in raw)
            if not name or not (chairs or members):
                self.found.skipped += 1
                continue
            before = set(self.known.panels.get(name, ("", ()))[1])
            found = [self._expert(table, row, key, text, before) for key, text in _keyed(chairs, members)]
            if len(chairs) != 1:
                table.note(
                    row,
                    "chair",
                    "chair",
                    say("专家组 %(name)s 写了 %(n)s 位组长。", name=name, n=len(chairs)),
                    say("请写一位。"),
                )
            elif all(found):
                self.found.cells[(name,)] = table.at(row, "panel")
                yield name, (str(found[0]), tuple(dict.fromkeys(map(str, found))))

    def _names(self, value: object) -> list[str]:
        """The names of a cell; a space may part two names or stand inside one of two characters (张 三)."""
        text = unicodedata.normalize("NFKC", str(value if value is not None else ""))
        told = {plain(who.name) for who in self.known.experts} | set(self.experts)
        parts = [part.split() if plain(part) not in told else [plain(part)] for part in _PART.split(text)]
        return [plain(name) for names in parts for name in names if plain(name)]

    def _expert(self, table: Table, row: int, key: str, text: str, before: set[str]) -> str | None:
        coded = _CODED.fullmatch(text)
        name, code = (coded[1], coded[2]) if coded else (text, text)
        if code in self.experts and (not coded or plain(self.experts[code].name) == name):
            return code
        hits = [who.code for who in self.known.experts if plain(who.name) == name]
        hits = [one for one in hits if one in before] or hits
        if len(hits) == 1:
            return hits[0]
        if hits:
            hint = say("请写成“%(name)s（%(code)s）”这样。", name=name, code=hits[0])
            table.note(
                row,
                key,
                "expert-two",
                say("名叫 %(name)s 的专家有 %(n)s 位：%(names)s。", name=name, n=len(hits), names="、".join(hits)),
                hint,
            )
        else:
            table.note(row, key, "expert-unknown", say("评审专家里没有“%(said)s”。", said=text), say("请核对姓名。"))
        return None


def _minute(text: str | None) -> int:
    return 30 if text == "半" else int(text or 0)


def _keyed(chairs: Sequence[str], members: Sequence[str]) -> list[tuple[str, str]]:
    return [("chair", one) for one in chairs] + [("members", one) for one in members]
