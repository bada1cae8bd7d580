"""The web as ``rostrum serve`` runs it, without its solver; as often as it is asked for, at once.

A nursery that has loaded everything and opened nothing. At ``start`` it forks a server that makes its application anew,
at ``kill`` it sends that one a SIGKILL and waits until it is gone; each is answered by a line. It ends with its input.
"""

from __future__ import annotations

import os
import signal
import sys

from webapp import create_app
from webapp.config import from_environment
from webapp.serving import plain
from webapp.views import blueprints


def serve(port: int) -> None:
    """One server, in a process of its own."""
    plain(create_app(from_environment()), "127.0.0.1", port)


def main(port: int) -> None:
    """Start and kill as told."""
    blueprints()
    child = 0
    for line in sys.stdin:
        if line == "start\n":
            child = os.fork()
            if not child:
                serve(port)
        else:
            child = _kill(child)
        print(line.strip(), flush=True)
    _kill(child)


def _kill(child: int) -> int:
    if child:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
