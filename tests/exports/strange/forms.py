"""Rosters as online forms, systems and other offices send them: words, codes, ticks, two things in one."""

import datetime as dt

from tests.exports.strange.making import DIRS, applicant, book, case, expert, people

HEAD = ["序号", "姓名", "性别", "身份证号", "工作单位", "申报级别", "申报专业", "联系电话"]
HALVES = [f"2023-07-{day} {part}" for day in (15, 16) for part in ("上午", "下午")]


def row(n, p):
    return [n, p.name, p.sex, p.id, p.unit, p.level, p.dir, p.phone]


@case("applicants", "问卷.csv")
def f01_answers_of_an_online_form():
    ps = people(7)
    head = [
        "序号",
        "提交答卷时间",
        "所用时间",
        "来源",
        "1、您的姓名：",
        "2、您所在的单位（全称）：",
        "3、您申报的级别：[单选题]",
    ]
    rows = [[*head, "4、您申报的专业方向：", "5、您的身份证号码：", "6、您的手机号码：", "总分"]]
    rows += [
        [n, "2024/5/3", "131秒", "微信", p.name, p.unit, p.level, p.dir, p.id, p.phone, 0] for n, p in enumerate(ps)
    ]
    return "\n".join(",".join(f'"{v}"' for v in r) for r in rows).encode("utf-8-sig"), [applicant(p) for p in ps]


@case("applicants")
def f02_a_table_many_fill_in():
    ps = people(7)
    head = [
        "提交者（自动）",
        "提交时间（自动）",
        "姓名（必填）",
        "身份证号码（必填）",
        "所在单位全称（必填）",
        "申报职称级别（必填）",
    ]
    rows = [[*head, "申报专业方向（必填）", "本人手机号（必填）", "是否同意承诺书（必填）"]]
    at = dt.datetime(2024, 5, 1, 9)
    rows += [["微信用户", at, p.name, p.id, p.unit, p.level, p.dir, p.phone, "同意"] for p in ps]
    return book(("收集结果", rows)), [applicant(p) for p in ps]


@case("applicants")
def f03_codes_of_a_system_above_the_words():
    ps = people(6)
    rows = [["XH", "XM", "XB", "SFZH", "GZDW", "SBJB", "SBZY", "LXDH"], HEAD, *(row(n, p) for n, p in enumerate(ps))]
    return book(("T_SBRY", rows)), [applicant(p) for p in ps]


CODES = {"name": "XM", "unit": "GZDW", "level": "SBJB", "direction": "SBZY", "id_no": "SFZH", "phone": "LXDH"}


@case("applicants", ask=("column:",), answers={f"column:applicants.{key}": code for key, code in CODES.items()})
def f04_codes_of_a_system_alone():
    ps = people(6)
    rows = [["XH", "XM", "XB", "SFZH", "GZDW", "SBJB", "SBZY", "LXDH"], *(row(n, p) for n, p in enumerate(ps))]
    return book(("T_SBRY", rows)), [applicant(p) for p in ps]


