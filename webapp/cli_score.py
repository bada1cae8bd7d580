"""``rostrum score``: scoring/ without the web. Loads neither Flask nor the database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoring.document import answer, parse
from scoring.errors import ScoringError


class Bad(click.ClickException):
    """A document that cannot be answered: one line, exit status 2."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def score(file: Path) -> None:
    """Compute one document: 合分、修正、排名、一致性、宽严、多面 Rasch."""
    try:
        reply = json.dumps(answer(parse(file.read_text(encoding="utf-8-sig"))), ensure_ascii=False, allow_nan=False)
        reply.encode()  # JSON may write half a character, which no text can hold
    except OSError as error:
        raise Bad(f"{file}：读不出（{error.strerror}）。") from error
    except UnicodeError as error:
        raise Bad(f"{file}：不是 UTF-8 文本。") from error
    except ScoringError as error:
        raise Bad(f"{file}：{' '.join(str(error).split())}") from error
    click.echo(reply)
