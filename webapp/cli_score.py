"""``rostrum score``: one JSON document in, one out, through the same functions as the web."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import click

from webapp.cli_context import Stop


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def score(file: Path) -> None:
    """由一个 JSON 文件计算成绩、修正、名次或一致性."""
    from scoring.document import answer
    from scoring.errors import ScoringError

    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise Stop(f"{file}：读不到这个文件（{error.strerror}）。", 2) from error
    except ValueError as error:
        raise Stop(f"{file}：不是 JSON（{error}）。", 2) from error
    try:
        result = answer(document)
    except ScoringError as error:
        raise Stop(f"{file}：{error}", 2) from error
    click.echo(json.dumps(result, ensure_ascii=False, default=str))
