"""Experts."""

from tests.exports.strange.making import CASES, DIRS, UNITS, R, book, case, expert, people


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
