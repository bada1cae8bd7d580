"""The tables of the domain's page, copied by hand, and the cell each route belongs to. Nothing comes from the code.

A new route: add one line to ``ROUTES``, ``"endpoint": (COLUMN, WORD)``. COLUMN is a column of a table below, WORD a
word of its cells; whoever has that word there may, nobody else. A route that fits no cell is a fault of the route, or
the page of the domain changes first. A route that writes also needs a step in ``acts.py``.
"""

from __future__ import annotations

# fmt: off
SCORES = {
    #                   own sheet       sheets of the panel                panel's totals      results of the round                     votes           audit
    "expert":          ("write, read",  "",                                "",                 "",                                      "",             ""),
    "chair":           ("write, read",  "read, confirm, unlock, settle",   "read own, sign",   "",                                      "",             ""),
    "secretary":       ("",             "state, type, file",               "print",            "",                                      "",             ""),
    "office":          ("",             "state, file, conflicts",          "read",             "compute, read, history",                "",             ""),
    "results_officer": ("",             "read, unlock, unlocks, settle, conflicts", "read",    "read, confirm, release, history",       "read, write",  ""),
    "organiser":       ("",             "",                                "",                 "read",                                  "",             ""),
    "supervisor":      ("",             "read, unlocks, conflicts",        "read",             "read, history",                         "read",         "read"),
    "desk":            ("",             "",                                "",                 "",                                      "",             ""),
    "admin":           ("",             "",                                "",                 "",                                      "",             ""),
    "screen":          ("",             "",                                "",                 "",                                      "",             ""),
    "nobody":          ("",             "",                                "",                 "",                                      "",             ""),
}
"""Who may see and do what with marks. "Read when …" is a moment, tried by other tests; here it is who may ever."""

DAY = {
    #                   people and venue    settings        drafts          published schedule           check-in and calls      users     public screens
    "expert":          ("own panel",        "",             "",             "own sittings",              "",                     "",       "read"),
    "chair":           ("own panel",        "",             "",             "own sittings",              "",                     "",       "read"),
    "secretary":       ("own panel",        "",             "",             "read",                      "own panel",            "",       "read"),
    "desk":            ("read",             "",             "",             "read",                      "write, read",          "",       "read"),
    "office":          ("write, read",      "write, read",  "write, read",  "publish, repair, read, take", "write, read",        "",       "read"),
    "results_officer": ("read",             "read",         "",             "read",                      "read",                 "",       "read"),
    "organiser":       ("read, take",       "",             "",             "read, take",                "read",                 "",       "read"),
    "supervisor":      ("read",             "read",         "read",         "read",                      "read",                 "",       "read"),
    "admin":           ("",                 "",             "",             "",                          "",                     "write",  "read"),
    "screen":          ("",                 "",             "",             "",                          "",                     "",       "its one"),
    "nobody":          ("",                 "",             "",             "",                          "",                     "",       ""),
}

BESIDE = {
    # What the page says in sentences below its tables: the review of papers has two persons, a panel's opinion is
    # written by the secretary and signed by the chair, statistics by expert are the officer's and the supervisor's.
    #                   papers       notes     by expert   own account
    "expert":          ("",          "",       "",         ""),
    "chair":           ("",          "sign",   "",         ""),
    "secretary":       ("type",      "write",  "",         "use"),
    "office":          ("",          "",       "",         "use"),
    "results_officer": ("confirm, read", "",   "read",     "use"),
    "organiser":       ("",          "",       "",         "use"),
    "supervisor":      ("read",      "",       "read",     "use"),
    "desk":            ("",          "",       "",         "use"),
    "admin":           ("",          "",       "",         "use"),
    "screen":          ("",          "",       "",         "use"),
    "nobody":          ("",          "",       "",         ""),
}
# fmt: on
COLUMNS = {
    **dict.fromkeys(("own sheet", "sheets", "totals", "results", "votes", "audit"), SCORES),
    **dict.fromkeys(("people", "settings", "drafts", "published", "calls", "users", "screens"), DAY),
    **dict.fromkeys(("papers", "notes", "by expert", "account"), BESIDE),
}
_PLACE = {
    id(SCORES): ("own sheet", "sheets", "totals", "results", "votes", "audit"),
    id(DAY): ("people", "settings", "drafts", "published", "calls", "users", "screens"),
    id(BESIDE): ("papers", "notes", "by expert", "account"),
}
ROLES = tuple(SCORES)
EVERYBODY = frozenset(ROLES)

