"""What is handed over: the same wheel each time, with everything it needs; a bundle's list for each kind of machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest

from tests.load.servers import children
from webapp.cli import group
from webapp.deploy import install
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
        assert "pip install" not in text
        assert ("@PYTHON@" in text) != (name == "install.py")
    assert "--no-index" in install.PIP


def test_a_moved_folder_starts() -> None:
    """Programs that pip makes have the folder's path in them; the interpreter finds its own."""
    for name in ("start.bat", "start.sh"):
        text = (ROOT / "webapp" / "deploy" / name).read_text(encoding="utf-8")
        assert not re.search(r"(Scripts|bin)[\\/]rostrum", text)
        assert re.search(r'-m webapp serve --open --data data ("\$@"|%\*)$', text, re.M)


def test_the_commands_that_the_bundle_tells_exist() -> None:
    text = (ROOT / "webapp" / "deploy" / "readme.txt").read_text(encoding="utf-8")
    told = re.findall(r"-m webapp ([a-z-]+) (.+)", text)
    assert {name for name, _ in told} == {"archive", "backup", "user", "ca"}
    for name, rest in told:
        command = group.get_command(click.Context(group), name)
        assert command
        command.make_context(name, rest.split())


def test_the_batch_file_stops_at_what_failed() -> None:
    lines = (ROOT / "webapp" / "deploy" / "start.bat").read_text(encoding="utf-8").splitlines()
    steps = [n for n, line in enumerate(lines) if re.search(r" (-m webapp|install\.py)\b", line)]
    assert len(steps) == 2
    assert lines[steps[0] + 1] == f"if errorlevel {install.BUSY} goto busy"
    after = (steps[0] + 2, steps[1] + 1)
    assert all(lines[n] == "if errorlevel 1 goto failed" for n in after)
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {word for line in lines for word in re.findall(r"goto (\w+)", line)} == labels


def small(wheels: Path, name: str, module: str, text: str) -> Path:
    """Write one of version 1 with a single module."""
    path, about = wheels / f"{name}-1-py3-none-any.whl", f"{name}-1.dist-info"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{module}.py", text)
        made.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        made.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of one wheel that says of itself it is Rostrum, and needs one more."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    small(wheels, "rostrum", "webapp", "import part\n")
    digest = hashlib.sha256(small(wheels, "part", "part", "").read_bytes()).hexdigest()
    (wheels / "linux.txt").write_text(f"part==1 --hash=sha256:{digest}\n")
    shutil.copy(install.__file__, tmp_path / "install.py")
    return tmp_path


def begin(bundle: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, bundle / "install.py"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def test_an_installation_is_left_alone_and_begun_anew_when_broken_off(bundle: Path) -> None:
    first = begin(bundle)
    assert first.stdout
    assert "正在安装" in first.stdout.readline()
    second = begin(bundle)
    assert "另一个窗口正在安装" in second.communicate()[0]
    assert second.returncode == install.BUSY
    steps = children(first.pid)
    for pid in (first.pid, *steps):
        os.kill(pid, signal.SIGKILL)
    first.communicate()
    assert not (bundle / "env" / "ok").exists()
    (bundle / "env").mkdir(exist_ok=True)
    (bundle / "env" / "left.txt").touch()
    again = begin(bundle)
    said = again.communicate()[0]
    assert (again.returncode, "正在安装" in said) == (0, True)
    assert install.installed(bundle)
    assert not (bundle / "env" / "left.txt").exists()
    last = begin(bundle)
    assert (last.communicate()[0], last.returncode) == ("", 0)


def test_wheels_that_were_laid_over_it_are_installed(bundle: Path) -> None:
    for version in ("old", "new"):
        small(bundle / "wheels", "rostrum", "webapp", f"version = {version!r}\n")
        assert "正在安装" in begin(bundle).communicate()[0]
        told = [install.python(bundle / "env"), "-Ic", "import webapp; print(webapp.version)"]
        assert subprocess.run(told, capture_output=True, text=True, check=True).stdout == f"{version}\n"
    assert begin(bundle).communicate()[0] == ""


def test_what_does_not_fit_its_hash_is_not_installed(bundle: Path) -> None:
    (bundle / "wheels" / "linux.txt").write_text(f"part==1 --hash=sha256:{'0' * 64}\n")
    failed = begin(bundle)
    failed.communicate()
    assert failed.returncode == 1
    assert not install.installed(bundle)
