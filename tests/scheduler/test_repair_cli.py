"""``rostrum repair``: its file, its lines, its exit statuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.repair import ORDER
from tests.scheduler.test_repair import INSTANCE, SCHEDULE, without
from webapp.cli import group


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """An instance without E2, the published schedule, where the new one goes."""
    instance: dict[str, Any] = json.loads(json.dumps(INSTANCE))
    without("experts", "E2")(instance)
    paths = tmp_path / "i.json", tmp_path / "s.json", tmp_path / "new.json"
    paths[0].write_text(json.dumps(instance), encoding="utf-8")
    paths[1].write_text(json.dumps(SCHEDULE), encoding="utf-8")
    return paths


def test_the_new_schedule_says_what_it_changes_and_what_is_proven(files: tuple[Path, Path, Path]) -> None:
    instance, old, new = files
    answer = run("repair", instance, old, "-o", new, "--seconds", 10, "--workers", 1, "--seed", 1)
    assert answer.exit_code == 0
    assert re.fullmatch(r"( +[0-9.]+ s  \w+ +cost \[.*\]  bound \[.*\]\n)+", answer.stderr)
    line = json.loads(answer.stdout)
    assert {k: line[k] for k in ORDER[:4]} == {"unscheduled": 0, "session": 0, "place": 0, "called": 2}
    assert line["proven"] is True
    document = json.loads(new.read_text(encoding="utf-8"))
    assert document["changes"] == {
        "unscheduled": [],
        "session": [],
        "place": [],
        "called": [["E4", "S1"], ["E4", "S2"]],
    }
    assert document["repair"]["levels"] == list(ORDER)
    assert run("check", instance, new).exit_code == 0


def test_what_is_past_and_breaks_the_instance_is_told(files: tuple[Path, Path, Path]) -> None:
    instance, old, new = files
    answer = run("repair", instance, old, "-o", new, "--now", "2023-07-15T08:45")
    assert answer.exit_code == 0
    assert "past, kept: H5 P1: has unknown members" in answer.stderr
    assert json.loads(new.read_text(encoding="utf-8"))["panels"][0]["members"] == ["E1", "E2", "E3"]


WRONG: dict[str, tuple[list[str], str]] = {
    "a moment that is none": (["--now", "tomorrow"], "--now"),
    "a moment with a zone": (["--now", "2023-07-15T08:45Z"], "--now"),
    "no time at all": (["--seconds", "0"], "--seconds"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use(files: tuple[Path, Path, Path], what: str) -> None:
    words, says = WRONG[what]
    instance, old, new = files
    answer = run("repair", instance, old, "-o", new, *words)
    assert answer.exit_code == 2
    assert says in answer.stderr
    assert not new.exists()


UNREADABLE = {
    "no JSON": ("{", "JSON"),
    "no schedule": ("{}", "panels"),
    "of another round": (json.dumps({"panels": [], "unscheduled": ["X1"]}), "names no applicant"),
    "one heard twice": (json.dumps(SCHEDULE).replace('"B2"', '"B1"'), "'B1' stands twice"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_schedule_that_is_none_is_one_line_and_leaves_no_file(files: tuple[Path, Path, Path], what: str) -> None:
    instance, old, new = files
    text, says = UNREADABLE[what]
    old.write_text(text, encoding="utf-8")
    answer = run("repair", instance, old, "-o", new)
    assert answer.exit_code == 2
    assert says in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert [p.name for p in new.parent.iterdir() if p.name not in ("i.json", "s.json")] == []


def test_a_folder_that_is_not_there(files: tuple[Path, Path, Path]) -> None:
    instance, old, new = files
    assert run("repair", instance, old, "-o", new.parent / "no" / "new.json").exit_code == 2
    assert run("repair", instance.parent / "no.json", old, "-o", new).exit_code == 2
