"""Rosters as other offices and other programs make them; each is a trap of its own."""

import datetime as dt

from tests.exports.strange.making import DIRS, applicant, book, case, expert, people


@case("applicants")
def n01_header_in_two_rows_half_merged_with_units():
    ps = people(7)
    rows = [
        ["二〇二三年度职称评审申报人员一览表"],
        ["序号", "申报人员基本情况", None, None, None, "申报情况", None, "工作年限\n（年）", "备  注"],
        [None, "姓 名", "身份证\n号 码", "联系方式\n（手机）", "工 作\n单 位", "层 级", "专业（方向）", None, None],
    ]
    rows += [[n * 3, p.name, p.id, p.phone, p.unit, p.level, p.dir, 5 + n, None] for n, p in enumerate(ps, 1)]
    merges = ["A1:I1", "A2:A3", "B2:E2", "F2:G2", "H2:H3", "I2:I3"]
    return book(("一览表", rows), merges=merges), [applicant(p) for p in ps]


@case("applicants")
def n02_footnotes_marked_in_the_header_and_said_at_the_foot():
    ps = people(6)
    rows = [["姓名①", "工作单位②", "申报级别③", "申报专业④", "身份证号⑤", "手机号码"]]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    rows += [
        [],
        ["①姓名与身份证一致。"],
        ["②填写单位全称。"],
        ["③分高级、中级。"],
        ["④按本通知所列方向。"],
        ["⑤必须为18位。"],
    ]
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants")
def n03_totals_by_level_and_formulas():
    ps = people(8)
    rows = [["序号", "姓名", "单位", "级别", "专业", "身份证号", "电话", "年龄"]]
    rows += [
        ["=ROW()-1", p.name, p.unit, p.level, p.dir, p.id, p.phone, f"=2023-VALUE(MID(F{n},7,4))"]
        for n, p in enumerate(ps, 2)
    ]
    rows += [["高级小计", '=COUNTIF(D2:D9,"高级")'], ["中级小计", '=COUNTIF(D2:D9,"中级")'], ["总 计", "=B10+B11"]]
    return book(("汇总", rows)), [applicant(p) for p in ps]


@case("applicants")
def n04_english_of_a_joint_venture():
    ps = people(5)
    rows = [
        ["Applicants for senior titles 2023"],
        ["No.", "Full Name", "Company", "Level", "Field", "ID Number", "Mobile"],
    ]
    words = {"高级": "高级", "中级": "中级"}
    rows += [[n, p.name, p.unit, words[p.level], p.dir, p.id, p.phone] for n, p in enumerate(ps, 1)]
    return book(("Sheet1", rows)), [applicant(p) for p in ps]


@case("applicants")
def n05_columns_behind_each_other_with_gaps_and_a_hidden_remark():
    ps = people(6)
    rows = [[None, None, "电话", None, "专业方向", None, "级别", None, "单位", "审核意见", "姓名", None, "身份证号码"]]
    rows += [[None, None, p.phone, None, p.dir, None, p.level, None, p.unit, "同意", p.name, None, p.id] for p in ps]
    return book(("表", rows), hidecol=["J"]), [applicant(p) for p in ps]


