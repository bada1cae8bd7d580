"""Applicants: exports of systems, other words, other places for what is asked."""

import datetime as dt

from tests.exports.strange.making import DIRS, R, applicant, book, case, people


@case("applicants")
def a01_provincial_export():
    ps = people(9)
    rows = [
        ["附件2"],
        ["2024年度全省工程系列锂电专业职称申报人员信息汇总表（导出时间：2024-06-03 09:12:44）"],
        [
            "流水号",
            "申报单位名称",
            "申报人员姓名",
            "性别",
            "身份证件号码",
            "出生日期",
            "拟申报职称等级",
            "拟申报专业",
            "拟申报职称名称",
            "手机号码",
            "审核状态",
            "审核意见",
        ],
    ]
    for i, p in enumerate(ps):
        rows.append(
            [
                f"SB2024{i:05d}",
                p.unit,
                p.name,
                p.sex,
                p.id,
                p.birth.isoformat(),
                p.level,
                p.dir,
                p.title,
                p.phone,
                "已通过",
                "同意推荐",
            ]
        )
    return book(("导出结果", rows)), [applicant(p) for p in ps]


@case("applicants")
def a02_groups_of_columns():
    ps = people(8)
    rows = [
        ["江西省锂电新能源产业中高级职称评审申报人员一览"],
        ["基本信息", None, None, None, "单位信息", None, None, "申报信息", None, None, None],
        [
            "姓名",
            "性别",
            "身份证号码",
            "联系方式",
            "单位全称",
            "单位性质",
            "主管部门",
            "申报系列",
            "申报专业",
            "申报级别",
            "申报资格",
        ],
    ]
    for p in ps:
        rows.append([p.name, p.sex, p.id, p.phone, p.unit, "民营企业", "市工信局", "工程", p.dir, p.level, p.title])
    return book(("Sheet1", rows), merges=["A1:K1", "A2:D2", "E2:G2", "H2:K2"]), [applicant(p) for p in ps]


@case("applicants", ask=("level:",), answers={"level:Senior": "高级", "level:Intermediate": "中级"})
def a03_english():
    ps = people(7)
    rows = [
        ["List of applicants"],
        ["No.", "Full Name", "Employer", "Level", "Field", "ID No.", "Mobile Phone", "Date of Birth"],
    ]
    for i, p in enumerate(ps, 1):
        rows.append(
            [
                i,
                p.name,
                p.unit,
                {"高级": "Senior", "中级": "Intermediate"}[p.level],
                p.dir,
                p.id,
                p.phone,
                dt.datetime.combine(p.birth, dt.time()),
            ]
        )
    return book(("list", rows)), [applicant(p) for p in ps]


@case("applicants")
def a04_bilingual():
    ps = people(6)
    rows = [
        [
            "序号\nNo.",
            "姓名\nName",
            "工作单位\nEmployer",
            "申报级别\nLevel",
            "申报专业\nSpeciality",
            "证件号码\nID",
            "联系电话\nTel",
        ]
    ]
    for i, p in enumerate(ps, 1):
        rows.append([i, p.name, p.unit, p.level, p.dir, p.id, p.phone])
    return book(("s", rows)), [applicant(p) for p in ps]


@case("applicants")
def a05_traditional():
    ps = people(6)
    rows = [["申報人員名冊"], ["編號", "姓名", "工作單位", "申報級別", "專業方向", "身份證號", "聯絡電話", "備註"]]
    for i, p in enumerate(ps, 1):
        rows.append([i, p.name, p.unit, p.level.replace("级", "級"), p.dir, p.id, p.phone, ""])
    return book(("名冊", rows)), [applicant(p) for p in ps]


@case("applicants", "导出.csv")
def a06_csv_gb18030():
    ps = people(8)
    lines = [
        "江西省职称申报系统导出,,,,,,",
        "导出人：管理员,,,,,,",
        "姓名,单位名称,申报层级,申报专业,身份证号,手机号,备注",
    ]
    for i, p in enumerate(ps):
        if i == 4:
            lines.append(",,,,,,")
        lines.append(f'{p.name},"{p.unit}",{p.level},{p.dir},\t{p.id},{p.phone},"含逗号,的备注"')
    lines.append("共8条记录,,,,,,")
    return "\r\n".join(lines).encode("gb18030"), [applicant(p) for p in ps]


@case("applicants", "导出.csv")
def a07_csv_semicolon_bom():
    ps = people(6)
    lines = ['"姓名\n（与身份证一致）";"所在单位\n（全称）";"拟评\n级别";"专业\n方向";"身份证\n号码";"手机\n号码"']
    for p in ps:
        lines.append(";".join(f'"{v}"' for v in (p.name, p.unit, p.level, p.dir, "'" + p.id, p.phone)))
    return ("\ufeff" + "\n".join(lines)).encode("utf-8"), [applicant(p) for p in ps]


