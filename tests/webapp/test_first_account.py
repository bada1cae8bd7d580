"""The window of a double click: it asks for the administrator's password until there is an account, then serves."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.load.servers import free_port
from webapp import browser
from webapp.config import from_environment
from webapp.services import users


class Window:
    """A terminal in which Rostrum starts."""

    def __init__(self, data: Path, port: int) -> None:
        self.screen, theirs = pty.openpty()
        command = [sys.executable, "-m", "webapp", "serve", "--open", "--no-worker", "--port", str(port)]
        without = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
        self.process = subprocess.Popen(
            [*command, "--data", data], env=without, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.said = ""

    def hear(self, text: str, pressing: str = "") -> None:
        """Read until it says so, what came before is forgotten; press keys meanwhile, for early ones may be dropped."""
        raw, end = b"", time.monotonic() + 120
        while text.encode() not in raw:
            assert time.monotonic() < end, raw.decode(errors="replace")
            if select.select([self.screen], [], [], 0.5)[0]:
                raw += os.read(self.screen, 4096)
            else:
                self.type(pressing)
        self.said = raw.decode(errors="replace")

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.screen, keys.encode())


@contextmanager
def window(data: Path, port: int) -> Iterator[Window]:
    """Open one; it is closed in the end."""
    opened = Window(data, port)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()
        os.close(opened.screen)


def test_the_first_account_is_asked_for_until_there_is_one(tmp_path: Path) -> None:
    port = free_port()
    with window(tmp_path, port) as closed:
        closed.hear("留空则生成一个")
    with window(tmp_path, port) as again:
        again.hear("留空则生成一个")
        again.type("short\n")
        again.hear("留空则生成一个")
        assert "密码" in again.said
        again.type("\n")
        again.hear("任意键")
        assert "账号 admin 已建立。初始密码" in again.said
        again.hear("按 Ctrl+C 停止", pressing=" ")
        assert browser.answers(f"http://127.0.0.1:{port}")
    with Session(create_engine(from_environment(tmp_path).database_url)) as session:
        assert [(one.name, one.role) for one in users.everyone(session)] == [("admin", "admin")]
    with window(tmp_path, port) as later:
        later.hear("按 Ctrl+C 停止")
        assert "留空" not in later.said
