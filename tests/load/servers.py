"""Real server processes on free loopback ports."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.config import Config


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def rostrum(config: Config, *options: str) -> Iterator[int]:
    """``rostrum serve`` over the data folder; its port."""
    port = free_port()
    command = [sys.executable, "-m", "webapp", "serve", "--host", "127.0.0.1", "--port", str(port), *options]
    environment = {"ROSTRUM_DATABASE_URL": config.database_url, "ROSTRUM_DATA": str(config.data)}
    with _running(command, port, environment, "/health"):
        yield port


@contextmanager
def bare(url: str) -> Iterator[int]:
    """The bare route over the same kind of database; its port."""
    port = free_port()
    with _running([sys.executable, "-m", "tests.load.bare", url, str(port)], port, {}, "/"):
        yield port


@contextmanager
def _running(command: list[str], port: int, environment: dict[str, str], path: str) -> Iterator[None]:
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, path, process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")
