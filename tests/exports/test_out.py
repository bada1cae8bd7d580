"""The workbooks that go out: text stays text, the public list hides, another program recomputes the formulas."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pypdf import PdfReader

from exports.content import Drawn, ItemRow, Notice, Person, ResultRow, Rosters, RoundContent, Seat, SittingRow
from exports.errors import ExportError
from exports.out import KINDS, PUBLIC, write
from exports.out.password import lock
from exports.rosters import ApplicantRow
from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.vote import Vote
from tests.exports.libreoffice import converted, without_values

START = datetime(2026, 7, 15, 8, 30)
SEATS = tuple(Seat(f"E{n}", f"专家{n}", n == 1) for n in range(1, 6))
SHEETS = ([28, 25, 30], [30, 20, 34], [24, 30, 32], [27, 28, 20], [22, 27, 36])
SCORES = {"mean": "82.60", "trim_total": "84.00", "trim_item": "85.00", "median": "84.00"}


def content(method: str = "trim_total") -> RoundContent:
    people = (
        Person("A1", "=1+1", "张＊", "甲公司", "隔膜", START),
        Person("A2", "李四", "李＊", "乙公司", "隔膜", START.replace(minute=40)),
        Person("A3", "王五", "王＊", "乙公司", "隔膜", START.replace(minute=50)),
        Person("A4", "赵六", "赵＊", "丙公司", "隔膜", START.replace(hour=9, minute=0)),
    )
    marks = {f"E{n}": {f"i{i}": Decimal(m) for i, m in enumerate(row)} for n, row in enumerate(SHEETS, 1)}
    few = {code: row for code, row in marks.items() if code in ("E1", "E2", "E3")}
    dropped = frozenset({("E3",), ("E4",)} if method == "trim_total" else {("E1", "i0")})
    score = Decimal(SCORES[method])
    results = {
        "A1": ResultRow("A1", "已答辩", marks, dropped, score, None, score, 1, ""),
        "A2": ResultRow("A2", "缺席", {}, frozenset(), None, None, None, None, ""),
        "A3": ResultRow(
            "A3",
            "已答辩",
            few,
            frozenset(),
            Decimal("84.00") if method == "median" else Decimal("84.33"),
            None,
            Decimal("84.00") if method == "median" else Decimal("84.33"),
            2,
            "不去高低",
        ),
    }
    sitting = SittingRow("P1", "第一答辩室", "上午", START, START.replace(hour=8, minute=0), SEATS, people)
    late = SittingRow("P1", "第一答辩室", "下午", START.replace(hour=14), START.replace(hour=13), SEATS, ())
    items = tuple(ItemRow(f"i{i}", f"项目{i}", Decimal(40)) for i in range(3))
    lost = (Person("A9", "孙七", "孙＊", "丁公司", "隔膜"),)
    made = RoundContent("测试批次", "第 1 版", "2026-07-01", "0" * 64, items, (sitting, late), lost, results, method)
    votes = {"A1": Vote(9, 7, 1, 1, 0), "A3": Vote(9, 5, 4, 0, 0), "A4": Vote(9, 6, 3, 0, 0), "A9": Vote(9, 9, 0, 0, 0)}
    days = Notice(date(2026, 12, 4), date(2026, 12, 10), "共 5 个工作日。")
    rosters = Rosters(tuple((p.code, ApplicantRow(p.name, p.employer, "高级", p.direction)) for p in people))
    return replace(made, votes=votes, notice=days, computation=1, rosters=rosters)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_opens_and_a_name_is_never_a_formula(kind):
    book = openpyxl.load_workbook(io.BytesIO(write(kind, content())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=1+1")]
    assert all(cell.data_type == "s" for cell in cells)
    assert bool(cells) == (kind not in ("groups", "experts", "attendance", "fees"))
    assert all(sheet.page_setup.paperSize == 9 and sheet.page_setup.fitToHeight == 0 for sheet in book)
    assert all(sheet.oddFooter.center.text == "第 &P 页，共 &N 页" for sheet in book)


def test_the_public_list_has_no_expert_and_no_hidden_name():
    text = str(
        [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(write("groups", content()))).active]
    )
    assert "张＊" in text
    assert "专家" not in text
    assert "李四" not in text


def test_an_empty_round_and_an_unknown_kind():
    nothing = RoundContent("空", "第 1 版", "2026", "0", (), ())
    for kind in KINDS:
        if kind not in ("notice", "rosters"):
            assert openpyxl.load_workbook(io.BytesIO(write(kind, nothing))).sheetnames
    with pytest.raises(ExportError, match="没有名为"):
        write("nope", nothing)


def test_the_schedule_names_who_is_left():
    book = openpyxl.load_workbook(io.BytesIO(write("schedule", content())))
    rows = [[cell.value for cell in row] for row in book["全部安排"].iter_rows(min_row=4)]
    assert [row[1] for row in rows] == ["A1", "A2", "A3", "A4", "A9"]
    assert rows[-1][0] == "未安排"


def test_what_hangs_on_a_wall_names_no_expert_phone_or_id():
    seats = tuple(replace(seat, phone="13900000001", id_no="360502198811234096", title="教授") for seat in SEATS)
    made = content()
    people = tuple(replace(p, phone="13900000002") for p in made.sittings[0].people)
    made = replace(made, sittings=(replace(made.sittings[0], seats=seats, people=people),))
    for kind in PUBLIC:
        text = all_text(write(kind, made))
        assert not [word for word in ("1390", "3605", "专家1", "84.00", "81.") if word in text], kind
    assert "13900000002" in all_text(write("contacts", made))
    assert "360502198811234096" in all_text(write("fees", made))


def all_text(data: bytes) -> str:
    return str([[cell.value for cell in row] for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet])


def rows_of(data: bytes, sheet: str | None = None, first: int = 4) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [[cell.value for cell in row] for row in book[sheet or book.sheetnames[0]].iter_rows(min_row=first)]


def test_the_notice_lists_whose_vote_passed_and_is_refused_while_a_vote_is_missing():
    rows = rows_of(write("notice", content()))
    assert [row[1] for row in rows if isinstance(row[0], int)] == ["=1+1", "赵六", "孙七"]
    assert "2026年12月4日至2026年12月10日" in str(rows)
    for made, says in (
        (replace(content(), votes={}), "还有 4 位没有记录表决结果"),
        (replace(content(), notice=None), "公示开始日期"),
        (replace(content(), notice=Notice(date(2027, 1, 4), None, "请填写截止日期。")), "请填写截止日期"),
    ):
        with pytest.raises(ExportError, match=says):
            write("notice", made)


def test_the_results_of_the_committee_need_a_computation():
    with pytest.raises(ExportError, match="还没有计算"):
        write("results", replace(content(), computed=False))
    book = openpyxl.load_workbook(io.BytesIO(write("results", content())))
    assert book.sheetnames == ["隔膜", "统计", "设置", "P1 分项", "名次"]
    assert [row[1] for row in rows_of(write("results", content()))[:5]] == ["A1", "A3", "A2", "A4", "A9"]
    counts = rows_of(write("results", content()), "统计")
    assert [row[1:5] for row in counts] == [["P1", 4, 2, 1], ["未安排", 1, 0, 0]]


def test_votes_are_whole_numbers_and_say_what_they_need():
    book = openpyxl.load_workbook(io.BytesIO(write("votes", content())))
    sheet = book["高级 隔膜"]
    assert [sheet["J4"].value, sheet["J5"].value] == [
        '=IF(E4="","",ROUNDUP(E4*2/3,0))',
        '=IF(E5="","",ROUNDUP(E5*2/3,0))',
    ]
    assert [row[4:] for row in rows_of(write("votes", content()))[:2]] == [
        [9, 7, 1, 1, 0, 6, "通过"],
        [9, 5, 4, 0, 0, 6, "未通过"],  # who was absent is not voted on
    ]
    assert sheet.data_validations.dataValidation[0].type == "whole"


def test_who_only_types_marks_can_change_nothing_else():
    sheet = openpyxl.load_workbook(io.BytesIO(write("entry", content())))["P1"]
    assert sheet.protection.sheet
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "HIJ" for row in range(4, 24)}, "four people, five experts"
    rules = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert set(rules) == {"H4:H23", "I4:I23", "J4:J23"}
    assert "H4<=40" in rules["H4:H23"]


@pytest.mark.parametrize("kind", ["summary", "results"])
def test_results_are_protected_and_filtered(kind):
    book = openpyxl.load_workbook(io.BytesIO(write(kind, content())))
    assert all(sheet.protection.sheet for sheet in book)
    assert all(cell.protection.locked for sheet in book for row in sheet.iter_rows() for cell in row)
    assert all(sheet.freeze_panes == "A4" for sheet in book if sheet.title != "修正")


def test_a_draw_on_record_stands_on_its_sheet_and_a_missing_one_is_left_blank():
    made = content()
    drawn = {"S1/R1": Drawn("c" * 64, "4711", "geheim", "s" * 64, ("A3", "A1", "A4", "A2"))}
    sitting = replace(made.sittings[0], place="S1/R1")
    rows = rows_of(write("lots", replace(made, sittings=(sitting,), drawn=drawn)), first=1)
    assert [row[1] for row in rows[2:6]] == ["c" * 64, "4711", "geheim", "s" * 64]
    assert [row[:3] for row in rows[7:11]] == [
        [1, "08:50", "A3"],
        [2, "08:30", "A1"],
        [3, "09:00", "A4"],
        [4, "08:40", "A2"],
    ]
    blank = rows_of(write("lots", replace(made, lots_at_check_in=True)), first=8)
    assert [row[:3] for row in blank[:2]] == [[None, None, "A1"], [None, None, "A2"]]


def test_half_days_are_counted_as_scheduled_and_as_seen():
    made = content()
    came = replace(made.sittings[0], present=frozenset({"E1", "E2"}))
    rows = rows_of(write("attendance", replace(made, sittings=(came, made.sittings[1]))))
    assert [row[5:9] for row in rows[:3]] == [["到", "排", 2, 1], ["到", "排", 2, 1], ["排", "排", 2, 0]]
    fees = rows_of(write("fees", made))
    assert [row[5] for row in fees[:5]] == [2] * 5
    assert fees[5][:6] == [None, "合计", None, None, None, 10]


def test_a_password_opens_it_and_nothing_else_does():
    data = write("fees", content())
    locked = lock(data, "六位以上密码")
    file = OOXMLFile(io.BytesIO(locked))
    assert file.is_encrypted()
    file.load_key(password="六位以上密码")
    opened = io.BytesIO()
    file.decrypt(opened)
    assert opened.getvalue() == data
    with pytest.raises(ExportError, match="至少 6 位"):
        lock(data, "12345")


def test_a_half_day_is_one_page_and_ten_rooms_are_two(tmp_path: Path):
    """Long names of employers in four and in ten rooms, eighteen slots each; one room has a long half-day."""
    for rooms, slots, expected in ((4, 18, 1), (10, 18, 2), (1, 28, 1)):
        sittings = []
        for room in range(rooms):
            people = [
                Person(
                    f"A{room}{n:02d}",
                    "欧阳申报",
                    "",
                    "江西省某某锂电新材料科技股份有限公司",
                    "隔膜",
                    START + timedelta(minutes=10 * n),
                )
                for n in range(slots)
            ]
            sittings.append(SittingRow(f"P{room}", f"第{room}室", "上午", START, START, SEATS, tuple(people)))
        found = pages("schedule", replace(content(), sittings=tuple(sittings), unscheduled=()), tmp_path)
        assert sum("答辩安排（7月15日）" in page for page in found) == expected


def one(data: bytes, to: str, folder: Path) -> Path:
    return converted({"book": data}, to, folder)["book"]


@pytest.mark.parametrize("method", SCORES)
def test_libreoffice_recalculates_the_stored_scores(method, tmp_path: Path):
    book = one(without_values(write("summary", content(method))), "xlsx", tmp_path)
    sheet = openpyxl.load_workbook(book, data_only=True)["P1 汇总"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=4, max_row=7)}
    stored = content(method).results
    for code in ("A1", "A3"):
        assert Decimal(str(rows[code][9].value)) == stored[code].raw
        assert Decimal(str(rows[code][11].value)) == stored[code].final
    assert rows["A2"][9].value == "缺席" or rows["A2"][8].value == "缺席" or "缺席" in [c.value for c in rows["A2"]]


def two_panels(correction: str, decimals: tuple[int, int, int] = (2, 3, 2)) -> RoundContent:
    """Two panels of one direction, six heard by each; the second gives less."""
    sittings, results, raw = [], {}, {}
    for panel in ("P1", "P2"):
        people = tuple(Person(f"{panel}-{n}", f"申{n}", "", "甲", "隔膜", START) for n in range(6))
        sittings.append(SittingRow(panel, panel, "上午", START, START, SEATS, people))
        for n, person in enumerate(people):
            marks = {
                seat.code: {"a": Decimal(50 + 3 * n + m - (7 if panel == "P2" else 0)), "b": Decimal(20 + n * m % 7)}
                for m, seat in enumerate(SEATS)
            }
            score = aggregate("mean", [list(row.values()) for row in marks.values()]).score
            assert score is not None
            raw.setdefault(panel, []).append(score)
            results[person.code] = ResultRow(person.code, "已答辩", marks, frozenset(), score, None, None, None, "")
    answer = correct(correction, raw, decimals=decimals)
    for panel, scores in answer.scores.items():
        for n, final in enumerate(scores):
            row = results[f"{panel}-{n}"]
            results[row.code] = replace(row, k=answer.k[panel], final=final)
    items = (ItemRow("a", "甲", Decimal(80)), ItemRow("b", "乙", Decimal(40)))
    made = RoundContent("测试批次", "第 1 版", "2026-07-01", "0" * 64, items, tuple(sittings), (), results)
    return replace(made, correction=correction, correction_decimals=decimals, reference_line=Decimal(60))


@pytest.mark.parametrize(
    ("correction", "decimals"), [("pooled", (2, 3, 2)), ("second_mean", (1, 4, 3)), ("trimmed", (2, 3, 1))]
)
def test_libreoffice_recalculates_k_and_the_corrected_scores(correction, decimals, tmp_path: Path):
    made = two_panels(correction, decimals)
    book = openpyxl.load_workbook(one(without_values(write("summary", made)), "xlsx", tmp_path), data_only=True)
    seen = 0
    for panel in ("P1", "P2"):
        for row in book[f"{panel} 汇总"].iter_rows(min_row=4, max_row=9):
            stored = made.results[str(row[1].value)]
            shown = [Decimal(str(row[n].value)) for n in (9, 10, 11)]
            assert shown == [stored.raw, stored.k, stored.final]
            assert row[13].value == f"{'达到' if stored.raw >= 60 else '未达到'}参考线 60。"
            seen += 1
    assert seen == 12


def test_at_closing_there_are_totals_and_a_mean_and_nothing_further():
    made = replace(content("mean"), computed=False)
    totals = {"E1": {"total": Decimal(83)}, "E2": {"total": Decimal(84)}, "E3": {"total": Decimal(86)}}
    row = ResultRow("A1", "已答辩", totals, frozenset(), Decimal("84.33"), None, None, None, "")
    book = openpyxl.load_workbook(io.BytesIO(write("summary", replace(made, results={"A1": row}))))
    assert book.sheetnames == ["P1 汇总"]
    cells = [cell.value for cell in book["P1 汇总"][4]]
    assert cells[4:] == [83, 84, 86, None, None, "=ROUND(ROUND(AVERAGE(E4:I4),10),2)", None, None, None, None]


def many(number: int, items: int = 3) -> RoundContent:
    """A sitting of so many, with long names of employers, and so many items."""
    unit = "江西一个名字相当长的锂电新材料科技集团股份有限公司第二分公司"
    people = tuple(Person(f"A{n:03d}", f"申报人{n}", "", unit, "电解液（固体电解质）", START) for n in range(number))
    sitting = SittingRow("P1", "第一答辩室", "上午", START, START, SEATS, people)
    rows = tuple(ItemRow(f"i{i}", f"项目{i}", Decimal(10), ("要点一", "要点二")) for i in range(items))
    return replace(content(), items=rows, sittings=(sitting,), unscheduled=(), results={})


def pages(kind: str, made: RoundContent, folder: Path) -> list[str]:
    reader = PdfReader(one(write(kind, made), "pdf", folder))
    return [page.extract_text().replace("\n", "") for page in reader.pages]


@pytest.mark.parametrize("kind", ["summary", "signin"])
@pytest.mark.parametrize("number", [12, 13, 14, 25])
def test_no_signature_stands_alone_on_a_page(kind, number, tmp_path: Path):
    found = pages(kind, replace(many(number), computed=False), tmp_path)
    assert sum("__" in page for page in found) == 1
    signed = next(page for page in found if "__" in page)
    assert (f"A{number - 1:03d}" if kind == "summary" else "专家5") in signed
    assert all("编号" in page for page in found), "the header is on each page"
    assert sum(page.count("第二分公司") for page in found) >= number, "a long employer is not cut off"


@pytest.mark.parametrize("items", [3, 10])
def test_a_sheet_to_score_on_is_one_page(items, tmp_path: Path):
    found = pages("sheets", many(2, items), tmp_path)
    assert len(found) == 2 * len(SEATS)
    assert all(f"项目{items - 1}" in page and "合计" in page and "专家签名" in page for page in found)


def test_with_lots_at_check_in_the_desk_signs_by_id_and_enters_the_lot():
    made = replace(content(), lots_at_check_in=True)
    sheet = openpyxl.load_workbook(io.BytesIO(write("signin", made))).worksheets[0]
    assert [cell.value for cell in sheet[3]][4] == "抽签序号"
    assert [cell.value for cell in sheet[4]][:5] == [1, "A1", "=1+1", "甲公司", None]


def pixels(png: bytes) -> list[str]:
    """The rows of a black and white PNG as 0 (black) and 1."""
    width, height = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        packed += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    lines, step = zlib.decompress(packed), (width + 7) // 8 + 1
    above, rows = bytes(step - 1), []
    for n in range(height):
        own = lines[n * step + 1 : (n + 1) * step]
        assert lines[n * step] in (0, 2), "as it is, or the difference to the row above"
        above = bytes((a + b) % 256 for a, b in zip(own, above, strict=True)) if lines[n * step] else own
        rows.append("".join(f"{byte:08b}" for byte in above)[:width])
    return rows


def test_the_code_of_a_printed_sheet_is_one_that_every_camera_reads():
    with zipfile.ZipFile(io.BytesIO(write("sheets", content()))) as book:
        names = [name for name in book.namelist() if name.endswith(".png")]
        rows = pixels(book.read(names[0]))
    assert len(names) == 20
    modules = [row[8:-8:4] for row in rows[8:-8:4]]
    eye = ["0000000", "0111110", "0100010", "0100010", "0100010", "0111110", "0000000"]
    assert len(modules) >= 21
    corners = [modules[:7], [m[::-1] for m in modules[:7]], modules[:-8:-1]]
    assert [[line[:7] for line in corner] for corner in corners] == [eye] * 3, "a Micro QR has one eye only"
