"""``rostrum solve`` and ``rostrum check``: files, exit statuses, one line that says what is wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.bench import instances
from scheduler.schedule import LEVELS
from tests.scheduler.test_check import INSTANCE, SCHEDULE
from webapp.cli import group


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


def put(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_solve_then_check(tmp_path: Path) -> None:
    instance, out = put(tmp_path / "i.json", INSTANCE), tmp_path / "s.json"
    answer = run("solve", instance, "-o", out, "--seconds", 5, "--workers", 1, "--seed", 3)
    assert answer.exit_code == 0, answer.output
    assert set(json.loads(answer.stdout)) == {*LEVELS, "status", "seconds"}
    document = json.loads(out.read_text(encoding="utf-8"))
    assert set(document) >= {"panels", "unscheduled", "cost", "bound", "status", "seconds"}
    judged = run("check", instance, out)
    assert (judged.exit_code, json.loads(judged.stdout)["violations"]) == (0, 0)
    assert run("solve", instance, "-o", out, "--seconds", 5, "--start", out).exit_code == 0


@pytest.mark.parametrize("after", [1, 6])
def test_ctrl_c_ends_a_search_and_keeps_the_best(tmp_path: Path, after: int) -> None:
    instance, out = put(tmp_path / "i.json", instances.read("n300-1")), tmp_path / "s.json"
    code = "from webapp.cli import main; main()"
    command = [sys.executable, "-c", code, "solve", str(instance), "-o", str(out), "--seconds", "600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as search:
        assert search.stderr
        assert search.stdout
        for _ in range(after):
            assert "cost" in search.stderr.readline(), "a search that runs tells so every second"
        search.send_signal(signal.SIGINT)
        rest = search.stderr.read().splitlines()
        answer = json.loads(search.stdout.read())
    assert len(rest) < 60, "long before its time"
    assert search.returncode == 0
    assert run("check", instance, out).exit_code == 0
    assert answer["status"] in {"feasible", "optimal"}


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    instance = put(tmp_path / "i.json", INSTANCE)
    wrong = put(
        tmp_path / "s.json", SCHEDULE | {"unscheduled": [], "cost": [0] * 7, "bound": [0] * 7, "status": "optimal"}
    )
    answer = run("check", instance, wrong)
    assert answer.exit_code == 1
    lines = answer.stdout.strip().splitlines()
    assert lines[0].startswith("H1 unscheduled")
    assert any(line.startswith("COST") for line in lines)
    assert json.loads(lines[-1])["violations"] == len(lines) - 1


NONSENSE = {
    "no JSON": ("{", "JSON"),
    "a list": ("[]", "object"),
    "a key missing": (json.dumps({k: v for k, v in INSTANCE.items() if k != "rooms"}), "rooms"),
    "an unknown id": (json.dumps(INSTANCE | {"rooms": [{"id": "R1", "sessions": ["S9"]}]}), "S9"),
    "an id twice": (json.dumps(INSTANCE | {"rooms": [{"id": "R1"}, {"id": "R1"}]}), "R1"),
    "no length": (json.dumps(INSTANCE | {"talk_minutes": 0, "answer_minutes": 0}), "slot"),
    "a backward session": (
        json.dumps(INSTANCE | {"sessions": [{"id": "S1", "start": "2023-07-15T12:00", "end": "2023-07-15T08:00"}]}),
        "sessions[0]",
    ),
    "a strength of 4": (
        json.dumps(INSTANCE | {"experts": [{**INSTANCE["experts"][0], "directions": {"D1": 4}}]}),
        "experts[0]",
    ),
    "a time with a zone": (
        json.dumps(INSTANCE | {"sessions": [{"id": "S1", "start": "2023-07-15T08:00Z", "end": "2023-07-15T12:00"}]}),
        "sessions[0].start",
    ),
    "a flag as text": (json.dumps(INSTANCE | {"experts": [{**INSTANCE["experts"][0], "chair": "yes"}]}), "chair"),
    "an empty id": (json.dumps(INSTANCE | {"rooms": [{"id": ""}]}), "rooms[0].id"),
    "rooms as text": (json.dumps(INSTANCE | {"rooms": "R1"}), "rooms"),
    "three ends": (
        json.dumps(INSTANCE | {"applicants": [{**INSTANCE["applicants"][0], "unavailable": [["a", "b", "c"]]}]}),
        "unavailable[0]",
    ),
}


@pytest.mark.parametrize("what", NONSENSE)
def test_an_unreadable_instance_is_one_line_and_leaves_no_file(tmp_path: Path, what: str) -> None:
    text, says = NONSENSE[what]
    instance, out = tmp_path / "i.json", tmp_path / "s.json"
    instance.write_text(text, encoding="utf-8")
    answer = run("solve", instance, "-o", out)
    assert answer.exit_code == 2, answer.output
    assert says in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert not out.exists()
    assert run("check", instance, instance).exit_code == 2


def test_wrong_use(tmp_path: Path) -> None:
    instance = put(tmp_path / "i.json", INSTANCE)
    out = tmp_path / "s.json"
    assert run("solve", tmp_path / "none.json", "-o", out).exit_code == 2
    assert run("solve", instance, "-o", out, "--seconds", -1).exit_code == 2
    assert run("solve", instance, "-o", tmp_path / "no" / "folder.json", "--seconds", 2).exit_code == 2
    other = put(tmp_path / "other.json", {"panels": [{**SCHEDULE["panels"][0], "chair": "E99"}], "unscheduled": []})
    assert run("solve", instance, "-o", out, "--seconds", 2, "--start", other).exit_code == 2
    assert not out.exists()


def test_the_solver_alone_loads_no_web_and_no_database() -> None:
    code = "import scheduler.cli, webapp.cli, sys; print({'flask', 'sqlalchemy', 'openpyxl'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
