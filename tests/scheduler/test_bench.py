"""``rostrum bench``: the instances, the child process, the judgement, the page."""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from scheduler.bench import figures, instances, measure, report
from scheduler.bench.figures import Row, Run
from scheduler.bench.instances import CURVE, TABLE, Target
from scheduler.bench.make import CLUSTER
from scheduler.bench.picture import curve
from scheduler.check import check
from scheduler.facts import Facts
from scheduler.problem import Problem
from scheduler.schedule import LEVELS
from tests.scheduler.test_check import INSTANCE, SCHEDULE
from webapp.cli import group

COST = (0, 6, 4, 20, 25, 2, 0)


def row(name: str = "n60-1", applicants: int = 60, seconds: float = 30, peer: Run | None = None, **ours: Any) -> Row:
    run = Run(**{"cost": COST, "bound": COST, "heard": 0.6, "total": 2.0, "megabytes": 120.0} | ours)
    return Row(name, applicants, seconds, "2 cores", "2025-11-24", run, peer)


def other(*cost: int) -> Run:
    return Run(cost, (), None, 30.0, 500.0)


# ---------------------------------------------------------------- instances


@pytest.mark.parametrize("name", TABLE)
def test_the_public_instances_are_there(name: str) -> None:
    assert len(Problem.from_json(instances.read(name)).applicants) == int(name[1:].split("-", maxsplit=1)[0])


