"""One solver as a child process: what it wrote, how long it took from its start, how much memory it held.

Memory is the larger of two figures: what the system reports for the largest process, and (on Linux) the most that the
process and its children were seen to hold together. On Windows neither is to be had without another library: ``None``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"^\s*[\d.]+ s\s+\w+\s+cost \[([\d, ]+)\]")
"""A line of progress, as ``rostrum solve`` writes it."""
EVERY = 0.25
"""Seconds between two looks at the memory."""
PATIENCE = 3
"""A child that takes so many times its limit, and a minute, is ended."""


@dataclass(frozen=True)
class Child:
    """How a child process went. ``heard``: seconds from its start to its first line with nobody unscheduled."""

    status: int
    total: float
    heard: float | None
    megabytes: float | None
    last: str


def run(command: Sequence[str], seconds: float, show: Callable[[str], None]) -> Child:
    """Run a command that should end in ``seconds``; each line it writes to stderr is shown.

    Raises:
        OSError: there is no such program.
    """
    began = time.monotonic()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        watch = _Watch(process.pid)
        overdue = threading.Timer(PATIENCE * seconds + 60, _kill, [process])
        overdue.start()
        try:
            heard, last = _follow(process, began, show)
            status, largest = _end(process)
        finally:
            overdue.cancel()
            watch.stop()
            if process.returncode is None:
                _kill(process)
        total = time.monotonic() - began
    megabytes = watch.most or largest  # what the system tells counts what this process held when it made the child
    return Child(status, round(total, 2), heard, megabytes and round(megabytes, 1), last)


def _follow(process: subprocess.Popen[str], began: float, show: Callable[[str], None]) -> tuple[float | None, str]:
    """Read stderr to its end: when everyone was heard, and the last line."""
    heard, last = None, ""
    for line in process.stderr or ():
        last = line.strip() or last
        show(last)
        if heard is None and everyone_heard(line):
            heard = round(time.monotonic() - began, 2)
    return heard, last


def everyone_heard(line: str) -> bool:
    """Whether it is a line of progress that leaves nobody unscheduled."""
    found = LINE.match(line)
    return found is not None and found[1].split(",")[0].strip() == "0"


def _end(process: subprocess.Popen[str]) -> tuple[int, float | None]:
    """Wait for the end: exit status, and megabytes of the largest process where the system tells them."""
    if sys.platform == "win32":
        return process.wait(), None
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a child and, where the system has groups, all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children now and then; ``most`` in megabytes, 0 where it cannot."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(EVERY):
            self.most = max(self.most, sum(map(_resident, _family(self.pid))))

    def stop(self) -> None:
        self.over.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    """A process and all below it, as Linux lists them; elsewhere only itself."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text(encoding="ascii").split()
        except OSError:  # it ended while we looked
            continue
        for child in found:
            yield from _family(int(child))


def _resident(pid: int) -> float:
    """Megabytes a process holds, its share of what others hold as well; 0 if it is gone.

    Shares, since a process that was just forked holds all that its parent holds, and nothing of its own.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 2**10
