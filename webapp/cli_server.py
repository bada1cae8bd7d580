"""``rostrum serve`` and ``rostrum demo``."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import click

from webapp.cli_context import Stop, data_option, make_ready
from webapp.config import Config, from_environment

EVERYWHERE = "0.0.0.0"  # noqa: S104  (the tablets come in over the network)


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def lan_address() -> str:
    """This machine's address in its network, as far as it can be told without asking anyone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: nothing is sent
            name: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return name


def _start_worker(config: Config) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.worker", str(config.data)], env=os.environ | {"ROSTRUM_DATA": str(config.data)}
    )


def _serve(config: Config, host: str, port: int, cert: Path | None, key: Path | None) -> None:
    from webapp import create_app

    make_ready(config)
    if not _free(host, port):
        raise Stop(f"端口 {port} 已被占用。请换一个：--port {port + 1}", 2)
    app = create_app(config)
    worker = _start_worker(config)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # a service manager's stop ends the solver too
    scheme = "https" if cert else "http"
    shown = "127.0.0.1" if host == EVERYWHERE else host
    click.echo(f"Rostrum 已启动：{scheme}://{shown}:{port}")
    if host == EVERYWHERE:
        click.echo(f"平板和其他电脑请打开：{scheme}://{lan_address()}:{port}")
    click.echo("按 Ctrl+C 停止。")
    try:
        if cert and key:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            app.run(host, port, threaded=True, ssl_context=context, use_reloader=False)
        else:
            from waitress import serve as waitress

            waitress(app, host=host, port=port, threads=16, ident=None)
    finally:
        worker.terminate()
        worker.wait(10)


@click.command()
@click.option("--host", default=EVERYWHERE, show_default=True, help="监听地址")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证书文件")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="私钥文件")
@data_option
def serve(host: str, port: int, tls_cert: Path | None, tls_key: Path | None, data: str | None) -> None:
    """启动网页服务和排程进程."""
    if bool(tls_cert) != bool(tls_key):
        raise Stop("--tls-cert 和 --tls-key 要一起给出。", 2)
    _serve(from_environment(data, tls=bool(tls_cert)), host, port, tls_cert, tls_key)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--no-serve", is_flag=True, help="只做完整一轮并导出，不启动网页")
@data_option
def demo(port: int, no_serve: bool, data: str | None) -> None:
    """示例批次：导入、排程、发布、评分、成绩、导出；然后启动网页."""
    from webapp.demo import carry_through

    config = from_environment(data or os.environ.get("ROSTRUM_DATA") or "demo-data")
    make_ready(config)
    carry_through(config, click.echo)
    if not no_serve:
        _serve(config, "127.0.0.1", port, None, None)
