"""``rostrum export``."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import click

from webapp.cli_context import data_option, opened, written

KINDS = ("schedule", "groups", "signin", "sheets", "entry", "summary", "all", "instance", "solution")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("-o", "--output", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到")
@data_option
def export(kind: str, name: str | None, out: Path, data: str | None) -> None:
    """导出表格；all 是全部表格的 zip，instance 和 solution 是 JSON."""
    from exports.out import KINDS as BOOKS
    from webapp.services import books, rounds
    from webapp.services.instance import problem_document

    with opened(data) as (_config, session, _actor, _clock):
        round_ = rounds.by_name(session, name)
        if kind == "instance":
            content = json.dumps(problem_document(session, round_), ensure_ascii=False, indent=1).encode()
        elif kind == "solution":
            content = json.dumps(books.version_of(session, round_).document, ensure_ascii=False, indent=1).encode()
        elif kind == "all":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
                for one in BOOKS:
                    bundle.writestr(*books.workbook(session, round_, one))
            content = packed.getvalue()
        else:
            content = books.workbook(session, round_, kind)[1]
    written(out, content)
    click.echo(f"已写到 {out}")
