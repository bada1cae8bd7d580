"""``rostrum bench``."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from scheduler.bench import instances, store
from scheduler.bench.figures import Row, missed
from scheduler.bench.tasks import PARTS, tasks
from scheduler.errors import SchedulerError
from scheduler.files import Bad

HOME = Path("docs", "benchmarks.md")
"""Where a run of everything writes its page."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-o", "output", type=click.Path(path_type=Path), help="the page; its figures and picture lie beside it")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="instead of each instance's own limit")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--peer", help="another solver: its command, with {instance}, {output} and {seconds}")
def bench(
    names: tuple[str, ...], output: Path | None, seconds: float | None, workers: int, seed: int, peer: str | None
) -> None:
    """Measure the solver: 测量求解器.

    NAME: an instance (n60-1, made-500-7), a file, or all of the `table` or the `curve`. Without one both, into
    docs/benchmarks.md. Exit status 1: something that must be reached was not.
    """
    page = output or (None if names else HOME)
    solver = [_program("rostrum"), "solve", "{instance}", "-o", "{output}", "--seconds", "{seconds}"]
    solver += ["--workers", str(workers), "--seed", str(seed)]
    other = _peer(peer) if peer else None
    try:
        with TemporaryDirectory(prefix="rostrum-bench-") as folder:
            rows = store.kept(page) if page else {}
            chosen = tasks(names or list(PARTS), seconds, Path(folder))
            for task in chosen:
                click.echo(f"{task.name}, {task.seconds:g} s", err=True)
                rows[task.name] = task.run(solver, other, _show)
                click.echo(_line(rows[task.name]))
                if page:  # after every row: a run that is stopped leaves what it knows
                    store.publish(page, list(rows.values()))
    except (SchedulerError, OSError) as error:
        raise Bad(str(error)) from error
    click.get_current_context().exit(1 if any(_missed(rows[task.name]) for task in chosen) else 0)


def _peer(text: str) -> list[str]:
    words = shlex.split(text, posix=os.name == "posix")
    if not all(any(place in word for word in words) for place in ("{instance}", "{output}")):
        raise Bad("--peer needs {instance} and {output} in its command")
    return [_program(words[0]), *words[1:]]


def _program(name: str) -> str:
    """A program of this installation, else of the system."""
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if found is None:
        raise Bad(f"{name}: there is no such program; install it or give its whole path")
    return found


def _show(line: str) -> None:
    """The solver's last line, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{line[:110]}\r", nl=False, err=True)


def _missed(row: Row) -> list[str]:
    return missed(row, instances.TABLE.get(row.name))


def _line(row: Row) -> str:
    run, peer, wrong = row.ours, row.peer, "; ".join(_missed(row))
    heard = "not everyone heard" if run.heard is None else f"everyone heard after {run.heard:g} s"
    words: Sequence[str] = [f"{row.name}: {list(run.cost)}", f"{run.proven} levels proven", heard, f"{run.total:g} s"]
    memory = [f"{run.megabytes:g} MB"] if run.megabytes else []
    beside = [f"peer {list(peer.cost)}"] if peer else []
    return ", ".join([*words, *memory, *beside]) + (f"; missed: {wrong}" if wrong else "")
