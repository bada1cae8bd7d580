"""``rostrum enter``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.cli_context import Stop, content_of, data_option, opened


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
@data_option
def enter(file: Path, name: str | None, dry_run: bool, as_json: bool, data: str | None) -> None:
    """读入离线填写的评分录入模板，或平板保存的评分文件；录入的评分表由组长确认后有效."""
    from webapp.services import entering, rounds, uploads

    content = content_of(file)
    with opened(data) as (config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        seen = entering.look(session, actor, clock, round_, content, file.name)
        if seen.ok and not dry_run:
            uploads.taken(session, actor, clock, round_, "entry", content, file.name, config.uploads)
            seen = entering.write(session, actor, clock, round_, content, file.name)
    if as_json:
        click.echo(json.dumps(seen.to_json(), ensure_ascii=False))
    else:
        _tell(seen, done=seen.ok and not dry_run)
    if not seen.ok:
        if seen.problems or seen.lines:
            raise Stop(f"“{file.name}”没有写入。请按所列改正后重新读入。", 1)
        raise Stop(f"“{file.name}”里没有填写任何评分，没有写入。", 1)
    if open_ := seen.counts[409] + seen.counts[0]:
        raise Stop(f"有 {open_} 份没有收下，请联系专家组组长和成绩管理员处理。", 1)


def _tell(seen: object, done: bool) -> None:
    from webapp.services.entering import TAKEN, WORDS, Entered

    assert isinstance(seen, Entered)
    for problem in seen.problems:
        click.echo(f"错误 {problem.sheet}!{problem.cell} {problem.message}{problem.hint}")
    for line in seen.lines:
        if line.status not in TAKEN:
            click.echo(f"注意 {line.place} {line.sheet} {line.said}")
    told = "，".join(f"{WORDS[status]} {n}" for status, n in seen.counts.items())
    click.echo(f"{told}，未评 {seen.empty}。{'已写入。' if done else '没有写入。'}")
