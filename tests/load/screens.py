"""How many screens one server carries: ``python -m tests.load.screens ADDRESS SCREEN OFFICE PASSWORD APPLICANT``.

Opens two hundred streams of the waiting room as one screen account, lets the office call and take back, and says how
long it took until every screen had the new content; with ``--polls`` screens that ask every second and a half.
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit


def log_in(address: str, name: str, password: str) -> str:
    """The cookie of an account."""
    where = urlsplit(address)
    line = http.client.HTTPConnection(where.hostname or "", where.port or 80)
    line.request("GET", "/login")
    first = line.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', first.read().decode())
    cookie = (first.getheader("Set-Cookie") or "").partition(";")[0]
    assert token
    form = urlencode({"name": name, "password": password, "csrf_token": token[1], "next": ""})
    line.request("POST", "/login", form, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
    answer = line.getresponse()
    answer.read()
    assert answer.status == 303, answer.status
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


class Screen(threading.Thread):
    """One screen: when it last got other content."""

    def __init__(self, address: str, cookie: str, *, polls: bool) -> None:
        super().__init__(daemon=True)
        self.where, self.cookie, self.polls = urlsplit(address), cookie, polls
        self.changed_at, self.contents, self.problem = 0.0, 0, ""

    def run(self) -> None:
        try:
            self._poll() if self.polls else self._listen()
        except (OSError, http.client.HTTPException, AssertionError) as error:
            self.problem = repr(error)

    def _got(self) -> None:
        self.changed_at, self.contents = time.monotonic(), self.contents + 1

    def _listen(self) -> None:
        line = http.client.HTTPConnection(self.where.hostname or "", self.where.port or 80, timeout=60)
        line.request("GET", "/live/waiting", headers={"Cookie": self.cookie, "Accept": "text/event-stream"})
        answer = line.getresponse()
        assert answer.status == 200, answer.status
        beat = inside = False
        while text := answer.readline():
            beat = beat or text.startswith(b"event: beat")
            inside = inside or text.startswith(b"data:")
            if text == b"\n":
                if inside and not beat:
                    self._got()
                beat = inside = False

    def _poll(self) -> None:
        line = http.client.HTTPConnection(self.where.hostname or "", self.where.port or 80, timeout=60)
        etag = ""
        while True:
            headers = {"Cookie": self.cookie, "Accept": "text/html"} | ({"If-None-Match": etag} if etag else {})
            line.request("GET", "/live/waiting", headers=headers)
            answer = line.getresponse()
            answer.read()
            if answer.status == 200:
                etag = answer.getheader("ETag") or ""
                self._got()
            time.sleep(1.5)


def step(address: str, cookie: str, what: str, applicant: str) -> float:
    """The office takes one step; the moment it was answered."""
    where = urlsplit(address)
    line = http.client.HTTPConnection(where.hostname or "", where.port or 80)
    line.request("GET", "/panel/", headers={"Cookie": cookie})
    page = line.getresponse()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    cookie = (page.getheader("Set-Cookie") or cookie).partition(";")[0]
    assert token
    form = urlencode({"csrf_token": token[1], "applicant": applicant, "step": what, "panel": "P1"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    sent = time.monotonic()
    line.request("POST", "/panel/step", form, headers)
    answer = line.getresponse()
    said = answer.read()
    assert answer.status == 303, said[:300]
    return sent


def measured(screens: list[Screen], act: Callable[[], float]) -> list[float]:
    """Seconds from an act to each screen's new content."""
    before = [screen.contents for screen in screens]
    sent = act()
    end = time.monotonic() + 30
    while time.monotonic() < end and any(s.contents == n for s, n in zip(screens, before, strict=True)):
        time.sleep(0.02)
    assert all(s.contents > n for s, n in zip(screens, before, strict=True)), [s.problem for s in screens if s.problem]
    return [screen.changed_at - sent for screen in screens]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    for name in ("address", "screen", "office", "password", "applicant"):
        parser.add_argument(name)
    parser.add_argument("--screens", type=int, default=200)
    parser.add_argument("--acts", type=int, default=10)
    parser.add_argument("--polls", action="store_true")
    given = parser.parse_args()
    cookie = log_in(given.address, given.screen, given.password)
    office = log_in(given.address, given.office, given.password)
    screens = [Screen(given.address, cookie, polls=given.polls) for _n in range(given.screens)]
    for screen in screens:
        screen.start()
        time.sleep(0.01)
    time.sleep(3)
    found: list[float] = []
    for n in range(given.acts):
        what = ("call", "undo")[n % 2]
        found += measured(screens, lambda what=what: step(given.address, office, what, given.applicant))  # type: ignore[misc]
        time.sleep(0.5)
    found.sort()
    p95, problems = found[int(len(found) * 0.95)], sum(bool(s.problem) for s in screens)
    how = "polling" if given.polls else "streams"
    figures = f"median {statistics.median(found):.2f} s, p95 {p95:.2f} s, worst {found[-1]:.2f} s, lost {problems}"
    print(f"{given.screens} screens, {how}, {given.acts} acts: {figures}")


if __name__ == "__main__":
    main()
