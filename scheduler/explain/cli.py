"""``rostrum explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from scheduler.errors import SchedulerError
from scheduler.files import Bad, read
from scheduler.problem import Problem
from scheduler.schedule import Schedule


@click.command()
@click.argument("instance", type=click.Path(path_type=Path))
@click.option("--schedule", type=click.Path(path_type=Path), help="where else in this schedule, with --applicant")
@click.option("--applicant", metavar="ID", help="whose places are asked for, with --schedule")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="default: 8 up to 120 applicants, 54 at 300")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="one JSON document on stdout")
def explain(
    instance: Path,
    schedule: Path | None,
    applicant: str | None,
    seconds: float | None,
    workers: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say why not: 为什么有人未能安排、怎么办；或某人还能安排在哪里."""
    if (schedule is None) != (applicant is None):
        raise Bad("--schedule 与 --applicant 要同时给出")
    try:
        problem = Problem.from_json(read(instance))
        if schedule is not None and applicant is not None:
            document, lines = _places(problem, Schedule.from_json(read(schedule)), applicant)
        else:
            from scheduler.explain.report import explain as why

            document = why(problem, seconds=seconds, workers=workers, seed=seed).to_json()
            lines = _causes(document)
    except SchedulerError as error:
        raise Bad(str(error)) from error
    click.echo(json.dumps(document, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))


def _places(problem: Problem, schedule: Schedule, applicant: str) -> tuple[dict[str, Any], list[str]]:
    from scheduler.explain.places import Places

    places = Places(problem, schedule)
    found, now = places.of_applicant(applicant), places.now(applicant)
    lines = [f"{applicant} 现在：" + (places.named(now) if now else "未安排"), "还能安排在："]
    lines += [f"  {n}. {option.text}" for n, option in enumerate(found.possible, 1)] or ["  没有"]
    lines += ["不能安排在："] if found.barred else []
    lines += [f"  {places.named(b.place)}：{'；'.join(b.reasons)}" for b in found.barred]
    return {"applicant": applicant, "now": now, **found.to_json()}, lines


def _causes(document: dict[str, Any]) -> list[str]:
    if not document["unscheduled"]:
        return ["所有申报人都能安排。"]
    surely = "。" if document["proven"] else "（时间有限，尚未全部证明）。"
    lines = [f"{document['unscheduled']} 位申报人未能安排{surely}"]
    for n, cause in enumerate(document["causes"], 1):
        lines.append(f"{n}. {cause['message']}")
        lines += [f"   可以：{f['change']}（之后未安排 {f['unscheduled_after']} 人）" for f in cause["fixes"]]
    lines += [f"{row['applicant']}：{' '.join(row['reasons'])}" for row in document["applicants"]]
    return lines
