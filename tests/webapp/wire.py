"""A cable in front of a server: cut, it forwards no byte either way, closes nothing and says nothing, as a dead access
point does; whole again, everything that waited goes on.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """A listening port whose connections lead to ``address``."""

    def __init__(self, address: str) -> None:
        self._target = urlsplit(address)
        self._whole = threading.Event()
        self._whole.set()
        self._lines: list[tuple[threading.Thread, socket.socket]] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on silence."""
        self._whole.clear()

    def mend(self) -> None:
        """Forward again, what waited first."""
        self._whole.set()

    def close(self) -> None:
        """Hang up everywhere and accept nobody any more."""
        self.mend()
        self._door.shutdown(socket.SHUT_RDWR)
        for thread, near in self._lines:
            with suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)
            thread.join()
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._door.accept()[0]
                thread = threading.Thread(target=self._line, args=(near,), daemon=True)
                self._lines.append((thread, near))
                thread.start()

    def _line(self, near: socket.socket) -> None:
        where = (self._target.hostname or "", self._target.port or 80)
        with suppress(OSError), near, socket.create_connection(where) as far:
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._whole.wait()
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(address: str) -> Iterator[Wire]:
    """A cable to the server at ``address``."""
    made = Wire(address)
    try:
        yield made
    finally:
        made.close()
