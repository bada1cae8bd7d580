"""How the server is: counted requests for Prometheus, a line of JSON for each in the log, nothing about persons.

Counts are of one process; where several serve, each is asked by its turn and ``process_id`` tells them apart.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request

from webapp.models import Round
from webapp.services import journal
from webapp.services.kernel import Actor, system_clock
from webapp.services.settings import Terms

BOUNDS = (0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Seconds; 0.2 and 0.5 are what is promised."""
LOG = logging.getLogger("rostrum")


class Counts:
    """What this process has answered so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.within: Counter[float] = Counter()
        self.seconds = 0.0
        self.journal_failures = 0
        self.journal_down = False

    def add(self, endpoint: str, status: int, seconds: float) -> None:
        """One answer."""
        with self._lock:
            self.answers[endpoint, status] += 1
            self.seconds += seconds
            self.within.update(bound for bound in BOUNDS if seconds <= bound)

    def journal(self, *, failed: bool) -> None:
        """Whether the last mark reached the second place."""
        with self._lock:
            self.journal_down = failed
            self.journal_failures += failed


COUNTS = Counts()


def journaled(file: Path, round_: Round | Terms, actor: Actor, record: dict[str, Any]) -> None:
    """Write a mark to the second place; where that is gone the first still has it, and log and metrics say so."""
    try:
        journal.append(file, round_, actor, system_clock(), record)
    except OSError as error:
        COUNTS.journal(failed=True)
        LOG.error("journal %s", json.dumps({"event": "journal_failed", "error": error.strerror}))  # noqa: TRY400
    else:
        COUNTS.journal(failed=False)


def text(gauges: dict[str, float]) -> str:
    """Everything in Prometheus' text format."""
    return "\n".join(_lines(gauges)) + "\n"


def _lines(gauges: dict[str, float]) -> Iterator[str]:
    yield "# TYPE rostrum_requests_total counter"
    for (endpoint, status), number in sorted(COUNTS.answers.items()):
        yield f'rostrum_requests_total{{endpoint="{endpoint}",status="{status}"}} {number}'
    whole = sum(COUNTS.answers.values())
    yield "# TYPE rostrum_request_seconds histogram"
    for bound in BOUNDS:
        yield f'rostrum_request_seconds_bucket{{le="{bound}"}} {COUNTS.within[bound]}'
    yield f'rostrum_request_seconds_bucket{{le="+Inf"}} {whole}'
    yield f"rostrum_request_seconds_sum {COUNTS.seconds:.6f}"
    yield f"rostrum_request_seconds_count {whole}"
    yield "# TYPE rostrum_journal_failures_total counter"
    yield f"rostrum_journal_failures_total {COUNTS.journal_failures}"
    for name, value in ({"process_id": os.getpid()} | gauges).items():
        yield f"# TYPE rostrum_{name} gauge"
        yield f"rostrum_{name} {value:g}"


def init_app(app: Flask) -> None:
    """Count every answer; with ``ROSTRUM_LOG=json`` write a line for each."""
    in_json = os.environ.get("ROSTRUM_LOG") == "json"
    if in_json and not LOG.handlers:
        LOG.addHandler(logging.StreamHandler(sys.stderr))
        LOG.setLevel(logging.INFO)
        LOG.propagate = False

    @app.before_request
    def _began() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _ended(response: Response) -> Response:
        took = time.perf_counter() - g.get("began", time.perf_counter())
        endpoint = request.endpoint or "none"
        COUNTS.add(endpoint, response.status_code, took)
        if in_json and endpoint != "static":
            LOG.info("%s", json.dumps(_line(endpoint, response.status_code, took)))
        return response


def _line(endpoint: str, status: int, took: float) -> dict[str, object]:
    """What is logged: the page's kind, never its address: that may hold a person's code."""
    actor = g.get("actor")
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": request.method,
        "endpoint": endpoint,
        "status": status,
        "ms": round(1000 * took, 1),
        "role": actor.role if actor else "",
    }
