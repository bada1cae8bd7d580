"""``rostrum serve`` and ``rostrum demo``."""

from __future__ import annotations

import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli_accounts import first_account
from webapp.cli_context import Stop, committees_option, data_option, make_ready
from webapp.config import Config, from_environment
from webapp.lan import lan_address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

EVERYWHERE = "0.0.0.0"  # noqa: S104  (the tablets come in over the network)


@dataclass(frozen=True)
class Where:
    """Where and how to serve."""

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    processes: int = 1
    committees: Path | None = None
    opens: bool = False
    """A browser on this machine is to show the login page."""

    def answers(self) -> bool:
        """Whether somebody listens there."""
        try:
            socket.create_connection((self.own, self.port), 1).close()
        except OSError:
            return False
        return True

    def options(self) -> list[str]:
        """The same as options of ``rostrum serve``."""
        tls = ["--tls-cert", str(self.cert), "--tls-key", str(self.key)] if self.cert else []
        return ["--host", self.host, "--port", str(self.port), "--processes", str(self.processes), *tls]

    def several(self) -> list[str]:
        """The committees as options of ``rostrum serve`` and ``rostrum worker``."""
        return ["--committees", str(self.committees)] if self.committees else []

    @property
    def scheme(self) -> str:
        """What the address begins with."""
        return "https" if self.cert else "http"

    @property
    def own(self) -> str:
        """The host as this machine reaches it."""
        return "127.0.0.1" if self.host == EVERYWHERE else self.host

    @property
    def address(self) -> str:
        """The same as an address."""
        return f"{self.scheme}://{self.own}:{self.port}"


def _serve(config: Config, where: Where, *, solver: bool = True) -> None:
    """Keep the web, the solver and the backups going until Ctrl+C or a service manager's stop."""
    from webapp import browser, committees, serving
    from webapp.keeper import Kept, keep
    from webapp.models.users import SECONDS
    from webapp.services import keeping

    if where.opens:
        ours = browser.first(config.data, where.address)  # held to the end
        if not ours:
            click.echo("Rostrum 已经在运行，浏览器会打开它。要停止，请关掉它的窗口。")
            if browser.show_other(where.address):
                return
            raise Stop(f"另一个窗口在用这些数据，但 {where.address} 没有应答。请关掉那个窗口，再启动一次。", 2)
        first_account(str(config.data))
        click.echo("正在启动，稍后浏览器会打开……")
    if unknown := set(config.second_factor) - set(SECONDS):
        raise Stop(f"ROSTRUM_SECOND_FACTOR 里没有“{min(unknown)}”这个角色。可写：{'、'.join(SECONDS)}。", 2)
    served = list(committees.configs(where.committees).values()) if where.committees else [config]
    for one in served:
        make_ready(one)
        _key_ready(one)
    _certificate_ready(where)
    if not serving.free(where.host, where.port):
        raise Stop(f"端口 {where.port} 已被占用。请换一个：--port {where.port + 1}", 2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # a service manager's stop ends all of them
    data = ["--data", str(config.data), *where.several()]
    programs = [Kept("网页服务", ["serve", *where.options(), *data], where.answers)]
    if solver:
        programs.append(Kept("排程进程", ["worker", *data]))
    backups = [keeping.start(one) for one in served]
    try:
        raise SystemExit(keep(programs, lambda: _say_where(where)))
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        for keeper in backups:
            keeper.set()
        for program in programs:
            program.end()


def _key_ready(config: Config) -> None:
    """The key is made before there are several processes; where it is torn, say so and end."""
    try:
        config.secret_key()
    except OSError as error:
        file = config.data / "secret.key"
        raise Stop(f"密钥文件 {file} 不完整或读不出。请从备份放回，或删掉它：删掉后所有人都要重新登录。", 2) from error


def _certificate_ready(where: Where) -> None:
    from webapp.serving import context

    if where.cert and where.key:
        try:
            context(where.cert, where.key)
        except OSError as error:
            said = f"证书 {where.cert} 或私钥 {where.key} 读不出，或两者不是一对。请检查这两个文件。"
            raise Stop(said, 2) from error


def _run(config: Config, where: Where) -> None:
    """The web itself."""
    from webapp import create_app, serving
    from webapp.committees import Committees
    from webapp.keeper import mind_the_keeper

    mind_the_keeper()

    def make() -> WSGIApplication:
        return Committees(where.committees, tls=config.tls) if where.committees else create_app(config)

    if where.processes > 1:
        try:
            serving.several(make, where.host, where.port, where.processes, where.cert, where.key)
        except ImportError as error:
            raise Stop("多进程要用 gunicorn：pip install 'rostrum[server]'（仅 Linux）。", 2) from error
    elif where.cert and where.key:
        serving.private(make(), where.host, where.port, where.cert, where.key).serve_forever()
    else:
        serving.plain(make(), where.host, where.port)


def _say_where(where: Where) -> None:
    import segno

    click.echo(f"Rostrum 已启动：{where.address}")
    if where.host == EVERYWHERE:
        address = f"{where.scheme}://{lan_address()}:{where.port}"
        click.echo(f"平板和其他电脑请打开：{address}")
        if sys.stdout.isatty() and sys.stdout.encoding.startswith("utf"):  # GBK lacks half of its blocks
            segno.make(address, micro=False).terminal(compact=True)
    click.echo("按 Ctrl+C 停止。")
    if where.opens:
        from webapp import browser

        browser.show(f"{where.address}/login")


@click.command()
@click.option("--host", default=EVERYWHERE, show_default=True, help="监听地址")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="证书文件")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="私钥文件")
@click.option("--tls", is_flag=True, help="用 rostrum ca 签发的证书")
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="网页进程数（多于 1 仅 Linux）"
)
@click.option("--no-worker", is_flag=True, help="不启动排程进程（另用 rostrum worker）")
@click.option("--open", "opens", is_flag=True, help="网页可用后在本机浏览器中打开；已在运行时只打开")
@click.option("--kept", is_flag=True, hidden=True)
@committees_option
@data_option
def serve(
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    tls: bool,
    processes: int,
    no_worker: bool,
    opens: bool,
    kept: bool,
    committees: Path | None,
    data: str | None,
) -> None:
    """启动网页服务和排程进程."""
    if bool(tls_cert) != bool(tls_key):
        raise Stop("--tls-cert 和 --tls-key 要一起给出。", 2)
    config = from_environment(data, tls=tls or bool(tls_cert))
    if tls and not tls_cert:
        tls_cert, tls_key = config.tls_folder / "server.crt", config.tls_folder / "server.key"
        if not tls_cert.exists():
            raise Stop("还没有证书。请先运行 rostrum ca。", 2)
    where = Where(host, port, tls_cert, tls_key, processes, committees, opens)
    return _run(config, where) if kept else _serve(config, where, solver=not no_worker)


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
        _serve(config, Where("127.0.0.1", port))