@pytest.mark.parametrize("name", ["made-1-1", "made-100-1", "made-400-3-mixes-pins-uneven-turnover-tight"])
def test_a_made_instance_is_readable_and_always_the_same(name: str) -> None:
    document = instances.read(name)
    problem = Problem.from_json(document)
    assert len(problem.applicants) == int(name.split("-")[1])
    assert instances.read(name) == document
    assert instances.read(name.replace("made-", "made-1", 1)) != document
    cluster = {d.id: i // CLUSTER for i, d in enumerate(problem.directions)}
    for expert in problem.experts:
        assert 3 in expert.strength.values()
        assert len({cluster[d] for d in expert.strength}) == 1
        assert expert.sessions
    for d in problem.directions:
        assert sum(e.chair and e.strength.get(d.id) == 3 for e in problem.experts) >= 2


def test_every_word_of_a_name_does_something() -> None:
    plain, rich = (
        Problem.from_json(instances.read(n)) for n in ("made-600-3", "made-600-3-mixes-pins-uneven-turnover")
    )
    ends = [{s.end.time() for s in p.sessions} for p in (plain, rich)]
    pins = [sum(a.pin.session is not None for a in p.applicants) for p in (plain, rich)]
    assert len(ends[0]) == 2 < len(ends[1])
    assert pins[0] == 0 < pins[1] < 60
    assert [p.slot_minutes for p in (plain, rich)] == [10, 12]
    assert not plain.rules.mixes
    assert rich.rules.mixes
    heard = Counter(a.direction for a in rich.applicants)
    assert all(sum(heard[d] for d in mix) <= 16 for mix in rich.rules.mixes)
    tight = Problem.from_json(instances.read("made-600-3-tight"))
    assert len(tight.experts) < len(plain.experts)
    assert len(tight.rooms) <= len(plain.rooms)
    windows = Problem.from_json(instances.read("made-600-3-windows"))
    assert windows.experts == plain.experts
    assert not Facts(plain).windowed
    assert Facts(windows).windowed


def test_a_name_nobody_knows() -> None:
    for name in ("made-0-1", "made-10-1-large", "n61-1"):
        with pytest.raises(instances.Unreadable, match="neither"):
            instances.read(name)


def test_the_seconds_of_an_instance() -> None:
    assert [instances.seconds_of(n, 0) for n in ("n300-2", "made-30000-1")] == [60, 900]
    assert [instances.seconds_of("mine", n) for n in (120, 121, 1000, 5000)] == [30, 60, 120, 300]


# ---------------------------------------------------------------- a child process


def child(code: str) -> measure.Child:
    return measure.run([sys.executable, "-c", code], 20, lambda _: None)


def test_the_first_line_with_everyone_heard_counts() -> None:
    line = "   0.5 s  sittings     cost [{}, 9, 4, 20, 25, 2, 0]  bound [0, 5, 4, 0, 0, 0, 0]"
    assert measure.everyone_heard(line.format(0))
    assert not measure.everyone_heard(line.format(10))
    assert not measure.everyone_heard("cost [0")
    text = "import sys, time; print({!r}, file=sys.stderr, flush=True); time.sleep(0.3); print('end', file=sys.stderr)"
    ended = child(text.format(line.format(0)))
    assert ended.heard is not None
    assert ended.heard < ended.total
    assert (ended.status, ended.last) == (0, "end")
    assert child(text.format(line.format(1))).heard is None


def test_the_lines_of_the_real_solver_are_understood(tmp_path: Path) -> None:
    instance = tmp_path / "i.json"
    instance.write_text(json.dumps(instances.read("n60-1")), encoding="utf-8")
    words = ["solve", str(instance), "-o", str(tmp_path / "s.json"), "--seconds", "2"]
    lines = CliRunner().invoke(group, words).stderr.splitlines()
    assert any(measure.LINE.match(line) for line in lines), lines


def test_a_child_that_fails() -> None:
    ended = child("import sys; sys.exit('no such thing')")
    assert (ended.status, ended.last) == (1, "no such thing")
    run = figures.judged(Problem.from_json(INSTANCE), ended, None, claims=True)
    assert (run.cost, run.faults) == ((), ("no schedule, exit status 1: no such thing",))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a child's children hold")
def test_memory_is_that_of_all_processes_together() -> None:
    hold = "import time; held = b'x' * (80 << 20); "
    held = b"x" * (500 << 20)  # by us, not by the child
    ended = child(f"import subprocess, sys; {hold} subprocess.run([sys.executable, '-c', {hold + 'time.sleep(2)'!r}])")
    del held
    assert ended.megabytes is not None
    assert 160 < ended.megabytes < 400


# ---------------------------------------------------------------- judgement


def test_a_schedule_is_judged_by_our_own_count() -> None:
    problem, ended = Problem.from_json(INSTANCE), measure.Child(0, 3.0, None, 90.0, "")
    cost = check(problem, SCHEDULE).cost
    right = SCHEDULE | {"cost": list(cost), "bound": list(cost), "status": "optimal", "seconds": 1}
    run = figures.judged(problem, ended, right, claims=True)
    assert (run.cost, run.bound, run.proven, run.faults) == (cost, cost, 7, ())
    left = set(SCHEDULE["unscheduled"])
    assert left
    assert run.heard is None
    fewer = INSTANCE | {"applicants": [a for a in INSTANCE["applicants"] if a["id"] not in left]}
    assert figures.judged(Problem.from_json(fewer), ended, right | {"unscheduled": []}, claims=False).heard == 3.0
    lie = right | {"cost": [0] * 7}
    assert figures.judged(problem, ended, lie, claims=True).faults[0].startswith("COST")
    assert figures.judged(problem, ended, lie, claims=False).cost == cost
    broken = right | {"unscheduled": ["nobody"]}
    assert figures.judged(problem, ended, broken, claims=False).faults[0].startswith("H1")
    assert "panels" in figures.judged(problem, ended, {}, claims=False).faults[0]


@pytest.mark.parametrize(
    ("ours", "theirs", "answer"),
    [
        ((0, 6, 4, 19, 25, 2, 1), (0, 6, 4, 19, 25, 2, 1), (0, "equal")),
        ((0, 6, 4, 19, 30, 9, 9), (0, 6, 4, 20, 25, 2, 1), (-1, "better at mismatch")),
        ((1, 5, 1, 1, 1, 1, 1), (0, 6, 4, 20, 25, 2, 1), (1, "worse at unscheduled")),
    ],
)
def test_the_first_level_that_differs_decides(ours: tuple[int, ...], theirs: tuple[int, ...], answer: object) -> None:
    assert figures.compare(ours, theirs) == answer


def test_ratios_and_gaps() -> None:
    assert figures.ratios((0, 3, 6, 2), (0, 4, 3, 0)) == [1.0, 0.75, 2.0, float("inf")]
    assert [figures.gap(*pair) for pair in ((103, 100), (5, 5), (0, 0), (1, 0))] == [0.03, 0, 0, float("inf")]


def bound(**less: int) -> tuple[int, ...]:
    return tuple(c - less.get(level, 0) for level, c in zip(LEVELS, COST, strict=True))


@pytest.mark.parametrize(
    ("given", "target", "says"),
    [
        ({}, Target(30, proven=7, heard=1, gigabytes=8), []),
        ({"total": 31.6}, None, ["took 31.6 s of 30"]),
        ({"seconds": 60}, Target(30), ["given 60 s, not 30"]),
        ({"bound": bound(groups=1)}, Target(30, proven=3), ["groups not proven"]),
        ({"bound": bound(sittings=1)}, Target(30, proven=3), ["sittings not proven", "groups not proven"]),
        ({"bound": bound(thin=0, peak=1)}, Target(30, proven=3, within={"days": 0.1}), []),
        ({"bound": bound(mismatch=2)}, Target(30, within={"mismatch": 0.1}), ["mismatch above 10% over its bound"]),
        ({"bound": bound(mismatch=1)}, Target(30, within={"mismatch": 0.1}), []),
        ({"heard": 1.5}, Target(30, heard=1), ["everyone heard after 1.5 s, not 1"]),
        ({"cost": (1, *COST[1:]), "heard": None}, Target(30, heard=1), []),
        ({"megabytes": 8100.0}, Target(30, gigabytes=8), ["8100 MB of memory, not 8000"]),
        ({"megabytes": None}, Target(30, gigabytes=8), []),
        ({"peer": other(0, 6, 4, 19, 99, 9, 9)}, None, ["worse at mismatch than the peer"]),
        ({"peer": other(0, 6, 4, 21, 1, 1, 1)}, None, []),
        ({"peer": other()}, None, []),
        ({"cost": (), "bound": (), "faults": ("H1 A1: is heard 2 times",)}, None, ["H1 A1: is heard 2 times"]),
    ],
)
def test_what_a_run_missed(given: dict[str, Any], target: Target | None, says: list[str]) -> None:
    assert figures.missed(row(**given), target) == says


# ---------------------------------------------------------------- the page


def test_the_page_from_fixed_figures() -> None:
    rows = [
        row("mine", 7, 30, cost=(), bound=(), heard=None, faults=("H1 A1: is heard 2 times",)),
        row("made-1000-1", 1000, 120, total=119.96, megabytes=1234.5),
        row("made-100-1", 100),
        row("n300-1", 300, 60, bound=bound(mismatch=5), peer=other(0, 6, 5, 10, 25, 2, 0)),
    ]
    text = report.page(rows, "x.json", "x.svg")
    assert (
        "| n300-1 | 300 | 60 s | **0** | **6** | **4** | 20 (15) | **25** | **2** | **0** | 3 levels proven "
        "| 0.6 s | 2.0 s | 120 MB | mismatch above 3% over its bound |"
    ) in text
    assert (
        "| n300-1 | 60 s | 0, 6, 4, 20, 25, 2, 0 | 0, 6, 5, 10, 25, 2, 0 | better at groups | 1, 1, 0.8, 2, 1, 1, 1 "
        "| 30.0 s | 500 MB |"
    ) in text
    assert "| no valid schedule | – | 2.0 s | 120 MB | H1 A1: is heard 2 times |" in text
    assert "| 1,000 | 120 s | **0** | **6** |" in text
    assert "| optimal | 0.6 s | 120.0 s | 1,234 MB |" in text
    assert "](x.svg)" in text
    assert text.index("| n300-1 |") < text.index("| mine |") < text.index("| 100 |") < text.index("| 1,000 |")
    assert "- 2025-11-24, 2 cores\n" in text
    tables = [line.count("|") for line in text.splitlines() if line.startswith("|")]
    assert set(tables) == {16, 9, 14}


def test_a_page_of_little() -> None:
    text = report.page([row("made-100-1", 100)], "x.json", "x.svg")
    assert "x.svg" not in text
    assert "must be reached" not in text
    assert "Beside" not in text


def test_rows_of_several_days_say_which() -> None:
    rows = [row(), Row("n120-1", 120, 30, "8 cores", "2025-12-01", row().ours)]
    assert "- 2025-11-24, 2 cores: n60-1\n- 2025-12-01, 8 cores: n120-1\n" in report.page(rows, "f", "p")


def test_the_picture_rises_with_the_figures() -> None:
    sizes = (100, 1000, 10000)
    rows = [row("c", n, total=n / 50, heard=n / 100, megabytes=n * 1.0) for n in sizes]
    root = ElementTree.fromstring(curve([*rows, row("c", 30000, total=600.0, heard=None, megabytes=None)]))
    space = "{http://www.w3.org/2000/svg}"
    lines = [e.attrib["points"].split() for e in root.iter(f"{space}polyline") if "stroke-dasharray" not in e.attrib]
    places = [[tuple(map(float, point.split(","))) for point in line] for line in lines]
    assert [len(line) for line in places] == [3, 4, 3]
    for line in places:
        assert all(x < x2 and y > y2 for (x, y), (x2, y2) in itertools.pairwise(line))
    texts = {e.text for e in root.iter(f"{space}text")}
    assert {"seconds", "megabytes of memory", "100", "1,000", "30,000"} <= texts
    assert min(y for line in places for _, y in line) > 0


# ---------------------------------------------------------------- the command


def bench(*words: object) -> Result:
    return CliRunner().invoke(group, ["bench", *map(str, words)])


def test_an_instance_through_the_real_commands(tmp_path: Path) -> None:
    small, page = tmp_path / "small.json", tmp_path / "new" / "page.md"
    small.write_text(json.dumps(INSTANCE), encoding="utf-8")
    peer = "rostrum solve {instance} -o {output} --seconds {seconds} --workers 1"
    answer = bench(small, "--seconds", 2, "--workers", 1, "--peer", peer, "-o", page)
    assert answer.exit_code == 0, answer.output
    (found,) = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert (found["name"], found["seconds"], found["ours"]["faults"]) == ("small", 2, [])
    assert found["peer"]["cost"] == found["ours"]["cost"] != []
    assert found["peer"]["bound"] == []
    assert found["ours"]["megabytes"] > 10 or sys.platform == "win32"
    assert "| equal | 1, 1, 1, 1, 1, 1, 1 |" in page.read_text(encoding="utf-8")
    assert bench("n60-1", "--seconds", 1, "--peer", f"{sys.executable} {{instance}} {{output}}", "-o", page).stdout
    first, second = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert (first["name"], second) == ("n60-1", found)
    assert first["ours"]["cost"]
    assert first["peer"]["faults"][0].startswith("no schedule")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["n61-1"], "n60-1, n120-1"),
        (["n60-1", "n60-1"], "another instance called n60-1"),
        (["n60-1", "--peer", "rostrum solve {instance}"], "{output}"),
        (["n60-1", "--peer", "no-such-program {instance} {output}"], "no-such-program"),
        (["n60-1", "--seconds", "0"], "--seconds"),
    ],
)
def test_wrong_use_is_said_before_anything_is_run(tmp_path: Path, words: list[str], says: str) -> None:
    answer = bench(*words, "-o", tmp_path / "page.md")
    assert answer.exit_code == 2
    assert says in answer.stderr
    assert not list(tmp_path.iterdir())


def test_figures_of_something_else_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "page.json").write_text("{}", encoding="utf-8")
    (tmp_path / "list.json").write_text('[{"name": "x"}]', encoding="utf-8")
    for name in ("page", "list"):
        answer = bench("n60-1", "--seconds", 1, "-o", tmp_path / f"{name}.md")
        assert (name, answer.exit_code) == (name, 2)
        assert "move it away" in answer.stderr


def test_the_curve_goes_from_100_to_30_000() -> None:
    assert [instances.kind_of(name).applicants for name in CURVE] == [100, 300, 1000, 3000, 10000, 30000]  # type: ignore[union-attr]