@case("applicants")
def a08_merged_units_down():
    ps = sorted(people(10), key=lambda p: p.unit)
    rows = [["序号", "用人单位", "姓名", "级别", "方向", "公民身份号码", "电话"]]
    merges = []
    last = None
    start = 2
    for i, p in enumerate(ps, 2):
        rows.append([i - 1, p.unit if p.unit != last else None, p.name, p.level, p.dir, p.id, p.phone])
        if p.unit != last:
            if i - 1 > start:
                merges.append(f"B{start}:B{i - 1}")
            last, start = p.unit, i
    if len(ps) + 1 > start:
        merges.append(f"B{start}:B{len(ps) + 1}")
    return book(("x", rows), merges=merges), [applicant(p) for p in ps]


def titled(ps, title):
    rows = [["2024年锂电专业申报人员花名册"], ["序号", "姓名", "申报级别", "专业方向", "身份证号", "联系电话"]]
    n = 0
    for k, u in enumerate(sorted({p.unit for p in ps}), 1):
        own = [p for p in ps if p.unit == u]
        rows.append([title(k, u, len(own))])
        for p in own:
            n += 1
            rows.append([n, p.name, p.level, p.dir, p.id, p.phone])
    return rows, sorted(ps, key=lambda p: p.unit)


@case(
    "applicants", ask=("column:applicants.unit", "titles"), answers={"column:applicants.unit": "在人员上方的标题行里"}
)
def a09_unit_as_title_row():
    ps = people(9)
    rows, want = titled(ps, lambda k, u, n: f"{'一二三四五六七八九'[k - 1]}、{u}（{n}人）")
    return book(("花名册", rows), merges=["A1:F1"]), [applicant(p) for p in want]


@case(
    "applicants", ask=("column:applicants.unit", "titles"), answers={"column:applicants.unit": "在人员上方的标题行里"}
)
def a10_unit_as_merged_title_row():
    ps = people(9)
    rows, want = titled(ps, lambda k, u, n: f"单位名称：{u}")
    m = ["A1:F1"] + [f"A{i}:F{i}" for i, r in enumerate(rows, 1) if i > 2 and len(r) == 1]
    return book(("花名册", rows), merges=m), [applicant(p) for p in want]


@case("applicants", ask=("column:applicants.unit", "split"), answers={"column:applicants.unit": "和姓名写在同一格"})
def a11_name_and_unit_in_one():
    ps = people(7)
    rows = [["序号", "姓名（单位）", "级别", "专业", "身份证号", "手机"]]
    for i, p in enumerate(ps, 1):
        rows.append([i, f"{p.name}（{p.unit}）", p.level, p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("column:applicants.unit", "column:applicants.name"),
    answers={"column:applicants.unit": "和姓名写在同一格", "column:applicants.name": "申报人及单位"},
)
def a12_unit_then_name_in_one():
    ps = people(7)
    rows = [["申报人及单位", "申报级别", "专业方向", "身份证号", "手机"]]
    for _i, p in enumerate(ps, 1):
        rows.append([f"{p.unit} {p.name}", p.level, p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:applicants.direction",), answers={"column:applicants.direction": "细分方向"})
def a13_two_direction_columns():
    ps = people(8)
    rows = [["姓名", "工作单位", "申报级别", "申报专业", "细分方向", "身份证号", "联系电话"]]
    for p in ps:
        rows.append([p.name, p.unit, p.level, "锂电新能源", p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:applicants.direction",), answers={"column:applicants.direction": "答辩分组方向"})
def a14_direction_of_work_and_of_defence():
    ps = people(8)
    rows = [["姓名", "工作单位", "申报级别", "从事专业", "答辩分组方向", "身份证号", "联系电话"]]
    for p in ps:
        rows.append([p.name, p.unit, p.level, R.choice(DIRS), p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:applicants.level", "ticks"), answers={"column:applicants.level": "TICKS"})
def a15_level_as_ticks():
    ps = people(8)
    rows = [
        ["姓名", "工作单位", "申报级别", None, "专业方向", "身份证号", "联系电话"],
        [None, None, "中级", "高级", None, None, None],
    ]
    for p in ps:
        rows.append(
            [
                p.name,
                p.unit,
                "√" if p.level == "中级" else None,
                "√" if p.level == "高级" else None,
                p.dir,
                p.id,
                p.phone,
            ]
        )
    return book(("x", rows), merges=["C1:D1", "A1:A2", "B1:B2", "E1:E2", "F1:F2", "G1:G2"]), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("sheets:applicants", "column:applicants.level"),
    answers={"sheets:applicants": "全部工作表", "column:applicants.level": "按工作表的名称或标题"},
)
def a16_level_by_sheet():
    ps = people(10)

    def sh(level):
        return [[f"{level}职称申报人员"], ["姓名", "工作单位", "专业方向", "身份证号", "联系电话"]] + [
            [p.name, p.unit, p.dir, p.id, p.phone] for p in ps if p.level == level
        ]

    return book(("高级", sh("高级")), ("中级", sh("中级"))), [applicant(p) for p in ps if p.level == "高级"] + [
        applicant(p) for p in ps if p.level == "中级"
    ]


@case("applicants")
def a17_level_from_title():
    ps = people(8)
    rows = [["姓名", "单位", "申报专业技术职务任职资格", "专业", "身份证号", "手机号"]]
    for p in ps:
        rows.append([p.name, p.unit, p.title + "（工程系列）", p.dir, p.id, p.phone])
    return book(("x", rows)), [applicant(p) for p in ps]
