"""A command, option, variable or setting that the README does not name is missing from it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from webapp import create_app
from webapp.cli import COMMANDS, group
from webapp.config import from_environment
from webapp.services.setting_entries import ENTRIES
from webapp.services.settings import Settings, shown

ROOT = Path(__file__).parents[1]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")
SOURCES = [path for room in ("scheduler", "scoring", "exports", "webapp") for path in ROOT.joinpath(room).rglob("*.py")]
VARIABLES = {name for path in SOURCES for name in re.findall(r"\bROSTRUM_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
INSIDE = {"ROSTRUM_SHOW_500"}
"""A switch of the tests."""


def rows(name: str) -> str:
    return "\n".join(line for line in README.splitlines() if line.startswith(f"| `rostrum {name}"))


def commands(name: str) -> Iterator[click.Command]:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    yield command
    yield from command.commands.values() if isinstance(command, click.Group) else ()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_readme_with_all_its_words(name):
    found, everywhere = rows(name), README.split("| command |")[0]
    assert found
    for command in commands(name):
        assert str(command.name) in found
        for option in (p for p in command.params if isinstance(p, click.Option) and not p.hidden):
            assert option.opts[0] in found or f"`{option.opts[0]}" in everywhere, option.opts


@pytest.mark.parametrize("key", ENTRIES)
def test_a_setting_is_in_the_readme_with_its_default(key):
    row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
    assert f"| {shown(getattr(Settings(), key)) or '–'} |" in row


@pytest.mark.parametrize("name", sorted(VARIABLES - INSIDE))
def test_an_environment_variable_is_in_the_readme(name):
    assert f"| `{name}` |" in README


def test_the_readme_names_no_variable_that_is_not_read():
    assert set(re.findall(r"^\| `(ROSTRUM_[A-Z_]+)` \|", README, re.M)) <= VARIABLES


def test_an_address_in_the_guides_is_one_of_ours(tmp_path):
    ours = create_app(from_environment(tmp_path, testing=True)).url_map.bind("venue")
    guides = [path.read_text(encoding="utf-8") for path in ROOT.joinpath("docs").glob("*.md")]
    named = {path for text in guides for path in re.findall(r"`(?:https?://[\d.]+(?::\d+)?)?(/[a-z][a-z/]*)`", text)}
    assert {"/healthz", "/tablet/check"} <= named
    missing = {path for path in named if not ours.test(path) and not ours.test(path + "/")}
    assert not missing
