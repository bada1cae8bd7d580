"""A round on the shelf: what the bundle holds, what it leaves out, and that nothing in it can be changed unseen."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.databases import unguarded
from tests.webapp.small import OFFICE, clock, hear, submit
from webapp.config import Config
from webapp.models import AuditEntry, AuditPayload, Expert, Round, TabletCode, User
from webapp.services import archive, rounds, uploads
from webapp.services.archive_check import check
from webapp.services.kernel import Refused, Unreadable


@pytest.fixture
def bundle(session: Session, round_: Round, config: Config, tmp_path: Path) -> Path:
    """The small round with one heard and a second round beside it, archived."""
    hear(session, round_, "A00001")
    submit(session, round_, "A00001", 1)
    session.add(User(name="sec", role="secretary", password_hash="argon2-secret"))
    expert = session.scalars(select(Expert)).first()
    code = TabletCode(expert_id=expert and expert.id, kind="link", code_hash="hash-of-a-code", made_at=clock())
    code.expires_at = clock()
    session.add(code)
    other = rounds.create(session, OFFICE, clock, "另一批次")
    session.flush()
    other.directions[0].name = "别处的方向"
    session.flush()
    config.uploads.mkdir(parents=True, exist_ok=True)
    act = (session, OFFICE, clock, round_)
    uploads.taken(*act, "venue", b"a roster", "../场地0.xlsx", config.uploads)
    uploads.keep(*act, "venue", b"looked at only", "场地1.xlsx", config.uploads)
    uploads.taken(*act, "entry", b"typed in", "录入.xlsx", config.uploads)
    for data in (b"gone", b"changed"):
        uploads.taken(*act, "experts", data, f"{data.decode()}.xlsx", config.uploads)
    (config.uploads / hashlib.sha256(b"gone").hexdigest()).unlink()
    (config.uploads / hashlib.sha256(b"changed").hexdigest()).write_bytes(b"other")
    made = archive.write(session, OFFICE, clock, config, round_)
    data, digest = made.bundle, made.digest
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.object) == ("round.archive", digest)
    path = tmp_path / "round.zip"
    path.write_bytes(data)
    return path


def test_a_bundle_is_whole_and_says_so(bundle: Path) -> None:
    checked = check(bundle)
    assert checked.wrong == ()
    assert checked.manifest["round"] == "小批次"
    names = zipfile.ZipFile(bundle).namelist()
    assert names[:2] == ["manifest.json", "data.sqlite3"]
    assert "workbooks/小批次-答辩安排总表.xlsx" in names
    came = [name for name in names if name.startswith(("rosters/", "sheets/"))]
    assert came == ["rosters/1-场地0.xlsx", "sheets/3-录入.xlsx"], "what was written only"
    assert list(checked.manifest["missing"]) == ["rosters/4-gone.xlsx", "rosters/5-changed.xlsx"]
    assert checked.manifest["rows"]["sheets"] == 1


def rows(bundle: Path, table: str, column: str, folder: Path) -> list[object]:
    path = folder / "inside.sqlite3"
    path.write_bytes(zipfile.ZipFile(bundle).read("data.sqlite3"))
    with sqlite3.connect(path) as inside:
        return [row[0] for row in inside.execute(f"SELECT {column} FROM {table} ORDER BY id")]


def test_other_rounds_and_ways_in_are_left_out_and_the_chain_is_whole(
    session: Session, bundle: Path, tmp_path: Path
) -> None:
    assert rows(bundle, "rounds", "name", tmp_path) == ["小批次"]
    assert "别处的方向" not in rows(bundle, "directions", "name", tmp_path)
    assert rows(bundle, "tablet_codes", "code_hash", tmp_path) == []
    assert rows(bundle, "users", "password_hash", tmp_path) == [""]
    assert len(rows(bundle, "panel_members", "id", tmp_path)) == 3
    entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert rows(bundle, "audit_log", "hash", tmp_path) == [e.hash for e in entries[:-1]], "the act itself comes after"
    others = {e.id for e in entries if e.act == "round.new" and e.object == "另一批次" and e.round_id is not None}
    assert not others & set(rows(bundle, "audit_payloads", "entry_id", tmp_path))


def again(bundle: Path, change: Callable[[dict[str, bytes]], object]) -> list[str]:
    """What the check says of the bundle after its files were changed."""
    with zipfile.ZipFile(bundle) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    with zipfile.ZipFile(bundle, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return [str(sentence) for sentence in check(bundle).wrong]


def test_a_changed_missing_or_added_file_is_named(bundle: Path) -> None:
    book = "workbooks/小批次-分组名单.xlsx"
    assert again(bundle, lambda files: files.update({book: files[book] + b" "})) == [
        f"文件“{book}”与清单中的 SHA-256 不符。"
    ]
    assert again(bundle, lambda files: files.pop(book)) == [f"缺少文件“{book}”。"]
    assert again(bundle, lambda files: files.update({"x.txt": b""})) == [
        f"缺少文件“{book}”。",
        "清单中没有文件“x.txt”。",
    ]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM sheets", "数据表 sheets 有 0 行"),
        ("UPDATE audit_payloads SET after = '{}' WHERE entry_id = 2", "审计记录 2 的内容被改动"),
        ("UPDATE sheets SET expert_id = 99", "不存在记录"),
    ],
)
def test_changed_data_with_a_forged_manifest_is_found(bundle: Path, tmp_path: Path, statement: str, says: str) -> None:
    def forge(files: dict[str, bytes]) -> None:
        path = tmp_path / "forged.sqlite3"
        path.write_bytes(files["data.sqlite3"])
        with sqlite3.connect(path) as inside:
            inside.execute("DROP TRIGGER audit_payloads_no_update")
            inside.execute(statement)
        inside.close()
        files["data.sqlite3"] = path.read_bytes()
        manifest = json.loads(files["manifest.json"])
        manifest["files"]["data.sqlite3"] = archive._print(files["data.sqlite3"])
        files["manifest.json"] = json.dumps(manifest).encode()

    before = check(bundle).digest
    assert says in " ".join(again(bundle, forge))
    assert check(bundle).digest != before, "the digest in the audit log tells it too"


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"])
def test_something_else_is_no_bundle(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="不是归档文件"):
        check(path)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("manifest.json", "[]")
    path.write_bytes(out.getvalue())
    with pytest.raises(Unreadable, match="不是归档文件"):
        check(path)


@pytest.mark.parametrize(("vote", "last"), [("committee", "public_notice"), ("none", "released")])
def test_archiving_in_its_last_state_ends_the_round(
    session: Session, round_: Round, config: Config, vote: str, last: str
) -> None:
    round_.settings = round_.settings | {"vote": vote}
    for state in ("published", "confirmed", *(("released",) if last != "released" else ())):
        round_.state = state
        archive.write(session, OFFICE, clock, config, round_)
        assert round_.state == state, "a copy in between ends nothing"
    round_.state = last
    archive.write(session, OFFICE, clock, config, round_)
    assert round_.state == "archived"


def test_a_broken_chain_is_not_archived(session: Session, round_: Round, config: Config) -> None:
    unguarded(session)
    payload = session.scalars(select(AuditPayload).order_by(AuditPayload.id)).first()
    assert payload is not None
    payload.after = {"name": "另一个"}
    session.flush()
    with pytest.raises(Refused, match="审计链有误"):
        archive.write(session, OFFICE, clock, config, round_)
