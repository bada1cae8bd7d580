"""成绩由来: for each applicant how the result came about, on a page of its own; experts are numbered, never named."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name

from exports.content import Person, ResultRow, RoundContent
from exports.errors import ExportError
from exports.out.book import Book
from exports.out.correction import WORDS as CORRECTIONS
from exports.out.marks import by_panel, of_totals, rounded
from exports.out.summary import WORDS as METHODS
from exports.out.summary import note
from exports.said import say
from scoring.aggregate import Sheet
from scoring.flips import Rules
from scoring.story import Direction, Step, Story
from scoring.together import together

TITLE = "成绩由来说明"
END = {0: "去掉：最高分", 1: "去掉：最低分"}
MEANS = {
    "pooled": "总平均分是各组所有成绩合在一起的平均。",
    "second_mean": "总平均分是各组平均分的平均，不论人数。",
    "trimmed": "求本组平均分时去掉本组最高的 2 个和最低的 2 个；总平均分是把各组成绩合在一起，"
    "去掉其中最高的 2 个和最低的 2 个后的平均。去掉的成绩也乘以 k。",
}
"""Correction → which scores its means are made of."""
Cells = dict[str, str]
"""What a step is of → the cell its value stands in."""


def fill(book: Book, content: RoundContent) -> None:
    """Write a sheet for each panel, a page an applicant.

    Raises:
        ExportError: the results are not computed yet.
    """
    if not content.computed:
        raise ExportError(say("成绩还没有计算，不能出成绩由来。请先在“成绩”页计算。"))
    panels = {panel: people for panel, (_seats, people) in by_panel(content).items() if content.shows(panel)}
    told = directions(content, {person.direction for people in panels.values() for person in people})
    for panel, people in panels.items():
        _Panel(book, content, panel, told).write(people)


def directions(content: RoundContent, wanted: set[str]) -> dict[str, Direction]:
    """Direction → everyone of it who was heard, computed anew from the marks."""
    keys = [item.key for item in content.items]
    rules = Rules(
        method=content.method,
        min_sheets_to_trim=content.min_sheets_to_trim,
        min_sheets=content.min_sheets,
        decimals=content.decimals,
        correction=content.correction,
        correction_decimals=content.correction_decimals,
        tie_break=tuple(keys.index(key) for key in content.tie_break),
    )
    groups: dict[str, dict[str, dict[str, dict[str, Sheet]]]] = defaultdict(lambda: defaultdict(dict))
    for panel, (_seats, people) in by_panel(content).items():
        for person in people:
            row = content.results.get(person.code)
            if row and row.outcome == "已答辩" and person.direction in wanted:
                sheets: dict[str, Sheet] = {e: [own.get(key) for key in keys] for e, own in row.marks.items()}
                groups[person.direction][panel][person.code] = sheets
    return {direction: Direction(panels, rules) for direction, panels in groups.items()}


class _Panel:
    """One panel's sheet: blocks one under the other, each a printed page."""

    def __init__(self, book: Book, content: RoundContent, panel: str, told: dict[str, Direction]) -> None:
        self.book, self.content, self.told = book, content, told
        self.items = content.items
        widths = [16, *[11] * max(3, len(self.items)), 10, 22]
        self.last, self.total = len(widths) - 1, len(widths) - 2
        self.sheet = book.sheet(f"{panel} 由来", TITLE, widths, head_rows=0)

    def write(self, people: list[Person]) -> None:
        """Everyone's block, each on a new page."""
        top, starts = 0, []
        for person in people:
            starts.append(top)
            if top:
                self.book.merge(self.sheet, top, 0, self.last, TITLE, "title", 30)
                self.book.origin(self.sheet, top + 1)
            top = self._block(top + 2, person) + 1
        self.sheet.set_h_pagebreaks(starts[1:])
        self.book.protect(self.sheet)

    def _block(self, at: int, person: Person) -> int:
        result = self.content.results.get(person.code)
        who = f"{person.name}（{person.code}）　{person.employer}　{person.direction}"
        self.book.merge(self.sheet, at, 0, self.last, who, "cell")
        told = self.told.get(person.direction)
        if result is None or told is None or person.code not in told.home:
            words = f"没有答辩成绩：{result.outcome if result else '还没有结果'}。"
            self.book.merge(self.sheet, at + 1, 0, self.last, words, "cell")
            return at + 2
        story = told.of(person.code)
        at, totals = self._sheets(at + 1, result, story)
        at, score = self._steps(at, story, totals)
        at = self._whole(at, person, result, score)
        for text in self._words(person, result, story):
            self.book.merge(self.sheet, at, 0, self.last, text, "cell")
            at += 1
        self.book.sign(self.sheet, at, ["复核人", "成绩管理员", "日期"])
        return at + 1

    def _sheets(self, at: int, result: ResultRow, story: Story) -> tuple[int, tuple[int, int]]:
        """The table of sheets; the row after it, and the first and last row with a total."""
        spare: list[object] = [None] * (self.total - 1 - len(self.items))
        heads = [f"{item.name}\n（{item.full}）" for item in self.items]
        self.book.row(self.sheet, at, ["专家", *heads, *spare, "合计", "是否计入"], "head")
        order = sorted([*result.marks, *(code for code, _why in result.uncounted)])
        numbers = {code: f"专家 {n}" for n, code in enumerate(order, 1)}
        out = {place: n % 2 for n, place in enumerate(story.aggregate.dropped)}
        for n, (code, own) in enumerate(result.marks.items()):
            line = at + 1 + n
            words = "不计入：有项目没有评" if story.totals[n] is None else END.get(out.get((n,), 2), "计入")
            marks = [own.get(item.key) for item in self.items]
            self.book.row(self.sheet, line, [numbers[code], *marks, *spare, None, words], "total")
            for place in out:
                if len(place) == 2 and place[0] == n:
                    mark = float(marks[place[1]] or 0)
                    self.sheet.write_number(line, 1 + place[1], mark, self.book.styles["dropped"])
            if (total := story.totals[n]) is not None:
                cells = f"B{line + 1}:{xl_col_to_name(len(self.items))}{line + 1}"
                formula, look = f"={rounded(f'SUM({cells})', 4)}", "dropped" if (n,) in out else "sum"
                self.book.value(self.sheet, line, self.total, formula, total, look)
        first, at = at + 1, at + 1 + len(result.marks)
        for code, why in result.uncounted:
            self.book.row(self.sheet, at, [numbers[code], *[None] * (self.total), f"没有评分表：{why}"], "total")
            at += 1
        return at, (first, first + len(result.marks) - 1)

    def _steps(self, at: int, story: Story, rows: tuple[int, int]) -> tuple[int, str]:
        """Each step: what, the sum as written out, the exact value, the value as a live formula.

        The row after them, and the cell of the last one: the final score.
        """
        if story.steps:
            self._step(at, "这一步", "算式　→　精确值", "head")
            self.sheet.write_string(at, self.total, "结果", self.book.styles["head"])
            self.sheet.write_string(at, self.last, "四舍五入", self.book.styles["head"])
            at += 1
        cells: Cells = {}
        for step in story.steps:
            out = f"（去掉 {'、'.join(map(str, step.out))}）" if step.out else ""
            self._step(at, self._name(step), f"{step.formula}{out}　→　{step.exact}", "cell")
            words = "不舍入" if step.decimals is None else f"到 {step.decimals} 位小数"
            self.sheet.write_string(at, self.last, words, self.book.styles["center"])
            self._value(at, step, story, rows, cells)
            cells[f"{step.kind} {step.of}"] = f"{xl_col_to_name(self.total)}{at + 1}"
            at += 1
        return at, f"{xl_col_to_name(self.total)}{at}"

    def _whole(self, at: int, person: Person, result: ResultRow, score: str) -> int:
        """Papers and defence by the round's weights, where it has any and both are there."""
        content = self.content
        papers, weights = content.papers.get(person.code), content.weights
        if weights is None or papers is None or result.final is None:
            return at
        told = together(papers, result.final, weights, decimals=content.decimals)
        self._step(at, "总分", f"{told.formula}　→　{told.exact}", "cell")
        inner = f"({papers:f}*{weights[0]}+{score}*{weights[1]})/100"
        self.book.value(
            self.sheet, at, self.total, f"={rounded(inner, content.decimals)}", told.score or Decimal(0), "mark"
        )
        self.sheet.write_string(at, self.last, f"到 {content.decimals} 位小数", self.book.styles["center"])
        return at + 1

    def _step(self, at: int, name: str, text: str, style: str) -> None:
        self.book.row(self.sheet, at, [name, *[None] * self.last], style)
        self.book.merge(self.sheet, at, 1, self.total - 1, text, style)

    def _name(self, step: Step) -> str:
        if step.kind == "item":
            return f"{self.items[int(step.of)].name}之和"
        words = {
            "score": "答辩成绩",
            "mean": f"{step.of} 平均分",
            "grand": "总平均分",
            "k": "系数 k",
            "final": "修正后",
        }
        return words[step.kind]

    def _value(self, at: int, step: Step, story: Story, rows: tuple[int, int], cells: Cells) -> None:
        """The value's cell: a formula over the cells above."""
        if step.kind == "item":
            column = 1 + int(step.of)
            self.book.value(self.sheet, at, self.total, f"={self._trimmed(column, rows)}", Decimal(step.exact), "total")
            return
        value, decimals = step.value or Decimal(0), step.decimals or 0
        if step.kind == "score":
            column, look = xl_col_to_name(self.total), "mark"
            totals = f"{column}{rows[0] + 1}:{column}{rows[1] + 1}"
            formula = of_totals(story.aggregate.method, totals, decimals)
            if story.aggregate.method == "trim_item":
                parts = "+".join(cell for name, cell in cells.items() if name.startswith("item "))
                formula = f"={rounded(f'({parts})/{story.aggregate.over}', decimals)}"
        elif step.kind in ("mean", "grand"):
            formula, look = f"={rounded(step.formula.replace('÷', '/'), decimals)}", "mean"
        elif step.kind == "k":
            quotient = f"{cells['grand ']}/{cells['mean ' + step.of]}"
            formula, look = f"={rounded(quotient, decimals)}", "k"
        else:
            k = next(cell for name, cell in cells.items() if name.startswith("k "))
            product = f"{cells['score ']}*{k}"
            formula, look = f"={rounded(product, decimals)}", "final"
        self.book.value(self.sheet, at, self.total, formula, value, look)

    def _trimmed(self, column: int, rows: tuple[int, int]) -> str:
        letter = xl_col_to_name(column)
        cells = f"{letter}{rows[0] + 1}:{letter}{rows[1] + 1}"
        return rounded(f"SUM({cells})-MAX({cells})-MIN({cells})", 4)

    def _words(self, person: Person, result: ResultRow, story: Story) -> list[str]:
        """How sheets are combined, the correction, the rank, the remark."""
        content = self.content
        found = [f"合分办法：{METHODS[content.method]}。组间修正：{CORRECTIONS[content.correction]}。"]
        found += filter(None, [_corrected(content, story)])
        found += list(self.told[person.direction].warnings)
        if story.rank is not None:
            names = [item.name for key in content.tie_break for item in self.items if item.key == key]
            breaks = (
                f"同分时依次比较{'、'.join(names)}的平均分（全部有效评分表，合分时去掉的也算）。"
                if names
                else "同分同名次。"
            )
            found.append(
                f"名次：{person.direction}高级有成绩的 {story.of} 人，{story.better} 人在前，"
                f"名次为 {story.better} + 1 = {story.rank}。{breaks}"
            )
            ties = [
                f"{code} {'、'.join(f'{name} {mean}' for name, mean in zip(names, means, strict=True))}"
                for code, means in story.ties
            ]
            found += [f"同分的 {len(ties)} 人：{'；'.join(ties)}。"] if ties else []
        return [*found, *filter(None, [note(result, content), self._papers(person, result)])]

    def _papers(self, person: Person, result: ResultRow) -> str:
        """What the papers' mark has to do with the score, where no step tells it."""
        content, papers = self.content, self.content.papers.get(person.code)
        if content.weights is not None:
            return together(papers, result.final, content.weights).reason
        return "" if papers is None else f"材料评审分 {papers}，与答辩成绩分别显示。"


def _corrected(content: RoundContent, story: Story) -> str:
    """Which means the correction goes by, or that there was none."""
    if content.correction == "off" or story.final is None:
        return ""
    if story.k is None:
        return "没有修正，答辩成绩就是最后成绩：本方向只有一个专家组，或不能修正。"
    return MEANS[content.correction]