@case("applicants")
def f05_notes_beside_the_names():
    ps = people(6)
    rows = [row(n, p) for n, p in enumerate(ps)]
    for n, written in enumerate(("%s（女）", "%s*", "%s（女，回族）", "3.%s", "①%s", "※%s")):
        rows[n][1] = written % ps[n].name
    return book(("x", [HEAD, *rows])), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("column:", "level:"),
    answers={"column:applicants.level": "是否申报高级", "level:是": "高级", "level:否": "中级"},
)
def f06_senior_by_yes_and_no():
    ps = people(6)
    rows = [["姓名", "工作单位", "是否申报高级", "专业", "身份证号", "联系电话"]]
    rows += [[p.name, p.unit, "是" if p.level == "高级" else "否", p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("column:",),
    answers={"column:applicants.direction": "申报专业及级别", "column:applicants.level": "和专业方向写在同一格"},
)
def f07_direction_and_level_in_one():
    ps = people(6)
    written = ["{d}/{l}", "{d}（{l}）", "{l} {d}", "{d}{l}", "{d}—{l}职称", "{d}、{l}"]
    rows = [["姓名", "工作单位", "申报专业及级别", "身份证号", "联系电话"]]
    rows += [[p.name, p.unit, w.format(d=p.dir, l=p.level), p.id, p.phone] for p, w in zip(ps, written, strict=True)]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.direction": "二级专业"})
def f08_subjects_of_two_ranks():
    ps = people(6)
    rows = [["姓名", "工作单位", "申报级别", "一级专业", "二级专业", "身份证号", "联系电话"]]
    rows += [[p.name, p.unit, p.level, "锂电新能源工程", p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def f09_telephones_of_three_kinds():
    ps = people(6)
    rows = [["姓名", "工作单位", "申报级别", "申报专业", "身份证号", "办公电话", "手机", "家庭电话"]]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, "0795-3998123", p.phone, "0795-3998124"] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.name": "姓名"})
def f10_names_in_letters_and_codes_of_everything():
    ps = people(6)
    head = [
        "姓名拼音",
        "曾用名",
        "姓名",
        "姓名（英文）",
        "工作单位",
        "单位代码",
        "申报级别",
        "级别代码",
        "申报专业",
        "专业代码",
    ]
    rows = [[*head, "身份证号", "身份证有效期", "联系电话"]]
    for p in ps:
        rows.append(["zhang san", None, p.name, "San Zhang", p.unit, "9136", p.level, "02", p.dir, "0407"])
        rows[-1] += [p.id, "长期", p.phone]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:",), answers={"column:applicants.level": "在人员上方的标题行里"})
def f11_levels_as_titles():
    ps = sorted(people(9), key=lambda p: p.level)
    rows = [["序号", "姓名", "工作单位", "申报专业", "身份证号", "联系电话"]]
    for number, level in (("一", "中级"), ("二", "高级")):
        own = [p for p in ps if p.level == level]
        rows.append([f"{number}、{level}职称（{len(own)}人）"])
        rows += [[n, p.name, p.unit, p.dir, p.id, p.phone] for n, p in enumerate(own, 1)]
    return book(("x", rows)), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("column:",),
    answers=dict.fromkeys(["column:applicants.level", "column:applicants.unit"], "在人员上方的标题行里"),
)
def f12_levels_and_employers_as_titles():
    ps = sorted(people(9), key=lambda p: (p.level, p.unit))
    rows, last = [["序号", "姓名", "申报专业", "身份证号", "联系电话"]], ("", "")
    for n, p in enumerate(ps):
        rows += [[f"（{'二' if last[0] else '一'}）申报{p.level}人员"]] * (p.level != last[0])
        rows += [[p.unit]] * ((p.level, p.unit) != last)
        last = (p.level, p.unit)
        rows.append([n, p.name, p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("sheets:",), answers={"sheets:applicants": "全部工作表"})
def f13_counties_each_in_its_own_way():
    one, two, three = people(4), people(4), people(3)
    first = [["袁州区"], ["姓名", "单位", "级别", "专业", "身份证号", "电话"]]
    first += [[p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in one]
    second = [["序号", "身份证号码", "申报人", "现工作单位", "拟评专业", "拟评级别", "手机号码"]]
    second += [[n, p.id, p.name, p.unit, p.dir, p.level, p.phone] for n, p in enumerate(two)]
    third = [["奉新县申报人员"], [], ["申报专业", "申报等级", "申报人姓名", "联系方式", "公民身份号码", "企业名称"]]
    third += [[p.dir, p.level, p.name, p.phone, p.id, p.unit] for p in three]
    sheets = ("袁州", first), ("宜丰", second), ("奉新", third)
    return book(*sheets), [applicant(p) for p in one + two + three]


@case("applicants")
def f14_numbers_in_circles():
    ps = people(5)
    rows = [["①姓名", "②工作单位", "③申报级别", "④申报专业", "⑤身份证号", "⑥联系电话"]]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def f15_hints_in_brackets_below_the_header():
    ps = people(5)
    rows = [["申报人员名册（2024）"], ["姓名", "工作单位", "申报级别", "专业方向", "身份证号", "联系电话"]]
    rows += [["（与身份证一致）", "（按公章填写）", "（中级/高级）", "（见附件3）", "（18位）", "（手机）"]]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


def ticked(ps, mark):
    rows = [["序号", "姓名", "工作单位", "可评审专业方向（打√）", *[None] * 6, "角色"], [None, None, None, *DIRS, None]]
    for n, p in enumerate(ps, 1):
        rows.append([n, p.name, p.unit, *(mark(n, p, name) for name in DIRS), p.role])
    return book(("x", rows), merges=["D1:J1", "A1:A2", "B1:B2", "C1:C2", "K1:K2"])


@case("experts", fields="name unit dirs chair")
def f16_directions_ticked():
    ps = people(8)
    return ticked(ps, lambda n, p, name: "√" if name == p.dir else None), [expert(p) for p in ps]


@case("experts", fields="name unit directions chair")
def f17_directions_with_strengths():
    ps = people(8)
    data = ticked(ps, lambda n, p, name: n % 3 + 1 if name == p.dir else None)
    return data, [expert(p, directions={p.dir: n % 3 + 1}) for n, p in enumerate(ps, 1)]


@case("experts", ask=("column:",), fields="name unit dirs chair", answers={"column:experts.direction": "主评方向"})
def f18_a_main_direction_and_another():
    ps = people(8)
    rows = [["姓名", "工作单位", "职称", "主评方向", "兼评方向", "角色"]]
    rows += [[p.name, p.unit, "教授", p.dir, DIRS[n % 7], p.role] for n, p in enumerate(ps)]
    return book(("x", rows)), [expert(p) for p in ps]


@case("experts", fields="name unit dirs chair phone")
def f19_departments_helpers_and_banks():
    ps = people(6)
    head = ["入库编号", "专家姓名", "所在单位", "二级单位（部门）", "单位地址", "专业技术职称", "专业方向", "学术兼职"]
    rows = [[*head, "角色", "专家手机", "专家助理姓名", "专家助理电话", "开户行", "银行卡号"]]
    for n, p in enumerate(ps):
        rows.append([f"ZJ{n:03d}", p.name, p.unit, "材料学院", "红旗路1号", "教授", p.dir, "理事", p.role, p.phone])
        rows[-1] += ["小王", "13900000000", "工商银行", "6222021504001234567"]
    return book(("x", rows)), [expert(p, phone=p.phone) for p in ps]


@case(
    "experts",
    ask=("ticks:",),
    fields="name unit dirs chair sessions",
    answers={"ticks:experts.空白": "不能来"},
)
def f20_a_day_each_with_words():
    ps = people(7)
    rows, want = [["姓名", "工作单位", "专业方向", "角色", "7月15日", "7月16日"]], []
    said = [("全天", "全天", "0123"), ("上午", "×", "0"), ("下午", "全天", "123"), ("出差", "下午", "3")]
    said += [("全天", "无", "01"), ("上午", "上午", "02"), ("×", "全天", "23")]
    for p, (first, second, come) in zip(ps, said, strict=True):
        rows.append([p.name, p.unit, p.dir, p.role, first, second])
        want.append(expert(p, sessions=tuple(HALVES[int(n)] for n in come)))
    return book(("x", rows)), want


@case("experts", fields="name unit dirs chair sessions")
def f21_days_and_half_days_in_two_columns():
    ps = people(4)
    rows, want = [["姓名", "工作单位", "专业方向", "角色", "可参加日期", "可参加半天"]], []
    said = [("7月15日", "上午", "0"), ("7月16日", "全天", "23"), ("15日", "下午", "1"), ("15日、16日", "上午", "02")]
    for p, (day, part, come) in zip(ps, said, strict=True):
        rows.append([p.name, p.unit, p.dir, p.role, day, part])
        want.append(expert(p, sessions=tuple(HALVES[int(n)] for n in come)))
    return book(("x", rows)), want
