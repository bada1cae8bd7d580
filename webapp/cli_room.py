"""``rostrum ca`` and ``rostrum spare``: certificates for the meeting rooms, and the second laptop."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path

import click

from webapp.cli_context import Stop, data_option
from webapp.config import Config, from_environment

KEYS = ("secret.key", "tls/rostrum-ca.crt", "tls/rostrum-ca.key", "tls/server.crt", "tls/server.key")
"""What makes a second laptop the same server to tablets: cookies and certificate."""


@click.command()
@click.option("--host", "hosts", multiple=True, help="服务器的地址或名字，可多次给出（默认本机局域网地址）")
@data_option
def ca(hosts: tuple[str, ...], data: str | None) -> None:
    """为会场签发证书：首次建立本地证书机构，以后只换服务器证书；平板装一次机构证书即可."""
    from webapp import authority
    from webapp.lan import lan_address

    config = from_environment(data)
    named = hosts or (lan_address(), socket.gethostname(), "localhost", "127.0.0.1")
    try:
        files = authority.issue(config.tls_folder, list(dict.fromkeys(named)))
    except OSError as error:
        raise Stop(f"写不了 {config.tls_folder}。请用 --data 换一个数据文件夹。", 2) from error
    click.echo(f"平板上安装并信任：{files.authority}")
    click.echo(f"安装时核对指纹（SHA-256）：{authority.fingerprint(files.authority)}")
    click.echo(f"服务器证书：{'、'.join(named)}，{authority.SERVER_DAYS} 天。启动：rostrum serve --tls")


@click.command()
@click.option("-o", "--output", "out", type=click.Path(dir_okay=False, path_type=Path), help="备用包写到（含密钥）")
@click.option("--from", "kit", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="另一台的备用包")
@click.option("--backup", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="最新的备份文件")
@click.option("--journal", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="评分流水")
@data_option
def spare(out: Path | None, kit: Path | None, backup: Path | None, journal: Path | None, data: str | None) -> None:
    """备用电脑：平时把密钥和证书写成备用包；主机坏了，在另一台上用备用包、备份和评分流水接着开."""
    config = from_environment(data)
    if out is not None and kit is None:
        return _pack(config, out)
    if kit is None or backup is None:
        raise click.UsageError("用 -o 写出备用包，或用 --from 备用包 --backup 备份文件 接管")
    if (config.data / "rostrum.sqlite3").exists():
        raise Stop(f"{config.data} 里已有数据。请用 --data 给一个空文件夹。", 2)
    return _take_over(config, kit, backup, journal)


def _pack(config: Config, out: Path) -> None:
    config.secret_key()
    try:
        with zipfile.ZipFile(out, "x") as bundle:
            for name in KEYS:
                if (config.data / name).exists():
                    bundle.write(config.data / name, name)
    except OSError as error:
        raise Stop(f"写不了 {out}。请换一个位置或文件名。", 2) from error
    out.chmod(0o600)
    click.echo(f"备用包：{out}。里面有密钥，只放在备用电脑上，会后删除。")


def _keys(kit: Path) -> dict[str, bytes]:
    """What a kit holds; read before anything is written."""
    try:
        with zipfile.ZipFile(kit) as bundle:
            return {name: bundle.read(name) for name in KEYS if name in bundle.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise Stop(f"“{kit}”不是备用包，或已损坏。请用主机上 rostrum spare -o 写出的文件。", 2) from error


def _take_over(config: Config, kit: Path, backup: Path, journal: Path | None) -> None:
    from webapp.cli_context import opened
    from webapp.services import audit, backups
    from webapp.services import journal as journals
    from webapp.services.kernel import Refused, system_clock

    keys = _keys(kit)
    try:
        backups.restore(config, system_clock, backup)
    except Refused as error:
        raise Stop(str(error), 2) from error
    (config.data / "tls").mkdir(parents=True, exist_ok=True)
    for name, key in keys.items():
        (config.data / name).write_bytes(key)
        (config.data / name).chmod(0o600)
    with opened(str(config.data)) as (_config, session, _actor, _clock):
        head = audit.head(session)
        again = journals.replay(session, journal) if journal else journals.Replayed(0, 0, ())
    click.echo(f"备份的审计链头：{head}")
    click.echo(f"评分流水：补上 {again.taken} 条，已有 {again.known} 条。")
    for text in again.left:
        click.echo(f"注意 没有补上：{text}")
    click.echo("启动：rostrum serve --tls（与原来同一个地址）")
