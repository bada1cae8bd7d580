"""Signing in, each applicant's turn, pauses of the clock, what a tablet last said of itself.

Revision: 0011
"""

from alembic import op
import sqlalchemy as sa

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=True),
        sa.Column("arrived_by", sa.String(64), nullable=False),
        sa.Column("note", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("late_at", sa.DateTime(), nullable=True),
        sa.Column("last_step", sa.String(16), nullable=False),
        sa.Column("last_by", sa.String(64), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number IS NULL OR number > 0", name=op.f("ck_turns_number")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_turns_round_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_turns_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("round_id", "applicant_id", name=op.f("uq_turns_round_id_applicant_id")),
    )
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(8), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(128), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.CheckConstraint("phase IN ('talk', 'answers')", name=op.f("ck_pauses_phase")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_pauses_reason")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_pauses_order")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_pauses_round_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f("fk_pauses_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_round_id"), "pauses", ["round_id"])
    op.create_table(
        "presences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_presences_round_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_presences_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presences")),
        sa.UniqueConstraint("round_id", "expert_id", "session", name=op.f("uq_presences_round_id_expert_id_session")),
    )
    with op.batch_alter_table("calls") as batch:
        batch.add_column(sa.Column("entered_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("carried", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("calls") as batch:
        batch.alter_column("carried", server_default=None)
    with op.batch_alter_table("tablet_sessions") as batch:
        batch.add_column(sa.Column("unsent", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tablet_sessions") as batch:
        batch.drop_column("unsent")
    with op.batch_alter_table("calls") as batch:
        batch.drop_column("carried")
        batch.drop_column("entered_at")
    for name in ("presences", "pauses", "turns"):
        op.drop_table(name)
