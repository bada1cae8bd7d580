"""More made-up layouts, written before the reader was mended for any of them: other mess than the first ones."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence

from openpyxl import Workbook

from tests.exports.made_up import APPLICANTS, EXPERTS, Layout, body, book, simple

HELD_OUT: dict[str, Callable[[], Layout]] = {}
BASIC = "no name unit level direction phone"
HEAD = ["序号", "姓名", "工作单位", "申报级别", "专业方向", "联系电话"]
Rows = list[list[object]]


def held_out(make: Callable[[], Layout]) -> Callable[[], Layout]:
    HELD_OUT[make.__name__] = make
    return make


def rows(keys: str = BASIC, **change: Callable[[dict[str, object]], object]) -> Rows:
    """The applicants' rows, some columns said otherwise."""
    people = [person | {key: make(person) for key, make in change.items()} for person in APPLICANTS]
    return body(keys.split(), people)


def made(lines: Sequence[Sequence[object]], keys: str = BASIC, merges: Sequence[str] = (), **more: object) -> Layout:
    return Layout(book(lines, merges), keys=tuple(keys.split()), **more)  # type: ignore[arg-type]


def text(lines: Sequence[Sequence[object]], mark: str, encoding: str, name: str, end: str = "\r\n") -> Layout:
    whole = end.join(mark.join("" if cell is None else str(cell) for cell in line) for line in lines)
    return Layout(whole.encode(encoding), keys=tuple(BASIC.split()), filename=name)


@held_out
def a_title_of_two_lines_and_notes_at_both_ends() -> Layout:
    before = [
        ["江西省某市\n2023年度高级职称答辩人员花名册"],
        ["说明：请于6月30日前报送，逾期不予受理；联系人王某。"],
        [],
    ]
    after = [["注：1．姓名须与身份证一致；2．单位须与公章一致。"], ["　　3．电话须为本人手机。"], ["第 1 页，共 1 页"]]
    return made([*before, HEAD, *rows(), *after], merges=["A1:F1", "A2:F2", "A17:F17", "A18:F18", "A19:F19"])


@held_out
def header_in_row_six() -> Layout:
    before = [
        ["附件2"],
        ["申报人员名册"],
        [],
        ["填报单位（盖章）：某局", None, None, "联系人：王某", None, "电话：0790-1"],
        [],
    ]
    return made([*before, HEAD, *rows()], merges=["A2:F2"])


@held_out
def measures_in_the_header() -> Layout:
    head = [
        "姓名",
        "年龄（岁）",
        "工龄(年)",
        "单位名称（须与公章一致）",
        "申报级别（中/高）",
        "专业方向（见说明）",
        "手机（11位数字）",
    ]
    return simple(head, "name other other unit level direction phone")


@held_out
def english_alone() -> Layout:
    head = ["No.", "Name", "Employer", "Level", "Field", "ID Number", "Mobile Phone", "Remarks"]
    return simple(head, "no name unit level direction id_no phone note")


@held_out
def english_with_capitals_and_hints() -> Layout:
    head = ["#", "FULL NAME", "Organization (full)", "Level applied for", "Specialty", "Tel.", "Gender"]
    return simple(head, "no name unit level direction phone sex")


@held_out
def english_experts() -> Layout:
    head = ["Name", "Affiliation", "Title", "Expertise", "Role", "Availability", "Phone", "Note"]
    return simple(head, "name unit title direction role available phone note", kind="experts")


@held_out
def a_statistic_beside_the_list() -> Layout:
    lines = [["申报人员名册"], [*HEAD, None, None, "级别", "人数"]]
    for n, row in enumerate(rows()):
        lines.append([*row, None, None, *([["高级", 11], ["中级", 1]][n] if n < 2 else [])])
    return made(lines)


