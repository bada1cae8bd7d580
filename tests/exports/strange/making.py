"""How the strange rosters are made: people, a workbook of rows, a case with what is wanted."""

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


def expert(p, **kw):
    d = {"name": p.name, "unit": p.unit, "chair": p.role == "组长", "dirs": frozenset([p.dir])}
    d.update(kw)
    return d
