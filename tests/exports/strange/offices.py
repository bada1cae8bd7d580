"""Rosters as offices send them: lines to fill in, subtotals, numbered columns, phones as people write them."""

from tests.exports.strange.making import DIRS, applicant, book, case, expert, people

HEAD = ["姓名", "单位", "级别", "专业", "身份证号", "手机"]


def row(p):
    return [p.name, p.unit, p.level, p.dir, p.id, p.phone]


@case("applicants")
def o01_who_sends_it_above_and_who_signs_below():
    ps = people(6)
    rows = [
        ["锂电新能源产业职称申报人员汇总表"],
        ["填报单位（盖章）：宜春市工业和信息化局", None, None, None, "填报日期：2023年6月30日"],
        [
            "编\n号",
            "申报人\n姓名",
            "身份证件号",
            "所在工作单位（全称）",
            "申报评审级别",
            "申报评审专业",
            "手机号码（必填）",
        ],
        *([n, p.name, p.id, p.unit, p.level, p.dir, p.phone] for n, p in enumerate(ps, 1)),
        [],
        ["单位负责人：", None, "填表人：李明", None, "联系电话：0795-3998877"],
    ]
    return book(("汇总表", rows), merges=["A1:G1", "A2:D2", "E2:G2"]), [applicant(p) for p in ps]


@case("applicants")
def o02_numbers_as_people_write_them():
    ps = people(6)
    rows = [["姓名", "公民身份证号码", "手机", "用人单位", "评审级别", "评审专业"]]
    for n, p in enumerate(ps):
        number = f"{p.id[:6]} {p.id[6:14]} {p.id[14:]}" if n % 2 else p.id.lower()
        dashes = f"{p.phone[:3]}-{p.phone[3:7]}-{p.phone[7:]}"
        rows.append([p.name, number, [int(p.phone), dashes, f"+86 {p.phone}"][n % 3], p.unit, p.level, p.dir])
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants")
def o03_levels_as_people_write_them():
    ps = people(8)
    words = {
        "高级": ["高级（副高）", "副高级", "正高级", "高级工程师"],
        "中级": ["中级（工程师）", "中级职称", "工程师", "中级"],
    }
    rows = [["姓名", "单位", "拟评审级别", "拟评审专业", "身份证", "电话"]]
    rows += [[p.name, p.unit, words[p.level][n % 4], p.dir, p.id, p.phone] for n, p in enumerate(ps)]
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants", answers={"direction:正、负极材料": "正负极材料", "direction:循环经济和环保": "循环经济与环保"})
def o04_directions_as_people_write_them():
    ps = people(10)
    words = {
        "锂电池（组）": "锂电池(组)",
        "循环经济与环保": "循环经济和环保",
        "隔膜": "隔膜专业",
        "正负极材料": "正、负极材料",
    }
    rows = [["姓名", "单位", "级别", "从事专业方向", "身份证号", "电话"]]
    rows += [[p.name, p.unit, p.level, words.get(p.dir, p.dir + "方向"), p.id, p.phone] for p in ps]
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants")
def o05_a_subtotal_of_each_employer():
    ps = sorted(people(9), key=lambda p: p.unit)
    rows = [["序号", "单位", "姓名", "级别", "专业", "身份证号", "联系电话"]]
    for n, p in enumerate(ps, 1):
        rows.append([n, p.unit, p.name, p.level, p.dir, p.id, p.phone])
        if n == len(ps) or ps[n].unit != p.unit:
            rows.append([None, f"{p.unit} 小计", f"{sum(q.unit == p.unit for q in ps)}人"])
    rows.append(["总计", None, f"{len(ps)}人", "其中高级5人"])
    return book(("名单", rows)), [applicant(p) for p in ps]


@case("applicants")
def o06_columns_numbered_by_stems():
    ps = people(6)
    rows = [
        ["附表1："],
        ["申报人员基本情况表"],
        HEAD,
        list("甲乙丙丁戊己"),
        ["（1）", "（2）", "（3）", "（4）", "（5）", "（6）"],
    ]
    rows += [*map(row, ps), ["注：1.级别填高级或中级；2.专业按通知填写。"]]
    return book(("名单", rows), merges=["A1:F1", "A2:F2"]), [applicant(p) for p in ps]


@case("applicants", ask=("sheets:",), answers={"sheets:applicants": "全部工作表"})
def o07_a_sheet_of_each_city():
    cities = {"宜春": people(4), "新余": people(3), "赣州": people(3)}
    sheets = [(city, [HEAD, *map(row, ps)]) for city, ps in cities.items()]
    return book(*sheets), [applicant(p) for ps in cities.values() for p in ps]


