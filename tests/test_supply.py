"""What is handed over: the same wheel each time, with everything it needs; a bundle's list for each kind of machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from webapp.deploy.bundle import SCRIPTS, TARGETS, needed
from webapp.deploy.lock import Part, read
from webapp.deploy.parts import licences, sbom

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"


def wheel(folder: Path, seconds: int) -> Path:
    """Build the wheel from a copy of another time, under the umask that `make wheel` sets."""
    source = folder / "source"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    before = os.umask(0o022)
    try:
        for name in (n.decode() for n in names if n and not n.startswith((b"tests/", b"docs/"))):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
            os.utime(source / name, (seconds, seconds))
        code = "from setuptools.build_meta import build_wheel; build_wheel('../')"
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1790000000"}
        subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True, env=environment)
    finally:
        os.umask(before)
    return next(folder.glob("*.whl"))


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a source tree without its history")
def test_two_builds_are_equal_and_whole(tmp_path: Path) -> None:
    one, two = (wheel(tmp_path / name, seconds) for name, seconds in (("a", 1_600_000_000), ("b", 1_700_000_000)))
    assert hashlib.sha256(one.read_bytes()).hexdigest() == hashlib.sha256(two.read_bytes()).hexdigest()
    inside = set(zipfile.ZipFile(one).namelist())
    assert {"webapp/templates/base.html", "webapp/migrations/env.py", "webapp/deploy/start.bat"} <= inside
    assert not [name for name in inside if name.startswith("tests/")]


def test_every_part_is_pinned_and_hashed() -> None:
    parts = list(read(LOCK))
    assert len(parts) > 40
    assert all(part.hashes for part in parts)


def test_each_kind_of_machine_gets_its_own() -> None:
    parts = list(read(LOCK))
    names = {
        target.name: re.findall(r"^([A-Za-z0-9._-]+)==", needed(parts, target, "3.12"), re.M) for target in TARGETS
    }
    assert "gunicorn" in names["linux"]
    assert "gunicorn" not in names["windows"]
    assert all(len(found) == len(set(found)) for found in names.values())
    assert {"flask", "ortools", "psycopg"} <= set(names["windows"])


@pytest.mark.parametrize("marker", ["python_version in '3.11'", "(sys_platform == 'win32')", "extra == 'x' xor y"])
def test_a_marker_of_another_shape_is_no_silent_yes(marker: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        Part("x", "1", marker, ()).needed(TARGETS[0].environment("3.12"))


def test_the_bill_names_every_part_and_is_the_same_each_time() -> None:
    parts = list(read(LOCK))
    bill = sbom(parts, "0.1.0")
    assert json.dumps(bill) == json.dumps(sbom(parts, "0.1.0"))
    assert [c["purl"] for c in bill["components"]] == [f"pkg:pypi/{p.name}@{p.version}" for p in parts]
    assert all(c["externalReferences"][0]["hashes"] for c in bill["components"])


def test_the_page_of_licences_is_of_this_lock() -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([^ |]+) \| ([^ |]+) \|", page, re.M)) - {("package", "version")}
    assert listed == {(part.name, part.version) for part in read(LOCK)}
    assert "(not said)" not in licences(list(read(LOCK)))


def test_the_start_scripts_are_there_and_offline() -> None:
    for name in SCRIPTS:
        text = (ROOT / "webapp" / "deploy" / name).read_text(encoding="utf-8")
        assert text.count("--no-index") == text.count("pip install")
        assert "@PYTHON@" in text


def test_a_moved_folder_starts() -> None:
    """Programs that pip makes have the folder's path in them; the interpreter finds its own."""
    for name in ("start.bat", "start.sh"):
        text = (ROOT / "webapp" / "deploy" / name).read_text(encoding="utf-8")
        assert not re.search(r"(Scripts|bin)[\\/]rostrum", text)
        assert "import webapp" in text
        assert "-m venv --clear env" in text


def test_the_batch_file_stops_at_what_failed() -> None:
    lines = (ROOT / "webapp" / "deploy" / "start.bat").read_text(encoding="utf-8").splitlines()
    steps = [n for n, line in enumerate(lines) if re.search(r" -m (venv|pip|webapp) ", line)]
    assert len(steps) == 5
    assert all(lines[n + 1] == "if errorlevel 1 goto failed" for n in steps)
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {word for line in lines for word in re.findall(r"goto (\w+)", line)} == labels
