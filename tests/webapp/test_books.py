"""Workbooks from the web and the command line: one, all, with a password, checked again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from msoffcrypto.format.ooxml import OOXMLFile
from sqlalchemy import select

from tests.webapp.test_pages import app, as_role, client  # noqa: F401  (fixtures)
from webapp import demo
from webapp.cli import group
from webapp.db import db
from webapp.models import AuditEntry, Round

PASSWORD = "打开时要问的"


def sample(app: Flask) -> int:  # noqa: F811
    """The sample round's id: other tests make further rounds."""
    with app.app_context():
        return db.session.scalars(select(Round.id).where(Round.name == demo.NAME)).one()


def opened(data: bytes) -> list[str]:
    """The sheets behind the password."""
    file, out = OOXMLFile(io.BytesIO(data)), io.BytesIO()
    file.load_key(password=PASSWORD)
    file.decrypt(out)
    return openpyxl.load_workbook(out).sheetnames


def test_all_workbooks_in_one_zip_are_those_the_role_may_take(app: Flask, client: FlaskClient) -> None:  # noqa: F811
    as_role(app, client, "organiser")
    names = zipfile.ZipFile(io.BytesIO(client.get(f"/results/books/all?round={sample(app)}").data)).namelist()
    assert len(names) == 15, (
        "all but the ballot and the experts' totals, and for the notice a text that it is not there"
    )
    assert any("成绩册" in name for name in names)
    assert not any("汇总" in name for name in names)
    as_role(app, client, "desk")
    names = zipfile.ZipFile(io.BytesIO(client.get(f"/results/books/all?round={sample(app)}").data)).namelist()
    assert any("联系表" in name for name in names)
    assert not any(word in name for name in names for word in ("成绩", "劳务费", "评分", "表决"))


def test_a_password_is_asked_for_and_the_export_recorded(app: Flask, client: FlaskClient) -> None:  # noqa: F811
    as_role(app, client, "organiser")
    answer = client.post(f"/results/books?round={sample(app)}", data={"kind": "contacts", "password": PASSWORD})
    assert opened(answer.data) == ["申报人", "专家"]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.act, entry.object) == ("books.locked", "contacts")
    bundle = client.post(f"/results/books?round={sample(app)}", data={"kind": "all", "password": PASSWORD})
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as packed:
        public = next(name for name in packed.namelist() if "分组名单" in name)
        internal = next(name for name in packed.namelist() if "联系表" in name)
        assert packed.read(public)[:2] == b"PK", "a public list needs no password"
        assert opened(packed.read(internal)) == ["申报人", "专家"]
    assert (
        client.post(f"/results/books?round={sample(app)}", data={"kind": "contacts", "password": "kurz"}).status_code
        == 409
    )
    as_role(app, client, "secretary")
    assert (
        client.post(f"/results/books?round={sample(app)}", data={"kind": "contacts", "password": PASSWORD}).status_code
        == 403
    )
    assert (
        client.post(f"/results/books?round={sample(app)}", data={"kind": "nothing", "password": PASSWORD}).status_code
        == 404
    )


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:  # noqa: F811
    folder = str(app.config["ROSTRUM"].data)
    return lambda *words: CliRunner().invoke(group, [*words, "--data", folder])


def test_a_workbook_is_verified_and_a_changed_one_named(run: Callable[..., Result], tmp_path: Path) -> None:
    def wrote(kind: str, *words: str) -> Path:
        path = tmp_path / f"{kind}.xlsx"
        answer = run("export", kind, "--round", demo.NAME, "-o", str(path), *words)
        assert answer.exit_code == 0, answer.output
        return path

    for kind in ("summary", "results", "schedule"):
        assert run("verify", str(wrote(kind))).exit_code == 0
    path = wrote("summary")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["C4"].value = "别人"
    book.save(path)
    answer = run("verify", str(path))
    assert answer.exit_code == 1
    assert f"{sheet.title}!C4：文件中是 “别人”" in answer.output
    locked = wrote("results", "--password", PASSWORD)
    assert run("verify", str(locked), "--password", PASSWORD).exit_code == 0
    for words in ((), ("--password", "something else")):
        assert run("verify", str(locked), *words).exit_code == 2
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "不是本系统导出的表格" in run("verify", str(other)).stderr


def test_another_head_another_round(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    run("export", "results", "--round", demo.NAME, "-o", str(path))
    for name, value, status, says in (
        ("rostrum_audit_head", "f" * 64, 1, "不在审计链中"),
        ("rostrum_computation", "7", 1, "文件是第 7 次计算的成绩，现在是第 1 次"),
        ("rostrum_round", "没有的批次", 2, "没有名为“没有的批次”的批次"),
    ):
        book = openpyxl.load_workbook(path)
        next(p for p in book.custom_doc_props.props if p.name == name).value = value
        book.save(tmp_path / "b.xlsx")
        answer = run("verify", str(tmp_path / "b.xlsx"))
        assert (answer.exit_code, says in answer.output) == (status, True), answer.output


def test_a_round_is_archived_and_checked_on_the_command_line(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "round.zip"
    assert run("archive", "--round", demo.NAME, "-o", str(path)).exit_code == 0
    assert "归档完好" in run("archive", "--check", str(path)).output
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("more.txt", "x")
    answer = run("archive", "--check", str(path))
    assert (answer.exit_code, "more.txt" in answer.output) == (1, True)
    for words in ((), ("-o", str(path), "--check", str(path)), ("--check", str(tmp_path / "none"))):
        assert run("archive", *words).exit_code == 2


def test_each_experts_marks_by_item_are_only_in_the_copies_of_those_who_may_read_sheets(
    run: Callable[..., Result],
    app: Flask,  # noqa: F811
    client: FlaskClient,  # noqa: F811
    tmp_path: Path,
) -> None:
    for role, seen in (("office", "合计"), ("results_officer", "分项"), ("organiser", "")):
        as_role(app, client, role)
        data = client.get(f"/results/books/results?round={sample(app)}").data
        names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
        assert {word for word in ("合计", "分项") if any(word in name for name in names)} == {*filter(None, [seen])}
        path = tmp_path / f"{role}.xlsx"
        path.write_bytes(data)
        assert run("verify", str(path)).exit_code == 0, role
