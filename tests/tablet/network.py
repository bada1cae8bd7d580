"""The venue's network: everything passes through here, or does not.

A request goes wrong as ``X-Fault`` says (the simulator's own choice for this one), else as ``mode`` says for all.
``X-Tablet`` names the expert whose cookie goes along: many tablets share one browser there.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.tablet.venue import token_of

PORTAL = "<!doctype html><title>Wi-Fi</title><h1>请先登录无线网络</h1>".encode()
FAULTS = ("captive", "redirect", "asks", "broken", "gateway", "cut", "lost", "hang", "wrong")
"""200 with a page, 302 to a login, 401, 500, 502, cut before, cut after, silence, a receipt for something else; the
simulator's ``expired`` besides: the server itself, which knows no such session."""
HERE = Path(__file__).parent
Headers = list[tuple[str, str]]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Network

    def log_message(self, *_all: object) -> None:
        """Silence."""

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/sim/"):
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            self._answer(200, [("Content-Type", f"{kind}; charset=utf-8")], (HERE / self.path[5:]).read_bytes())
            return
        fault = self.headers.get("X-Fault") or self.server.mode
        self.server.seen[fault or "passed"] += 1
        if fault and self.server.only and not self.path.startswith(self.server.only):
            fault = ""
        if fault and fault != "expired":
            self._spoil(fault, body)
        else:
            self._answer(*self._forward(body))

    do_GET = do_POST = do_HEAD = _do  # noqa: N815

    def _forward(self, body: bytes) -> tuple[int, Headers, bytes]:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "x-fault", "x-tablet")}
        if self.server.instead[0] != self.server.instead[1]:
            headers.pop("If-None-Match", None)  # another server would not know it
        expert = self.headers.get("X-Tablet")
        if expert and self.headers.get("X-Fault") != "expired":
            headers["Cookie"] = f"rostrum_tablet={token_of(expert)}; " + headers.get("Cookie", "")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=60)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            data = answer.read().replace(*self.server.instead)
            was, now = (text.decode() for text in self.server.instead)
            kept = [
                (k, v.replace(was, now))
                for k, v in answer.getheaders()
                if k.lower() not in ("connection", "transfer-encoding")
            ]
        except (OSError, http.client.HTTPException):
            return 502, [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>"
        finally:
            connection.close()
        return answer.status, kept, data

    def _spoil(self, fault: str, body: bytes) -> None:
        page = [("Content-Type", "text/html; charset=utf-8")]
        if fault == "captive":
            self._answer(200, page, PORTAL)
        elif fault == "redirect":
            self._answer(302, [("Location", "/login?next=%2F")], b"")
        elif fault in ("asks", "broken", "gateway"):
            self._answer({"asks": 401, "broken": 500, "gateway": 502}[fault], page, PORTAL)
        elif fault == "wrong":
            self._answer(201, [("Content-Type", "application/json")], b'{"uuid": "another", "hash": "0", "version": 1}')
        elif fault == "hang":
            self.connection.settimeout(60)
            with suppress(OSError):
                self.connection.recv(1)  # until the browser gives up
            self.close_connection = True
        else:
            if fault == "lost":
                self._forward(body)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def _answer(self, status: int, headers: Headers, body: bytes) -> None:
        try:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() != "content-length":
                    self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 304 and self.command != "HEAD":
                self.wfile.write(body)
        except OSError:
            self.close_connection = True


class Network(ThreadingHTTPServer):
    """A network in front of the server at port ``target``."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target, self.mode, self.only = target, "", ""
        self.instead = (b"-", b"-")  # bytes of every answer, and what stands there instead
        self.seen: Counter[str] = Counter()

    def handle_error(self, *_all: object) -> None:
        """A browser that goes away is no news."""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def network(target: int) -> Iterator[Network]:
    """A running network."""
    made = Network(target)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
