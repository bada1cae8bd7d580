"""Where the data lies and how the server runs: read once from the environment, overridden by the command line."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32
"""Of the key that signs cookies and tokens."""


@dataclass(frozen=True)
class Config:
    """The settings of one installation; each is documented in the README's table."""

    data: Path
    database_url: str
    language: str = "zh"
    tls: bool = False
    """Cookies get ``Secure`` and the ``__Host-`` prefix."""
    proxies: int = 0
    """Proxies in front that tell the visitor's address and scheme (nginx is one); nobody else is believed."""
    journal: Path | None = None
    """A file in a second place that every mark is written to before its receipt is given."""
    second: Path | None = None
    """A second place for backups: another disk, a shared folder."""
    second_factor: tuple[str, ...] = ()
    """The roles whose accounts work only with a second factor."""
    testing: bool = False

    @property
    def uploads(self) -> Path:
        """Folder of uploaded rosters, by SHA-256."""
        return self.data / "uploads"

    @property
    def tls_folder(self) -> Path:
        """Folder of the local authority and the server's certificate (``rostrum ca``)."""
        return self.data / "tls"

    @property
    def backups(self) -> Path:
        """Folder of the database's backups."""
        return self.data / "backups"

    def secret_key(self) -> bytes:
        """The key of cookies and tokens: made once, by whichever process is first; readable by the owner only.

        Raises:
            OSError: the file is there, but nobody finishes writing it.
        """
        path = self.data / "secret.key"
        self.data.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
        for _ in range(200):  # another process may be about to write it
            if len(key := path.read_bytes()) >= KEY_BYTES:
                return key
            time.sleep(0.01)
        raise OSError(f"{path} is too short for a key")


def from_environment(data: str | Path | None = None, *, tls: bool = False, testing: bool = False) -> Config:
    """Settings from ``ROSTRUM_*``; ``data`` of the command line wins over ``ROSTRUM_DATA``."""
    folder = Path(data or os.environ.get("ROSTRUM_DATA") or "rostrum-data").absolute()
    return Config(
        data=folder,
        database_url=os.environ.get("ROSTRUM_DATABASE_URL") or f"sqlite:///{folder / 'rostrum.sqlite3'}",
        language=os.environ.get("ROSTRUM_LANGUAGE") or "zh",
        tls=tls or os.environ.get("ROSTRUM_TLS", "") not in ("", "0"),
        journal=Path(os.environ["ROSTRUM_JOURNAL"]) if os.environ.get("ROSTRUM_JOURNAL") else None,
        proxies=int(os.environ.get("ROSTRUM_PROXIES") or 0),
        second=Path(os.environ["ROSTRUM_BACKUP_DIR"]).absolute() if os.environ.get("ROSTRUM_BACKUP_DIR") else None,
        second_factor=tuple(os.environ.get("ROSTRUM_SECOND_FACTOR", "").replace(",", " ").split()),
        testing=testing,
    )
