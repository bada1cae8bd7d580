"""Tablets tell how they are; two versions of a sheet are decided on; comments; rehearsals.

Revision: 0012
"""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MADE = (
    ("tablet_codes", "day", sa.String(10), "", False),
    ("tablet_sessions", "app", sa.String(16), "", False),
    ("tablet_sessions", "skew_ms", sa.Integer(), None, True),
    ("tablet_sessions", "secure", sa.Boolean(), sa.true(), False),
    ("sheet_records", "settled_at", sa.DateTime(), None, True),
    ("sheet_records", "settled_by", sa.String(130), None, True),
)


def upgrade() -> None:
    for table, name, kind, default, nullable in MADE:
        op.add_column(table, sa.Column(name, kind, nullable=nullable, server_default=default))
    with op.batch_alter_table("rounds") as batch:
        batch.add_column(sa.Column("rehearsal_of", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_rounds_rehearsal_of"), "rounds", ["rehearsal_of"], ["id"])
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'done', 'refused')", name=op.f("ck_choices_state")),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name=op.f("ck_choices_two_persons")),
        sa.CheckConstraint("state = 'asked' OR answered_by IS NOT NULL", name=op.f("ck_choices_answered")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_choices_reason")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_choices_round_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheets.id"], name=op.f("fk_choices_sheet_id")),
        sa.ForeignKeyConstraint(["record_id"], ["sheet_records.id"], name=op.f("fk_choices_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choices")),
    )
    asked = sa.text("state = 'asked'")
    op.create_index("uq_choices_asked", "choices", ["sheet_id"], unique=True, postgresql_where=asked, sqlite_where=asked)
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_remarks_round_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_remarks_applicant_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_remarks_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_remarks_uuid")),
    )


def downgrade() -> None:
    op.drop_table("remarks")
    op.drop_table("choices")
    with op.batch_alter_table("rounds") as batch:
        batch.drop_constraint(op.f("fk_rounds_rehearsal_of"), type_="foreignkey")
        batch.drop_column("rehearsal_of")
    for table, name, *_rest in reversed(MADE):
        op.drop_column(table, name)
