"""How an applicant's name is written outside."""

from __future__ import annotations

from webapp.services.kernel import Sentence


def aside(name: object, what: object) -> Sentence:
    """张三（甲厂）, with the brackets of the visitor's language."""
    return Sentence("%(name)s（%(what)s）", name=name, what=what)


def masked(name: str) -> str:
    """张＊ or 张＊三: the first and, of three and more, the last character."""
    if len(name) <= 1:
        return name
    return name[0] + "＊" if len(name) == 2 else name[0] + "＊" * (len(name) - 2) + name[-1]


def public(name: str, how: str) -> str:
    """The name as a round shows it: ``full``, ``masked`` or, with ``number``, not at all."""
    return {"full": name, "number": ""}.get(how, masked(name))
