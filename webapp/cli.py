"""The ``rostrum`` command. Each subcommand is loaded only when it is called: ``rostrum solve`` knows no database."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

import click

COMMANDS = {
    "demo": "webapp.cli_server",
    "serve": "webapp.cli_server",
    "worker": "webapp.cli_schedule",
    "user": "webapp.cli_accounts",
    "round": "webapp.cli_accounts",
    "import": "webapp.cli_import",
    "schedule": "webapp.cli_schedule",
    "publish": "webapp.cli_schedule",
    "export": "webapp.cli_export",
    "enter": "webapp.cli_enter",
    "verify": "webapp.cli_export",
    "archive": "webapp.cli_archive",
    "move": "webapp.cli_move",
    "wipe": "webapp.cli_wipe",
    "ca": "webapp.cli_room",
    "spare": "webapp.cli_room",
    "audit": "webapp.cli_accounts",
    "backup": "webapp.cli_backup",
    "restore": "webapp.cli_backup",
    "check-data": "webapp.cli_backup",
    "solve": "scheduler.cli",
    "check": "scheduler.cli",
    "explain": "scheduler.explain.cli",
    "repair": "scheduler.repair.cli",
    "draw": "scheduler.cli",
    "score": "webapp.cli_score",
    "bench": "webapp.cli_bench",
}
"""Command → the module that has it, under the same name."""


class Lazy(click.Group):
    """A group that imports a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name])
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rostrum")
def group() -> None:
    """Rostrum: 高级职称答辩编排与评分系统."""


def in_words(error: click.ClickException) -> str:
    """The error in the office's language, with what to do; click's own sentences are English."""
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            said = f"缺少 {param.make_metavar(error.ctx or click.Context(group))}"
        case click.NoSuchOption(option_name=name):
            said = f"没有选项 {name}"
        case click.BadParameter(param=click.Parameter() as param):
            said = f"{param.opts[-1]} 的值不对（{error.message.rstrip('.')}）"
        case click.UsageError():
            said = f"用法不对（{error.message.rstrip('.')}）"
        case _:
            return error.format_message()
    path = error.ctx.command_path if error.ctx else "rostrum"
    return f"{said}。用 {path} --help 查看用法。"


def main() -> None:
    """Run a command; an error is one line on stderr and the exit status of the command line's page.

    A character that a file or a screen in GBK cannot hold becomes a question mark there.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        answer = group.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"rostrum: {in_words(error)}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("rostrum: 已中断。", err=True)
        sys.exit(1)
    sys.exit(answer if isinstance(answer, int) else 0)
