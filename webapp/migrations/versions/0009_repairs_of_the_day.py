"""Repairs of the day: what happened, what was proposed, what was applied.

Revision: 0009
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "repairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("event", DOCUMENT, nullable=False),
        sa.Column("moment", sa.DateTime(), nullable=False),
        sa.Column("proposals", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.String(64), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'applied', 'dropped')", name=op.f("ck_repairs_state")),
        sa.CheckConstraint("(state = 'applied') = (version_id IS NOT NULL)", name=op.f("ck_repairs_applied")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_repairs_round_id")),
        sa.ForeignKeyConstraint(["base_id"], ["schedule_versions.id"], name=op.f("fk_repairs_base_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_repairs_job_id")),
        sa.ForeignKeyConstraint(["version_id"], ["schedule_versions.id"], name=op.f("fk_repairs_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
    )


def downgrade() -> None:
    op.drop_table("repairs")