@held_out
def two_lists_with_a_gap_and_titles_of_their_own() -> Layout:
    head, left, right = (
        ["姓名", "单位", "级别", "专业"],
        rows("name unit level direction")[:7],
        rows("name unit level direction")[7:],
    )
    lines = [["第一组", None, None, None, None, "第二组"], [*head, None, *head]]
    lines += [[*one, None, *(right[n] if n < len(right) else [])] for n, one in enumerate(left)]
    return made(lines, "name unit level direction", merges=["A1:D1", "F1:I1"])


@held_out
def totals_in_the_middle() -> Layout:
    people = rows()
    lines = [
        HEAD,
        *people[:4],
        ["小计", "4人"],
        *people[4:9],
        [None, "小计：5人"],
        *people[9:],
        ["合计", None, "12人", "高级11", "中级1"],
    ]
    return made(lines)


@held_out
def totals_as_numbers_at_the_foot() -> Layout:
    return made([HEAD, *rows(), ["合计", 12, None, "高级 11 人", "中级 1 人", None], ["总 计：", None, "12"]])


@held_out
def numbers_that_begin_again_in_each_group() -> Layout:
    people = rows()
    for n, row in enumerate(people):
        row[0] = n % 4 + 1
    lines = [HEAD, ["（一）第一批"], *people[:4], ["（二）第二批"], *people[4:8], ["三、第三批"], *people[8:]]
    return made(lines)


@held_out
def hidden_rows_and_columns() -> Layout:
    workbook = Workbook()
    for row in [[*HEAD, "身份证号"], *rows(BASIC + " id_no")]:
        workbook.active.append(row)
    workbook.active.row_dimensions[4].hidden = True
    workbook.active.column_dimensions["C"].hidden = True
    out = io.BytesIO()
    workbook.save(out)
    return Layout(out.getvalue(), keys=tuple((BASIC + " id_no").split()))


@held_out
def phones_as_numbers() -> Layout:
    return made([HEAD, *rows(phone=lambda p: float(str(p["phone"])))])


@held_out
def ids_behind_an_apostrophe() -> Layout:
    return made([[*HEAD, "身份证号码"], *rows(BASIC + " id_no", id_no=lambda p: f"'{p['id_no']}")], BASIC + " id_no")


@held_out
def ids_in_small_letters_and_parts() -> Layout:
    def parted(person: dict[str, object]) -> object:
        number = str(person["id_no"]).lower()
        return f"{number[:6]} {number[6:14]} {number[14:]}"

    return made([[*HEAD, "身份证号"], *rows(BASIC + " id_no", id_no=parted)], BASIC + " id_no")


@held_out
def dates_in_every_form() -> Layout:
    forms: list[Callable[[dt.date], object]] = [
        lambda d: (d - dt.date(1899, 12, 30)).days,
        lambda d: dt.datetime(d.year, d.month, d.day),
        lambda d: f"{d.year}年{d.month}月{d.day}日",
        lambda d: f"{d.year}／{d.month}／{d.day}",
        lambda d: f" {d.year}. {d.month}. {d.day} ",
        lambda d: f"{d:%Y%m%d}",
        lambda d: int(f"{d:%Y%m%d}"),
        lambda d: f"{d.year}-{d.month}-{d.day} 0:00:00",
    ]
    keys = BASIC + " birth"
    born = [dt.date(1980, n, n) for n in range(1, 13)]
    people = [p | {"birth": forms[n % len(forms)](born[n])} for n, p in enumerate(APPLICANTS)]
    return made([[*HEAD, "出生日期"], *body(keys.split(), people)], keys, days=True)


@held_out
def full_width_everywhere() -> Layout:
    def wide(value: object) -> str:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in str(value))

    keys = BASIC + " id_no"
    lines = rows(
        keys,
        phone=lambda p: wide(p["phone"]),
        id_no=lambda p: wide(p["id_no"]),
        level=lambda p: "　".join(str(p["level"])),
    )
    return made([[*HEAD, "身份证号（１８位）"], *lines], keys)


