"""Which names of employers may mean one employer: by rules an office can follow, each proposal with its reason.

Nothing here decides. A pair is proposed where the names differ only in writing, in the legal form, by the place before
them, where one is the other's branch or short form, sounds the same, or where both share a rare brand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exports.words import plain
from webapp.spelling import spelled

WHY = {
    "spelling": "只是写法不同",
    "sound": "读音相同，可能有错字",
    "form": "只是公司形式不同，可能改过名",
    "region": "只差前面的地名",
    "branch": "一个是另一个的下属部门或分支",
    "group": "只差“集团”",
    "near": "只多一个字或少一个字",
    "short": "一个像是另一个的简称",
    "brand": "字号相同，可能同属一个集团",
    "insured": "申报人的工作单位和参保单位",
}
"""Reason → its words, the surest first."""
KIND = {"sound": "spelling", "near": "spelling", "form": "old", "region": "full", "brand": "group"}
"""Reason → the kind of alias it would make, where it is not the same word."""
_FORMS = re.compile(r"(股份)?有限(责任)?(总)?公司$|(总)?公司$")
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_CITIES = (
    "南昌|宜春|新余|赣州|九江|上饶|吉安|抚州|景德镇|萍乡|鹰潭|合肥|深圳|广州|杭州|成都|长沙|武汉|南京|苏州|西安|郑州|济南|"
    "沈阳|长春|哈尔滨|太原|石家庄|福州|厦门|青岛|大连|宁波|无锡|常州|东莞|佛山|昆明|贵阳|南宁|兰州|西宁|银川|海口"
)
_REGION = re.compile(
    rf"(中国)?(?:(?:{_PROVINCES})(?:省|市|自治区)?)?(?:(?:{_CITIES})市?|[一-鿿]{{2,3}}市)?(?:[一-鿿]{{1,3}}[县区])?"
)
_BODIES = ("公司", "集团", "大学", "学院", "研究院", "研究所", "医院", "中心", "局", "厂", "院", "所", "矿", "学校")
_COMMON = re.compile(
    "科技|材料|能源|新能|环保|化工|电池|矿业|锂业|电子|大学|学院|工业|中国|有色|理工|师范|农业|医科|财经|交通|建筑|电力|机械|"
    "第.|国家|城市|人民"
)
"""Beginnings that many share and that are no brand."""
MOST_OF_A_BRAND = 8
"""A beginning shared by more names is no brand."""


@dataclass(frozen=True)
class Likeness:
    """Two names that may be one employer; ``main`` is the one to keep."""

    main: str
    other: str
    why: str

    @property
    def kind(self) -> str:
        """What the other name would be."""
        return KIND.get(self.why, self.why)

    @property
    def pair(self) -> tuple[str, str]:
        """Both, the lesser first."""
        one, other = sorted((self.main, self.other))
        return one, other


def flat(name: str) -> str:
    """A name without spaces, width and signs: （集团） is 集团."""
    return re.sub(r"[\W_]", "", plain(name)).casefold()


def core(name: str) -> str:
    """Without the legal form."""
    return _FORMS.sub("", flat(name)) or flat(name)


def brand(name: str) -> str:
    """Without the legal form and the place before it."""
    kept = core(name)
    return kept[len(place(name)) :] or kept


def place(name: str) -> str:
    """The place before a name: 江西省, 合肥, or nothing."""
    found = _REGION.match(core(name))
    return found[0] if found else ""


def _one_place(one: str, other: str) -> bool:
    """Whether two names may be of one place: 江西省 and 江西 or none, not 江西 and 武汉."""
    here, there = sorted((re.sub("[省市]", "", place(name)) for name in (one, other)), key=len)
    return here in there


def proposals(names: Iterable[str], insured: Iterable[tuple[str, str]] = ()) -> list[Likeness]:
    """Pairs that may be one employer, the surest reasons first; each pair once."""
    every = sorted(set(names))
    found: dict[tuple[str, str], Likeness] = {}
    rank = {why: at for at, why in enumerate(WHY)}
    ways = (_same(every), _branches(every), _near(every), _short(every), _brands(every), _insured(insured))
    for like in (like for way in ways for like in way):
        known = found.get(like.pair)
        if known is None or rank[like.why] < rank[known.why]:
            found[like.pair] = like
    return sorted(found.values(), key=lambda like: (rank[like.why], like.main, like.other))


def _same(names: list[str]) -> Iterator[Likeness]:
    """Pairs that are the same after something is left out of them."""
    for why, left in _LEFT.items():
        alike: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if key := left(name):
                alike[key].append(name)
        for same in alike.values():
            main = _longest(same)
            yield from (Likeness(main, other, why) for other in same if other != main and _one_place(main, other))


def _without_group(name: str) -> str:
    return re.sub("集团$", "", brand(name).replace("集团公司", "集团"))


def _sound(name: str) -> str:
    return spelled(flat(name)).split(" ")[0]


def _unless_short(left: Callable[[str], str]) -> Callable[[str], str]:
    """What is left of a name, where that still is a name: 工学院 is none."""
    return lambda name: kept if len(kept := left(name)) > 3 else ""


_LEFT: dict[str, Callable[[str], str]] = {
    "spelling": flat,
    "sound": _sound,
    "form": core,
    "region": _unless_short(brand),
    "group": _unless_short(_without_group),
}
"""Reason → what is left of a name; names that leave the same are alike."""


def _longest(names: list[str]) -> str:
    return max(names, key=lambda name: (len(name), name))


def _branches(names: list[str]) -> Iterator[Likeness]:
    """江西理工大学材料学院 is of 江西理工大学."""
    known = {flat(name): name for name in names}
    for name in names:
        text = flat(name)
        for end in range(len(text) - 1, 3, -1):
            if text[:end] in known and text[:end].endswith(_BODIES) and not text[end:].startswith(("有限", "股份")):
                yield Likeness(known[text[:end]], name, "branch")
                break


def _near(names: list[str]) -> Iterator[Likeness]:
    """样例工业大 is 样例工业大学 with a character lost; a number more (第二, 101) is another employer."""
    known = {flat(name): name for name in names}
    for name in names:
        text = flat(name)
        for at, lost in enumerate(text if len(text) > 5 else ""):
            other = known.get(text[:at] + text[at + 1 :])
            if other is not None and not lost.isnumeric() and _one_place(name, other):
                yield Likeness(name, other, "near")
                break


def _short(names: list[str]) -> Iterator[Likeness]:
    """赣锋锂业, 宁德时代, 江理工: the characters of the short name stand in the long one in their order."""
    first: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for begin in {flat(name)[:1], brand(name)[:1]}:
            first[begin].append(name)
    for name in names:
        text = flat(name)
        if not 2 < len(text) < 7 or (text.endswith(("公司", "大学")) and len(text) > 5):
            continue
        longer = [one for one in first[text[:1]] if len(flat(one)) > len(text) + 1 and _inside(text, flat(one))]
        if 0 < len(set(longer)) < 4:
            yield from (Likeness(one, name, "short") for one in dict.fromkeys(longer))


def _inside(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def _brands(names: list[str]) -> Iterator[Likeness]:
    """赣锋锂业, 赣锋锂电: companies whose names begin alike behind the place, where few do."""
    begun: dict[str, list[str]] = defaultdict(list)
    for name in names:
        own = brand(name)
        if _FORMS.search(flat(name)) or "集团" in name:
            begun[own[:2]].append(name)
    for start, same in begun.items():
        if len(start) == 2 and not _COMMON.fullmatch(start) and 1 < len(same) <= MOST_OF_A_BRAND:
            yield from (Likeness(one, other, "brand") for at, one in enumerate(same) for other in same[at + 1 :])


def _insured(pairs: Iterable[tuple[str, str]]) -> Iterator[Likeness]:
    yield from (Likeness(employer, other, "insured") for employer, other in pairs if other and other != employer)
