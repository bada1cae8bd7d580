"""Drafts are edited by hand, step by step; a job may explain.

Revision: 0013
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("schedule_versions") as table:
        table.add_column(sa.Column("base", sa.Integer(), nullable=True))
        table.add_column(sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("answer", DOCUMENT, nullable=False, server_default="{}"))
    op.create_table(
        "draft_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("moves", DOCUMENT, nullable=False),
        sa.Column("patch", DOCUMENT, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["schedule_versions.id"], name=op.f("fk_draft_edits_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edits")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_draft_edits_version_id_position")),
    )


def downgrade() -> None:
    op.drop_table("draft_edits")
    with op.batch_alter_table("jobs") as table:
        table.drop_column("answer")
    with op.batch_alter_table("schedule_versions") as table:
        table.drop_column("revision")
        table.drop_column("by_hand")
        table.drop_column("base")
