"""Work on a stranger's file in a process of its own, with limits of memory and time.

The child gets one line of JSON and the file's bytes on its input, and answers with bytes, or with the sentence of an
UnreadableFile. Whatever else happens to it (killed, out of memory, too slow) becomes a sentence here.
"""

import contextlib
import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from exports.errors import UnreadableFile
from exports.said import Said, say

Task = Callable[..., bytes]
READ = "exports.formats:read"
CHECK = "exports.formats:results"
ANNOTATE = "exports.rewriting:annotated"
LIMITS = {READ: (20, 112), CHECK: (180, 512), ANNOTATE: (120, 1024)}
"""Task → seconds of processor time, megabytes of address space beyond what the interpreter takes at the start."""
_REFUSED = 65
_ROOT = str(Path(__file__).parents[1])


def apart(task: str, data: bytes, filename: str, **more: object) -> bytes:
    """Run ``task``, a function of this package, on a file in a child process and return its answer.

    Raises
    ------
    UnreadableFile
        what the task has against the file, or that it took too much memory or time.
    """
    head = json.dumps({"task": task, "filename": filename, "more": more})
    env = os.environ | {"PYTHONPATH": os.pathsep.join([_ROOT, *filter(None, sys.path)]), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-P", "-m", __name__]
    try:
        given, seconds = head.encode() + b"\n" + data, LIMITS[task][0] * 3
        done = subprocess.run(command, input=given, capture_output=True, timeout=seconds, env=env, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(too_much(filename)) from error
    if done.returncode == _REFUSED:
        text, values = json.loads(done.stdout)
        raise UnreadableFile(Said.of(text, values))
    if done.returncode != 0:
        raise UnreadableFile(too_much(filename))
    return done.stdout


def too_much(filename: str) -> Said:
    """The sentence about a file that took too much memory or time."""
    return say(
        "文件“%(name)s”打开时占用的内存或时间过多，没有读取。请把名册复制到新的工作簿，另存为 .xlsx 后再导入。",
        name=filename,
    )


def _limit(seconds: int, megabytes: int) -> None:
    """Limit this process; Windows has no such limits, there the sizes checked beforehand bound the memory."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """The child: one task, its answer on stdout."""
    given, out = sys.stdin.buffer, sys.stdout.buffer
    head = json.loads(given.readline())
    module, name = head["task"].split(":")
    task: Task = getattr(import_module(module), name)
    _limit(*LIMITS[head["task"]])
    gc.disable()  # the process ends with its task
    try:
        out.write(task(given.read(), head["filename"], **head["more"]))
    except UnreadableFile as error:
        out.write(json.dumps([error.said.text, error.said.values]).encode())
        return _REFUSED
    except (MemoryError, RecursionError):
        said = too_much(head["filename"])
        out.write(json.dumps([said.text, said.values]).encode())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
