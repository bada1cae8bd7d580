"""The three ways to serve: waitress in one process, gunicorn in several, one thread a connection under TLS."""

from __future__ import annotations

import os
import select
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
from webapp.live import SEATS

THREADS = 16
"""Requests one process works on at a time, beside the streams: each of those holds a thread of its own."""
CONNECTIONS = 4000
PATIENCE = 75
"""Seconds a connection may be silent; a tablet asks again every ten."""


def plain(app: WSGIApplication, host: str, port: int) -> None:
    """One process, everywhere."""
    from waitress import serve

    # Its own limit of a hundred connections would shut out the tablets of a day: each browser keeps some open.
    # Beyond 1,024 files only poll() works, which Windows has not.
    poll = hasattr(select, "poll")
    most = CONNECTIONS if poll else 400
    serve(
        app, host=host, port=port, threads=THREADS + SEATS, ident=None, channel_timeout=PATIENCE,
        connection_limit=most, backlog=1024, asyncore_use_poll=poll,
        channel_request_lookahead=1,  # else a screen that was switched off keeps its seat for half a minute
    )  # fmt: skip


class _Kept(WSGIRequestHandler):
    """A connection stays open for the next request: a handshake for each would cost more than the request."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are logged by the application, without addresses."""


class _Private(ThreadedWSGIServer):
    """Handshakes in the connection's own thread: who connects and says nothing holds up nobody."""

    def __init__(self, host: str, port: int, app: WSGIApplication, context: ssl.SSLContext) -> None:
        super().__init__(host, port, app, _Kept)
        self.ssl_context = context

    def get_request(self) -> tuple[Any, Any]:
        """A connection whose handshake is made when it is first read."""
        raw, address = self.socket.accept()
        raw.settimeout(PATIENCE)
        assert self.ssl_context is not None
        wrapped = self.ssl_context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
        return wrapped, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that fails (a port scan, a tablet that knows no certificate) is nobody's concern."""


def private(app: WSGIApplication, host: str, port: int, cert: Path, key: Path) -> ThreadedWSGIServer:
    """A server under TLS in one process; ``serve_forever`` runs it."""
    return _Private(host, port, app, context(cert, key))


def context(cert: Path, key: Path) -> ssl.SSLContext:
    """What a server under TLS shows.

    Raises:
        OSError: a file that is none, or two that are no pair.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(cert, key)
    return made


def several(
    make: Callable[[], WSGIApplication],
    host: str,
    port: int,
    processes: int,
    cert: Path | None = None,
    key: Path | None = None,
) -> None:
    """Several processes of sixteen threads each, on Linux; each opens the database itself."""
    from gunicorn.app.base import BaseApplication

    class Several(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings = {
                "bind": f"{f'[{host}]' if ':' in host else host}:{port}",
                "workers": processes,
                "worker_class": "gthread",
                "threads": THREADS + SEATS,
                "worker_connections": CONNECTIONS,  # its own thousand, less the threads, would hang up on tablets
                "keepalive": PATIENCE,
                "graceful_timeout": 10,
                "control_socket_disable": True,
            }
            if cert and key:
                settings |= {"certfile": str(cert), "keyfile": str(key)}
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> WSGIApplication:
            return make()

    Several().run()


def free(host: str, port: int) -> bool:
    """Whether the port can be had."""
    with socket.socket() as probe:
        if os.name != "nt":  # there it would give a port that somebody listens at
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