@case("applicants")
def n06_full_width_digits_and_letters():
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    ps = people(5)
    rows = [["姓　名", "单　位", "级　别", "专　业", "身份证号", "手　机"]]
    rows += [[p.name, f"　{p.unit}　", p.level, p.dir, p.id.translate(wide), p.phone.translate(wide)] for p in ps]
    return book(("表", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.unit": "在人员上方的标题行里"})
def n07_units_as_sheets_title_and_a_row_for_who_withdrew():
    ps = people(6)
    rows = [["申报单位：宜春金鸿锂业有限公司"], ["姓名", "拟评级别", "拟评专业", "身份证号", "联系电话"]]
    rows += [[p.name, p.level, p.dir, p.id, p.phone] for p in ps]
    rows += [["以下空白"]]
    want = [applicant(p, unit="宜春金鸿锂业有限公司") for p in ps]
    return book(("名单", rows), merges=["A1:E1", "A9:E9"]), want


@case("applicants")
def n08_several_lists_one_below_the_other_each_with_title_and_sum():
    ps = people(9)
    rows = []
    for title, some in (("一、高新区", ps[:3]), ("二、袁州区", ps[3:7]), ("三、樟树市", ps[7:])):
        rows += [[title], ["序号", "姓名", "工作单位", "申报级别", "申报专业", "身份证号", "联系电话"]]
        rows += [[n, p.name, p.unit, p.level, p.dir, p.id, p.phone] for n, p in enumerate(some, 1)]
        rows += [["合计", f"{len(some)}人"], []]
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants")
def n09_long_header_sentences():
    ps = people(5)
    rows = [
        [
            "序号（从1开始连续编号）",
            "申报人姓名（须与身份证一致，不得有空格）",
            "申报人现工作单位全称（与公章一致）",
            "申报级别（高级/中级，下拉选择）",
            "申报专业方向（请从下拉列表中选择一项）",
            "申报人公民身份号码（18位，X大写）",
            "申报人手机号码（11位，用于接收短信）",
        ]
    ]
    rows += [[n, p.name, p.unit, p.level, p.dir, p.id, p.phone] for n, p in enumerate(ps, 1)]
    return book(("表", rows)), [applicant(p) for p in ps]


@case("applicants")
def n10_two_persons_of_one_name_and_serial_gaps():
    ps = people(6)
    ps[3].name = ps[0].name
    ps[3].unit = "江西理工大学" if ps[0].unit != "江西理工大学" else "新余学院"
    rows = [["编号", "姓名", "工作单位", "级别", "专业方向", "身份证号", "电话"]]
    rows += [[n, p.name, p.unit, p.level, p.dir, p.id, p.phone] for n, p in zip((1, 2, 5, 9, 10, 31), ps, strict=True)]
    return book(("表", rows)), [applicant(p) for p in ps]


@case("applicants")
def n11_title_column_carries_the_level_beside_a_grade():
    ps = people(6)
    rows = [["姓名", "单位", "申报资格名称", "专业", "证件号码", "移动电话"]]
    rows += [[p.name, p.unit, p.title, p.dir, p.id, p.phone] for p in ps]
    return book(("表", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.unit": "工作单位及职务"})
def n12_birth_as_date_and_hired_as_number():
    ps = people(6)
    rows = [
        ["姓名", "性别", "出生年月日", "参加工作时间", "工作单位及职务", "申报等级", "申报专业", "身份证号", "手机"]
    ]
    for n, p in enumerate(ps):
        birth = [p.birth, p.birth.strftime("%Y.%m.%d"), int(p.birth.strftime("%Y%m%d"))][n % 3]
        birth = dt.datetime(p.birth.year, p.birth.month, p.birth.day) if n % 3 == 0 else birth
        rows.append([p.name, p.sex, birth, 2001.07, p.unit, p.level, p.dir, p.id, p.phone])
    return book(("表", rows)), [applicant(p) for p in ps]


PROSE = {
    "除15日上午外均可": ["2023-07-15 下午", "2023-07-16 上午", "2023-07-16 下午"],
    "15日全天、16日上午": ["2023-07-15 上午", "2023-07-15 下午", "2023-07-16 上午"],
    "均可": ["2023-07-15 上午", "2023-07-15 下午", "2023-07-16 上午", "2023-07-16 下午"],
    "16日下午有课，其余时间可以": ["2023-07-15 上午", "2023-07-15 下午", "2023-07-16 上午"],
    "7月15日—16日": ["2023-07-15 上午", "2023-07-15 下午", "2023-07-16 上午", "2023-07-16 下午"],
    "7月15日下午至7月16日上午": ["2023-07-15 下午", "2023-07-16 上午"],
    "仅16日": ["2023-07-16 上午", "2023-07-16 下午"],
    "两天上午": ["2023-07-15 上午", "2023-07-16 上午"],
    "周六全天": ["2023-07-15 上午", "2023-07-15 下午"],
    "6月28日至7月15日": ["2023-07-15 上午", "2023-07-15 下午"],
    "16日不行": ["2023-07-15 上午", "2023-07-15 下午"],
}


@case("experts", fields="name unit dirs chair sessions")
def n13_times_in_prose():
    ps = people(len(PROSE))
    rows = [["姓名", "工作单位", "专业方向", "角色", "能参加的时间"]]
    rows += [[p.name, p.unit, p.dir, p.role, text] for p, text in zip(ps, PROSE, strict=True)]
    return book(("专家", rows)), [expert(p, sessions=tuple(s)) for p, s in zip(ps, PROSE.values(), strict=True)]


@case("experts", fields="name unit dirs chair", ask=("column:",), answers={"column:experts.role": "职务（组内）"})
def n14_experts_by_group_merged_over_their_members():
    ps = people(6)
    for n, p in enumerate(ps):
        p.role = "组长" if n in (0, 3) else "成员"
        p.dir = "隔膜" if n < 3 else "锂矿原料"
    rows = [["评审组", "专业方向", "姓名", "单位", "职务（组内）", "联系电话"]]
    for n, p in enumerate(ps):
        first = n in (0, 3)
        rows.append([f"第{n // 3 + 1}组" if first else None, p.dir if first else None, p.name, p.unit, p.role, p.phone])
    return book(("分组", rows), merges=["A2:A4", "A5:A7", "B2:B4", "B5:B7"]), [expert(p) for p in ps]


@case(
    "experts",
    ask=("column:",),
    fields="name unit dirs chair",
    answers={"column:experts.unit": "和姓名写在同一格", "column:experts.role": "评委会职务"},
)
def n15_one_cell_for_name_and_unit_asked():
    ps = people(5)
    rows = [["序号", "专家", "专业", "评委会职务"]]
    rows += [[n, f"{p.name}（{p.unit}）", p.dir, p.role] for n, p in enumerate(ps, 1)]
    return book(("专家", rows)), [expert(p) for p in ps]


@case("applicants")
def n16_transposed_small_form_beside():
    ps = people(4)
    rows = [
        ["申报单位", "袁州区工信局", None, None, None, None],
        ["经办人", "李明", "电话", "0795-3998877", None, None],
    ]
    rows += [["姓名", "工作单位", "级别", "专业", "身份证号", "手机"]]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    return book(("表", rows)), [applicant(p) for p in ps]


CODED = {f"direction:0{n}{d.replace('（', '').replace('）', '')}": d for n, d in enumerate(DIRS, 1)}


@case("applicants", ask=("direction:",), answers=CODED)
def n17_direction_with_code_and_level_with_number():
    ps = people(6)
    rows = [["姓名", "单位名称", "申报级别代码", "申报级别", "专业代码", "专业方向", "身份证号", "联系电话"]]
    rows += [
        [
            p.name,
            p.unit,
            {"高级": 2, "中级": 3}[p.level],
            p.level,
            f"0{DIRS.index(p.dir) + 1}",
            f"0{DIRS.index(p.dir) + 1} {p.dir}",
            p.id,
            p.phone,
        ]
        for p in ps
    ]
    return book(("表", rows)), [applicant(p) for p in ps]


@case("applicants", "申报.csv")
def n18_csv_with_a_title_line_and_empty_tail():
    ps = people(5)
    lines = ["2023年申报人员,,,,,,,", "姓名,工作单位,申报级别,专业方向,身份证号,联系电话,,"]
    lines += [f"{p.name},{p.unit},{p.level},{p.dir},\t{p.id},\t{p.phone},," for p in ps]
    lines += [",,,,,,,"] * 3
    return "\r\n".join(lines).encode("gb18030"), [applicant(p) for p in ps]
