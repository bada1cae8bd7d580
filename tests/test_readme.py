"""A command or setting that the README does not name is missing from it."""

from pathlib import Path

import pytest

from webapp.cli import COMMANDS
from webapp.services.settings import ENTRIES, Settings, shown

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_readme(name):
    assert f"| `rostrum {name}" in README


@pytest.mark.parametrize("key", ENTRIES)
def test_a_setting_is_in_the_readme_with_its_default(key):
    row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
    assert f"| {shown(getattr(Settings(), key)) or '–'} |" in row


@pytest.mark.parametrize("name", ["ROSTRUM_DATA", "ROSTRUM_DATABASE_URL", "ROSTRUM_LANGUAGE"])
def test_an_environment_variable_is_in_the_readme(name):
    assert f"| `{name}` |" in README
