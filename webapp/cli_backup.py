"""``rostrum backup``, ``restore`` and ``check-data``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.cli_context import Stop, data_option, make_ready, opened
from webapp.config import from_environment


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@data_option
def backup(folder: Path, data: str | None) -> None:
    """把全部数据备份成 DIR 里的一个文件；可以在使用中进行."""
    from webapp.services import backups
    from webapp.services.kernel import Refused, system_clock

    config = from_environment(data)
    make_ready(config)
    try:
        made = backups.make(config, system_clock, folder)
    except Refused as error:
        raise Stop(str(error), 2) from error
    click.echo(f"已备份到 {made.path}")
    click.echo(f"链头 {made.manifest['audit_head']}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def restore(file: Path, data: str | None) -> None:
    """从备份文件恢复全部数据；现有数据先备份到数据文件夹的 backups 里."""
    from webapp.services import backups
    from webapp.services.kernel import Refused, system_clock

    config = from_environment(data)
    try:
        manifest, wrong = backups.restore(config, system_clock, file)
    except Refused as error:
        raise Stop(str(error), 2) from error
    click.echo(f"已恢复到 {manifest['made_at']} 的数据。链头 {manifest['audit_head']}")
    for line in wrong:
        click.echo(line)
    click.echo("数据检查全部通过。" if not wrong else f"数据检查有 {len(wrong)} 处不符。")
    click.get_current_context().exit(1 if wrong else 0)


@click.command("check-data")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@data_option
def check_data(as_json: bool, data: str | None) -> None:
    """核对整个数据库的不变量；有不符时逐条指出，退出码 1."""
    from webapp.services import invariants

    with opened(data) as (config, session, _actor, _clock):
        wrong = list(invariants.broken(session, config.uploads))
    if as_json:
        found = [{"invariant": name, "message": str(said)} for name, said in wrong]
        click.echo(json.dumps({"checked": len(invariants.EVERY) + 1, "broken": found}, ensure_ascii=False))
    else:
        for name, said in wrong:
            click.echo(f"{name}：{said}")
        click.echo(f"核对了 {len(invariants.EVERY) + 1} 项，{'全部成立' if not wrong else f'{len(wrong)} 处不符'}。")
    click.get_current_context().exit(1 if wrong else 0)
