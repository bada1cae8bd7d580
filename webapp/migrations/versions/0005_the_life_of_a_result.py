"""Sheets are unlocked by two persons, objections are received and decided, a set says why it is no longer valid.

Revision: 0005
"""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PENDING = sa.text("state IN ('asked', 'open')")


def upgrade() -> None:
    op.create_table(
        "unlocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'open', 'done', 'refused')", name=op.f("ck_unlocks_state")),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name=op.f("ck_unlocks_two_persons")),
        sa.CheckConstraint("state = 'asked' OR answered_by IS NOT NULL", name=op.f("ck_unlocks_answered")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_unlocks_reason")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_unlocks_round_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name=op.f("fk_unlocks_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unlocks")),
    )
    op.create_index(
        "uq_unlocks_pending", "unlocks", ["sheet_id"], unique=True, postgresql_where=PENDING, sqlite_where=PENDING
    )
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("received_by", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(16), nullable=True),
        sa.Column("finding", sa.String(1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('kept', 'recheck')", name=op.f("ck_objections_decision")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> received_by", name=op.f("ck_objections_two_persons")
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name=op.f("ck_objections_decided")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_objections_round_id")),
        sa.ForeignKeyConstraint(["set_id"], ["result_sets.id"], name=op.f("fk_objections_set_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_objections_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_objections_round_id_number")),
    )
    with op.batch_alter_table("result_sets") as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("ended_by", sa.String(64), nullable=True))
        batch.add_column(sa.Column("ended_why", sa.String(256), nullable=False, server_default=""))
    with op.batch_alter_table("result_sets") as batch:
        batch.alter_column("ended_why", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("result_sets") as batch:
        for name in ("ended_why", "ended_by", "ended_at"):
            batch.drop_column(name)
    op.drop_table("objections")
    op.drop_table("unlocks")
