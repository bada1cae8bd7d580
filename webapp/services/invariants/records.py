"""The database itself: the file, its keys, its migrations, the audit log and its guards, files, accounts, jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webapp.migrate import alembic
from webapp.models import AuditEntry, Import, Job, Round, Share, User
from webapp.services import audit
from webapp.services.invariants.kind import NOT_WIPED, Invariant
from webapp.services.kernel import Sentence

GUARDS = {
    "sqlite": {
        "audit_log_no_update",
        "audit_log_no_delete",
        "audit_log_no_replace",
        "audit_log_follows",
        "audit_payloads_no_update",
    },
    "postgresql": {
        "audit_log_append_only",
        "audit_log_follows",
        "audit_log_no_truncate",
        "audit_payloads_no_update",
    },
}
"""Triggers that keep the audit log append-only."""
FILES = "上传的文件与记录一致"


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _whole(session: Session) -> Iterator[Sentence]:
    if _dialect(session) == "sqlite":
        for row in session.execute(text("PRAGMA integrity_check(20)")):
            if row[0] != "ok":
                yield Sentence("数据文件损坏：%(what)s。", what=row[0])


def _keys(session: Session) -> Iterator[Sentence]:
    if _dialect(session) == "sqlite":
        for row in session.execute(text("PRAGMA foreign_key_check")):
            yield Sentence(
                "表 %(table)s 第 %(row)s 行指向不存在的 %(parent)s。", table=row[0], row=row[1], parent=row[2]
            )
        return
    query = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
    for row in session.execute(text(query)):
        yield Sentence("表 %(table)s 的外键 %(name)s 没有核对过。", table=row[0], name=row[1])


def _migrated(session: Session) -> Iterator[Sentence]:
    now = MigrationContext.configure(session.connection()).get_current_revision()
    newest = ScriptDirectory.from_config(alembic("sqlite://")).get_current_head()
    if now != newest:
        yield Sentence("数据库是第 %(now)s 版，程序要第 %(newest)s 版。", now=now, newest=newest)


def _guarded(session: Session) -> Iterator[Sentence]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[_dialect(session)]
    for name in sorted(GUARDS[_dialect(session)] - set(session.scalars(text(query)))):
        yield Sentence("审计记录的保护 %(name)s 不在了。", name=name)


def _chained(session: Session) -> Iterator[Sentence]:
    for said in audit.broken(session):
        yield Sentence("%(what)s", what=said)


def _told(session: Session) -> Iterator[Sentence]:
    """Every round belongs to a record of its making: rows that came in beside the program stand out."""
    made = select(AuditEntry.object).where(AuditEntry.act.in_(("round.new", "round.like", "rehearsal.begin")))
    for name in session.scalars(select(Round.name).where(func.substr(Round.name, 1, 96).not_in(made), NOT_WIPED)):
        yield Sentence("批次“%(name)s”没有建立的审计记录。", name=name)


def _hashed(session: Session) -> Iterator[Sentence]:
    query = select(User.name).where(User.password_hash.not_like("$argon2id$%"), User.password_hash != "")
    for name in session.scalars(query):
        yield Sentence("账号 %(name)s 的密码不是 argon2id 摘要。", name=name)


def _administered(session: Session) -> Iterator[Sentence]:
    roles = dict.fromkeys(session.scalars(select(User.role).where(User.disabled.is_(False))))
    if session.scalar(select(User.id).where(User.role == "admin").limit(1)) and "admin" not in roles:
        yield Sentence("没有可用的系统管理员账号。")


def _jobs(session: Session) -> Iterator[Sentence]:
    for job in session.scalars(select(Job)):
        running, ended = job.state == "running", job.state in ("done", "failed", "cancelled")
        if running and not (job.claimed_by and job.heartbeat_at):
            yield Sentence("任务 %(n)s 在运行而没有进程认领。", n=job.id)
        if ended != (job.finished_at is not None):
            yield Sentence("任务 %(n)s 的状态与结束时间不符。", n=job.id)
    over = select(Share.job_id).join(Job, Job.id == Share.job_id).where(Job.finished_at.is_not(None)).distinct()
    for number in session.scalars(over):
        yield Sentence("任务 %(n)s 已结束，还留有分给别的进程的部分。", n=number)


def files(session: Session, folder: Path) -> Iterator[Sentence]:
    """Every file that was written from is there, as it came, until the round's personal data are wiped."""
    wiped = select(AuditEntry.round_id).where(AuditEntry.act == "round.wipe")
    query = select(Import).where(Import.confirmed_at.is_not(None), Import.round_id.not_in(wiped)).order_by(Import.id)
    for row in session.scalars(query):
        path = folder / row.stored_as
        if not path.exists():
            yield Sentence("第 %(n)s 份导入的原件不在上传文件夹里。", n=row.id)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.stored_as:
            yield Sentence("第 %(n)s 份导入的原件被改动。", n=row.id)


EVERY: dict[str, Invariant] = {
    "数据文件完好": _whole,
    "外键都指向存在的行": _keys,
    "数据库是程序要的版本": _migrated,
    "审计记录只能添加": _guarded,
    "审计链完好": _chained,
    "批次都有建立的记录": _told,
    "密码都是 argon2id": _hashed,
    "有可用的系统管理员": _administered,
    "排程任务的状态成立": _jobs,
}
