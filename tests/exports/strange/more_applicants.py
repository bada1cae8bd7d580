"""Applicants: pages, notes, halves of columns, lists side by side, what is hidden."""

from tests.exports.strange.making import CASES, DIRS, UNITS, R, applicant, book, case, people


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
