"""Long lists in the web: the page, the words that are looked for, the whole of it for Excel.

What is looked for may be a name and must not stand in an address: it is kept in the visitor's session, and the address
only says ``found=1``.
"""

from __future__ import annotations

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from exports.out.listing import listing
from webapp.db import db
from webapp.languages import sentence
from webapp.models import Round
from webapp.services import audit, people_lists
from webapp.services.kernel import Missing, system_clock
from webapp.services.listing import Asked, Page, Table, every, page

PLACES = {
    "applicants": "rosters.applicants",
    "experts": "rosters.experts",
    "recusals": "people.recusal_list",
    "employers": "employers.index",
    "pool": "pool.index",
}
"""Kind → where its page is."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def of_kind(kind: str, round_: Round) -> tuple[Table, str]:
    """The list of that kind and its title."""
    if kind not in people_lists.LISTS:
        raise Missing("没有这份名单。请从上方菜单重新进入。")
    make, title = people_lists.LISTS[kind]
    return make(round_), title


def asked(kind: str) -> Asked:
    """What this visitor asks of a list."""
    words = session.get("found", {}).get(kind, "") if request.args.get("found") else ""
    return Asked.of(request.args, words)


def look(kind: str, round_: Round) -> tuple[Page, str]:
    """The page asked for, and the list's title."""
    table, title = of_kind(kind, round_)
    return page(db.session(), table, asked(kind)), title


def show(kind: str, round_: Round, template: str = "people/list.html", **more: object) -> ResponseReturnValue:
    """A list as a page."""
    seen, title = look(kind, round_)
    keep = {"found": "1"} if request.args.get("found") else {}

    def address(**other: object) -> str:
        return url_for(PLACES[kind], round=round_.id, **{**seen.address(**other), **keep})  # type: ignore[arg-type]

    def other(endpoint: str) -> str:
        return url_for(endpoint, kind=kind, round=round_.id, **{**seen.address(page=1), **keep})  # type: ignore[arg-type]

    whole = url_for(PLACES[kind], round=round_.id)
    links = {"address": address, "other": other, "plain": whole}
    return render_template(template, round=round_, kind=kind, title=title, seen=seen, **links, **more)


def search(kind: str, round_: Round) -> ResponseReturnValue:
    """Keep the words that are looked for, and go to the list."""
    of_kind(kind, round_)
    words = request.form.get("words", "").strip()[:100]
    session["found"] = {**session.get("found", {}), kind: words}
    rest = {key: value for key, value in request.args.items() if key not in ("page", "found", "round", "kind")}
    found = {"found": "1"} if words else {}
    return redirect(url_for(PLACES[kind], round=round_.id, **rest, **found), 303)  # type: ignore[arg-type]


def rows(kind: str, round_: Round) -> ResponseReturnValue:
    """Every row that is meant as lines with tabs, to be pasted into Excel, in the visitor's language."""
    table, _title = of_kind(kind, round_)
    head = "\t".join(sentence(column.label) for column in table.columns)
    texts = ("\t".join(" ".join(text.split()) for text in row) for row in every(db.session(), table, asked(kind)))
    return Response("\n".join((head, *texts)), mimetype="text/plain")


def excel(kind: str, round_: Round) -> ResponseReturnValue:
    """Every row that is meant as a workbook."""
    table, title = of_kind(kind, round_)
    made = f"{system_clock().astimezone():%Y-%m-%d %H:%M}"
    head = [column.label for column in table.columns]
    texts = list(every(db.session(), table, asked(kind)))
    data = listing(round_.name, title, made, audit.head(db.session()), head, texts)
    response = Response(data, mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{title}.xlsx")
    return response
