"""Made-up layouts of rosters: other headers, other mess, the same people. Each says what must be asked about."""

import io
from collections.abc import Callable

from openpyxl import Workbook

from tests.exports.made_up import APPLICANTS, EXPERTS, Layout, body, book, simple

LAYOUTS: dict[str, Callable[[], Layout]] = {}


def layout(make: Callable[[], Layout]) -> Callable[[], Layout]:
    LAYOUTS[make.__name__] = make
    return make


@layout
def plain_with_stars_and_hints() -> Layout:
    head = [
        "序号",
        "*姓 名",
        "工作单位（全称）*",
        "申报级别\n（中级/高级）",
        "专业方向【下拉选择】",
        "身份证号码（18位）",
        "手机号码(必填)",
    ]
    return simple(head, "no name unit level direction id_no phone")


@layout
def full_width_and_spaces() -> Layout:
    return simple(["　姓　　名　", "单　位", "级　别", "专　业", "电　话"], "name unit level direction phone")


@layout
def title_note_and_department_above() -> Layout:
    before = [
        ["某市2023年度高级职称申报人员一览表"],
        ["填报单位：某某局（盖章）", None, None, "填报日期：2023年6月1日"],
        ["单位：人"],
        [],
    ]
    return simple(
        ["序号", "申报人", "所在单位", "申报层级", "申报专业", "联系方式"],
        "no name unit level direction phone",
        before,
        merges=["A1:F1"],
    )


@layout
def with_english() -> Layout:
    return simple(
        ["No.", "姓名 Name", "单位 Employer", "级别 Level", "专业方向 Field", "电话 Phone"],
        "no name unit level direction phone",
    )


@layout
def colons_and_numbers() -> Layout:
    return simple(["姓名：", "单位名称：", "申报等级：", "方向：", "备注："], "name unit level direction note")


@layout
def every_word_with_its_owner() -> Layout:
    head = ["申请人姓名", "申请人性别", "申请人身份证号", "申请人工作单位", "申请人联系电话", "拟申报级别", "拟评专业"]
    return simple(head, "name sex id_no unit phone level direction")


@layout
def employer_called_company() -> Layout:
    return simple(
        ["编号", "申报人员", "企业名称", "评审级别", "评审专业", "移动电话"], "no name unit level direction phone"
    )


@layout
def columns_in_another_order() -> Layout:
    head = ["联系电话", "备注", "申报专业", "申报级别", "身份证号", "性别", "姓名", "用人单位", "序号"]
    return simple(head, "phone note direction level id_no sex name unit no")


@layout
def much_beside_what_is_needed() -> Layout:
    head = [
        "序号",
        "姓名",
        "性别",
        "民族",
        "年龄",
        "工作单位",
        "单位性质",
        "学历",
        "学位",
        "毕业院校",
        "所学专业",
        "现职称",
        "取得时间",
    ]
    head += [
        "参加工作时间",
        "申报职称",
        "申报级别",
        "申报专业",
        "是否破格",
        "身份证号",
        "手机号",
        "电子邮箱",
        "推荐单位",
        "审核意见",
    ]
    keys = "no name sex other other unit other edu other school major cur_title cur_date other title level direction other id_no phone"
    return simple(head, keys + " other county other")


