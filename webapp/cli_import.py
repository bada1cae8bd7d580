"""``rostrum import``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from webapp.cli_context import Stop, data_option, opened


@click.command("import")
@click.argument("kind", type=click.Choice(["applicants", "experts", "venue"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--annotate", "out", type=click.Path(dir_okay=False, path_type=Path), help="写出带“问题”列的文件")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="问题的回答（JSON）")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
@data_option
def _import(
    kind: str,
    file: Path,
    name: str | None,
    dry_run: bool,
    out: Path | None,
    answers: Path | None,
    as_json: bool,
    data: str | None,
) -> None:
    """导入名册：逐格检查；有错误则不写入，退出码 1."""
    from exports.annotate import annotate
    from webapp.services import rosters, rounds

    try:
        content = file.read_bytes()
        given = json.loads(answers.read_text(encoding="utf-8")) if answers else {}
    except (OSError, ValueError) as error:
        raise Stop(f"文件读不出：{error}。请检查路径。", 2) from error
    with opened(data) as (_config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        seen = rosters.look(session, round_, kind, content, file.name, given)
        if out:
            out.write_bytes(annotate(content, file.name, seen.parts[0]))
        written = seen.ok and not dry_run
        if written:
            rosters.write(session, actor, clock, round_, kind, content, file.name, given)
    if as_json:
        click.echo(json.dumps(seen.to_json(), ensure_ascii=False))
    else:
        _tell(seen.to_json(), written)
    if not seen.ok:
        raise Stop("名册有错误或没有可导入的行，没有写入。请按上面所列改正后重新导入。", 1)


def _tell(document: dict[str, object], written: bool) -> None:
    problems = document["problems"]
    assert isinstance(problems, list)
    for p in problems:
        place = f"{p['sheet']}!{p['cell']} " if p["cell"] else ""
        word = "错误" if p["level"] == "error" else "注意"
        click.echo(f"{word} {place}{p['message']}{p['hint']}", err=p["level"] == "error")
    rows = document["rows"]
    assert isinstance(rows, dict)
    click.echo(
        f"读到 {rows['read']} 行：接受 {rows['accepted']}，只评材料 {rows['review_only']}，"
        f"退回 {rows['rejected']}，跳过 {rows['skipped']}。{'已写入。' if written else '没有写入。'}"
    )


setattr(sys.modules[__name__], "import", _import)
