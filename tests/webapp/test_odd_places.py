"""Folders whose names are no plain words, and screens and files that hold GBK only."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAY = "from webapp.cli_server import Where, _say_where; _say_where(Where('0.0.0.0', 8000))"
NEW = ["-m", "webapp", "user", "add", "--role", "office"]


def run(*command: str, folder: Path = ROOT, encoding: str = "utf-8") -> str:
    """What a command said, or why not."""
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, input=b"\n", capture_output=True, check=False
    )
    return (done.stdout or done.stderr).decode(encoding)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Program and data lie in one, as they do in the bundle."""
    home = tmp_path / "答辩 系统 & (二) 100% %d #1"
    home.mkdir()
    (home / "webapp").symlink_to(ROOT / "webapp")
    assert "账号 admin 已建立" in run(*NEW, "admin", "--data", "data", folder=home)
    assert (home / "data" / "rostrum.sqlite3").exists()


def test_a_character_that_gbk_lacks_is_a_question_mark(tmp_path: Path) -> None:
    assert "账号 ?? 已建立" in run(*NEW, "㐱𠮷", "--data", str(tmp_path), encoding="gbk")


@pytest.mark.parametrize(("encoding", "drawn"), [("utf-8", True), ("gbk", False)])
def test_the_qr_code_is_drawn_where_the_screen_has_its_blocks(encoding: str, drawn: bool) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    subprocess.run([sys.executable, "-c", SAY], env=environment, stdout=theirs, check=True)
    said = os.read(ours, 1 << 16).decode(encoding)
    os.close(theirs)
    os.close(ours)
    assert "平板和其他电脑请打开" in said
    assert ("▀" in said) == drawn
