"""Words of a header: what they mean whatever their spaces, hints, width and additions."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from exports.columns import COLUMNS, PREFIXES, SUFFIXES

Hit = tuple[int, str]
"""How well known a word is (the smaller the better), and the key of its column."""
_TITLED = dict.fromkeys(("名称", "职务", "职称", "资格"), "title")
_PRESENT = dict.fromkeys(_TITLED, "cur_title") | {
    "取得时间": "cur_date",
    "取得": "cur_date",
    "聘任时间": "hire_date",
}
_SOUGHT = _TITLED | {"级别": "level", "专业": "direction"}
GROUPS = {  # what a word of a lower header row means under the word above it; other words there mean nothing
    **dict.fromkeys(("现", "目前", "已有"), _PRESENT),
    **dict.fromkeys(("申报", "拟", "申请", "参评"), _SOUGHT),
    "学历": {"学历": "edu", "毕业院校": "school", "专业": "major", "所学专业": "major"},
}
CLOSED = "现"
"""Under the present title a 级别 is not the level applied for: only the words of its group count."""
PERSONS = ("申报人", "申报者", "申请人", "申请者", "参评人", "参评者", "申报单位")
"""Groups about the applicant, not about what is applied for."""
FOREIGN = ("推荐人", "联系人", "经办人", "负责人", "配偶", "导师", "审核人")
"""Groups about somebody else: nothing under them is about the person of the row."""
_SPACES, _HINTS = re.compile(r"[\s*]"), re.compile(r"[(\[【][^)\]】]*[)\]】]")
_OLD = str.maketrans(
    "單級報專業號碼電話聯絡備註職稱證務歷學擬評審請員別層參與時間現設長體點結終開會議場組",
    "单级报专业号码电话联络备注职称证务历学拟评审请员别层参与时间现设长体点结终开会议场组",
)
"""Traditional characters of our words."""
_STRIPPED = 100
"""Added to the rank of a word that is known only without what stands before or behind it."""


def plain(value: object) -> str:
    """Drop spaces, line breaks, * and the difference of full and half width."""
    return _plain(str(value)) if value is not None else ""


def bare(value: object) -> str:
    """As plain, without bracketed hints."""
    return _bare(str(value)) if value is not None else ""


@lru_cache(2**16)
def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(2**16)
def _bare(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return _HINTS.sub("", _plain(text))


@lru_cache(2**12)
def word(value: str) -> str:
    """A header's word: bare, without signs, a number before it and a hint behind a colon, in simplified characters.

    Where there is Chinese a translation beside it is dropped.
    """
    said = re.sub(r"(?<=[^:]):[^:]+$", "", _bare(value))
    kept = (re.sub(r"[\W_]", "", said) or re.sub(r"[\W_]", "", _plain(value))).translate(_OLD)
    kept = re.sub(r"^\d+(?=\D)", "", kept)
    return re.sub(r"[A-Za-z]", "", kept) if re.search(r"[\u4e00-\u9fff]", kept) else kept.casefold()


@cache
def _known(kind: str) -> dict[str, Hit]:
    known: dict[str, Hit] = {}
    for key, words in COLUMNS[kind].items():
        for rank, seen in enumerate(words):
            known[word(seen)] = min(known.get(word(seen), (rank, key)), (rank, key))
    return known


@lru_cache(2**12)
def meaning(value: str, kind: str) -> Hit | None:
    """What a header's word means in a roster of this kind; 第一答辩室 is a room and no header."""
    known, said = _known(kind), word(value)
    before = next((p for p in PREFIXES[kind] if said.startswith(p)), "")
    behind = next((s for s in SUFFIXES if said.endswith(s)), "")
    forms = [said, said.removeprefix(before), said.removesuffix(behind)]
    for extra, form in enumerate([*forms, series(said)] if PREFIXES[kind] else forms):
        if hit := known.get(form):
            return hit[0] + _STRIPPED * extra, hit[1]
    hit = known.get(said.removeprefix(before).removesuffix(behind))
    return (hit[0] + _STRIPPED * 4, hit[1]) if hit else None


def series(said: str) -> str:
    """A word without its place in a series: 专业一, 专业2 and 第三专业 are 专业."""
    return re.sub(r"^第[一二三四五六\d]|(?<=[^一二三四五六\d])[一二三四五六\d]$", "", said)


def simplified(text: str) -> str:
    """A text with the traditional characters of our words as simplified ones."""
    return text.translate(_OLD)


def under(value: str, tops: Iterable[str], kind: str) -> Hit | None:
    """What a word of a lower header row means under those above it; a group's own words come first."""
    said, above = word(value), [word(top) for top in tops if not filled_in(top)]
    for start, group in GROUPS.items():
        if (
            any(top.startswith(start) and not top.startswith(PERSONS) for top in above)
            and group.get(said) in COLUMNS[kind]
        ):
            return -1, group[said]
    if any(top.startswith(CLOSED) or top.endswith(FOREIGN) for top in above):
        return None
    if said in SUFFIXES and above:
        return meaning(above[-1], kind)
    return meaning(value, kind)


def filled_in(text: str) -> bool:
    """Whether it is a line to fill in, such as 单位：, and no word of a header."""
    return ":" in plain(text)


def near(key: str, kind: str, labels: Iterable[str], least: float = 0.6) -> str:
    """The label nearest to a column's words: one that contains such a word, else one much alike; or empty."""
    free = {word(label.rpartition("/")[2]): label for label in labels}
    words = [word(seen) for seen in COLUMNS[kind][key]]
    inside = [label for said, label in free.items() if any(len(seen) > 1 and seen in said for seen in words)]
    alike = [free[said] for seen in words for said in difflib.get_close_matches(seen, free, 1, least)]
    return next(iter(inside + alike), "")
