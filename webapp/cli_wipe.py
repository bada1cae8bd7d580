"""``rostrum wipe``."""

from __future__ import annotations

import click

from webapp.cli_context import data_option, opened


@click.command()
@click.option("--round", "name", required=True, help="已归档的批次名称")
@click.option("--reason", required=True, help="原因，例如：保存期满")
@click.option("--yes", is_flag=True, help="不再询问")
@data_option
def wipe(name: str, reason: str, yes: bool, data: str | None) -> None:
    """清除一个已归档批次的个人信息：身份证号、电话、名册其他栏、审计中的前后值、名册原件；成绩和审计链不变."""
    from webapp.services import rounds, wiping

    ask = f"将永久清除批次“{name}”的个人信息，归档文件不受影响。请再输入一次批次名称"
    typed = name if yes else click.prompt(ask, err=True)
    with opened(data) as (config, session, actor, clock):
        done = wiping.wipe(session, actor, clock, config, rounds.by_name(session, name), reason, typed)
        session.commit()
        clean, copies = wiping.rewrite(config), wiping.copies(config)
    click.echo(f"已清除 {done.people} 人的身份证号和电话、{done.payloads} 条审计内容、{done.files} 个名册原件。")
    if not clean:
        click.echo("数据库正忙，数据文件没有重写，里面还有旧内容。请空闲时再运行一次。")
    click.echo(f"旧备份里还有这些信息（现有 {copies} 份），请一并删除。")