@held_out
def spaces_before_behind_and_unseen() -> Layout:
    def loose(row: list[object]) -> list[object]:
        return [f"\u00a0{cell}\u200b  " if isinstance(cell, str) else cell for cell in row]

    return made([loose(HEAD), *map(loose, rows())])


@held_out
def line_breaks_inside_the_header() -> Layout:
    return simple(["序\n号", "姓\n名", "工\n作\n单\n位", "申报\r\n级别", "专业\n（方向）", "联系\n电话"], BASIC)


@held_out
def names_spread_out() -> Layout:
    return made([HEAD, *rows(name=lambda p: "　".join(str(p["name"])) if len(str(p["name"])) < 4 else p["name"])])


@held_out
def semicolons() -> Layout:
    return text([HEAD, *rows()], ";", "utf-8", "名册.csv")


@held_out
def tabs() -> Layout:
    return text([["名册"], HEAD, *rows()], "\t", "gb18030", "名册.txt", "\n")


@held_out
def commas_behind_a_mark() -> Layout:
    return text([HEAD, *rows()], ",", "utf-8-sig", "名册.csv")


@held_out
def utf16_of_excels_unicode_text() -> Layout:
    return text([HEAD, *rows()], "\t", "utf-16", "名册.txt")


@held_out
def utf16_without_a_mark() -> Layout:
    return text([HEAD, *rows()], ",", "utf-16-le", "名册.csv")


@held_out
def quoted_breaks_and_commas() -> Layout:
    lines = [["序号", '"姓\n名"', "工作单位", "申报级别", "专业方向", '"联系电话,手机"'], *rows()]
    layout = text(lines, ",", "gb18030", "名册.csv")
    layout.asked = {"column:applicants.phone": "联系电话,手机"}
    return layout


@held_out
def a_line_that_names_the_separator() -> Layout:
    return text([["sep=;"], HEAD, *rows()], ";", "utf-8-sig", "名册.csv")


@held_out
def old_macs_line_ends() -> Layout:
    return text([HEAD, *rows()], ",", "gb18030", "名册.csv", "\r")


@held_out
def other_words_one() -> Layout:
    head = ["申报者姓名", "就职企业", "拟评级别（等级）", "评审学科", "证件编号", "联络电话"]
    return simple(head, "name unit level direction id_no phone")


@held_out
def other_words_two() -> Layout:
    head = ["参评者", "工作单位（与公章一致）", "申报职称层次", "所报专业", "居民身份证", "手机（本人）"]
    return simple(head, "name unit level direction id_no phone")


@held_out
def other_words_for_experts() -> Layout:
    head = ["专家名称", "供职单位", "技术职称", "学科专长", "担任职责", "可到会时间", "回避企业", "手机号"]
    return simple(head, "name unit title direction role available recuse_units phone", kind="experts")


@held_out
def groups_over_everything() -> Layout:
    lines = [
        ["申报人基本信息", None, None, None, "申报信息", None, "联系方式", None],
        ["序号", "姓名", "单位", "身份证号", "级别", "专业", "手机", "电子邮箱"],
        *rows("no name unit id_no level direction phone other"),
    ]
    return made(lines, "no name unit id_no level direction phone other", merges=["A1:D1", "E1:F1", "G1:H1"])


@held_out
def numbered_words() -> Layout:
    return simple(["1.姓名", "2.工作单位", "3.申报级别", "4.专业方向", "5.联系电话"], "name unit level direction phone")


@held_out
def words_with_numbers_in_brackets() -> Layout:
    return simple(
        ["（1）姓名", "（2）工作单位", "（3）申报级别", "（4）专业方向", "⑤备注"], "name unit level direction note"
    )


@held_out
def every_cell_two_columns_wide() -> Layout:
    keys = "name unit level direction"
    lines: Rows = [
        [cell for word in row for cell in (word, None)] for row in [["姓名", "单位", "级别", "专业"], *rows(keys)]
    ]
    merges = [f"{a}{n}:{b}{n}" for n in range(1, 14) for a, b in (("A", "B"), ("C", "D"), ("E", "F"), ("G", "H"))]
    return made(lines, keys, merges)


