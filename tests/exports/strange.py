"""Forty-four rosters with other headers and other mess, made before the code that reads them was looked at."""

import datetime as dt
import io
import random

from openpyxl import Workbook

DIRS = ["锂矿原料", "锂及锂化合物", "正负极材料", "电解液（固体电解质）", "隔膜", "锂电池（组）", "循环经济与环保"]
R = random.Random(4711)
FAM = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIV = "安邦晨达恩方国航佳凯岚明宁鹏琪然思天薇欣雅泽"
UNITS = [
    "宜春金鸿锂业有限公司",
    "江西恒瑞电池材料股份有限公司",
    "赣州博远矿冶研究院",
    "新余学院",
    "江西理工大学",
    "南昌绿循环保科技有限公司",
    "上饶启明隔膜有限责任公司",
    "江西省锂电产品质量检验中心",
]


def idno(birth):
    s = R.choice(["360502", "360521", "362201", "430102"]) + birth.strftime("%Y%m%d") + f"{R.randrange(1000):03d}"
    w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return s + "10X98765432"[sum(int(a) * b for a, b in zip(s, w, strict=False)) % 11]


class Person:
    """Somebody of a roster."""


def people(n):
    out, seen = [], set()
    while len(out) < n:
        p = Person()
        p.name = R.choice(FAM) + R.choice(GIV) + R.choice(GIV + "    ").strip()
        if p.name in seen:
            continue
        seen.add(p.name)
        p.birth = dt.date(R.randrange(1966, 1992), R.randrange(1, 13), R.randrange(1, 28))
        p.id = idno(p.birth)
        p.sex = "男" if int(p.id[16]) % 2 else "女"
        p.unit = R.choice(UNITS)
        p.dir = R.choice(DIRS)
        p.level = R.choice(["高级", "高级", "中级"])
        p.title = {"高级": "高级工程师", "中级": "工程师"}[p.level]
        p.phone = "1" + R.choice("35789") + f"{R.randrange(10**9):09d}"
        p.role = R.choice(["组长", "成员", "成员"])
        out.append(p)
    return out


def book(*sheets, merges=(), hide=(), hidecol=(), hiderow=()):
    wb = Workbook()
    wb.remove(wb.active)
    for name, rows in sheets:
        ws = wb.create_sheet(name)
        for i, row in enumerate(rows, 1):
            for j, v in enumerate(row, 1):
                if v is not None:
                    ws.cell(i, j, v)
        for m in merges:
            if m.split("!")[0] == name or "!" not in m:
                ws.merge_cells(m.split("!")[-1])
        if name in hide:
            ws.sheet_state = "hidden"
        for c in hidecol:
            ws.column_dimensions[c].hidden = True
        for r in hiderow:
            ws.row_dimensions[r].hidden = True
    b = io.BytesIO()
    wb.save(b)
    return b.getvalue()


CASES = []


def case(kind, filename="名册.xlsx", ask=(), fields="name unit level direction id_no phone", answers=None):
    """ask: question keys (prefixes) that are right to come; answers: what the office then says."""

    def deco(f):
        data, want = f()
        CASES.append(
            {
                "name": f.__name__,
                "kind": kind,
                "filename": filename,
                "data": data,
                "want": want,
                "ask": ask,
                "fields": fields.split(),
                "answers": answers or {},
            }
        )
        return f

    return deco


def applicant(p, **kw):
    d = {"name": p.name, "unit": p.unit, "level": p.level, "direction": p.dir, "id_no": p.id, "phone": p.phone}
    d.update(kw)
    return d


# ---------------------------------------------------------------- applicants
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


