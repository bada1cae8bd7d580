"""In a bundle: install what lies in ``wheels`` into ``env``, once, without the internet. The start files run it.

Whoever installs holds a lock of the operating system, which goes with the process however that ends; ``env/ok`` is
written last, so what was broken off is installed anew. It tells what was installed: where wheels are laid over, those
are installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import IO

BUSY = 3
"""Exit code: somebody else is installing just now."""
WINDOWS = sys.platform == "win32"
NEEDED = "windows.txt" if WINDOWS else "linux.txt"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")


def python(env: Path) -> Path:
    """The interpreter of an environment."""
    return env / ("Scripts/python.exe" if WINDOWS else "bin/python")


def wanted(home: Path) -> str:
    """What is to be there: our own wheel and the list of all others, as one hash."""
    digest = hashlib.sha256()
    for file in (*sorted((home / "wheels").glob("rostrum-*.whl")), home / "wheels" / NEEDED):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def installed(home: Path) -> bool:
    """Whether just that was finished and answers: a folder that was moved to where another Python is does not."""
    env = home / "env"
    try:
        if (env / "ok").read_text(encoding="ascii") != wanted(home):
            return False
        return subprocess.run([python(env), "-c", "import webapp"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def alone(file: IO[bytes]) -> bool:
    """Take the lock that one process has at a time."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def install(home: Path, lock: IO[bytes]) -> int:
    """Lay the environment out anew; the exit code of the step that failed, or 0.

    On Linux the steps hold the lock, too: one that outlives this process still writes.
    """
    env, wheels = home / "env", ("--find-links", str(home / "wheels"))
    for step in (
        [sys.executable, "-m", "venv", "--clear", str(env)],
        [str(python(env)), *PIP, *wheels, "--require-hashes", "-r", str(home / "wheels" / NEEDED)],
        [str(python(env)), *PIP, *wheels, "rostrum"],
    ):
        done = subprocess.run(step, check=False, pass_fds=() if WINDOWS else (lock.fileno(),))
        if done.returncode:
            return 1
    (env / "ok").write_text(wanted(home), encoding="ascii")
    return 0


def main(home: Path) -> int:
    """Install where nothing is, unless somebody is at it."""
    if installed(home):
        return 0
    with (home / "env.lock").open("ab") as lock:
        if not alone(lock):
            print("另一个窗口正在安装。请等它装完，它会自己打开浏览器。", flush=True)
            return BUSY
        if installed(home):  # meanwhile
            return 0
        print("正在安装，约一分钟，不需要网络……", flush=True)
        return install(home, lock)


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