@case("applicants", fields="name unit level direction phone")
def o08_the_present_title_and_the_one_applied_for_side_by_side():
    ps = people(6)
    rows = [
        ["申报高、中级职称人员花名册"],
        ["序号", "姓名", "工作单位", "现有职称情况", None, None, None, "申报情况", None, None, "联系方式"],
        [None, None, None, "名称", "级别", "专业", "取得时间", "名称", "级别", "专业", "手机"],
    ]
    for n, p in enumerate(ps, 1):
        rows.append([n, p.name, p.unit, "工程师", "中级", "化工", "2015.12", p.title, p.level, p.dir, p.phone])
    merges = ["A1:K1", "D2:G2", "H2:J2", "A2:A3", "B2:B3", "C2:C3"]
    return book(("Sheet1", rows), merges=merges), [applicant(p) for p in ps]


@case("applicants", "名单.csv")
def o09_text_with_a_line_break_in_its_header():
    ps = people(6)
    text = '2023年锂电职称申报名单,,,,,\r\n序号,姓名,"工作单位\n（全称）",级别,专业,身份证号,联系电话\r\n'
    for n, p in enumerate(ps, 1):
        text += f'{n},{p.name},"{p.unit}",{p.level},{p.dir},\'{p.id},{p.phone}\r\n'
    return text.encode("gb18030"), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.level": "高级/中级"})
def o10_a_header_that_is_the_choice():
    ps = people(6)
    rows = [["姓名", "单位", "高级/中级", "专业", "证件类型", "证件号", "手机"]]
    rows += [[p.name, p.unit, p.level, p.dir, "居民身份证", p.id, p.phone] for p in ps]
    return book(("Sheet1", rows)), [applicant(p) for p in ps]


@case(
    "experts",
    ask=("column:",),
    fields="name chair dirs sessions",
    answers={"column:experts.unit": "工作单位及职务"},
)
def o11_times_from_a_day_to_another():
    ps = people(6)
    first, second = ("2023-07-15 上午", "2023-07-15 下午"), ("2023-07-16 上午", "2023-07-16 下午")
    times = {
        "7.15上午": first[:1],
        "7.15-7.16": first + second,
        "除7.16下午外都可以": (*first, second[0]),
        "7月15日、16日上午": (*first, second[0]),
        "15号下午": first[1:],
        "15日下午至16日上午": (first[1], second[0]),
    }
    rows = [
        ["评委编号", "评委姓名", "工作单位及职务", "职称", "评审专业1", "评审专业2", "是否组长", "手机", "可到会时间"]
    ]
    want = []
    for n, (p, (text, keys)) in enumerate(zip(ps, times.items(), strict=True)):
        more = DIRS[n] if DIRS[n] != p.dir else None
        chair = "是" if p.role == "组长" else "否"
        rows.append([f"PW{n:03d}", p.name, p.unit + "总工程师", "教授", p.dir, more, chair, p.phone, text])
        want.append(expert(p, dirs=frozenset(filter(None, (p.dir, more))), sessions=keys))
    return book(("评委", rows)), want


@case("experts", fields="name unit chair dirs", answers={"role:副组长": "可任组长"})
def o12_panels_as_titles_and_a_deputy():
    ps = people(8)
    rows = [["评审专家分组名单"], ["姓名", "工作单位", "职称", "从事专业", "组内分工", "联系电话"]]
    roles = ["组长", "副组长", "成员", "成员"]
    for n, p in enumerate(ps):
        rows += [[f"第{'一二'[n // 4]}组"]] if n % 4 == 0 else []
        rows.append([p.name, p.unit, "教授", p.dir, roles[n % 4], p.phone])
    want = [expert(p, chair=n % 4 < 2) for n, p in enumerate(ps)]
    return book(("分组", rows), merges=["A1:F1", "A3:F3", "A8:F8"]), want


@case("experts", fields="name dirs sessions")
def o13_a_question_as_the_header_of_a_day():
    ps = people(6)
    rows = [["姓名", "所在单位", "学科专业", "能否参加7月15日", "能否参加7月16日"]]
    rows += [[p.name, p.unit, p.dir, "能" if n % 2 else "不能", "能"] for n, p in enumerate(ps)]
    second = ("2023-07-16 上午", "2023-07-16 下午")
    want = [
        expert(p, sessions=("2023-07-15 上午", "2023-07-15 下午", *second) if n % 2 else second)
        for n, p in enumerate(ps)
    ]
    return book(("专家", rows)), want


@case("venue")
def o14_days_merged_and_a_range_with_wide_signs():
    rooms = [["房间名称", "容纳人数", "设备"], ["101会议室", 20, "投影"], ["102会议室", 30, "投影"]]
    times = [["日期", "场次", "起止时间", "茶歇"], ["2023年7月15日", "上午", "8：30—12：00", "10:00-10:15"]]
    times.append([None, "下午", "14：00—17：30", None])
    want = {
        "rooms": ["101会议室", "102会议室"],
        "sessions": ["2023-07-15 上午 08:30-12:00", "2023-07-15 下午 14:00-17:30"],
    }
    return book(("房间", rooms), ("场次", times), merges=["场次!A2:A3"]), want
