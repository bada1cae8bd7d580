"""Promise 14: same input, seed and one worker under a deterministic limit: the same bytes. Pins kept, reasons named.

That pins are kept and each unscheduled applicant has a reason is in every generated case of promise 13 and in the
tests of explanations.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler import Problem, Schedule, solve
from scheduler.bench.instances import read
from tests.scheduler.test_search import HANG, assert_sound

SHORT = [("n60-1", 1), ("made-60-3-mixes-pins", 0.05)]
LONG = [("made-100-3-mixes-pins", 0.1), ("n1000-1", 0.02)]


@pytest.mark.parametrize(("name", "work"), SHORT + LONG * ("SOAK" in os.environ))
def test_the_same_work_gives_the_same_bytes(name, work, tmp_path):
    """In two processes at the same time that hash differently."""
    source = tmp_path / "instance.json"
    source.write_text(json.dumps(read(name)), encoding="utf-8")
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "solve", source]
    command += ["--workers", "1", "--work", str(work), "-o"]
    outs = [tmp_path / f"{hashing}.json" for hashing in (1, 2)]
    runs = [
        subprocess.Popen([*command, out], env=os.environ | {"PYTHONHASHSEED": out.stem}, stderr=subprocess.PIPE)
        for out in outs
    ]
    assert [(run.communicate(timeout=5 * HANG), run.returncode)[1] for run in runs] == [0, 0]
    first, second = (without_seconds(out) for out in outs)
    assert first == second
    assert_sound(Problem.from_json(read(name)), Schedule.from_json(json.loads(outs[0].read_bytes())))


def without_seconds(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(' "seconds"')]
    assert len(kept) == len(lines) - 1
    return kept


def test_another_seed_is_another_search():
    problem = Problem.from_json(read("n60-1"))
    first, second = (solve(problem, work=0.25, workers=1, seed=seed) for seed in (1, 2))
    assert first.panels != second.panels
