"""Every command of the table can be loaded, and the README names it or its group."""

import click
import pytest

from webapp.cli import COMMANDS, group


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_loads_and_has_help(name):
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.help or command.get_short_help_str()
