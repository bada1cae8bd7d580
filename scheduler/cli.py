"""``rostrum solve``, ``rostrum check`` and ``rostrum draw``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scheduler.check import check as judge
from scheduler.check import check_claims
from scheduler.errors import SchedulerError
from scheduler.files import Bad, read, write
from scheduler.lots import draw as draw_lots
from scheduler.problem import Problem
from scheduler.schedule import LEVELS, Schedule
from scheduler.search import Progress
from scheduler.search import solve as search
from scheduler.seed import commitment
from scheduler.stopping import stopped_by_ctrl_c


@click.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), help="where the schedule goes")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True)
@click.option("--work", type=click.FloatRange(0, min_open=True), help="a deterministic amount instead of seconds")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--start", type=click.Path(path_type=Path), help="a schedule to start from")
def solve(
    instance: Path, output: Path, seconds: float, work: float | None, workers: int, seed: int, start: Path | None
) -> None:
    """Solve an instance: 由一个实例 JSON 生成安排；Ctrl+C 提前结束，保留已有的最好安排."""

    def line(p: Progress) -> None:
        click.echo(f"{p.elapsed:6.1f} s  {p.level:<12} cost {list(p.cost)}  bound {list(p.bound)}", err=True)

    try:
        problem = Problem.from_json(read(instance))
        first = Schedule.from_json(read(start)) if start else None
        with stopped_by_ctrl_c() as cancel:
            found = search(
                problem,
                seconds=seconds,
                work=work,
                workers=workers,
                seed=seed,
                start=first,
                progress=line,
                cancel=cancel,
            )
    except SchedulerError as error:
        raise Bad(str(error)) from error
    write(output, found.to_json())
    click.echo(
        json.dumps(dict(zip(LEVELS, found.cost, strict=True)) | {"status": found.status, "seconds": found.seconds})
    )


@click.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.argument("schedule", type=click.Path(path_type=Path))
def check(instance: Path, schedule: Path) -> None:
    """Judge a schedule: 独立检查一份安排."""
    try:
        problem = Problem.from_json(read(instance))
        document = read(schedule)
        Schedule.from_json(document)
    except SchedulerError as error:
        raise Bad(str(error)) from error
    report = judge(problem, document)
    lines = [*map(str, report.violations), *check_claims(document, report.cost)]
    for text in lines:
        click.echo(text)
    click.echo(json.dumps(dict(zip(LEVELS, report.cost, strict=True)) | {"violations": len(lines)}))
    click.get_current_context().exit(1 if lines else 0)


@click.command()
@click.argument("schedule", type=click.Path(path_type=Path), required=False)
@click.option("--instance", type=click.Path(path_type=Path), help="the instance the schedule answers")
@click.option("--secret", required=True, help="kept until the digits are called out, then published")
@click.option("--digits", help="what supervisor and applicant called out, one after the other")
@click.option("-o", "output", type=click.Path(path_type=Path), help="where the drawn schedule goes")
@click.option("--experts", is_flag=True, help="first draw who is called among experts who serve equally well")
@click.option("--commit", is_flag=True, help="print what to publish before the digits: the secret's SHA-256")
def draw(
    schedule: Path | None,
    instance: Path | None,
    secret: str,
    digits: str | None,
    output: Path | None,
    experts: bool,
    commit: bool,
) -> None:
    """Draw lots: 抽签决定每场的先后."""
    try:
        if commit:
            if schedule or instance or output or digits is not None or experts:
                raise Bad("--commit goes with --secret alone: digits are called out after its line is published")
            click.echo(commitment(secret))
            return
        if schedule is None or instance is None or output is None or digits is None:
            raise Bad("a draw needs SCHEDULE.json, --instance, --secret, --digits and -o; or --commit with --secret")
        problem = Problem.from_json(read(instance))
        drawn = draw_lots(problem, Schedule.from_json(read(schedule)), secret, digits, experts=experts)
    except SchedulerError as error:
        raise Bad(str(error)) from error
    write(output, drawn.to_json())
    click.echo(json.dumps({"commitment": commitment(secret), "seed": drawn.seed, "sittings": len(drawn.lots)}))
