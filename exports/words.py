"""Words of a header: what they mean whatever their spaces, hints, width and additions."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from exports.columns import COLUMNS, PREFIXES, SUFFIXES

Hit = tuple[int, str]
"""How well known a word is (the smaller the better), and the key of its column."""
GROUPS = {  # what a word of a lower header row means under the word above it; other words there mean nothing
    "现": {"名称": "cur_title", "职务": "cur_title", "取得时间": "cur_date", "聘任时间": "hire_date"},
    "申报": {"名称": "title", "职务": "title", "级别": "level", "专业": "direction"},
    "学历": {"学历": "edu", "毕业院校": "school", "专业": "major", "所学专业": "major"},
}
CLOSED = "现"
"""Under the present title a 级别 is not the level applied for: only the words of its group count."""
FOREIGN = ("推荐人", "联系人", "经办人", "负责人", "配偶", "导师", "审核人")
"""Groups about somebody else: nothing under them is about the person of the row."""
_SPACES, _HINTS = re.compile(r"[\s*]"), re.compile(r"[(\[【][^)\]】]*[)\]】]")
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
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(2**16)
def _bare(text: str) -> str:
    return _HINTS.sub("", _plain(text))


@lru_cache(2**12)
def word(value: str) -> str:
    """A header's word: bare, without signs and a number before it, and without a translation where there is Chinese."""
    kept = re.sub(r"[\W_]", "", _bare(value)) or re.sub(r"[\W_]", "", _plain(value))
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
    """What a header's word means in a roster of this kind."""
    known, said = _known(kind), word(value)
    before = next((p for p in PREFIXES[kind] if said.startswith(p)), "")
    behind = next((s for s in SUFFIXES if said.endswith(s)), "")
    for extra, form in enumerate((said, said.removeprefix(before), said.removesuffix(behind))):
        if hit := known.get(form):
            return hit[0] + _STRIPPED * extra, hit[1]
    hit = known.get(said.removeprefix(before).removesuffix(behind))
    return (hit[0] + _STRIPPED * 3, hit[1]) if hit else None


def under(value: str, tops: Iterable[str], kind: str) -> Hit | None:
    """What a word of a lower header row means under those above it; a group's own words come first."""
    said, above = word(value), [word(top) for top in tops if not filled_in(top)]
    for start, group in GROUPS.items():
        if any(top.startswith(start) for top in above) and group.get(said) in COLUMNS[kind]:
            return -1, group[said]
    return None if any(top.startswith(CLOSED) or top.endswith(FOREIGN) for top in above) else meaning(value, kind)


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