@case("applicants")
def a18_pages_with_title_and_header_again():
    ps = people(20)
    rows = []
    for k in range(0, 20, 5):
        rows += [
            ["锂电职称申报人员名单"],
            [None, None, None, None, None, f"第{k // 5 + 1}页"],
            ["序号", "姓名", "工作单位", "级别", "专业方向", "身份证号", "联系电话"],
        ]
        rows += [[k + i + 1, p.name, p.unit, p.level, p.dir, p.id, p.phone] for i, p in enumerate(ps[k : k + 5])]
        rows += [["本页小计", 5], []]
    rows += [["总计", 20], ["填表人：王某", None, "审核人：李某", None, "填表日期：2024年6月1日"]]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a19_header_far_down():
    ps = people(6)
    rows = [
        ["宜春市人力资源和社会保障局"],
        ["关于报送2024年锂电专业申报人员名单的函"],
        [],
        ["各县（市、区）人社局，各有关单位："],
        ["  现将审核通过的申报人员姓名、工作单位、申报级别、专业方向等报送如下，请查收。"],
        ["  联系人：张科长　联系电话：0795-3998000"],
        [],
        [],
        [],
        [],
        [],
        [],
    ]
    rows += [[None, None, "姓　名", "单　　位", "级　别", "专　业", "身份证号", "电　话"]]
    rows += [[None, None, p.name[0] + "　" + p.name[1:], p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    rows += [
        [],
        ["", "", None, None, None, "宜春市人力资源和社会保障局"],
        [None, None, None, None, None, "2024年6月3日"],
    ]
    return book(("函", rows)), [applicant(p) for p in ps]


@case("applicants")
def a20_birth_in_two_columns():
    ps = people(6)
    rows = [
        ["姓名", "单位", "出生年月", None, "申报级别", "申报专业", "身份证号", "联系电话"],
        [None, None, "年", "月"],
    ]
    rows += [[p.name, p.unit, p.birth.year, p.birth.month, p.level, p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows), merges=["C1:D1", "A1:A2", "B1:B2", "E1:E2", "F1:F2", "G1:G2", "H1:H2"]), [
        applicant(p) for p in ps
    ]


@case("applicants")
def a21_two_lists_side_by_side():
    ps = people(10)
    h = ["序号", "姓名", "单位", "级别", "专业", "身份证号", "电话"]
    rows = [["申报人员名单"], [*h, None, *h]]
    for i in range(5):
        left, r = ps[i], ps[i + 5]
        rows.append(
            [
                i + 1,
                left.name,
                left.unit,
                left.level,
                left.dir,
                left.id,
                left.phone,
                None,
                i + 6,
                r.name,
                r.unit,
                r.level,
                r.dir,
                r.id,
                r.phone,
            ]
        )
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants", ask=("column:applicants.name",), answers={"column:applicants.name": "SURNAME"})
def a22_surname_and_given():
    ps = people(6)
    rows = [["姓", "名", "工作单位", "级别", "专业方向", "身份证号", "联系电话"]]
    rows += [[p.name[0], p.name[1:], p.unit, p.level, p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a23_hidden_rows_and_columns():
    ps = people(8)
    rows = [["姓名", "工作单位", "级别", "专业方向", "身份证号", "联系电话"]] + [
        [p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps
    ]
    return book(("x", rows), hidecol=["E"], hiderow=[4, 5]), [applicant(p) for p in ps]


@case("applicants")
def a24_long_headers():
    ps = people(6)
    rows = [
        [
            "*姓名（必填，与身份证一致）",
            "*工作单位（必填，与公章一致）",
            "*申报级别【下拉选择：中级/高级】",
            "*专业方向［下拉选择］",
            "*身份证号：18位",
            "*联系电话（手机）：11位",
            "工作单位电话",
            "备注（选填）",
        ]
    ]
    rows += [[p.name, p.unit, p.level, p.dir, p.id, p.phone, "0795-3998012", None] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a25_ditto():
    ps = sorted(people(8), key=lambda p: (p.unit, p.dir))
    rows = [["姓名", "工作单位", "级别", "专业方向", "身份证号", "联系电话"]]
    last = None
    for p in ps:
        rows.append([p.name, "同上" if last == p.unit else p.unit, p.level, p.dir, p.id, p.phone])
        last = p.unit
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a26_other_peoples_columns():
    ps = people(7)
    rows = [
        [
            "序号",
            "推荐单位",
            "推荐单位联系人姓名",
            "推荐单位联系人电话",
            "申报人姓名",
            "申报人身份证号",
            "申报人手机",
            "申报人所在单位",
            "申报级别",
            "申报人专业方向",
            "初审人",
            "复审人姓名",
        ]
    ]
    rows += [
        [i, "市工信局", "刘联络", "13800000000", p.name, p.id, p.phone, p.unit, p.level, p.dir, "甲某", "乙某"]
        for i, p in enumerate(ps, 1)
    ]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a27_old_and_new_unit():
    ps = people(7)
    rows = [
        [
            "姓名",
            "原工作单位",
            "现工作单位",
            "社保缴纳单位",
            "原职称级别",
            "申报职称级别",
            "所学专业",
            "现从事专业",
            "身份证号",
            "联系方式",
        ]
    ]
    rows += [[p.name, R.choice(UNITS), p.unit, p.unit, "初级", p.level, "应用化学", p.dir, p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a28_guide_and_choices_sheets():
    ps = people(6)
    guide = [["填表说明"], ["1. 姓名：与身份证一致"], ["2. 工作单位：填全称"], ["3. 申报级别：中级、高级"]]
    choices = [["级别", "方向"], ["中级", "隔膜"], ["高级", "锂矿原料"]]
    rows = [["姓名", "工作单位", "级别", "方向", "身份证号", "手机"]] + [
        [p.name, p.unit, p.level, p.dir, p.id, p.phone] for p in ps
    ]
    return book(("填表说明", guide), ("申报表", rows), ("选项", choices), hide=["选项"]), [applicant(p) for p in ps]


@case("applicants")
def a29_full_width_and_blanks():
    fw = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    ps = people(7)
    rows = [["姓　名", "工作单位 ", "级 别", "专业 方向", "身份证号 ", "联系 电话"]]
    rows += [
        [
            f" {p.name[0]}　{p.name[1:]} ",
            p.unit + "　",
            f" {p.level}",
            p.dir.replace("（", "(").replace("）", ")"),
            (p.id[:6] + " " + p.id[6:14] + " " + p.id[14:]).translate(fw),
            f"{p.phone[:3]}-{p.phone[3:7]}-{p.phone[7:]}",
        ]
        for p in ps
    ]
    return book(("x", rows)), [applicant(p) for p in ps]


@case(
    "applicants",
    ask=("direction:", "column:applicants.direction"),
    answers={"column:applicants.direction": "分组"}
    | {
        f"direction:{k}": v
        for k, v in {
            "01-锂矿": "锂矿原料",
            "02-锂盐": "锂及锂化合物",
            "03-正负极": "正负极材料",
            "04-电解液": "电解液（固体电解质）",
            "05-隔膜": "隔膜",
            "06-电池": "锂电池（组）",
            "07-循环": "循环经济与环保",
        }.items()
    },
)
def a30_directions_as_codes():
    ps = people(10)
    code = dict(
        zip(DIRS, ["01-锂矿", "02-锂盐", "03-正负极", "04-电解液", "05-隔膜", "06-电池", "07-循环"], strict=False)
    )
    rows = [["姓名", "工作单位", "级别", "分组", "身份证号", "手机"]]
    rows += [[p.name, p.unit, p.level, code[p.dir], p.id, p.phone] for p in ps]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a31_three_header_rows():
    ps = people(6)
    rows = [
        ["申报人基本情况", None, None, None, None, "现任职务", None, None, "拟评", None, None],
        ["姓名", "性别", "身份证", "单位", None, "职称", "取得", None, "级别", "资格", "专业"],
        [None, None, None, "名称", "性质", None, "年", "月", None, None, None],
    ]
    rows += [[p.name, p.sex, p.id, p.unit, "国企", "工程师", 2015, 7, p.level, p.title, p.dir] for p in ps]
    return book(
        ("x", rows),
        merges=[
            "A1:E1",
            "F1:H1",
            "I1:K1",
            "D2:E2",
            "G2:H2",
            "A2:A3",
            "B2:B3",
            "C2:C3",
            "F2:F3",
            "I2:I3",
            "J2:J3",
            "K2:K3",
        ],
    ), [applicant(p, phone="") for p in ps]


@case("applicants", "名册.et")
def a32_rows_of_notes_between():
    ps = people(8)
    rows = [["姓名", "工作单位", "级别", "专业方向", "身份证号", "联系电话"]]
    for i, p in enumerate(ps):
        if i == 3:
            rows.append(["以下为补报人员："])
        if i == 6:
            rows.append(["备注：以下2人材料待补"])
        rows.append([p.name, p.unit, p.level, p.dir, p.id, p.phone])
    rows += [["（此页无正文）"], ["说明：本表一式三份，由推荐单位、主管部门、评委会办公室各存一份。"]]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a33_no_header():
    ps = people(8)
    rows = [[i, p.name, p.sex, p.id, p.unit, p.level, p.dir, p.phone] for i, p in enumerate(ps, 1)]
    return book(("x", rows)), [applicant(p) for p in ps]


@case("applicants")
def a34_minority_names_and_short():
    ps = people(4)
    ps[0].name = "买买提·艾合买提"
    ps[1].name = "欧阳  明"
    ps[2].name = "Zhang Wei"
    ps[3].name = "阿依古丽•吐尔逊"
    rows = [["编号", "真实姓名", "服务单位", "职级", "研究方向", "居民身份证号", "移动电话"]]
    rows += [[f"{i:03d}", p.name, p.unit, p.level, p.dir, p.id, int(p.phone)] for i, p in enumerate(ps, 1)]
    w = [applicant(p) for p in ps]
    w[1]["name"] = "欧阳明"
    return book(("x", rows)), w


CASES[-1].update(
    ask=("column:applicants.level", "column:applicants.unit", "column:applicants.direction"),
    answers={
        "column:applicants.level": "职级",
        "column:applicants.unit": "服务单位",
        "column:applicants.direction": "研究方向",
    },
)


# ---------------------------------------------------------------- experts
def expert(p, **kw):
    d = {"name": p.name, "unit": p.unit, "chair": p.role == "组长", "dirs": frozenset([p.dir])}
    d.update(kw)
    return d


@case(
    "experts",
    ask=("column:experts.unit",),
    fields="name unit chair dirs",
    answers={"column:experts.unit": "工作单位及职务"},
)
def e01_unit_and_post_in_one():
    ps = people(8)
    rows = [
        ["锂电专业高级职称评审委员会委员名单"],
        ["评委会职务", "姓名", "工作单位及职务", "职称", "专业领域", "可参加时间", "手机"],
    ]
    rows += [
        [("副主任委员" if p.role == "组长" else "委员"), p.name, p.unit, "教授", p.dir, "全部", p.phone] for p in ps
    ]
    return book(("委员", rows)), [expert(p) for p in ps]


@case(
    "experts",
    fields="name unit chair dirs",
    ask=("column:experts.direction",),
    answers={"column:experts.direction": "熟悉专业一"},
)
def e02_three_direction_columns():
    ps = people(8)
    rows = [
        [
            "序号",
            "专家姓名",
            "任职单位",
            "专业技术职务",
            "熟悉专业一",
            "熟悉专业二",
            "熟悉专业三",
            "拟任角色",
            "联系电话",
        ]
    ]
    w = []
    for i, p in enumerate(ps, 1):
        ds = R.sample(DIRS, R.choice([1, 2, 3]))
        rows.append([i, p.name, p.unit, "教授级高工", *ds, *[None] * (3 - len(ds)), p.role, p.phone])
        w.append(expert(p, dirs=frozenset(ds)))
    return book(("x", rows)), w


@case("experts", fields="name unit chair dirs")
def e03_group_titles():
    ps = people(12)
    rows = [["答辩评审专家分组名单"], ["组内职务", "姓名", "单位", "职称", "电话"]]
    w = []
    for k, d in enumerate(DIRS[:3], 1):
        rows.append([f"第{'一二三'[k - 1]}组：{d}"])
        for p in ps[k * 4 - 4 : k * 4]:
            rows.append([p.role, p.name, p.unit, "教授", p.phone])
            w.append(expert(p, dirs=frozenset([d])))
    return book(("x", rows), merges=["A1:E1", "A3:E3", "A8:E8", "A13:E13"]), w


CASES[-1].update(ask=("column:experts.direction",), answers={"column:experts.direction": "在人员上方的标题行里"})


@case("experts", fields="name unit chair dirs")
def e04_english_experts():
    ps = people(6)
    rows = [["Name", "Affiliation", "Title", "Expertise", "Role", "Availability", "Max sessions", "Phone", "E-mail"]]
    rows += [
        [p.name, p.unit, "Professor", p.dir, {"组长": "Chair", "成员": "Member"}[p.role], "全部", 3, p.phone, "a@b.cn"]
        for p in ps
    ]
    return book(("x", rows)), [expert(p) for p in ps]


CASES[-1].update(ask=("role", "column:"), answers={})


@case("experts", fields="name unit chair dirs sessions")
def e05_ticks_by_days():
    ps = people(7)
    rows = [
        ["专家参会时间统计表"],
        ["姓名", "单位", "擅长方向", "角色", "7月15日", None, "7月16日", None, "电话"],
        [None, None, None, None, "上午", "下午", "上午", "下午", None],
    ]
    w = []
    for p in ps:
        t = [R.random() < 0.7 for _ in range(4)]
        t[R.randrange(4)] = True
        rows.append([p.name, p.unit, p.dir, p.role, *["√" if x else "×" for x in t], p.phone])
        w.append(
            expert(
                p,
                sessions=tuple(
                    s
                    for s, x in zip(
                        ("2023-07-15 上午", "2023-07-15 下午", "2023-07-16 上午", "2023-07-16 下午"), t, strict=False
                    )
                    if x
                ),
            )
        )
    return book(("x", rows), merges=["A1:I1", "E2:F2", "G2:H2"]), w


@case("experts", "专家.csv", fields="name unit chair dirs")
def e06_tab_gb18030():
    ps = people(6)
    lines = ["姓名\t所在单位\t从事专业\t拟任\t不能参加时间\t回避单位\t手机号"]
    for p in ps:
        lines.append("\t".join([p.name, p.unit, p.dir, p.role, "", R.choice(UNITS), p.phone]))
    return "\n".join(lines).encode("gb18030"), [expert(p) for p in ps]


CASES[-1].update(ask=("column:experts.role", "column:"), answers={"column:experts.role": "拟任"})


@case("experts", fields="name unit chair dirs")
def e07_strengths():
    ps = people(6)
    rows = [
        ["姓名", "所属单位", "专业方向及熟悉程度（1-3）", "职务（组长/成员）", "时间安排", "最多参加几个半天", "备注"]
    ]
    rows += [
        [p.name, p.unit, f"{p.dir}（3）；{DIRS[(DIRS.index(p.dir) + 1) % 7]}（1）", p.role, "7月15日全天", 2, None]
        for p in ps
    ]
    return book(("x", rows)), [expert(p, dirs=frozenset([p.dir, DIRS[(DIRS.index(p.dir) + 1) % 7]])) for p in ps]


CASES[-1].update(
    ask=("column:experts.role", "column:"),
    answers={
        "column:experts.direction": "专业方向及熟悉程度（1-3）",
        "column:experts.max_sessions": "最多参加几个半天",
        "column:experts.role": "职务（组长/成员）",
    },
)


# ---------------------------------------------------------------- venue
@case("venue", fields="rooms sessions")
def v01_one_sheet_below():
    rows = [
        ["答辩场地安排"],
        ["房间", "楼层", "候考区", "可容纳人数"],
        ["第一会议室", "3楼", "大厅A", 20],
        ["第二会议室", "3楼", "大厅A", 20],
        [],
        ["答辩时间安排"],
        ["日期", "半天", "起", "止", "茶歇"],
        ["2023-7-15", "上午", "8:30", "12:00", "10:00-10:15"],
        ["2023-7-15", "下午", "14:00", "17:30", None],
    ]
    return book(("场地", rows)), {
        "rooms": ["第一会议室", "第二会议室"],
        "sessions": ["2023-07-15 上午 08:30-12:00", "2023-07-15 下午 14:00-17:30"],
    }


CASES[-1].update(ask=("column:",), answers={})


@case("venue", fields="rooms sessions")
def v02_range_in_one_and_date_merged():
    a = [["考场", "备考室"], ["301", "310"], ["302", "310"]]
    b = [["日期", "时段", "起止时间"], [dt.datetime(2023, 7, 15), "上午", "8:30—12:00"], [None, "下午", "14:00～17:30"]]
    return book(("场地", a), ("时间", b), merges=["时间!A2:A3"]), {
        "rooms": ["301", "302"],
        "sessions": ["2023-07-15 上午 08:30-12:00", "2023-07-15 下午 14:00-17:30"],
    }


@case("venue", fields="rooms sessions")
def v03_all_in_one_cell():
    a = [["答辩教室"], ["A101"], ["A102"]]
    b = [["场次", "答辩时间"], ["第一场", "2023年7月15日上午8:30-12:00"], ["第二场", "2023年7月15日下午2:00-5:30"]]
    return book(("教室", a), ("时间", b)), {
        "rooms": ["A101", "A102"],
        "sessions": ["2023-07-15 第一场 08:30-12:00", "2023-07-15 第二场 14:00-17:30"],
    }


CASES[-1].update(ask=("column:",), answers={})
