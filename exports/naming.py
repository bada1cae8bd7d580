"""A person's name as it stands in a roster: what office workers write beside it is no part of it."""

import re

from exports.said import say
from exports.table import Row, Table

_NUMBER = r"(?:[（(]?[\d０-９]{1,3}[）)]?[.、．]|[①-⑳])\s*"
_MARK = r"[*＊※△▲★☆①-⑳]+"
_NOTE = r"[（(](?:[男女]|[\u4e00-\u9fff]{1,6}族|[、，, ])+[）)]"
"""（女，回族）: what official lists say of a person behind the name."""
_NAMED = re.compile(rf"(?P<before>(?:{_NUMBER}|{_MARK})*)(?P<name>.*?)(?P<behind>(?:\s*(?:{_NOTE}|{_MARK}))*)")


def closed(name: str) -> str:
    """A name without the spaces between Chinese characters (张 三); Anna Li keeps hers."""
    return re.sub(r"(?<=[^\x00-\u2e7f]) (?=[^\x00-\u2e7f])", "", name)


def person(table: Table[Row]) -> str:
    """The name of the row. Number, star, sex and nationality beside it are left out and said; other brackets stay."""
    text = table.needed("name", "name-missing", "姓名")
    if text.isalpha():
        return text  # nothing stands beside it
    text = closed(text)
    parts = _NAMED.fullmatch(text)
    if not parts or not parts["name"]:
        return text
    name, hint = parts["name"], say("请核对；这样的说明请写在备注里。")
    if name != text:
        table.warn("name", "name-note", say("姓名读作“%(name)s”，旁边的字没有读入。", name=name), hint)
    elif re.search(r"[（(]", name):
        table.warn("name", "name-note", say("姓名里有括号，照原样读作“%(name)s”。", name=name), hint)
    return name
