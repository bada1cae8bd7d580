"""``rostrum export`` and ``rostrum verify``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.cli_context import content_of, data_option, opened, written

KINDS = (
    *("schedule", "groups", "experts", "signin", "lots", "sheets", "entry", "summary", "results", "origins"),
    *(
        "minutes",
        "opinions",
        "votes",
        "attendance",
        "fees",
        "contacts",
        "notice",
        "rosters",
        "all",
        "instance",
        "solution",
    ),
)


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("-o", "--output", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到")
@click.option(
    "--password", prompt="打开密码", prompt_required=False, hide_input=True, help="内部表格的打开密码；不写出则询问"
)
@data_option
def export(kind: str, name: str | None, out: Path, password: str | None, data: str | None) -> None:
    """导出表格；all 是全部表格的 zip，instance 和 solution 是 JSON."""
    from webapp.services import books, rounds
    from webapp.services.instance import problem_document

    with opened(data) as (_config, session, actor, _clock):
        round_ = rounds.by_name(session, name)
        if kind == "instance":
            content = json.dumps(problem_document(session, round_), ensure_ascii=False, indent=1).encode()
        elif kind == "solution":
            content = json.dumps(books.version_of(session, round_).document, ensure_ascii=False, indent=1).encode()
        elif kind == "all":
            content = books.bundle(session, round_, password=password or "", role=actor.role)[1]
        else:
            content = books.workbook(session, round_, kind, password=password or "", role=actor.role)[1]
    written(out, content)
    click.echo(f"已写到 {out}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--password", prompt="打开密码", prompt_required=False, hide_input=True, help="文件的打开密码；不写出则询问"
)
@data_option
def verify(file: Path, password: str | None, data: str | None) -> None:
    """核对导出的表格与数据是否一致，列出不一致的单元格."""
    from webapp.services.verify import verify as compare

    with opened(data) as (_config, session, _actor, _clock):
        verdict = compare(session, content_of(file), file.name, password or "")
    said = verdict.said
    click.echo(f"{verdict.title}　{said['rostrum_round']}　{said['rostrum_version']}　{said['rostrum_made_at']}")
    for remark in (*verdict.remarks, *verdict.wrong, *verdict.differences):
        click.echo(str(remark))
    click.echo("与数据一致。" if verdict.agrees else f"与数据不一致：{len(verdict.differences)} 个单元格。")
    click.get_current_context().exit(0 if verdict.agrees else 1)