@layout
def two_rows_merged() -> Layout:
    rows = [
        ["申报人员名册"],
        ["序号", "姓名", "工作单位", "现任专业技术职务", None, "申报情况", None, None, "联系电话"],
        [None, None, None, "名称", "取得时间", "职务", "级别", "专业"],
    ]
    keys = "no name unit cur_title cur_date title level direction phone"
    merges = ["A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "I2:I3"]
    return Layout(book([*rows, *body(keys.split())], merges), keys=tuple(keys.split()))


@layout
def two_rows_without_a_merge() -> Layout:
    rows = [["基本情况", None, None, "申报信息", None, None], ["姓名", "单位", "电话", "申报职称", "级别", "专业"]]
    keys = "name unit phone title level direction"
    return Layout(book([*rows, *body(keys.split())]), keys=tuple(keys.split()))


@layout
def three_rows() -> Layout:
    rows = [
        ["序号", "申报人", None, None, None, "申报情况", None, None],
        [None, "姓名", "单位", "学历", None, "职务", "级别", "专业"],
        [None, None, None, "最高学历", "所学专业"],
    ]
    keys = "no name unit edu major title level direction"
    merges = ["A1:A3", "B1:E1", "F1:H1", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3"]
    return Layout(book([*rows, *body(keys.split())], merges), keys=tuple(keys.split()))


@layout
def numbers_below_the_header() -> Layout:
    head = ["序号", "姓名", "工作单位", "申报级别", "申报专业"]
    keys = "no name unit level direction"
    return Layout(book([head, [1, 2, 3, 4, 5], *body(keys.split())]), keys=tuple(keys.split()), people=12)


@layout
def repeated_on_every_page() -> Layout:
    head, keys = ["姓名", "单位", "级别", "专业方向"], "name unit level direction"
    rows = body(keys.split())
    return Layout(
        book([["名册"], head, *rows[:5], ["第1页"], ["名册（续）"], head, *rows[5:], ["合计", "12人"]]),
        keys=tuple(keys.split()),
    )


@layout
def a_second_list_below_in_another_order() -> Layout:
    one, two = "name unit level direction phone", "name phone direction level unit"
    heads = ["姓名", "单位", "级别", "专业方向", "电话"], ["姓名", "电话", "专业方向", "级别", "单位"]
    rows = [["一、市直"], heads[0], *body(one.split())[:6], [], ["二、县区"], heads[1], *body(two.split())[6:]]
    return Layout(book(rows), keys=tuple(one.split()))


@layout
def two_lists_side_by_side() -> Layout:
    keys = "no name unit level direction"
    head, rows = ["序号", "姓名", "单位", "级别", "专业"], body(keys.split())
    both = [left + right for left, right in zip(rows[:6], rows[6:], strict=True)]
    return Layout(book([["名册"], head * 2, *both]), keys=tuple(keys.split()))


@layout
def grouped_by_titles_of_one_cell() -> Layout:
    keys = "name unit level direction"
    rows = body(keys.split())
    lines = [["姓名", "单位", "级别", "专业"], ["锂及锂化合物组（共3人）"], *rows[:3], ["隔膜组（共9人）"], *rows[3:]]
    return Layout(book(lines, ["A2:D2", "A6:D6"]), keys=tuple(keys.split()))


@layout
def employers_merged_over_their_people() -> Layout:
    keys = "unit name level direction"
    people = sorted(APPLICANTS, key=lambda person: str(person["unit"]))
    rows = body(keys.split(), people)
    merges, start = [], 2
    for at in range(3, 15):
        if at == 14 or rows[at - 2][0] != people[start - 2]["unit"]:
            merges.append(f"A{start}:A{at - 1}")
            start = at
    for n, row in enumerate(rows):
        row[0] = row[0] if any(m.startswith(f"A{n + 2}:") for m in merges) else None
    return Layout(book([["单位", "姓名", "级别", "专业"], *rows], merges), keys=tuple(keys.split()))


@layout
def employers_said_by_ditto() -> Layout:
    keys = "name unit level direction"
    rows = body(keys.split(), sorted(APPLICANTS, key=lambda person: str(person["unit"])))
    seen = ""
    for row in rows:
        row[1], seen = ("同上" if row[1] == seen else row[1]), str(row[1])
    return Layout(book([["姓名", "单位", "级别", "专业"], *rows]), keys=tuple(keys.split()))


@layout
def blank_rows_and_columns_everywhere() -> Layout:
    keys = "name unit level direction"
    rows: list[list[object]] = [[], [], [None, None, "姓名", None, "单位", None, "级别", "专业"], []]
    for row in body(keys.split()):
        rows += [[None, None, row[0], None, row[1], None, row[2], row[3]], []]
    return Layout(book(rows), keys=tuple(keys.split()))


@layout
def notes_and_signatures_at_the_foot() -> Layout:
    after = [
        ["注：1.本表一式三份。"],
        ["2.请勿涂改。", None],
        ["单位负责人：", None, "填表人：王某", "日期："],
        ["（公章）"],
    ]
    return simple(["姓名", "单位", "级别", "专业"], "name unit level direction", after=after)


@layout
def a_cover_sheet_and_a_statistic() -> Layout:
    keys = "name unit level direction"
    made = Workbook()
    made.active.append(["关于报送名册的函"])
    sheet = made.create_sheet("人员名单")
    for row in [["姓名", "单位", "级别", "专业"], *body(keys.split())]:
        sheet.append(row)
    for row in [["单位", "级别", "人数"], ["甲", "高级", 5]]:
        made.create_sheet("统计").append(row) if "统计" not in made.sheetnames else made["统计"].append(row)
    out = io.BytesIO()
    made.save(out)
    return Layout(out.getvalue(), keys=tuple(keys.split()))


@layout
def a_sheet_for_each_level() -> Layout:
    keys = "name unit level direction"
    head, rows = ["姓名", "单位", "级别", "专业"], body(keys.split())
    data = book([head, *rows[:6]], more={"其余": [head, *rows[6:]]})
    return Layout(data, keys=tuple(keys.split()), asked={"sheets:applicants": "全部工作表"})


@layout
def level_only_by_the_title() -> Layout:
    keys = "name unit title direction"
    people = [person | {"title": "工程师" if person["level"] == "中级" else "高级工程师"} for person in APPLICANTS]
    rows = body(keys.split(), people)
    return Layout(
        book([["姓名", "单位", "申报专业技术资格", "申报专业"], *rows]), keys=("name", "unit", "level", "direction")
    )


@layout
def employer_by_an_unknown_word() -> Layout:
    return simple(
        ["姓名", "供职之处", "级别", "专业"], "name unit level direction", asked={"column:applicants.unit": "供职之处"}
    )


@layout
def direction_by_an_unknown_word() -> Layout:
    return simple(
        ["姓名", "单位", "级别", "申请答辩组别"],
        "name unit level direction",
        asked={"column:applicants.direction": "申请答辩组别"},
    )


@layout
def name_by_an_unknown_word() -> Layout:
    return simple(["人", "单位", "级别", "专业"], "name unit level direction", asked={"column:applicants.name": "人"})


@layout
def recusal_and_time_by_unknown_words() -> Layout:
    head = ["姓名", "单位", "级别", "专业", "要求回避的专家", "答辩不便时间（如有）", "身份证件信息", "本人手机"]
    asked = {"column:applicants.unavailable": "答辩不便时间（如有）"}
    asked["column:applicants.id_no"] = "身份证件信息"
    return simple(head, "name unit level direction recuse unavailable id_no phone", asked=asked)


@layout
def ids_and_phones_without_a_word() -> Layout:
    head = ["姓名", "单位", "级别", "专业", "证号一", "号码二"]
    asked = {"column:applicants.id_no": "证号一", "column:applicants.phone": "号码二"}
    return simple(head, "name unit level direction id_no phone", asked=asked)


@layout
def present_and_wanted_level_side_by_side() -> Layout:
    head = [
        "姓名",
        "工作单位",
        "现任职资格",
        "现资格级别",
        "资格取得时间",
        "申报资格",
        "申报资格级别",
        "申报资格专业名称",
    ]
    return simple(head, "name unit cur_title other cur_date title level direction")


@layout
def studied_and_wanted_subject() -> Layout:
    head = ["姓名", "性别", "出生时间", "文化程度", "毕业学校", "所学专业", "工作单位", "申报级别", "专业"]
    return simple(head, "name sex birth edu school major unit level direction")


@layout
def a_referee_beside_the_applicant() -> Layout:
    rows = [
        ["申报人", None, None, None, "推荐人", None, None],
        ["姓名", "单位", "级别", "专业", "姓名", "单位", "电话"],
    ]
    keys = "name unit level direction other other other"
    return Layout(book([*rows, *body(keys.split())], ["A1:D1", "E1:G1"]), keys=tuple(keys.split()))


@layout
def text_of_a_system() -> Layout:
    keys = "no name id_no unit level direction phone"
    lines = [["序号", "姓名", "公民身份号码", "所属单位", "申报级别", "申报专业", "手机"], *body(keys.split())]
    text = "\r\n".join("\t".join("" if v is None else f'="{v}"' for v in row) for row in lines)
    return Layout(text.encode("gb18030"), keys=tuple(keys.split()), filename="导出.xls")


@layout
def experts_plainly() -> Layout:
    head = [
        "序号",
        "专家姓名",
        "所在单位",
        "职称",
        "行政职务",
        "研究领域",
        "可参加时间",
        "最多场次",
        "回避单位",
        "手机号码",
    ]
    return simple(head, "no name unit title post direction available max_sessions recuse_units phone", kind="experts")


@layout
def experts_with_owners_and_hints() -> Layout:
    head = [
        "评委姓名",
        "评委工作单位",
        "专业技术职务",
        "从事专业（可多选）",
        "评委会职务",
        "可用时段",
        "回避人员（申报人）",
        "证件号码",
    ]
    return simple(head, "name unit title direction role available recuse_people id_no", kind="experts")


@layout
def experts_in_two_rows() -> Layout:
    rows = [
        ["序号", "专家基本情况", None, None, "评审安排", None, None],
        [None, "姓名", "单位", "职称", "专业方向", "角色", "可用时间"],
    ]
    keys = "no name unit title direction role available"
    data = book([["专家库"], *rows, *body(keys.split(), EXPERTS)], ["A1:G1", "A2:A3", "B2:D2", "E2:G2"])
    return Layout(data, "experts", keys=tuple(keys.split()), people=8)


@layout
def experts_with_unknown_words() -> Layout:
    head = ["姓名", "工作单位", "职称", "专业方向", "希望回避的人员", "专家组里的角色", "方便的可用时间"]
    asked = {
        "column:experts.recuse_people": "希望回避的人员",
        "column:experts.role": "专家组里的角色",
        "column:experts.available": "方便的可用时间",
    }
    return simple(head, "name unit title direction recuse_people role available", kind="experts", asked=asked)


@layout
def experts_with_a_strength_and_a_post() -> Layout:
    head = ["姓名", "机构", "现职称", "现任职务", "擅长领域", "组内角色", "时间安排", "身份证", "联系方式"]
    return simple(head, "name unit title post direction role available id_no phone", kind="experts")
