"""One kind of workbook, measured in a process of its own: ``python -m exports.bench.measure KIND APPLICANTS``.

Seconds are the best of three, ours and plain in turn; the memory is the process's peak after ours alone, the round's
data and the interpreter included (where the system tells it). Forms are written once and beside nothing. The kind
``verify`` is the largest table compared with the data; its memory is that of both processes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from exports.bench.rounds import made
from exports.bench.tape import TapedWorkbook
from exports.content import RoundContent
from exports.out import BOOKS, FORMS, parts, write
from exports.out.book import Book
from exports.out.verify import differences, exported

TURNS = 3
VERIFY, LARGEST = "verify", "summary"
STATUS = Path("/proc/self/status")
READ = """
import sys
from exports.bench.measure import peak
from exports.formats import results
results(sys.stdin.buffer.read(), "")
print(peak())
"""


class Taped(Book):
    """A book that remembers how it was made."""

    workbook = TapedWorkbook


def peak() -> float | None:
    """The process's peak memory in megabytes; Linux counts into ``ru_maxrss`` what its parent had before it."""
    with suppress(OSError):
        return next(int(row.split()[1]) / 2**10 for row in STATUS.read_text().splitlines() if row.startswith("VmHWM"))
    try:
        import resource
    except ImportError:  # Windows
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def seconds(act: Callable[[], object]) -> float:
    """How long it takes, in this process's own time: another program's turn does not count."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


def measured(kind: str, applicants: int) -> dict[str, object]:
    """Seconds of ours and of plain xlsxwriter, megabytes, size of the file in bytes."""
    content = made(applicants)
    if kind == VERIFY:
        return _verified(content)
    if kind in FORMS:
        return _forms(kind, content)
    data = write(kind, content)
    megabytes = peak()
    title, fill = BOOKS[kind]
    book = Taped(kind, title, content)
    fill(book, content)
    plain = book.file.again()
    cells = sum(len(sheet.tape) for sheet in book.file.worksheets())
    book.finish()
    turns = [(seconds(lambda: write(kind, content)), seconds(plain)) for _ in range(TURNS)]
    ours, theirs = (min(turn[n] for turn in turns) for n in (0, 1))
    return {"kind": kind, "cells": cells, "bytes": len(data), "ours": ours, "plain": theirs, "megabytes": megabytes}


def _forms(kind: str, content: RoundContent) -> dict[str, object]:
    """All parts in turn, as they go into the zip."""
    sizes: list[int] = []
    ours = seconds(lambda: sizes.extend(len(write(kind, replace(content, part=p))) for p in parts(kind, content)))
    return {"kind": kind, "cells": None, "bytes": sum(sizes), "ours": ours, "plain": None, "megabytes": peak()}


def _verified(content: RoundContent) -> dict[str, object]:
    """The largest table compared with the data it was just made of.

    Raises:
        ValueError: they differ.
    """
    data = write(LARGEST, content)

    def compare() -> None:
        if found := next(differences(exported(data, "a.xlsx"), content), None):
            raise ValueError(str(found))

    ours = seconds(compare)
    own = peak()
    child = subprocess.run([sys.executable, "-c", READ], input=data, capture_output=True, check=True).stdout
    both = own + float(child) if own else None
    return {"kind": VERIFY, "cells": None, "bytes": len(data), "ours": ours, "plain": None, "megabytes": both}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
