"""``rostrum bench``: the solver's, or how fast rosters come in, workbooks go out and results are computed."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bench(words: tuple[str, ...]) -> object:
    """Measure: the solver, or `import`, `export`, `score`: 测量求解器，或名册导入、表格导出、计分的速度."""
    if words[:1] == ("import",):
        return roster.main(list(words[1:]), "rostrum bench import", standalone_mode=False)
    if words[:1] == ("export",):
        return books.main(list(words[1:]), "rostrum bench export", standalone_mode=False)
    if words[:1] == ("score",):
        return scores.main(list(words[1:]), "rostrum bench score", standalone_mode=False)
    from scheduler.bench.cli import bench as solver

    return solver.main(list(words), "rostrum bench", standalone_mode=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rows", type=click.IntRange(1, 19_000), default=10_000, show_default=True)
@click.option("--runs", type=click.IntRange(1, 50), default=5, show_default=True)
def roster(rows: int, runs: int) -> None:
    """A roster read with all checks, beside a bare pass: 名册导入的速度.

    Exit status 1: slower than 1.5 bare passes of openpyxl over the same file, or more than 400 MB.
    """
    from exports.bench.roster import measure

    figures = measure(rows, runs)
    click.echo(figures.line())
    click.get_current_context().exit(0 if figures.reached else 1)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-o", "output", type=click.Path(path_type=Path), help="the page; docs/benchmarks-export.md without it")
def books(output: Path | None) -> None:
    """Each tabular workbook of 10,000 applicants, beside plain xlsxwriter: 表格导出的速度.

    Exit status 1: one took more than 1.5 times as long, or more than 400 MB.
    """
    from exports.bench.out import bench as measure
    from exports.errors import ExportError
    from scheduler.files import Bad

    try:
        reached = measure(output, click.echo)
    except ExportError as error:
        raise Bad(str(error)) from error
    click.get_current_context().exit(0 if reached else 1)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", type=click.IntRange(1, 50), default=3, show_default=True)
def scores(runs: int) -> None:
    """Results of 10,000 applicants, measures of 1,000; 7 sheets of 5 items each: 计分的速度.

    Exit status 1: results took more than 2 seconds of the processor, or measures more than 20.
    """
    from webapp.bench_score import measure

    click.get_current_context().exit(0 if measure(runs, click.echo) else 1)
