"""One kind of workbook, measured in a process of its own: ``python -m exports.bench.measure KIND APPLICANTS``.

Seconds are the best of three, ours and plain in turn; the memory is the process's peak after ours alone, the round's
data and the interpreter included (where the system tells it).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from exports.bench.rounds import made
from exports.bench.tape import TapedWorkbook
from exports.out import BOOKS, write
from exports.out.book import Book

TURNS = 3


class Taped(Book):
    """A book that remembers how it was made."""

    workbook = TapedWorkbook


def peak() -> float | None:
    """The process's peak memory in megabytes."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def seconds(act: Callable[[], bytes]) -> float:
    """How long it takes, in this process's own time: another program's turn does not count."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


def measured(kind: str, applicants: int) -> dict[str, object]:
    """Seconds of ours and of plain xlsxwriter, megabytes, size of the file in bytes."""
    content = made(applicants)
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


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
