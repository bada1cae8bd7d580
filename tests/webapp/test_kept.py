"""``rostrum serve`` keeps the web and the solver going: who dies is started again, and nobody outlives the keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.load.servers import Server, free_port, rostrum
from webapp import browser
from webapp.config import from_environment
from webapp.keeper import Kept, keep


def soon(what: Callable[[], object]) -> None:
    for _ in range(600):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError


def answers(server: Server) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=5).close()
    except OSError:
        return False
    return True


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_who_dies_is_started_again_and_ends_with_the_keeper(tmp_path: Path) -> None:
    with rostrum(from_environment(tmp_path)) as server:
        for command in ("worker", "serve"):
            before = server.program(command)
            assert before
            os.kill(before, signal.SIGSEGV)
            soon(lambda: server.program(command) not in (None, before))  # noqa: B023
        soon(lambda: answers(server))
        last = [server.program(command) for command in ("worker", "serve")]
        os.kill(server.pid, signal.SIGKILL)
        for pid in last:
            assert pid
            soon(lambda: gone(pid))  # noqa: B023


def test_all_end_in_order_when_told_to(tmp_path: Path) -> None:
    with rostrum(from_environment(tmp_path)) as server:
        programs = [server.program(command) for command in ("worker", "serve")]
    assert all(pid and gone(pid) for pid in programs)


def test_a_web_that_cannot_start_is_not_tried_for_ever(tmp_path: Path) -> None:
    tried = Kept("网页服务", ["serve", "--data", str(tmp_path), "--host", "192.0.2.1"], lambda: False)
    assert keep([tried], lambda: None) != 0
    tried.end()


def test_a_certificate_that_is_none_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(tmp_path), "--port", str(free_port())]
    done = subprocess.run(
        [*command, "--tls-cert", bad, "--tls-key", bad], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "不是一对" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_browser_opens_once_the_web_answers_and_again_at_a_second_start(tmp_path: Path) -> None:
    """What stands for the browser asks for the page at once and keeps what it got."""
    got = "u.urlopen(sys.argv[1]).url + ' '"
    ask = f"import sys, urllib.request as u; open({str(tmp_path / 'seen')!r}, 'a').write({got})"
    (tmp_path / "ask.py").write_text(ask)
    desktop = {"DISPLAY": ":0", "BROWSER": f"{sys.executable} {tmp_path / 'ask.py'} %s"}
    seen = tmp_path / "seen"
    with rostrum(config := from_environment(tmp_path / "data"), "--open", "--no-worker", **desktop) as server:
        soon(seen.exists)
        soon(lambda: seen.read_text().count("/login ") == 1)
        command = [sys.executable, "-m", "webapp", "serve", "--open", "--port", str(server.port), "--data", config.data]
        again = subprocess.run(command, env=os.environ | desktop, capture_output=True, encoding="utf-8", check=True)
        assert "已经在运行" in again.stdout
        soon(lambda: seen.read_text().count("/login ") == 2)


def test_a_second_start_waits_for_the_first(tmp_path: Path) -> None:
    """Who clicks twice while it starts gets one Rostrum, not two on the same data that fight for the port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "webapp",
        "serve",
        "--open",
        "--no-worker",
        "--port",
        str(port),
        "--data",
        tmp_path,
    ]
    without = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    first, second = (subprocess.Popen(command, env=without, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2))
    ended: list[subprocess.Popen[str]] = []
    soon(lambda: ended.extend(one for one in (first, second) if one.poll() is not None) or ended)
    assert ended[0].returncode == 0
    assert "已经在运行" in ended[0].communicate()[0]
    assert browser.answers(f"http://127.0.0.1:{port}")
    other = second if ended[0] is first else first
    other.send_signal(signal.SIGINT)
    said = other.communicate(timeout=60)[0]
    assert said.count("Rostrum 已启动") == 1


def test_without_a_desktop_no_browser_takes_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(webbrowser, "open", lambda _page: pytest.fail("a browser was opened"))
    browser.show("http://127.0.0.1:1/login")
