"""Programs that are started again when they die: a fault in one of them costs seconds, not the day.

A kept program ends with its keeper, however that ended: its standard input comes from the keeper and closes with it.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

LOOK = 0.2
WAIT, LONGEST, SETTLED = 0.5, 30.0, 60.0
"""Seconds before the next start; at most, for it is doubled with each death; lived so long, deaths are forgotten."""
APART: dict[str, Any] = {
    "start_new_session": True,
    "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
}
"""Ctrl+C is the keeper's to hear, who then ends its programs in order."""
PATIENCE = 15.0
"""Seconds a program may take to end: the solver keeps its best, and what is not kept goes back to the queue."""


class Kept:
    """One program: ``rostrum`` with this command. One that ends before it was ever ``up`` is not tried again."""

    def __init__(self, name: str, command: Sequence[str], up: Callable[[], bool] = lambda: True) -> None:
        self.name, self.command, self._up = name, [*command, "--kept"], up
        self.was_up, self._deaths, self._begin = False, 0, 0.0
        self.start()

    def start(self) -> None:
        """Begin, or begin anew."""
        command = [sys.executable, "-m", "webapp", *self.command]
        self.process, self._since = subprocess.Popen(command, stdin=subprocess.PIPE, **APART), time.monotonic()

    def over(self) -> int | None:
        """Look after it; its exit code where it could not be started and is not to be tried again."""
        now, code = time.monotonic(), self.process.poll()
        if code is None:
            self.was_up = self.was_up or self._up()
            self._deaths = 0 if now - self._since >= SETTLED else self._deaths
            return None
        if not self.was_up:
            return code
        if not self._begin:
            self._begin = now + min(WAIT * 2**self._deaths, LONGEST)
            self._deaths += 1
            print(f"{self.name}意外停止（{_cause(code)}），自动重新启动。", file=sys.stderr, flush=True)
        elif now >= self._begin:
            self._begin = 0.0
            self.end()
            self.start()
        return None

    def end(self) -> None:
        """Let it end, as it does when its keeper is gone: on Windows no signal asks for that. Too slow, it is ended."""
        with self.process as program:
            assert program.stdin is not None
            program.stdin.close()
            try:
                program.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                program.kill()


def keep(programs: Sequence[Kept], ready: Callable[[], None]) -> int:
    """Look after the programs until one is over for good; its exit code. ``ready`` is told when all are up."""
    told = False
    while True:
        for program in programs:
            if (code := program.over()) is not None:
                return code
        if not told and all(program.was_up for program in programs):
            told = True
            ready()
        time.sleep(LOOK)


def mind_the_keeper() -> None:
    """In a kept program: end with the keeper. A fault in native code leaves a trace where the server writes."""
    faulthandler.enable()
    threading.Thread(target=_until_gone, name="keeper", daemon=True).start()


def _until_gone() -> None:
    if sys.platform == "win32":
        _look_until_closed()
    else:
        while os.read(0, 1):  # past sys.stdin, whose lock this thread would hold at the program's end
            pass
    signal.raise_signal(signal.SIGTERM)


def _look_until_closed() -> None:
    """Look at standard input again and again: on Windows who waits in a read of it holds up every library that is
    loaded meanwhile and asks what standard input is, numpy for one."""
    if sys.platform == "win32":
        import _winapi
        import msvcrt

        pipe = msvcrt.get_osfhandle(0)
        with suppress(OSError):
            while _winapi.PeekNamedPipe(pipe, 0):
                time.sleep(LOOK)


def _cause(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"代码 {code}"
