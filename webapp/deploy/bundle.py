"""The bundle that installs without the internet: our wheel, all others for Windows and Linux, a start script for each.

``python -m webapp.deploy.bundle LOCK WHEEL FOLDER [--python 3.12] [--only linux]``
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from webapp.deploy.lock import Part, read


@dataclass(frozen=True)
class Target:
    """A kind of machine: pip's names for it, and what markers ask about."""

    name: str
    platforms: tuple[str, ...]
    sys_platform: str

    def environment(self, python: str) -> dict[str, str]:
        """The answers to the lock's markers there."""
        return {
            "sys_platform": self.sys_platform,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
        }


TARGETS = (
    Target("windows", ("win_amd64",), "win32"),
    Target("linux", ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64"), "linux"),
)
SCRIPTS = {
    "start.bat": "启动 Rostrum.bat",
    "start.sh": "rostrum.sh",
    "install.py": "install.py",
    "readme.txt": "读我.txt",
}


def needed(parts: list[Part], target: Target, python: str) -> str:
    """The requirements file of one target: what the lock says it needs, pinned and hashed."""
    environment = target.environment(python)
    return "\n".join(part.pinned() for part in parts if part.needed(environment)) + "\n"


def fetch(requirements: Path, target: Target, python: str, folder: Path) -> None:
    """Every wheel of a target, each against its hashes; pure ones are the same for both."""
    platforms = [word for name in target.platforms for word in ("--platform", name)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *platforms]
    subprocess.run([*command, "-r", str(requirements), "-d", str(folder)], check=True)


def pack(lock: Path, wheel: Path, folder: Path, python: str, only: str = "") -> None:
    """Lay the bundle out in a folder."""
    parts = list(read(lock))
    (folder / "wheels").mkdir(parents=True)
    for target in TARGETS:
        if only in ("", target.name):
            requirements = folder / "wheels" / f"{target.name}.txt"
            requirements.write_text(needed(parts, target, python), encoding="utf-8", newline="\n")
            fetch(requirements, target, python, folder / "wheels")
    shutil.copy(wheel, folder / "wheels")
    for name, shown in SCRIPTS.items():
        text = files("webapp.deploy").joinpath(name).read_text(encoding="utf-8").replace("@PYTHON@", python)
        end = "\r\n" if name.endswith((".bat", ".txt")) else "\n"
        (folder / shown).write_text(text, encoding="utf-8", newline=end)
    (folder / "rostrum.sh").chmod(0o755)
    sums = (f"{_digest(file)}  {file.relative_to(folder)}\n" for file in sorted(folder.rglob("*")) if file.is_file())
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def main() -> None:
    """Read the command line."""
    parser = ArgumentParser()
    for name in ("lock", "wheel", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--python", default="3.12")
    parser.add_argument("--only", default="", choices=["", *(target.name for target in TARGETS)])
    asked = parser.parse_args()
    pack(asked.lock, asked.wheel, asked.folder, asked.python, asked.only)


if __name__ == "__main__":
    main()
