"""No binary fraction touches a mark between what an expert types and the rank: as written, and as run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from types import FrameType

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.aggregate import METHODS, aggregate
from scoring.correction import correct
from scoring.document import answer, parse
from scoring.rank import rank
from scoring.together import together
from tests.webapp.small import OFFICER, clock
from tests.webapp.test_origin import finish
from webapp.models import Result, Round, Sheet
from webapp.services import origin, results, reviews

D = Decimal
HOME = Path(__file__).parents[2]
WAY = [
    *(f"scoring/{name}.py" for name in ("aggregate", "correction", "document", "fields", "rank", "rubric", "sheet")),
    *(f"scoring/{name}.py" for name in ("story", "together", "vote")),
    *(f"webapp/services/{name}.py" for name in ("origin", "paper", "results", "reviews", "sheets", "totals")),
]
"""Where marks go through, from a record to the rank; ``scoring/marks.py`` alone knows what a float is: to read one."""
BINARY = {"cmath", "math", "numpy", "random", "statistics"}


def written(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float()):
                yield f"{node.lineno}: {node.value}"
            case ast.Name(id="float" | "round" as name):
                yield f"{node.lineno}: {name}"
            case ast.Import(names=names) if {n.name.split(".")[0] for n in names} & BINARY:
                yield f"{node.lineno}: import"
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in BINARY:
                yield f"{node.lineno}: {module}"


def test_none_is_written() -> None:
    assert [line for path in WAY for line in written(ast.parse((HOME / path).read_text()))] == []
    assert list(written(ast.parse("import numpy\nx = 0.5\nfloat(round(x))"))) != [], "the search finds them"


def holds(value: object, depth: int = 4) -> bool:
    """Whether a float stands somewhere in a value."""
    if isinstance(value, float):
        return True
    if depth == 0 or isinstance(value, str | bytes | Decimal):
        return False
    if isinstance(value, Mapping):
        return any(holds(one, depth - 1) for pair in value.items() for one in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(holds(one, depth - 1) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return any(holds(getattr(value, field.name, None), depth - 1) for field in fields(value))
    return False


class Watch:
    """What every function on the way holds when it ends, and what it gives back."""

    def __init__(self) -> None:
        self.met: list[str] = []
        self.seen: set[str] = set()
        self.files = {str(HOME / path): path for path in [*WAY, "scoring/marks.py"]}

    def __enter__(self) -> Watch:
        sys.setprofile(self)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def __call__(self, frame: FrameType, event: str, given: object) -> None:
        path = self.files.get(frame.f_code.co_filename)
        if path is None or event != "return":
            return
        self.seen.add(path)
        found = [name for name, value in {**frame.f_locals, "return": given}.items() if holds(value)]
        self.met += [f"{path} {frame.f_code.co_name}: {name}" for name in found]


def test_none_is_met_from_the_record_to_the_rank(session: Session, round_: Round) -> None:
    """Records, a computation with weights and correction, how it came about; and the document of ``rostrum score``."""
    items = [dict(item, step="0.1") for item in round_.rubric["items"]]
    round_.rubric = {**round_.rubric, "items": items}
    changes = {"aggregate": "trim_item", "correction": "pooled", "weights": [40, 60], "min_sheets": 2}
    round_.settings = round_.settings | changes
    reviews.write(session, OFFICER, clock, round_, {"A00001": {"basis": "35", "achievements": "50", "version": "0"}})
    with Watch() as watch:
        made = finish(session, round_)
        told = [origin.of(made, row) for row in made.results]
        results.valid_sheets(session, round_)
        panels = {"A": [D("81.1"), D("79.9")], "B": [D("84.3"), D("70.7")]}
        for method in ("pooled", "second_mean"):
            rank(dict(enumerate(correct(method, panels).scores["A"])))
        for method in METHODS:
            aggregate(method, [[D("0.1"), D("0.2")]] * 5)
        together(D("85"), D("79.50"), (40, 60))
        answer(parse('{"aggregate": {"method": "mean", "sheets": [[0.1, 0.2], [1e-1, 0.2], ["0.1", 2e-1]]}}'))
        answer(parse('{"correct": {"method": "pooled", "panels": {"A": [76.5, 81.25], "B": [83.0]}}}'))
    assert watch.met == []
    assert watch.seen >= {
        "scoring/marks.py",
        "scoring/story.py",
        "webapp/services/sheets.py",
        "webapp/services/results.py",
    }
    assert all(one.agrees for one in told)
    kept = [mark for sheet in session.scalars(select(Sheet)) for mark in sheet.marks.values()]
    kept += [value for row in session.scalars(select(Result)) for value in (row.raw, row.final, row.together)]
    assert {type(value) for value in kept} <= {str, Decimal, type(None)}


def test_halves_that_a_float_would_lose() -> None:
    """1.005, 2.675 and 1.115 have no binary fraction: as floats all three round down."""
    for text, shown in (("1.005", "1.01"), ("2.675", "2.68"), ("1.115", "1.12")):
        body = f'{{"aggregate": {{"method": "mean", "sheets": [[{text}], ["{text}"], [{text}]]}}}}'
        assert answer(parse(body))["score"] == shown
        assert f"{float(text):.2f}" != shown
    tied = '{"rank": {"scores": {"A": 0.3, "B": "0.30", "C": 0.1}}}'
    assert answer(parse(tied))["ranks"] == {"A": 1, "B": 1, "C": 3}
    whole = '{"aggregate": {"method": "mean", "decimals": 12, "sheets": [[0.1, 0.2], [0.1, 0.2], [0.3, 0]]}}'
    assert answer(parse(whole))["score"] == "0.300000000000"
