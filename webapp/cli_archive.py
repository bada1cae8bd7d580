"""``rostrum archive``."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli_context import Stop, data_option, opened, written


@click.command()
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, path_type=Path), help="归档文件写到")
@click.option("--check", "file", type=click.Path(path_type=Path), help="核对一份归档文件；不需要数据文件夹")
@data_option
def archive(name: str | None, out: Path | None, file: Path | None, data: str | None) -> None:
    """把一个批次打包归档：数据、表格、名册原件、审计链和 SHA-256 清单；或核对一份归档."""
    if (out is None) == (file is None):
        raise click.UsageError("用 -o 写出归档文件，或用 --check 核对一份")
    if file is not None:
        _check(file)
    elif out is not None:
        _write(name, out, data)


def _write(name: str | None, out: Path, data: str | None) -> None:
    from webapp.services import archive as archives
    from webapp.services import rounds

    with opened(data) as (config, session, actor, clock):
        made = archives.write(session, actor, clock, config, rounds.by_name(session, name))
        written(out, made.bundle)
    click.echo(f"已归档到 {out}")
    for missing in made.missing:
        click.echo(f"注意 原件“{missing}”在数据文件夹里已没有或被改过，没有归入；清单记下了它的 SHA-256。")
    click.echo(f"清单的 SHA-256：{made.digest}（已记入审计链，请抄在归档登记上）")


def _check(file: Path) -> None:
    from webapp.services.archive_check import check
    from webapp.services.kernel import Unreadable

    try:
        checked = check(file)
    except Unreadable as error:
        raise Stop(str(error), 2) from error
    click.echo(f"{checked.manifest['round']}　{checked.manifest['made_at']}　文件 {len(checked.manifest['files'])} 个")
    click.echo(f"清单的 SHA-256：{checked.digest}（应与归档登记一致）")
    for missing in checked.manifest.get("missing", {}):
        click.echo(f"注意 归档时已没有原件“{missing}”。")
    for sentence in checked.wrong:
        click.echo(str(sentence))
    click.echo("归档完好。" if not checked.wrong else f"归档有 {len(checked.wrong)} 处不符。")
    click.get_current_context().exit(1 if checked.wrong else 0)
