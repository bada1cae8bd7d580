"""Make the sample round: synthetic people, seeded, in workbooks with the mess of real ones."""

import datetime as dt
import io
import random
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from stdnum.cn import ric

DIRECTIONS = {
    "锂矿原料": 12,
    "锂及锂化合物": 22,
    "正负极材料": 28,
    "电解液（固体电解质）": 14,
    "隔膜": 12,
    "锂电池（组）": 22,
    "循环经济与环保": 10,
}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安博晨丹恩飞桂海佳康兰明宁平青荣思涛文晓雅泽志卓"
_NOTE = "说明：本表所有人员、单位和号码均由程序生成，不对应任何真实的人。"
_UNITS = [
    f"江西{a}{b}有限公司" for a in ("样锂", "例能", "试材", "演科", "示源") for b in ("新材料", "动力", "矿业", "循环")
]
_SCHOOLS = [f"样例{name}大学" for name in ("理工", "科技", "工业", "师范", "矿业", "化工", "材料", "环境", "能源")] + [
    f"第{n}样例研究院" for n in "一二三四五六七八九十"
]


def make(seed: int = 2023) -> dict[str, tuple[str, bytes]]:
    """Return kind → (file name, workbook) of the sample round; the same cells for the same seed."""
    rng = random.Random(seed)
    names = _names(rng)
    applicants = _applicants(rng, names)
    experts = _experts(rng, names, applicants)
    return {
        "applicants": ("申报人员名册.xlsx", _book({"申报人员": applicants}, merges=["A1:M1", "A2:M2", "I3:J3"])),
        "experts": (
            "评审专家名册.xlsx",
            _book({"专家名册": experts}, merges=["A1:J1", "A2:J2"]),
        ),
        "venue": ("场地与时段.xlsx", _book({"答辩室": _rooms(), "时段": _sessions()}, merges=[])),
    }


def _names(rng: random.Random) -> list[str]:
    everyone = [a + b + c for a in _SURNAMES for b in _GIVEN for c in _GIVEN]
    return rng.sample(everyone, 200)


def _id_number(rng: random.Random, birth: dt.date, male: bool) -> str:
    order = rng.randrange(50) * 20 + rng.randrange(10) * 2 + male
    number = f"360502{birth:%Y%m%d}{order:03d}0"
    return number[:-1] + ric.calc_check_digit(number)


def _applicants(rng: random.Random, names: list[str]) -> list[list[object]]:
    levels = [(name, "高级") for name, count in DIRECTIONS.items() for _ in range(count)]
    levels += [(rng.choice(list(DIRECTIONS)), "中级") for _ in range(30)]
    rng.shuffle(levels)
    head = ["序号", "姓名", "性别", "身份证号", "出生年月", "工作单位", "学历", "所学专业", "现任专业技术职务", None]
    rows: list[list[object]] = [
        ["高中级职称申报人员名册（样例）"],
        [_NOTE],
        [*head, "申报级别", "专业方向", "联系电话"],
        [*[None] * 8, "名称", "取得时间"],
    ]
    for number, (direction, level) in enumerate(levels, 1):
        rows.append(roster_row(rng, number, names.pop(), direction, level))
        if number == 75:
            rows += [[], rows[2]]
    return [*rows, [], ["注：身份证号以文本格式填写。"]]


def roster_row(rng: random.Random, number: int, name: str, direction: str, level: str) -> list[object]:
    """An applicant's row as real rosters have it: every form of a date, text that is text."""
    birth = dt.date(1966, 1, 1) + dt.timedelta(days=rng.randrange(10_000))
    male = rng.random() < 0.6
    forms = (f"{birth:%Y.%m}", f"{birth:%Y-%m-%d}", f"{birth.year}年{birth.month}月", f"{birth:%Y%m}", birth)
    since = f"{rng.randrange(2008, 2018)}.{rng.randrange(1, 13):02d}"
    now = "工程师" if level == "高级" else "助理工程师"
    person = [number, name, "男" if male else "女", _id_number(rng, birth, male), rng.choice(forms), rng.choice(_UNITS)]
    return [*person, "本科", "材料科学与工程", now, since, level, direction, f"139{rng.randrange(10**8):08d}"]


def _experts(rng: random.Random, names: list[str], applicants: Sequence[Sequence[object]]) -> list[list[object]]:
    head = ["序号", "姓名", "工作单位", "职称", "专业方向", "角色", "可用时间", "最多场次", "回避人员", "联系电话"]
    rows: list[list[object]] = [["评审专家名册（样例）"], [_NOTE], [*head]]
    all_directions = list(DIRECTIONS)
    for number in range(45):
        own, near = all_directions[number % 7], all_directions[(number + 1 + number // 7) % 7]
        said = own if own == near else f"{own}、{near}（2）"
        role = "组长" if number < 21 else "成员"
        time = {5: "除16日下午", 17: "15日全天", 29: "16日全天"}.get(number % 36, "全部")
        recused = applicants[10 + number][1] if number % 11 == 3 else None
        unit = _SCHOOLS[number % len(_SCHOOLS)]
        person = [number + 1, names.pop(), unit, rng.choice(("教授", "研究员"))]
        rows.append([*person, said, role, time, 4, recused, f"138{rng.randrange(10**8):08d}"])
    return rows


def _rooms() -> list[list[str]]:
    return [["答辩室", "候考室", "可用时段"], *([f"第{n}答辩室", "候考室", "全部"] for n in "一二三四")]


def _sessions() -> list[list[str]]:
    days = ("2023年7月15日", "2023-07-15", "2023.7.16", "2023/7/16")
    halves = (["上午", "8:30", "12:00", "10:10-10:20"], ["下午", "14:00", "17:30", "15:40-15:50"])
    return [["日期", "时段名", "开始", "结束", "休息"], *([day, *halves[i % 2]] for i, day in enumerate(days))]


def _book(sheets: Mapping[str, Sequence[Sequence[object]]], merges: list[str]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
