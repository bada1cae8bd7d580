"""``rostrum repair``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from scheduler.errors import SchedulerError
from scheduler.files import Bad, read, write
from scheduler.problem import Problem
from scheduler.reading import FORMAT
from scheduler.schedule import Schedule
from scheduler.search import Progress
from scheduler.stopping import stopped_by_ctrl_c


@click.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.argument("schedule", type=click.Path(path_type=Path))
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), help="where the new schedule goes")
@click.option("--now", type=click.DateTime([FORMAT]), help="what has started before this moment stays")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="default 4, from 2,000 applicants on more")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
def repair(
    instance: Path, schedule: Path, output: Path, now: datetime | None, seconds: float | None, workers: int, seed: int
) -> None:
    """Repair a schedule: 情况有变后调整已发布的安排，只动必须动的."""
    from scheduler.repair import repair as mend

    def line(p: Progress) -> None:
        click.echo(f"{p.elapsed:6.1f} s  {p.level:<12} cost {list(p.cost)}  bound {list(p.bound)}", err=True)

    try:
        problem, old = Problem.from_json(read(instance)), Schedule.from_json(read(schedule))
        with stopped_by_ctrl_c() as cancel:
            found = mend(problem, old, now, seconds=seconds, workers=workers, seed=seed, progress=line, cancel=cancel)
    except SchedulerError as error:
        raise Bad(str(error)) from error
    write(output, found.to_json())
    for text in found.past:
        click.echo(f"past, kept: {text}", err=True)
    named = dict(zip(("unscheduled", "session", "place", "called"), found.cost, strict=False))
    proven = found.bound[:4] == found.cost[:4]
    click.echo(json.dumps(named | {"proven": proven, "seconds": found.schedule.seconds}))
