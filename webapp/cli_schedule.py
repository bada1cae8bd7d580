"""``rostrum schedule``, ``publish`` and ``worker``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.cli_context import Stop, committees_option, data_option, make_ready, opened


@click.command()
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("--seconds", type=click.IntRange(1), default=60, show_default=True, help="计算时间（秒）")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="求解线程数")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="随机种子")
@click.option("--from", "file", type=click.Path(path_type=Path), help="不计算，读入在 Excel 中改过的答辩安排总表")
@click.option("--dry-run", is_flag=True, help="与 --from 同用：只检查，不存为草案")
@click.option("--json", "as_json", is_flag=True, help="与 --from 同用：只输出一份 JSON")
@data_option
def schedule(
    name: str | None,
    seconds: int,
    workers: int,
    seed: int,
    file: Path | None,
    dry_run: bool,
    as_json: bool,
    data: str | None,
) -> None:
    """锁定名册（如还没有锁定），生成安排，存为新的草案；或读入改过的安排."""
    if file is not None:
        return _from_file(file, name, dry_run, as_json, data)
    if dry_run or as_json:
        raise Stop("--dry-run 和 --json 只与 --from 同用。用 rostrum schedule --help 查看用法。", 2)
    return _solved(name, seconds, workers, seed, data)


def _solved(name: str | None, seconds: int, workers: int, seed: int, data: str | None) -> None:
    from webapp.services import drafts, jobs, keeping, locking, rounds
    from webapp.worker import run_job

    with opened(data) as (config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        if round_.state == "draft":
            locking.lock(session, actor, clock, round_)
            click.echo("名册已锁定。", err=True)
        keeping.keep(config, clock, "before_solve")
        job = jobs.start(session, actor, clock, round_, seconds, workers, seed)
        session.flush()
        number = job.id
    click.echo(f"开始计算，至多 {seconds} 秒。", err=True)
    state = run_job(config, number)
    with opened(data) as (_config, session, _actor, _clock):
        job = jobs.by_id(session, number)
        if job.version_id is None:
            raise Stop(
                job.error or ("任务已由另一个排程进程接手，请在网页查看。" if state is None else "没有得到安排。"), 1
            )
        version = next(v for v in drafts.everyone(session, rounds.by_name(session, name)) if v.id == job.version_id)
        click.echo(
            f"第 {version.number} 版草案："
            + "，".join(f"{word} {cost}" for word, cost, _bound in drafts.levels(version))
        )


def _from_file(file: Path, name: str | None, dry_run: bool, as_json: bool, data: str | None) -> None:
    from webapp.cli_context import content_of
    from webapp.services import rounds, timetables, uploads

    content, number = content_of(file), 0
    with opened(data) as (config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        seen = timetables.look(session, round_, content, file.name)
        if seen.ok and not dry_run:
            uploads.taken(session, actor, clock, round_, "schedule", content, file.name, config.uploads)
            number = timetables.write(session, actor, clock, round_, content, file.name).number
    if as_json:
        click.echo(json.dumps(seen.to_json() | {"draft": number or None}, ensure_ascii=False))
    else:
        for problem in seen.table.problems:
            word, place = "错误" if problem.level == "error" else "注意", f"{problem.sheet}!{problem.cell}".rstrip("!")
            click.echo(f"{word} {place} {problem.message}{problem.hint}")
        for one in seen.broken:
            click.echo(f"违反 {one.rule} {one.cell} {one.text}")
        for word, cost, more in seen.levels:
            click.echo(f"{word} {cost}" + ("" if more is None else f"（{more:+d}）"))
        click.echo(f"第 {number} 版草案。" if number else "没有存为草案。")
    if not seen.ok:
        raise Stop(f"“{file.name}”没有写入。请按所列单元格改正后重新读入。", 1)
    if seen.broken:
        raise Stop(f"安排违反 {len(seen.broken)} 条规则，改好后才能发布。", 1)


@click.command()
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("--draft", type=int, help="草案版号（默认最新的）")
@data_option
def publish(name: str | None, draft: int | None, data: str | None) -> None:
    """发布一版草案."""
    from webapp.services import drafts, publishing, rounds
    from webapp.services.instance import problem_document

    with opened(data) as (_config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        versions = drafts.everyone(session, round_)
        if not versions:
            raise Stop("还没有草案。请先运行 rostrum schedule。", 1)
        version = publishing.publish(
            session, actor, clock, round_, draft or versions[0].number, problem_document(session, round_)
        )
        for warning in publishing.warnings(version):
            click.echo(f"注意：{warning}", err=True)
        number = version.number
    click.echo(f"第 {number} 版安排已发布。")


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), help="求解线程数（默认按任务所要）")
@click.option("--kept", is_flag=True, hidden=True)
@committees_option
@data_option
def worker(workers: int | None, kept: bool, committees: Path | None, data: str | None) -> None:
    """运行排程进程，直到按 Ctrl+C."""
    from webapp.committees import configs
    from webapp.config import from_environment
    from webapp.keeper import mind_the_keeper
    from webapp.worker import run_worker

    if kept:
        mind_the_keeper()

    served = list(configs(committees).values()) if committees else [from_environment(data)]
    for config in served:
        make_ready(config)
    run_worker(served, workers)
