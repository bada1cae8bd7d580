"""Long lists in the web: the page, the words that are looked for, the whole of it for Excel.

What is looked for may be a name and must not stand in an address: it is kept in the visitor's session, and the address
only says ``found=1``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from exports.out.listing import listing
from webapp.db import db
from webapp.languages import sentence
from webapp.limits import costly
from webapp.models import Round
from webapp.rights import allow, may
from webapp.services import audit, people_lists
from webapp.services.kernel import Missing, system_clock
from webapp.services.listing import Asked, Table, every, page
from webapp.views import acting
from webapp.views.files import attached

PEOPLE = {
    "applicants": "rosters.applicants",
    "experts": "rosters.experts",
    "recusals": "people.recusal_list",
    "employers": "employers.index",
    "pool": "pool.index",
}
"""Kind of a list of people → where its page is."""
Right = tuple[str, ...]
"""An area and its verbs."""
OURS = ("page", "found")
"""What an address says of a list that is not kept when something else is looked for."""


@dataclass(frozen=True)
class Listed:
    """A list as a visitor meets it."""

    round: Round
    kind: str
    title: str
    table: Table
    page: str
    """The endpoint of its page."""
    ways: str
    """The blueprint of its ``search``, ``rows`` and ``excel``."""
    at: Mapping[str, object] = field(default_factory=dict)
    """What the addresses of its page say beside the round,"""
    own: Mapping[str, object] = field(default_factory=dict)
    """and those of its ways beside that."""

    def asked(self) -> Asked:
        """What this visitor asks of it."""
        words = session.get("found", {}).get(self.kind, "") if request.args.get("found") else ""
        return Asked.of(request.args, words)

    def whole(self, **more: object) -> str:
        """The address of its page."""
        return url_for(self.page, round=self.round.id, **{**self.at, **more})  # type: ignore[arg-type]

    def way(self, name: str, **more: object) -> str:
        """The address of one of its ways."""
        at = {**self.at, **self.own, "kind": self.kind, "round": self.round.id, **more}
        return url_for(f"{self.ways}.{name}", **at)  # type: ignore[arg-type]

    @property
    def taken(self) -> bool:
        """Whether this visitor may take it away as a workbook."""
        view: Any = current_app.view_functions[f"{self.ways}.excel"]
        area, verbs = view.right
        return may(acting().role, area, *verbs)


def ways(bp: Blueprint, path: str, find: Callable[..., Listed], read: Right, take: Right) -> None:
    """Give a blueprint the ways of its lists below ``path``: looking for words, the clipboard, Excel.

    ``find`` makes the list of what stands in the address; ``read`` and ``take``: area and verbs.
    """

    @bp.post(f"{path}/search")
    @allow(*read)
    def search(**at: Any) -> ResponseReturnValue:
        """Look for words in a list."""
        return _search(find(**at))

    @bp.get(f"{path}/rows")
    @allow(*read)
    def rows(**at: Any) -> ResponseReturnValue:
        """A list for the clipboard."""
        return _rows(find(**at))

    @bp.get(f"{path}/excel")
    @allow(*take)
    @costly("export")
    def excel(**at: Any) -> ResponseReturnValue:
        """A list as a workbook, for whoever may take what it shows away."""
        return _excel(find(**at))


def people(kind: str, round_: Round) -> Listed:
    """A list of people."""
    if kind not in people_lists.LISTS:
        raise no_list()
    make, title = people_lists.LISTS[kind]
    return Listed(round_, kind, title, make(round_), PEOPLE[kind], "people")


def no_list() -> Missing:
    """What to say of a kind that there is not."""
    return Missing("没有这份名单。请从上方菜单重新进入。")


def show(listed: Listed, template: str = "people/list.html", **more: object) -> ResponseReturnValue:
    """A list as a page."""
    seen = page(db.session(), listed.table, listed.asked())
    keep = {"found": "1"} if request.args.get("found") else {}
    links = {
        "address": lambda **other: listed.whole(**seen.address(**other), **keep),
        "other": lambda way: listed.way(way, **seen.address(page=1), **keep),
        "plain": listed.whole(),
    }
    about = {"round": listed.round, "kind": listed.kind, "title": listed.title, "listed": listed, "seen": seen}
    return render_template(template, **{**about, **links, **more})


def _search(listed: Listed) -> ResponseReturnValue:
    """Keep the words that are looked for, and go to the list."""
    words = request.form.get("words", "").strip()[:100]
    session["found"] = {**session.get("found", {}), listed.kind: words}
    known = {*OURS, "round", *listed.at, *listed.own}
    rest = {key: value for key, value in request.args.items() if key not in known}
    return redirect(listed.whole(**rest, **({"found": "1"} if words else {})), 303)


def _rows(listed: Listed) -> ResponseReturnValue:
    """Every row that is meant as lines with tabs, to be pasted into Excel, in the visitor's language."""
    head = "\t".join(sentence(column.label) for column in listed.table.columns)
    found = every(db.session(), listed.table, listed.asked(), sentence)
    texts = ("\t".join(" ".join(text.split()) for text in row) for row in found)
    return Response("\n".join((head, *texts)), mimetype="text/plain")


def _excel(listed: Listed) -> ResponseReturnValue:
    """Every row that is meant as a workbook."""
    made = f"{system_clock().astimezone():%Y-%m-%d %H:%M}"
    head = [column.label for column in listed.table.columns]
    texts = list(every(db.session(), listed.table, listed.asked()))
    data = listing(listed.round.name, listed.title, made, audit.head(db.session()), head, texts)
    return attached(f"{listed.title}.xlsx", data)