@held_out
def remarks_below_a_person() -> Layout:
    people = rows()
    return made([HEAD, *people[:3], ["备注：李四的材料待补。"], *people[3:6], ["※以上已审核"], *people[6:]])


@held_out
def signatures_in_cells_of_their_own() -> Layout:
    feet = [
        ["填表人：", "王某", None, "审核人：", "李某", "日期：2023.6.1"],
        ["单位负责人（签字）：", None, None, "（盖章）", None, "2023年6月"],
    ]
    return made([HEAD, *rows(), [], *feet])


@held_out
def a_row_of_hints_below_the_header() -> Layout:
    return made([HEAD, [None, "（必填）", "（全称）", "（中级/高级）", "（下拉选择）", "（11位）"], *rows()])


@held_out
def an_example_row() -> Layout:
    return made([HEAD, ["示例", "某某某", "某某公司", "高级", "隔膜", "13800000000"], *rows()])


@held_out
def levels_as_they_are_said() -> Layout:
    return made(
        [
            HEAD,
            *rows(
                level=lambda p: (
                    "中 级"
                    if p["level"] == "中级"
                    else ("副高级", "正高级", "高级 ", "高级（副高）")[int(str(p["no"])) % 4]
                )
            ),
        ]
    )


@held_out
def directions_with_a_word_more() -> Layout:
    more = {
        "锂及锂化合物": "锂及锂化合物方向",
        "隔膜": "隔膜专业",
        "锂电池（组）": "锂电池(组)",
        "循环经济与环保": "循环经济与环保",
    }
    return made([HEAD, *rows(direction=lambda p: more[str(p["direction"])])])


@held_out
def the_header_twice_in_one_cell_each() -> Layout:
    head = ["序号/No.", "姓名/Name", "工作单位/Employer", "申报级别/Level", "专业方向/Field", "电话/Phone"]
    return simple(head, BASIC)


@held_out
def chairs_by_yes_and_no() -> Layout:
    people = [e | {"role": "是" if e["role"] == "组长" else "否"} for e in EXPERTS]
    lines = [
        ["姓名", "工作单位", "专业方向", "可任组长", "联系电话"],
        *body(["name", "unit", "direction", "role", "phone"], people),
    ]
    return made(lines, "name unit direction role phone", kind="experts", people=8)


@held_out
def experts_with_a_title_and_two_rows_of_groups() -> Layout:
    lines = [
        ["2023年评审专家库（节选）"],
        ["序号", "基本情况", None, None, None, "评审情况", None, "联系方式"],
        [None, "姓  名", "工作单位及职务", "职称", "专业方向", "角 色", "可参加时间", "手机"],
        *body(["no", "name", "unit", "title", "direction", "role", "available", "phone"], EXPERTS),
        ["共8人"],
    ]
    merges = ["A1:H1", "A2:A3", "B2:E2", "F2:G2"]
    asked = {"column:experts.unit": "工作单位及职务"}
    return made(
        lines, "no name unit title direction role available phone", merges, kind="experts", people=8, asked=asked
    )


@held_out
def one_level_for_all_by_the_title() -> Layout:
    keys = "no name unit direction phone"
    asked = {"column:applicants.level": "全是高级"}
    lines = [["2023年度高级职称申报人员"], ["序号", "姓名", "工作单位", "专业方向", "联系电话"], *rows(keys)]
    return made([*lines, [None, None, "经办人：王某", None, "2023年6月1日"]], keys, asked=asked)


@held_out
def words_that_nobody_knows() -> Layout:
    asked = {"name": "何人", "unit": "何处", "level": "何等", "direction": "何科"}
    lines = [["册子"], ["次", "何人", "何处", "何等", "何科", "号"], *rows()]
    answers = {f"column:applicants.{key}": head for key, head in asked.items()} | {"column:applicants.phone": "号"}
    return made(lines, asked=answers)
