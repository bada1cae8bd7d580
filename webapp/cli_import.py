"""``rostrum import``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from webapp.cli_context import Stop, content_of, data_option, opened, written


@click.command("import")
@click.argument("kind", type=click.Choice(["applicants", "experts", "venue"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--round", "name", help="批次名称（默认最新的）")
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--annotate", "out", type=click.Path(dir_okay=False, path_type=Path), help="写出带“问题”列的文件")
@click.option("--answers", type=click.Path(path_type=Path), help="问题的回答（JSON）")
@click.option("--column", "columns", multiple=True, metavar="列=表头", help="例如 工作单位=供职单位；可以多次")
@click.option("--sheet", help="读哪一张工作表；全部读写 全部工作表")
@click.option("--remove-gone", is_flag=True, help="新名册里没有的人从批次中删去（默认保留）")
@click.option("--json", "as_json", is_flag=True, help="只输出一份 JSON")
@data_option
def _import(
    kind: str,
    file: Path,
    name: str | None,
    dry_run: bool,
    out: Path | None,
    answers: Path | None,
    columns: tuple[str, ...],
    sheet: str | None,
    remove_gone: bool,
    as_json: bool,
    data: str | None,
) -> None:
    """导入名册：逐格检查；有错误则不写入，退出码 1."""
    from webapp.services import keeping, mapping, rosters, rounds, uploads

    content = content_of(file)
    given = _given(content_of(answers)) if answers else {}
    with opened(data) as (config, session, actor, clock):
        round_ = rounds.by_name(session, name)
        given |= dict(mapping.answer(kind, said) for said in columns)
        given |= {f"sheets:{table}": sheet for table in mapping.PARTS[kind] if sheet}
        seen = rosters.look(session, round_, kind, content, file.name, given)
        while not as_json and sys.stdin.isatty() and (told := _asked(seen.to_json()["questions"])):
            given |= told
            seen = rosters.look(session, round_, kind, content, file.name, given)
        if out:
            written(out, rosters.annotated(seen, content, file.name))
        done = seen.ok and not dry_run
        if done:
            keeping.keep(config, clock, "before_import")
            uploads.taken(session, actor, clock, round_, kind, content, file.name, config.uploads)
            rosters.write(session, actor, clock, round_, kind, content, file.name, given, remove_gone)
    if as_json:
        click.echo(json.dumps(seen.to_json(), ensure_ascii=False))
    else:
        _tell(seen.to_json(), done)
    if not seen.ok:
        errors = sum(p["level"] == "error" for p in seen.to_json()["problems"])
        raise Stop(f"“{file.name}”有 {errors} 处错误，没有写入。请按所列单元格改正后重新导入。", 1)


def _given(content: bytes) -> dict[str, str]:
    try:
        given = json.loads(content)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Stop('回答应是一份 JSON，例如 {"direction:电解液": "电解液（固体电解质）"}。', 2)
    return given


def _asked(questions: list[dict[str, Any]]) -> dict[str, str]:
    """Answers from the terminal; an empty one leaves its question open."""
    told = {}
    for question in questions:
        options = question["options"]
        listed = "".join(f"\n  {number} {option}" for number, option in enumerate(options, 1))
        best = options.index(question["best"]) + 1 if question["best"] in options else 0
        text = f"{question['text']}{listed}\n  0 不回答\n请输入序号"
        number = click.prompt(text, type=click.IntRange(0, len(options)), default=best)
        if number:
            told[question["key"]] = options[number - 1]
    return told


def _tell(document: dict[str, Any], done: bool) -> None:
    for p in document["problems"]:
        place = "!".join(filter(None, (p["sheet"], p["cell"])))
        word = "错误" if p["level"] == "error" else "注意"
        click.echo(f"{word} {place} {p['message']}{p['hint']}")
    for question in document["questions"]:
        click.echo(f"问题 {question['key']} {question['text']}可选：{'、'.join(question['options'])}")
    heads = {"times": "时间", "titles": "标题"}
    for about, text, meaning in dict.fromkeys((t["about"], t["text"], t["meaning"]) for t in document["understood"]):
        click.echo(f"{heads[about]} “{text}”理解为：{meaning}")
    if changes := document.get("changes"):
        _tell_changes(changes)
    rows = document["rows"]
    click.echo(
        f"读到 {rows['read']} 行：接受 {rows['accepted']}，只评材料 {rows['review_only']}，"
        f"退回 {rows['rejected']}，跳过 {rows['skipped']}。{'已写入。' if done else '没有写入。'}"
    )


def _tell_changes(changes: dict[str, Any]) -> None:
    for name in changes["added"]:
        click.echo(f"新增 {name}")
    for person in changes["changed"]:
        fields = "；".join(f"{column} {before or '空'} → {after or '空'}" for column, before, after in person["fields"])
        click.echo(f"更改 {person['name']} {fields}")
    for name in changes["gone"]:
        click.echo(f"没有 {name}")
    counts = [len(changes[key]) for key in ("added", "changed", "gone")]
    click.echo("和现有的相比：新增 {}，更改 {}，新文件里没有的 {}，不变 {}。".format(*counts, changes["same"]))


setattr(sys.modules[__name__], "import", _import)
