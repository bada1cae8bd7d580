"""``rostrum move``: a laptop's data to a server and back."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import cast

import click
from sqlalchemy import Engine

from webapp.cli_context import Stop, data_option, opened


@click.command()
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, path_type=Path), help="全部数据写成一个文件")
@click.option("--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="读入这样的文件")
@data_option
def move(out: Path | None, file: Path | None, data: str | None) -> None:
    """搬家：全部数据写成一个文件，或读入到空的数据库；SQLite 与 PostgreSQL 之间通用，审计链不变."""
    if (out is None) == (file is None):
        raise click.UsageError("用 -o 写出，或用 --from 读入")
    from webapp.services import audit

    with opened(data) as (_config, session, _actor, _clock):
        engine = cast("Engine", session.get_bind())
        counts = _read(engine, file) if file else _written(engine, cast("Path", out))
        head = audit.head(session)
    click.echo(f"{sum(counts.values())} 行，{sum(map(bool, counts.values()))} 张表；审计链头 {head}")
    click.echo("上传的名册原件在数据文件夹的 uploads 里，请一并复制；两边的审计链头应一致。")


def _written(engine: Engine, out: Path) -> dict[str, int]:
    from webapp.services import transfer

    if out.exists():
        raise Stop(f"{out} 已存在。请换一个文件名。", 2)
    try:
        return transfer.into_file(engine, out)
    except OSError as error:
        raise Stop(f"写不了 {out}。请换一个位置。", 2) from error


def _read(engine: Engine, file: Path) -> dict[str, int]:
    """The file stays as it is: what is migrated and read is a copy."""
    from sqlalchemy.exc import DatabaseError

    from webapp.services import transfer

    with TemporaryDirectory(prefix="rostrum-move-") as folder:
        try:
            return transfer.out_of_file(Path(copyfile(file, Path(folder, "data.sqlite3"))), engine)
        except DatabaseError as error:
            raise Stop(f"“{file}”不是 Rostrum 的数据文件，或已损坏。", 2) from error