ROUTES: dict[str, tuple[str, str] | None] = {
    # None: a door, open to everybody (logging in, the language, whether the server answers)
    "auth.index": None,
    "auth.login": None,
    "auth.enter": None,
    "auth.leave": None,
    "auth.language": None,
    "health.healthz": None,
    "health.metrics": None,
    "tablet.enter": None,
    "tablet.typed": None,
    "auth.password": ("account", "use"),
    "admin.accounts": ("users", "write"),
    "admin.add": ("users", "write"),
    "admin.disabled": ("users", "write"),
    "admin.screen": ("users", "write"),
    "admin.reset": ("users", "write"),
    "office.home": ("settings", "read"),
    "office.settings": ("settings", "read"),
    "office.rubric": ("settings", "read"),
    "office.add_round": ("settings", "write"),
    "office.save_settings": ("settings", "write"),
    "office.save_rubric": ("settings", "write"),
    "office.preview_rubric": ("settings", "write"),
    "office.save_directions": ("settings", "write"),
    "office.audit_log": ("audit", "read"),
    "rosters.index": ("people", "read"),
    "rosters.applicants": ("people", "read"),
    "rosters.experts": ("people", "read"),
    "rosters.venue": ("people", "read"),
    "rosters.upload": ("people", "write"),
    "rosters.check": ("people", "write"),
    "rosters.annotated": ("people", "write"),
    "rosters.answer": ("people", "write"),
    "rosters.confirm": ("people", "write"),
    "rosters.lock": ("people", "write"),
    "rosters.unlock": ("people", "write"),
    "people.search": ("people", "read"),
    "people.rows": ("people", "read"),
    "people.excel": ("people", "write or take"),
    "people.person": ("people", "read"),
    "people.new": ("people", "write"),
    "people.save": ("people", "write"),
    "people.remove": ("people", "write"),
    "people.recusal_list": ("people", "read"),
    "people.recheck": ("people", "read"),
    "people.add_recusal": ("people", "write"),
    "people.change_recusal": ("people", "write"),
    "employers.index": ("people", "read"),
    "employers.duplicate_list": ("people", "read"),
    "employers.join": ("people", "write"),
    "employers.split": ("people", "write"),
    "employers.decide": ("people", "write"),
    "day.home": ("published", "repair"),
    "day.new": ("published", "repair"),
    "day.repair": ("published", "repair"),
    "day.ask": ("published", "repair"),
    "day.again": ("published", "repair"),
    "day.stop": ("published", "repair"),
    "day.apply": ("published", "repair"),
    "day.drop": ("published", "repair"),
    "day.changes": ("drafts", "read"),
    "schedule.index": ("drafts", "read"),
    "schedule.progress": ("drafts", "read"),
    "schedule.start": ("drafts", "write"),
    "schedule.cancel": ("drafts", "write"),
    "schedule.upload": ("drafts", "write"),
    "schedule.check": ("drafts", "write"),
    "schedule.keep": ("drafts", "write"),
    "board.people": ("drafts", "read"),
    "board.places": ("drafts", "read"),
    "board.price": ("drafts", "read"),
    "board.edit": ("drafts", "write"),
    "board.undo": ("drafts", "write"),
    "board.redo": ("drafts", "write"),
    "why.index": ("drafts", "read"),
    "why.ask": ("drafts", "write"),
    "why.confirm": ("drafts", "write"),
    "why.apply": ("drafts", "write"),
    "schedule.compare": ("published", "read"),
    "schedule.show": ("drafts", "read"),
    "lots.index": ("drafts", "read"),
    "lots.show": ("drafts", "read"),
    "lots.record": ("published", "read"),
    "lots.commit": ("published", "publish"),
    "lots.call": ("published", "publish"),
    "lots.reveal": ("published", "publish"),
    "lots.void": ("published", "publish"),
    "lots.hand": ("calls", "write"),
    "lots.save_hand": ("calls", "write"),
    "office.capacity": ("settings", "read"),
    "schedule.published": ("published", "read"),
    "schedule.board": ("published", "read"),
    "schedule.panels": ("published", "read"),
    "schedule.experts": ("published", "read"),
    "schedule.applicants": ("published", "read"),
    "schedule.search": ("published", "read"),
    "schedule.rows": ("published", "read"),
    "schedule.excel": ("published", "read"),
    "schedule.confirm": ("published", "publish"),
    "schedule.publish": ("published", "publish"),
    "schedule.withdraw": ("published", "publish"),
    "prints.index": ("published", "read"),
    "prints.doors": ("published", "read"),
    "prints.notices": ("published", "read"),
    "prints.waiting": ("published", "read"),
    "prints.calls": ("published", "read"),
    "results.downloads": ("published", "read"),
    "results.download": ("published", "read"),
    "results.locked": ("published", "read"),
    "panel.console": ("calls", "own panel"),
    "panel.step": ("calls", "own panel: write"),
    "panel.code": ("calls", "own panel: write"),
    "panel.close": ("calls", "own panel: write"),
    "tablets.index": ("calls", "own panel: write"),
    "tablets.cards": ("calls", "own panel: write"),
    "tablets.revoke": ("calls", "own panel: write"),
    "tablets.begin": ("settings", "write"),
    "tablets.fill": ("settings", "write"),
    "tablets.wipe": ("settings", "write"),
    "panel.overview": ("calls", "everywhere"),
    "panel.recuse": ("published", "repair"),
    "panel.unrecuse": ("published", "repair"),
    "desk.index": ("calls", "everywhere"),
    "desk.arrive": ("calls", "write"),
    "desk.depart": ("calls", "write"),
    "desk.draw": ("calls", "write"),
    "desk.expert": ("calls", "write"),
    "live.now": None,
    "live.waiting": ("screens", "read"),
    "live.door": ("screens", "read"),
    "live.timer": ("screens", "read"),
    "live.changes": ("calls", "own panel"),
    "panel.assign": ("published", "repair"),
    "panel.reopen": ("published", "repair"),
    "panel.panel_totals": ("totals", "print"),
    "panel.note_list": ("notes", "write"),
    "panel.write_note": ("notes", "write"),
    "paper.index": ("sheets", "type"),
    "paper.sheet": ("sheets", "type"),
    "paper.type_in": ("sheets", "type"),
    "paper.files": ("sheets", "file"),
    "paper.upload": ("sheets", "file"),
    "paper.check": ("sheets", "file"),
    "paper.confirm": ("sheets", "file"),
    "screens.index": ("screens", "read"),
    "screens.waiting": ("screens", "read"),
    "screens.door": ("screens", "read"),
    "screens.timer": ("screens", "read"),
    "tablet.home": None,  # the app without data, so that it opens without a network; its data is tablet_data's
    "tablet.check": None,
    "tablet_data.worker": None,
    "tablet_data.hello": None,
    "tablet_data.come_in": None,
    "tablet_data.test_record": None,
    "tablet_data.view": ("own sheet", "read"),
    "tablet_data.alive": ("own sheet", "write"),
    "tablet_data.record": ("own sheet", "write"),
    "tablet_data.recuse": ("own sheet", "write"),
    "tablet_data.remark": ("own sheet", "write"),
    "tablet_data.settle": ("own sheet", "write"),
    "tablet.two_versions": ("sheets", "settle"),
    "tablet.propose_version": ("sheets", "settle"),
    "tablet.answer_version": ("sheets", "settle"),
    "versions.index": ("sheets", "two versions"),
    "versions.count": ("sheets", "two versions"),
    "versions.propose": ("sheets", "settle"),
    "versions.answer": ("sheets", "settle"),
    "pool.index": ("people", "read"),
    "pool.promises": ("people", "read"),
    "pool.draw_list": ("people", "read"),
    "pool.answer": ("people", "write"),
    "pool.commit": ("people", "write"),
    "pool.draw": ("people", "write"),
    "tablet.leave": ("own sheet", "read"),
    "tablet.panel": ("totals", "sign"),
    "tablet.sign": ("totals", "sign"),
    "tablet.paper_sheets": ("sheets", "confirm"),
    "tablet.confirm_paper": ("sheets", "confirm"),
    "tablet.return_paper": ("sheets", "confirm"),
    "tablet.note_list": ("notes", "sign"),
    "tablet.sign_note": ("notes", "sign"),
    "tablet.unlocks": ("sheets", "unlock"),
    "tablet.ask_unlock": ("sheets", "unlock"),
    "tablet.answer_unlock": ("sheets", "unlock"),
    "life.unlocks": ("sheets", "unlocks"),
    "life.ask": ("sheets", "unlock"),
    "life.answer": ("sheets", "unlock"),
    "life.history": ("results", "history"),
    "life.objection_list": ("results", "history"),
    "life.receive": ("results", "compute or confirm"),
    "life.decide": ("results", "confirm"),
    "life.recheck": ("results", "confirm"),
    "results.overview": ("results", "read"),
    "results.applicant": ("results", "read"),
    "results.origin_print": ("results", "read"),
    "results.search": ("results", "read"),
    "results.rows": ("results", "read"),
    "results.excel": ("results", "read"),
    "results.compute": ("results", "compute"),
    "results.confirm": ("results", "confirm"),
    "results.back": ("results", "confirm"),
    "results.release": ("results", "release"),
    "trust.report": ("by expert", "read"),
    "trust.panel": ("by expert", "read"),
    "committee.papers": ("papers", "type or read"),
    "committee.type_papers": ("papers", "type"),
    "committee.confirm_papers": ("papers", "confirm"),
    "committee.votes": ("votes", "read"),
    "committee.write_votes": ("votes", "write"),
    "committee.finish_votes": ("votes", "write"),
    "committee.reopen_votes": ("votes", "write"),
    "committee.write_meeting": ("votes", "write"),
    "committee.begin_notice": ("results", "release"),
}
"""Endpoint → its cell."""

