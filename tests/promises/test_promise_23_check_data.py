"""Promise 23: at least 20 invariants of the whole database. Each is broken once and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.promises.whole import assert_whole
from tests.webapp.databases import unguarded
from tests.webapp.panels import computed_round
from webapp.config import Config, from_environment
from webapp.migrate import upgrade
from webapp.models import User
from webapp.services import invariants

BROKEN = {
    "外键都指向存在的行": "UPDATE sheets SET expert_id = 999 WHERE id = 1",
    "数据库是程序要的版本": "UPDATE alembic_version SET version_num = '0001'",
    "审计记录只能添加": "DROP TRIGGER audit_log_follows",
    "审计链完好": "UPDATE audit_log SET actor = 'x' WHERE id = 3",
    "批次都有建立的记录": "UPDATE rounds SET name = '别的批次'",
    "密码都是 argon2id": "UPDATE users SET password_hash = 'plain'",
    "有可用的系统管理员": "UPDATE users SET disabled = 1",
    "排程任务的状态成立": "INSERT INTO jobs (round_id, state, options, progress, made_at, made_by, cancel_asked, error)"
    " VALUES (1, 'running', '{}', '{}', '2026-12-05 00:00:00', 'x', 0, '')",
    "申报人的方向在本批次": "INSERT INTO rounds (name, organisation, state, settings, rubric, made_at, row_version)"
    " SELECT 'B', '', 'draft', '{}', rubric, made_at, 1 FROM rounds;"
    " UPDATE directions SET round_id = 2 WHERE code = 'D1'",
    "专家的方向和强度成立": "UPDATE experts SET strengths = '{\"D9\": 3}' WHERE id = 1",
    "一个身份证号一个人": "DROP INDEX uq_applicants_id_no; UPDATE applicants SET id_no = '362201197907038975'",
    "回避的双方在本批次": "INSERT INTO recusals (round_id, side, name, reason) VALUES (1, 'day', '', '其他')",
    "时段有先后": 'UPDATE sessions SET "end" = start',
    "批次的设置成立": "UPDATE rounds SET rubric = '{}'",
    "阶段与已发布的安排相符": "UPDATE schedule_versions SET status = 'superseded'",
    "只有高级申报人有答辩安排": "UPDATE applicants SET level = 'intermediate' WHERE id = 1",
    "安排在时段之内": "UPDATE appointments SET start = '2026-12-06 08:00:00' WHERE id = 1",
    "每个专家组一位组长": "UPDATE panel_members SET chair = 0",
    "占座与专家组相符": "DELETE FROM seats_held WHERE id = 1",
    "安排的文件与数据相符": "DELETE FROM appointments WHERE id = 1",
    "叫号的各段有先后": "UPDATE calls SET talk_at = NULL WHERE id = 1",
    "已答辩的都叫过号": "UPDATE calls SET ended_at = NULL WHERE id = 1",
    "结束的批次人人有结果": "DELETE FROM outcomes WHERE id = 1",
    "签字的专家组都已关场": "DELETE FROM sittings_closed WHERE id = 1",
    "评分表的表号成立": "UPDATE sheets SET key = 'R1-P1-A00001-E9999' WHERE id = 1",
    "回避的没有评分表": "INSERT INTO recusals (round_id, side, expert_id, applicant_id, name, reason)"
    " SELECT 1, 'day', expert_id, applicant_id, '', '师生' FROM sheets WHERE id = 1",
    "评分表的历史不缺": "DELETE FROM sheet_records WHERE id = 1",
    "收到的记录没有改动": "UPDATE sheet_records SET marks = replace(marks, '1', '2') WHERE id = 1",
    "分数与收到的记录相符": "UPDATE sheets SET marks = replace(marks, '1', '2') WHERE id = 1",
    "有效成绩只有一份": "DELETE FROM results; DELETE FROM result_sets",
    "成绩所用的评分表都在": "UPDATE sheet_records SET hash = 'x' WHERE id = 1",
    "票数相加等于出席": "INSERT INTO ballots (round_id, applicant_id, present, votes_for, against, abstain, spoiled,"
    " written_at, written_by, row_version) VALUES (1, 1, 9, 1, 1, 1, 1, '2026-12-05 00:00:00', 'x', 1)",
}
"""Invariant → what breaks it. What the database refuses whatever is done (two persons, another round's rows) is tried
with its checks off in the tests of promise 8 and 15."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Config:
    config = from_environment(tmp_path_factory.mktemp("whole"), testing=True)
    upgrade(config)
    engine = create_engine(config.database_url)
    with Session(engine) as session:
        computed_round(session)
        session.add(User(name="admin", role="admin", password_hash="$argon2id$x"))
        session.commit()
    engine.dispose()
    return config


def test_a_round_that_was_carried_through_is_whole(whole: Config) -> None:
    assert_whole(whole)
    assert len(invariants.EVERY) >= 20


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named(whole: Config, tmp_path: Path, name: str) -> None:
    import sqlite3

    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(whole.data / "rostrum.sqlite3") as live, sqlite3.connect(copy) as other:
        live.backup(other)
    live.close()
    other.close()
    engine = create_engine(f"sqlite:///{copy}")
    with Session(engine) as session:
        if "TRIGGER" not in BROKEN[name]:
            unguarded(session)
        session.connection().exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        session.commit()
    engine.dispose()
    with sqlite3.connect(copy) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        raw.executescript(BROKEN[name])
    raw.close()
    engine = create_engine(f"sqlite:///{copy}")
    with Session(engine) as session:
        found = {broken for broken, _said in invariants.broken(session)}
    engine.dispose()
    assert name in found


def test_every_invariant_can_fail() -> None:
    elsewhere = {"数据文件完好", "安排里的人、室、时段在本批次", "录入和确认是两个人", "成绩里只有本批次的人"}
    assert set(invariants.EVERY) - set(BROKEN) == elsewhere


def test_a_damaged_file_is_said(whole: Config, tmp_path: Path) -> None:
    data = bytearray((whole.data / "rostrum.sqlite3").read_bytes())
    for place in range(8192, len(data), 16384):
        data[place : place + 200] = b"\0" * 200
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(data)
    engine = create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        assert list(invariants.broken(session))
    engine.dispose()


def test_an_original_that_is_gone_or_changed_is_named(whole: Config, tmp_path: Path) -> None:
    engine = create_engine(whole.database_url)
    with Session(engine) as session:
        session.execute(
            text(
                "INSERT INTO imports (round_id, kind, filename, stored_as, at, by, confirmed_at, summary)"
                " VALUES (1, 'venue', 'a.xlsx', 'gone', '2026-12-05 00:00:00', 'x', '2026-12-05 00:00:00', '{}')"
            )
        )
        assert any("原件" in str(said) for _name, said in invariants.broken(session, tmp_path))
        (tmp_path / "gone").write_text("other")
        assert any("被改动" in str(said) for _name, said in invariants.broken(session, tmp_path))
        session.rollback()
    engine.dispose()
