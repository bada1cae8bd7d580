"""After the archive: numbers, phones and rosters are gone from every table and file; chain and marks are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.small import OFFICE, clock, hear, published_round, submit
from webapp.config import Config
from webapp.models import Applicant, Expert, Import, Sheet
from webapp.services import audit, transfer, wiping
from webapp.services.kernel import Refused

SECRETS = ("11010519491231002X", "13900001111", "保密单位", "保密备注", "保密列")


def planted(session: Session, config: Config, state: str) -> Path:
    """A round with secrets in every place a roster fills; its uploaded roster."""
    round_ = published_round(session)
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
    session.flush()
    return config.uploads / name


def everything(session: Session) -> str:
    return "".join(str(row) for table in transfer.tables() for row in session.execute(select(table)))


def test_nothing_of_it_is_left(session: Session, config: Config) -> None:
    file = planted(session, config, "archived")
    assert all(secret in everything(session) for secret in SECRETS)
    round_ = session.scalars(select(Applicant)).first().round_id  # type: ignore[union-attr]
    done = wiping.wipe(session, OFFICE, clock, config, session.get_one(wiping.Round, round_), "保存期满")
    session.commit()
    left = everything(session)
    assert not [secret for secret in SECRETS if secret in left]
    assert not file.exists()
    assert (done.people, done.files) == (6, 1)
    assert list(audit.broken(session)) == []
    assert session.scalars(select(Sheet)).one().state == "submitted"
    assert "申报1" in left


def test_only_after_the_archive_and_with_a_reason(session: Session, config: Config) -> None:
    file = planted(session, config, "published")
    round_ = session.scalars(select(wiping.Round)).one()
    with pytest.raises(Refused, match="还没有归档"):
        wiping.wipe(session, OFFICE, clock, config, round_, "保存期满")
    round_.state = "archived"
    with pytest.raises(Refused, match="原因"):
        wiping.wipe(session, OFFICE, clock, config, round_, " ")
    assert file.exists()
    assert SECRETS[0] in everything(session)
