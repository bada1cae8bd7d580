"""A command's way into the data: folder, migrations, session, actor, clock."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.config import Config, from_environment
from webapp.services.kernel import Actor, Clock, Missing, Refused, Unreadable, system_clock

F = TypeVar("F", bound=Callable[..., Any])


class Stop(click.ClickException):
    """Ends a command with one line on stderr."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


def local_actor() -> Actor:
    """The operator at the command line: the office's role, the machine's user in the audit."""
    return Actor(f"local:{getpass.getuser()}", "office", getpass.getuser())


def make_ready(config: Config) -> None:
    """Migrate the database; where there is none to be had, say so and end."""
    from webapp.migrate import upgrade

    try:
        upgrade(config)
    except OSError as error:
        raise Stop(f"数据文件夹 {config.data} 不能写。请用 --data 换一个。", 2) from error
    except CommandError as error:
        raise Stop("数据由更新的 Rostrum 写成。请先更新程序。", 2) from error
    except (ImportError, SQLAlchemyError) as error:
        raise Stop("数据库打不开。请检查 ROSTRUM_DATABASE_URL 和数据文件夹。", 2) from error


def content_of(file: Path) -> bytes:
    """The bytes of a file that was given; where it cannot be read, say so and end."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise Stop(f"没有文件“{file}”。请检查路径。", 2) from error
    except OSError as error:
        raise Stop(f"文件“{file}”读不出。请检查它是不是一个可以读的文件。", 2) from error


def written(path: Path, content: bytes) -> None:
    """Write a file that was asked for; where it cannot be, say so and end."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(f"写不了 {path}。请换一个位置。", 2) from error


@contextmanager
def opened(data: str | None = None) -> Iterator[tuple[Config, Session, Actor, Clock]]:
    """Open the data folder at the newest migration; commit when the block ends well, undo all otherwise."""
    import webapp.db  # noqa: F401  (the engine's events)

    config = from_environment(data)
    make_ready(config)
    engine = create_engine(config.database_url)
    try:
        with Session(engine) as session:
            yield config, session, local_actor(), system_clock
            session.commit()
    except (Unreadable, Missing) as error:
        raise Stop(str(error), 2) from error
    except Refused as error:
        raise Stop(str(error), 1) from error
    finally:
        engine.dispose()


def data_option(command: F) -> F:
    """Adds ``--data DIR``."""
    return click.option("--data", metavar="DIR", help="数据文件夹（默认 $ROSTRUM_DATA 或 ./rostrum-data）")(command)


def committees_option(command: F) -> F:
    """Adds ``--committees DIR``."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--committees", type=kind, help="多个评委会：每个一个文件夹，以网址主机名为名")(command)
