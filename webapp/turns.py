"""Writers of one SQLite file in one process take turns in the order they came.

SQLite lets a second writer sleep and look again, longer each time: under load the unlucky one waits for seconds while
newcomers overtake it. Here who waits is woken by who ends. Other processes are still held off by SQLite's own lock.
"""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock that is handed on in the order of asking."""

    def __init__(self) -> None:
        self._inner, self._taken = threading.Lock(), False
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; ``False`` where it did not come in time."""
        with self._inner:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._inner:
            if mine.is_set():  # handed over in the last moment
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """End one's turn."""
        with self._inner:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
