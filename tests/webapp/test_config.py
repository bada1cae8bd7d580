"""The key of cookies and tokens: several processes start at once on an empty folder, all get the same."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.config import KEY_BYTES, Config


def config_in(folder: Path) -> Config:
    return Config(folder, "sqlite://")


def test_all_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    for turn in range(20):
        config, gate = config_in(tmp_path / str(turn)), threading.Barrier(8)

        def start(config: Config = config, gate: threading.Barrier = gate) -> bytes:
            gate.wait()
            return config.secret_key()

        with ThreadPoolExecutor(8) as pool:
            keys = {call.result() for call in [pool.submit(start) for _ in range(8)]}
        assert [len(key) for key in keys] == [KEY_BYTES]


def test_a_key_that_is_just_being_written_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    timer = threading.Timer(0.1, (tmp_path / "secret.key").write_bytes, [b"k" * KEY_BYTES])
    timer.start()
    assert config_in(tmp_path).secret_key() == b"k" * KEY_BYTES
    timer.join()


def test_a_key_nobody_finishes_is_said(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"torn")
    with pytest.raises(OSError, match="too short for a key"):
        config_in(tmp_path).secret_key()
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(tmp_path), "--no-worker"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "密钥文件" in done.stderr
    assert "Traceback" not in done.stderr
