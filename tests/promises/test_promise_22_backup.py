"""Promise 22: backups while others write, to a second place, with an alarm; the restore drill."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from exports.sample import sample_files
from tests.load.servers import rostrum
from tests.promises.town import Town
from tests.webapp.small import FULL, OFFICE, clock, hear, published_round, record, submit, tablet
from tests.webapp.test_kept import soon
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import AuditEntry, SheetRecord
from webapp.services import audit, backups, invariants, keeping, rounds, sheets
from webapp.services.kernel import Refused, Unreadable


def a_day(config: Config) -> None:
    """Data of a day in session, and a file that came in."""
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        round_ = published_round(session)
        hear(session, round_, "A00001")
        submit(session, round_, "A00001", 1)
        session.commit()
    engine.dispose()
    config.uploads.mkdir(parents=True, exist_ok=True)
    (config.uploads / "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd").write_bytes(b"A")


def looks(config: Config) -> tuple[str, dict[str, int], list[str]]:
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        from webapp.models import Base

        counts = {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}
        wrong = [str(said) for _name, said in invariants.broken(session, config.uploads)]
        head = audit.head(session)
    engine.dispose()
    return head, counts, wrong


def test_the_restore_drill(config: Config, tmp_path: Path) -> None:
    """The machine is lost; another one has the backup: the same head, the same rows, nothing broken."""
    a_day(config)
    before, key = looks(config), config.secret_key()
    made = backups.make(config, clock, tmp_path / "usb")
    assert before[2] == []
    shutil.rmtree(config.data)
    fresh = replace(config, data=tmp_path / "second")
    if config.database_url.startswith("sqlite"):
        fresh = replace(fresh, database_url=f"sqlite:///{fresh.data}/rostrum.sqlite3")
    else:
        engine = create_engine(config.database_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    manifest, wrong = backups.restore(fresh, clock, made.path)
    assert (wrong, looks(fresh)) == ([], before)
    assert manifest["audit_head"] == before[0]
    assert fresh.secret_key() == key, "logins and pages of the first machine go on"
    assert [path.read_bytes() for path in fresh.uploads.iterdir()] == [b"A"]


def test_a_restore_over_data_keeps_what_was_there(tmp_path: Path) -> None:
    config = Town.at(tmp_path / "data").config
    made = backups.make(config, clock, tmp_path / "usb")
    first = looks(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        rounds.create(session, OFFICE, clock, "后来的批次")
        session.commit()
        later = looks(config)
        backups.restore(config, clock, made.path)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == first[1]["audit_log"], "seen at once"
    engine.dispose()
    (_moment, kept) = backups.listed(config.backups)[-1]
    assert "before_restore" in kept.name
    backups.restore(config, clock, kept)
    assert looks(config) == later


def test_a_backup_during_writing_is_of_one_moment(tmp_path: Path) -> None:
    config = Town.at(tmp_path / "data").config
    stop = threading.Event()

    def write() -> None:
        engine = create_engine(config.database_url)
        with Session(engine) as session:
            n = 0
            while not stop.is_set():
                rounds.create(session, OFFICE, clock, f"批次 {(n := n + 1)}")
                session.commit()
        engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backups.make(config, clock, tmp_path / f"usb{n}") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for one in made:
        other = Config(tmp_path / one.path.parent.name / "r", f"sqlite:///{one.path.parent}/r/rostrum.sqlite3")
        other.data.mkdir()
        assert backups.restore(other, clock, one.path)[1] == []
    assert len({one.manifest["audit_head"] for one in made}) > 1, "the writer did write"


@pytest.mark.parametrize("cut", [0, 100, -100, "middle"])
def test_a_torn_or_changed_backup_changes_nothing(tmp_path: Path, cut: int | str) -> None:
    config = Town.at(tmp_path / "data").config
    whole = backups.make(config, clock, tmp_path / "usb").path
    data = bytearray(whole.read_bytes())
    if cut == "middle":
        with zipfile.ZipFile(whole) as packed:
            place = packed.getinfo("data.sqlite3").header_offset + 5000
        data[place] ^= 255
    else:
        data = data[: int(cut)]
    torn = tmp_path / "torn.zip"
    torn.write_bytes(data)
    before = looks(config)
    with pytest.raises(Unreadable, match="数据没有改动"):
        backups.restore(config, clock, torn)
    assert looks(config) == before
    assert backups.listed(config.backups) == []


def test_a_place_that_fails_is_an_alarm_on_the_offices_page(tmp_path: Path) -> None:
    second = tmp_path / "second"
    town = Town.at(tmp_path / "data")
    config = replace(town.config, second=second)
    town.app.config["ROSTRUM"] = config
    office = town.client("office")
    assert keeping.keep(config, clock, "on_time")
    assert [p.name for _m, p in backups.listed(second)] == [p.name for _m, p in backups.listed(config.backups)]
    assert 'role="alert"' not in office.get("/office/").text
    shutil.rmtree(second)
    second.write_text("a file where the folder should be")
    assert not keeping.keep(config, clock, "on_time")
    assert "备份没有写到第二处" in office.get("/office/").text
    second.unlink()
    shutil.rmtree(config.backups)
    config.backups.write_text("a file where the folder should be")
    assert not keeping.keep(config, clock, "on_time")
    config.backups.unlink()
    config.backups.mkdir()
    (config.backups / keeping.STATUS).write_text(json.dumps({"failed": "磁盘已满。", "second": ""}))
    assert "自动备份失败：磁盘已满。" in office.get("/office/").text
    assert keeping.keep(config, clock, "on_time")
    assert 'role="alert"' not in office.get("/office/").text


def test_in_session_without_a_backup_is_an_alarm(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    with town.data() as session:
        hear(session, town.round(session), "A00001")
    assert "没有备份" in town.client("office").get("/office/").text
    now = datetime.now(UTC)
    assert keeping.due(town.config, now, "")[0], "in session it is time"
    assert keeping.keep(town.config, lambda: now, "on_time")
    assert "没有备份" not in town.client("office").get("/office/").text
    assert not keeping.due(town.config, now + timedelta(minutes=4), "")[0]
    wanted, mark = keeping.due(town.config, now + timedelta(minutes=6), "")
    assert wanted
    assert not keeping.due(town.config, now + timedelta(minutes=6), mark)[0], "nothing has changed since"
    with town.data() as session:
        round_ = town.round(session)
        sheets.receive(
            session, tablet(session, round_, 2), clock, round_, record(round_, "A00001", 2, FULL, state="draft")
        )
        assert session.scalar(select(func.count(SheetRecord.id))) == 1
    assert keeping.due(town.config, now + timedelta(minutes=6), mark)[0], "a draft is reason enough"


def test_the_server_makes_them_by_itself(tmp_path: Path) -> None:
    """Nobody asks: the command that serves keeps them, beginning when it comes up."""
    config = from_environment(tmp_path / "data")
    a_day(config)
    with rostrum(config, "--no-worker"):
        soon(lambda: backups.listed(config.backups))
    made = backups.listed(config.backups)[0][1]
    assert made.name.endswith("-on_time.zip")
    other = from_environment(tmp_path / "other")
    assert backups.restore(other, clock, made)[1] == []
    assert looks(other)[0] == looks(config)[0]


def test_before_import_solve_and_release(tmp_path: Path) -> None:
    """Whether the act is then possible or not: the backup comes first."""
    town = Town.at(tmp_path)
    name, data = sample_files()["venue"]
    town.client("office").post("/office/rounds", data={"name": "新批次"})
    where = town.client("office").post("/rosters/upload", data={"kind": "venue", "file": (BytesIO(data), name)})
    for role, address, form in (
        ("office", where.headers["Location"], {}),
        ("office", "/schedule/jobs?round=1", {"seconds": "5"}),
        ("results_officer", "/results/release?round=1", {}),
    ):
        town.client(role).post(address, data=form)
    made = [path.name.rpartition("-")[2] for _moment, path in backups.listed(town.config.backups)]
    assert sorted(made) == ["before_import.zip", "before_release.zip", "before_solve.zip"]


def test_backups_are_thinned(tmp_path: Path) -> None:
    now = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
    moments = [now - timedelta(minutes=5 * n) for n in range(12 * 24 * 4)] + [
        now - timedelta(days=n) for n in range(120)
    ]
    for moment in moments:
        (tmp_path / f"rostrum-{moment.strftime(backups.STAMP)}-on_time.zip").touch()
    backups.thin(tmp_path, now)
    kept = [moment for moment, _path in backups.listed(tmp_path)]
    assert kept[-1] == now
    assert sum(moment > now - timedelta(hours=2) for moment in kept) == 24
    assert sum(now - timedelta(days=2) < moment <= now - timedelta(hours=2) for moment in kept) in range(44, 50)
    assert 85 <= sum(moment <= now - timedelta(days=2) for moment in kept) <= 92


def test_the_commands(tmp_path: Path) -> None:
    config = Town.at(tmp_path / "data").config

    def rostrum(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("rostrum")), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = rostrum("backup", str(tmp_path / "usb"), "--data", str(config.data))
    assert done.returncode == 0, done.stderr
    head = looks(config)[0]
    assert head in done.stdout
    made = backups.listed(tmp_path / "usb")[0][1]
    done = rostrum("restore", str(made), "--data", str(tmp_path / "other"))
    assert (done.returncode, head in done.stdout, "全部通过" in done.stdout) == (0, True, True), (
        done.stderr + done.stdout
    )
    done = rostrum("restore", str(tmp_path / "nothing.zip"), "--data", str(tmp_path / "other"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    done = rostrum("check-data", "--json", "--data", str(tmp_path / "other"))
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert said["checked"] >= 20
    assert said["broken"] == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    config = Town.at(tmp_path / "data").config
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="备份没有写成"):
        backups.make(config, clock, tmp_path / "file" / "in")


def test_a_server_reached_by_its_socket_is_backed_up(tmp_path: Path, postgres_url: str) -> None:
    """The address of rostrum.env names the socket behind its `?`; PostgreSQL's programs must find it, too."""
    url, engine = make_url(postgres_url), create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        folder = connection.scalar(text("SHOW unix_socket_directories"))
    engine.dispose()
    address = f"postgresql+psycopg://{url.username}@/{url.database}?host={folder}&port={url.port}"
    config = replace(from_environment(tmp_path / "data"), database_url=address)
    a_day(config)
    made = backups.make(config, clock, tmp_path / "usb")
    assert backups.restore(config, clock, made.path)[1] == []