WORDS = {
    # what a person may who has the word in the cell
    "own panel": ("own panel", "read", "write"),
    "own panel: write": ("own panel", "write"),
    "everywhere": ("read", "write"),
    "two versions": ("state", "read"),  # that there are two; the marks only when the rights say
    "print": ("print", "read"),
    "write or take": ("write", "take"),
    "compute or confirm": ("compute", "confirm"),
    "type or read": ("type", "read"),
}
PEOPLE_READ = {"screens": ("read", "its one")}
TABLET = {"expert", "chair"}
"""They come in by a tablet's code: their row holds on the tablet's pages and for what those listen to."""


def may(role: str, endpoint: str) -> bool:
    """Whether the tables let this role use the endpoint."""
    cell = ROUTES[endpoint]
    if cell is None:
        return True
    column, word = cell
    table = COLUMNS[column]
    words = WORDS.get(word) or PEOPLE_READ.get(column) or (word,)
    has = [part.strip() for part in table[role][_PLACE[id(table)].index(column)].split(",")]
    if role == "screen" and column == "screens":  # its one: the account of the test shows the waiting room
        return endpoint.endswith((".waiting", ".index"))
    door = (
        endpoint.startswith(("tablet.", "tablet_data.", "live.now"))
        if role in TABLET
        else not endpoint.startswith(("tablet.", "tablet_data."))
    )
    return door and any(word in has for word in words)
