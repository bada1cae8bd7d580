"""What one insert and one commit cost in a bare Flask route, on the same database and server as Rostrum's own."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

import webapp.db  # noqa: F401  (the same settings of every connection)

db = SQLAlchemy()


class Row(db.Model):  # type: ignore[name-defined, misc]
    """What a record would be if nothing were asked about it."""

    __tablename__ = "bare_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str]
    marks: Mapped[str]
    at: Mapped[datetime]


def create_app(url: str) -> Flask:
    """One route: JSON in, a row, a commit, JSON out."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        db.create_all()

    @app.post("/bare")
    def add() -> object:
        document = request.get_json()
        db.session.add(Row(uuid=document["uuid"], marks=str(document["marks"]), at=datetime.now(UTC)))
        db.session.commit()
        return jsonify(uuid=document["uuid"]), 201

    return app


if __name__ == "__main__":
    from webapp.serving import plain

    plain(create_app(sys.argv[1]), "127.0.0.1", int(sys.argv[2]))
