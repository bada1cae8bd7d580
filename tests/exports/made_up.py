"""The people of the made-up layouts, and what a layout is."""

import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook

from exports.sample.make import _id_number

DIRECTIONS = ("锂及锂化合物", "隔膜", "锂电池（组）", "循环经济与环保")
_RNG = random.Random(7)
NAMES = ("欧阳明", "张三", "李四", "王小五", "赵六", "买买提·吐尔逊", "钱七", "孙八", "周九", "吴十", "郑一一", "冯二")
APPLICANTS = [
    {
        "no": number,
        "name": name,
        "sex": "男" if number % 2 else "女",
        "id_no": _id_number(_RNG, dt.date(1980, 1, number), bool(number % 2)),
        "birth": f"1980.{number:02d}",
        "unit": f"江西{'甲乙丙丁'[number % 4]}新材料有限公司",
        "edu": "本科",
        "school": "样例大学",
        "major": "化学工程",
        "cur_title": "工程师",
        "cur_date": "2015-06",
        "title": "高级工程师",
        "level": "中级" if number == 4 else "高级",
        "direction": DIRECTIONS[number % 4],
        "phone": f"1390000{number:04d}",
        "county": "渝水区",
        "note": "",
        "recuse": "专家甲" if number == 2 else "",
        "unavailable": "15日上午" if number == 3 else "",
        "other": f"其他{number}",
    }
    for number, name in enumerate(NAMES, 1)
]
EXPERTS = [
    {
        "no": number,
        "name": name,
        "unit": f"{'第一第二第三'[number % 3 * 2 :][:2]}大学",
        "title": "教授",
        "post": "院长" if number == 1 else "",
        "direction": DIRECTIONS[number % 4] + ("(2)" if number == 2 else ""),
        "role": "组长" if number % 3 == 0 else "成员",
        "available": "15日全天" if number % 2 else "全部",
        "max_sessions": 2 if number == 1 else None,
        "recuse_units": "某公司" if number == 3 else "",
        "recuse_people": "",
        "phone": f"1380000{number:04d}",
        "id_no": _id_number(_RNG, dt.date(1970, 2, number), True),
        "note": "",
        "other": f"其他{number}",
    }
    for number, name in enumerate(NAMES[:8], 1)
]


@dataclass
class Layout:
    """A workbook and what is right to say: ``asked`` names keys that may be asked about → the header that is meant."""

    data: bytes
    kind: str = "applicants"
    asked: dict[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    """The columns that the layout has, for people of its kind."""
    filename: str = "名册.xlsx"
    people: int = 12
    days: bool = False
    """Births are days: 1980-01-01 and so on."""


def body(keys: Sequence[str], people: Sequence[dict[str, object]] = APPLICANTS) -> list[list[object]]:
    return [[person.get(key) or None for key in keys] for person in people]


def book(
    rows: Sequence[Sequence[object]], merges: Sequence[str] = (), more: dict[str, list[list[object]]] | None = None
) -> bytes:
    made = Workbook()
    made.active.title = "名册"
    for row in rows:
        made.active.append(list(row))
    for name, others in (more or {}).items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    for merge in merges:
        made.active.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def simple(
    head: Sequence[str],
    keys: str,
    before: Sequence[Sequence[object]] = (),
    after: Sequence[Sequence[object]] = (),
    **more: object,
) -> Layout:
    named = tuple(keys.split())
    people = EXPERTS if more.get("kind") == "experts" else APPLICANTS
    rows = [*before, list(head), *body(named, people), *after]
    merges = more.pop("merges", ())
    return Layout(book(rows, merges), keys=named, people=len(people), **more)  # type: ignore[arg-type]
