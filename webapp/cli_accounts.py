"""``rostrum user``, ``round`` and ``audit``."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from webapp.cli_context import Stop, data_option, opened
from webapp.services.kernel import Unreadable


@click.group()
def user() -> None:
    """账号：新建、重设密码、列出、停用."""


def _asked() -> tuple[str, bool]:
    """A password from the terminal, or a made one; whether it was made."""
    if sys.stdin.isatty():
        typed = click.prompt("密码（留空则生成一个）", default="", hide_input=True, show_default=False)
        if typed:
            return typed, False
    from webapp.services.users import made_password

    return made_password(), True


def _made(name: str, password: str | None) -> str:
    return f"账号 {name} 已建立。" + (f"初始密码（只显示这一次）：{password}" if password else "")


def first_account(data: str) -> None:
    """Where nobody could log in yet, make the administrator's account; asks until the password will do."""
    from webapp.services import users

    with opened(data) as (_config, session, actor, clock):
        if users.everyone(session):
            return
        click.echo("建立第一个账号 admin（系统管理员），请记下密码。")
        while True:
            password, made = _asked()
            try:
                users.create(session, actor, clock, "admin", "admin", password, must_change=made)
                break
            except Unreadable as error:
                click.echo(str(error))
    click.echo(_made("admin", password if made else None))
    click.pause("记下后，按任意键继续……")


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, help="角色，例如 office、secretary、results_officer、admin")
@data_option
def add(name: str, role: str, data: str | None) -> None:
    """新建账号."""
    from webapp.services import users

    with opened(data) as (_config, session, actor, clock):
        password, made = _asked()
        users.create(session, actor, clock, name, role, password, must_change=made)
    click.echo(_made(name, password if made else None))


@user.command("password")
@click.argument("name")
@data_option
def password(name: str, data: str | None) -> None:
    """重设密码."""
    from webapp.services import users

    with opened(data) as (_config, session, actor, clock):
        new, made = _asked()
        users.reset_password(session, actor, clock, users.by_name(session, name), new)
    click.echo(f"账号 {name} 的密码已重设。" + (f"新密码（只显示这一次）：{new}" if made else ""))


@user.command("list")
@data_option
def list_users(data: str | None) -> None:
    """列出账号."""
    from webapp.services import users

    with opened(data) as (_config, session, _actor, _clock):
        for row in users.everyone(session):
            click.echo(f"{row.name}\t{row.role}\t{'停用' if row.disabled else '启用'}")


@user.command("disable")
@click.argument("name")
@data_option
def disable(name: str, data: str | None) -> None:
    """停用账号，下一次请求即退出."""
    from webapp.services import users

    with opened(data) as (_config, session, actor, clock):
        users.set_disabled(session, actor, clock, users.by_name(session, name), True)
    click.echo(f"账号 {name} 已停用。")


@user.command("second-off")
@click.argument("name")
@data_option
def second_off(name: str, data: str | None) -> None:
    """关闭一个账号的两步验证：手机丢了或换了."""
    from webapp.services import second, users

    with opened(data) as (_config, session, actor, clock):
        second.turn_off(session, actor, clock, users.by_name(session, name))
    click.echo(f"账号 {name} 的两步验证已关闭，请本人登录后重新开启。")


@click.group("round")
def round() -> None:
    """评审批次：新建、列出、查看."""


@round.command("new")
@click.argument("name")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="一项设置，可多次")
@click.option("--like", metavar="NAME", help="沿用这个批次的规则、场地和专家")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), help="与 --like 一起用：时段移到这一天开始")
@data_option
def new(name: str, pairs: tuple[str, ...], like: str | None, first_day: datetime | None, data: str | None) -> None:
    """新建批次."""
    from webapp.services import copying, rounds

    if any("=" not in pair for pair in pairs):
        raise Stop("--set 写成 KEY=VALUE，例如 --set panel_size=7。", 2)
    with opened(data) as (_config, session, actor, clock):
        texts = dict(pair.split("=", 1) for pair in pairs)
        if like is None:
            rounds.create(session, actor, clock, name, texts)
        else:
            day = first_day.date() if first_day else None
            made = copying.create(session, actor, clock, rounds.by_name(session, like), name, first_day=day)
            rounds.change_settings(session, actor, clock, made, texts)
        following = "applicants" if first_day else "venue"  # half-days come along where they have days
    click.echo(f"批次“{name}”已建立。下一步：rostrum import {following} FILE")


@round.command("list")
@data_option
def list_rounds(data: str | None) -> None:
    """列出批次，最新的在前."""
    from webapp.services import rounds
    from webapp.shown import STATE_NAMES

    with opened(data) as (_config, session, _actor, _clock):
        for row in rounds.everyone(session):
            click.echo(f"{row.name}\t{STATE_NAMES[row.state]}")


@round.command("show")
@click.argument("name", required=False)
@data_option
def show(name: str | None, data: str | None) -> None:
    """查看一个批次的阶段、人数和设置."""
    from webapp.services import overview, rounds
    from webapp.services.setting_entries import ENTRIES
    from webapp.services.settings import of_round, shown
    from webapp.shown import STATE_NAMES

    with opened(data) as (_config, session, _actor, clock):
        row = rounds.by_name(session, name)
        click.echo(f"{row.name}：{STATE_NAMES[row.state]}")
        for label, count in overview.of(session, clock, row).counts:
            click.echo(f"  {label}\t{count}")
        values = of_round(row)
        for key, entry in ENTRIES.items():
            click.echo(f"  {key}={shown(getattr(values, key))}\t{entry.label}")


@click.command()
@click.option("--head", "printed", metavar="HEX", help="印在成绩表上的链头：核对那以前的记录都在")
@data_option
def audit(printed: str | None, data: str | None) -> None:
    """核对审计记录的链，打印链头；有改动时逐条指出，退出码 1."""
    from webapp.services import audit as log

    with opened(data) as (_config, session, _actor, _clock):
        wrong = list(log.broken(session))
        if printed is not None and log.knows(session, printed) is None:
            wrong.append(f"记录里没有链头 {printed}：抄错了，或者那以后的记录被截掉或改写。")
        for line in wrong:
            click.echo(line)
        click.echo(f"链头 {log.head(session)}")
    if wrong:
        raise Stop(f"审计记录有 {len(wrong)} 处不符。", 1)
