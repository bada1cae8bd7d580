"""After the archive: numbers, phones and rosters are gone from every table and file; chain and marks are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.promises.town import PASSWORD, Town
from tests.webapp.small import OFFICE, clock, hear, submit
from webapp.cli_wipe import wipe as command
from webapp.config import Config
from webapp.models import Applicant, AuditEntry, AuditPayload, Expert, Import, Round, Sheet
from webapp.services import audit, transfer, wiping
from webapp.services.keeping import keep
from webapp.services.kernel import Refused, system_clock

MANIFEST = "0123456789abcdef" * 4
SAID = ("保存期满", "小批次")
SECRETS = ("11010519491231002X", "13900001111", "保密单位", "保密备注", "保密列")


def planted(session: Session, config: Config, round_: Round, state: str) -> Path:
    """Secrets in every place a roster fills; the uploaded roster."""
    hear(session, round_, "A00001")
    submit(session, round_, "A00001", 1)
    for person in (*session.scalars(select(Applicant)), *session.scalars(select(Expert))):
        person.phone, person.id_no = SECRETS[1], f"{SECRETS[0]}{person.code}"
        if isinstance(person, Applicant):
            person.insured_unit, person.details = SECRETS[2], {"school": SECRETS[4]}
        else:
            person.note = person.availability_text = SECRETS[3]
    audit.record(session, OFFICE, clock, "import.write", "x", round_id=round_.id, after={"row": list(SECRETS)})
    content = "".join(SECRETS).encode()
    name = hashlib.sha256(content).hexdigest()
    config.uploads.mkdir(parents=True, exist_ok=True)
    (config.uploads / name).write_bytes(content)
    row = Import(round_id=round_.id, kind="applicants", filename="x.xlsx", stored_as=name, at=clock(), by="office")
    row.summary = {"problems": [SECRETS[0]]}
    session.add(row)
    round_.state = state
    audit.record(session, OFFICE, clock, "round.archive", MANIFEST, round_id=round_.id, before={}, after={})
    return config.uploads / name


def everything(session: Session) -> str:
    return "".join(str(row) for table in transfer.tables() for row in session.execute(select(table)))


def on_disk(session: Session, config: Config) -> bytes:
    """Whatever the database's files hold, rows or not."""
    if session.get_bind().dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in sorted(config.data.rglob("*")) if path.is_file())
    connection = session.connection()
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("CHECKPOINT")
    files = "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 't', 'i')"
    return b"".join(bytes(row[0]) for row in connection.exec_driver_sql(f"{files} AND NOT relisshared"))


def test_nothing_of_it_is_left(session: Session, config: Config, round_: Round) -> None:
    file = planted(session, config, round_, "archived")
    session.commit()
    assert all(secret.encode() in on_disk(session, config) for secret in SECRETS[:2])
    assert all(secret in everything(session) for secret in SECRETS)
    kept = wiping.kept(session, config, round_)
    assert (kept.people, kept.files, kept.payloads > 2, kept.wiped) == (6, 1, True, None)
    done = wiping.wipe(session, OFFICE, clock, config, round_, *SAID)
    session.commit()
    assert wiping.rewrite(config)
    left = everything(session)
    assert not [secret for secret in SECRETS if secret in left]
    assert not [secret for secret in SECRETS if secret.encode() in on_disk(session, config)]
    assert not file.exists()
    kept = wiping.kept(session, config, round_)
    assert (kept.people, kept.files, kept.payloads, kept.wiped and kept.wiped.by) == (0, 0, 0, "office")
    assert (done.people, done.files) == (6, 1)
    assert list(audit.broken(session)) == []
    assert session.scalars(select(Sheet)).one().state == "submitted"
    assert "申报1" in left


def test_only_after_the_archive_and_with_a_reason(session: Session, config: Config, round_: Round) -> None:
    file = planted(session, config, round_, "published")
    with pytest.raises(Refused, match="还没有归档"):
        wiping.wipe(session, OFFICE, clock, config, round_, *SAID)
    round_.state = "archived"
    with pytest.raises(Refused, match="原因"):
        wiping.wipe(session, OFFICE, clock, config, round_, " ", SAID[1])
    with pytest.raises(Refused, match="批次名称不符"):
        wiping.wipe(session, OFFICE, clock, config, round_, SAID[0], "另一批次")
    assert file.exists()
    assert SECRETS[0] in everything(session)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


ASKED = {"reason": SAID[0], "name": SAID[1], "password": PASSWORD}


def test_the_administrator_wipes_by_the_page(town: Town) -> None:
    with town.data() as session:
        file = planted(session, town.config, town.round(session), "archived")
    keep(town.config, system_clock, "on_time")
    admin = town.client("admin")
    assert "6 人的证件号" in admin.get("/admin/personal").text
    page = admin.get("/admin/personal/1").text
    assert not [secret for secret in SECRETS if secret in page], "numbers only"
    assert all(said in page for said in ("不能恢复", MANIFEST, "6 人", "1 个"))
    answer = admin.post("/admin/personal/1", data=ASKED, follow_redirects=True)
    assert "已清除 6 人的个人信息" in answer.text
    assert "早于那时的备份还有 1 份" in answer.text
    assert not file.exists()
    with town.data() as session:
        entry, told = session.execute(
            select(AuditEntry, AuditPayload)
            .join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
            .where(AuditEntry.act == "round.wipe")
        ).one()
        assert (entry.actor, entry.role) == ("admin", "admin")
        assert (told.before["people"], told.after) == (6, {"reason": SAID[0]})
        left = everything(session)
        assert list(audit.broken(session)) == []
    assert not [secret for secret in SECRETS if secret in left]


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"name": "另一批次"}, 400, "批次名称不符"),
        ({"reason": " "}, 400, "写明原因"),
        ({"password": "not-my-password"}, 403, "密码不对"),
        ({}, 400, "还没有归档"),
    ],
)
def test_the_page_wipes_nothing_by_half_a_word(town: Town, changed: dict[str, str], status: int, said: str) -> None:
    with town.data() as session:
        file = planted(session, town.config, town.round(session), "archived" if changed else "public_notice")
    answer = town.client("admin").post("/admin/personal/1", data=ASKED | changed)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert file.exists()
    with town.data() as session:
        assert SECRETS[0] in everything(session)
        assert not session.scalars(select(AuditEntry).where(AuditEntry.act == "round.wipe")).all()


def test_whose_password_is_guessed_at_the_page_waits(town: Town) -> None:
    with town.data() as session:
        file = planted(session, town.config, town.round(session), "archived")
    admin = town.client("admin")
    for n in range(5):
        assert admin.post("/admin/personal/1", data=ASKED | {"password": f"a-guess-{n}"}).status_code == 403
    assert "秒后再试" in admin.post("/admin/personal/1", data=ASKED).text
    assert file.exists()


def test_the_command_asks_for_the_name(config: Config, session: Session, round_: Round) -> None:
    planted(session, config, round_, "archived")
    session.commit()
    asked = ["--round", SAID[1], "--reason", SAID[0], "--data", str(config.data)]
    env = {"ROSTRUM_DATABASE_URL": config.database_url}
    other = CliRunner().invoke(command, asked, input="另一批次\n", env=env)
    assert (other.exit_code, "批次名称不符" in other.output) == (1, True)
    done = CliRunner().invoke(command, asked, input=f"{SAID[1]}\n", env=env)
    assert (done.exit_code, "已清除 6 人" in done.output) == (0, True), done.output
    session.expire_all()
    assert SECRETS[0] not in everything(session)
