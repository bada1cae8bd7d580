"""The page about a load: what was asked, what came, beside what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.load.ratio import Ratio
from tests.load.web import Times

HEAD = """# Load

Written by `make load` ({at:%Y-%m-%d}, {machine}; the clients run on the same machine).
Load average when it ended: {load}.
Promise 24: a laptop with 60 tablets and 20 people, p95 at most 200 ms; a server with 1,000 tablets, p95 at most 500 ms;
no error in either. Each tablet saves every 10 s, every eighth record submits the sheet; a record counts when its
receipt fits. Each person opens a page of the role every 10 s.

"""
RATIO = """## A submission beside a bare insert

A Flask route with one insert and one commit (SQLAlchemy, same server, same database settings) and the submission of a
sheet (login, token, rights, place of the sheet, rubric, record, sheet, audit chain, commit), in turns, 4 at once over
connections that stay open, as many in both:

| database | submissions a second | bare inserts a second | share | promised | CPU of the server a request |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Form:
    """One form of the promise and what was measured."""

    name: str
    promised: int
    """Milliseconds within which 95 of 100 answers come."""
    seconds: float
    times: Times
    saved: int

    def summary(self) -> str:
        """What came of it, in one line."""
        return (
            f"{self.seconds:.0f} s, {len(self.times)} answers, {self.saved} receipts, "
            f"**{len(self.times.errors)} errors**; p95 **{self.times.share(0.95):.0f} ms** (promised {self.promised})."
        )


def render(
    forms: list[Form], ratios: Mapping[str, Ratio], machine: str, load: tuple[float, float, float], at: datetime
) -> str:
    """The page in Markdown."""
    text = HEAD.format(at=at, machine=machine, load=", ".join(f"{n:.1f}" for n in load))
    text += "".join(map(_form, forms))
    if ratios:
        rows = (
            f"| {name} | {r.submissions:.0f} | {r.inserts:.0f} | {r.share:.0%} | 50% | "
            f"{r.cpu_submission:.1f} ms beside {r.cpu_insert:.1f} ms |\n"
            for name, r in ratios.items()
        )
        text += RATIO + "".join(rows) + _wrong([error for r in ratios.values() for error in r.errors])
    return text


def _form(form: Form) -> str:
    times = form.times
    records = [name for name in ("save", "submit") if name in times.seconds]
    pages = sorted(set(times.seconds) - set(records))
    rows = [("all", ()), ("records", tuple(records)), *((name, (name,)) for name in pages)]
    lines = "".join(_row(times, name, what) for name, what in rows if what or name == "all")
    return (
        f"## {form.name}\n\n{form.summary()}\n\n"
        f"| what | answers | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|\n{lines}{_wrong(times.errors)}\n"
    )


def _wrong(errors: list[str]) -> str:
    return "".join(f"\n- {text}" for text in errors[:10])


def _row(times: Times, name: str, what: tuple[str, ...]) -> str:
    number = sum(len(found) for kind, found in times.seconds.items() if not what or kind in what)
    shares = " | ".join(f"{times.share(part, *what):.0f}" for part in (0.5, 0.95, 0.99))
    return f"| {name} | {number} | {shares} |\n"
