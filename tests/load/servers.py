"""Real server processes on free loopback ports."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.config import Config


@dataclass(frozen=True)
class Server:
    """A running server: its port, and the process that was started."""

    port: int
    pid: int

    def program(self, command: str) -> int | None:
        """The process of a program it keeps (``serve``, ``worker``), while it runs."""
        return next((pid for pid in children(self.pid) if command in _words(pid)), None)

    def cpu(self) -> float:
        """Seconds of CPU the web has used so far."""
        web = self.program("serve") or self.pid
        fields = Path(f"/proc/{web}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes a process has started."""
    return [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]


def _words(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def rostrum(config: Config, *options: str, port: int = 0, **environment: str) -> Iterator[Server]:
    """``rostrum serve`` over the data folder, on a free port if none is given."""
    port = port or free_port()
    command = [sys.executable, "-m", "webapp", "serve", "--host", "127.0.0.1", "--port", str(port), *options]
    environment |= {"ROSTRUM_DATABASE_URL": config.database_url, "ROSTRUM_DATA": str(config.data)}
    address = f"http{'s' if '--tls' in options else ''}://127.0.0.1:{port}/healthz"
    with _running(command, address, environment) as pid:
        yield Server(port, pid)


@contextmanager
def bare(url: str) -> Iterator[Server]:
    """The bare route over the same kind of database; its port."""
    port = free_port()
    with _running([sys.executable, "-m", "tests.load.bare", url, str(port)], f"http://127.0.0.1:{port}/", {}) as pid:
        yield Server(port, pid)


@contextmanager
def _running(command: list[str], address: str, environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        _wait(address, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(address, timeout=5, context=ssl._create_unverified_context()).close()
        except urllib.error.HTTPError as error:
            return error.close()
        except OSError:
            time.sleep(0.1)
        else:
            return None
    raise TimeoutError("the server does not answer")
