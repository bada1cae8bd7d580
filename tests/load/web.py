"""A browser as far as the load needs one: one kept connection, cookies, forms with their token; and its times."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'(?:data-token="|name="csrf_token" value="|name="csrf-token" content=")([^"]+)"')


@dataclass
class Times:
    """What was asked for, how long each took, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def note(self, what: str, took: float, problem: str = "") -> None:
        """Keep one answer."""
        self.seconds.setdefault(what, []).append(took)
        if problem:
            self.errors.append(f"{what}: {problem}")

    def __len__(self) -> int:
        return sum(map(len, self.seconds.values()))

    def share(self, part: float, *what: str) -> float:
        """The time within which ``part`` of the answers came, of the kinds named or of all; in milliseconds."""
        every = sorted(t for name, times in self.seconds.items() if not what or name in what for t in times)
        return 1000 * every[min(len(every) - 1, int(part * len(every)))] if every else 0.0


@dataclass
class Answer:
    """Status and body."""

    status: int
    text: str
    location: str = ""


class Browser:
    """One person's browser."""

    def __init__(self, port: int, times: Times, trusted: ssl.SSLContext | None = None) -> None:
        self.port, self.times, self.trusted, self.token = port, times, trusted, ""
        self.cookies: dict[str, str] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, what: str = "") -> Answer:
        """Open a page; its token is kept for what is posted next."""
        answer = await self._ask("GET", path, b"", "", what)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    async def form(self, path: str, what: str = "", **values: str) -> Answer:
        """Send a form."""
        body = urlencode(values | {"csrf_token": self.token}).encode()
        return await self._ask("POST", path, body, "application/x-www-form-urlencoded", what)

    async def json(self, path: str, document: object, what: str = "") -> Answer:
        """Send a document, as a tablet does."""
        return await self._ask("POST", path, json.dumps(document).encode(), "application/json", what)

    async def close(self) -> None:
        """Hang up."""
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _ask(self, method: str, path: str, body: bytes, kind: str, what: str) -> Answer:
        began = time.perf_counter()
        try:
            answer = await asyncio.wait_for(self._exchange(method, path, body, kind), 60)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            await self.close()
            answer = Answer(0, f"{type(error).__name__}")
        if what:
            bad = answer.status not in (200, 201, 302, 303)
            problem = f"{answer.status} {answer.text[:80]}" if bad or "/login" in answer.location else ""
            self.times.note(what, time.perf_counter() - began, problem)
        return answer

    async def _exchange(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self.port, limit=2**22, ssl=self.trusted
            )
        assert self._reader is not None
        host = f"127.0.0.1:{self.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
        lines.append(f"Referer: http{'s' if self.trusted else ''}://{host}/")
        if kind:
            lines += [f"Content-Type: {kind}", f"X-CSRFToken: {self.token}"]
        if kind == "application/json":
            lines.append("Accept: application/json")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:-2]:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                pair = value.strip().split(";")[0].partition("=")
                self.cookies[pair[0]] = pair[2]
            headers[name.lower()] = value.strip()
        text = await self._body(self._reader, headers)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(int(head[0].split()[1]), text.decode("utf-8", "replace"), headers.get("location", ""))

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return await reader.read()
        parts = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)
