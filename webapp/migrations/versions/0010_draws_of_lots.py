"""Draws of lots have a table of their own; the column of a version that nobody filled goes.

Revision: 0010
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = "state IN ('committed', 'called')"


def upgrade() -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("places", DOCUMENT, nullable=False),
        sa.Column("experts", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("digits", DOCUMENT, nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("order", DOCUMENT, nullable=False),
        sa.Column("calls", DOCUMENT, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=True),
        sa.Column("called_by", sa.String(64), nullable=True),
        sa.Column("drawn_at", sa.DateTime(), nullable=True),
        sa.Column("drawn_by", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.CheckConstraint("kind IN ('computer', 'hand')", name=op.f("ck_draws_kind")),
        sa.CheckConstraint("state IN ('committed', 'called', 'drawn', 'void')", name=op.f("ck_draws_state")),
        sa.CheckConstraint(f"NOT ({OPEN}) OR secret = ''", name=op.f("ck_draws_sealed")),
        sa.CheckConstraint(
            "kind = 'hand' OR state IN ('committed', 'void') OR called_at IS NOT NULL", name=op.f("ck_draws_turns")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_draws_round_id")),
        sa.ForeignKeyConstraint(["version_id"], ["schedule_versions.id"], name=op.f("fk_draws_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index(
        "uq_draws_open",
        "draws",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )
    op.drop_column("schedule_versions", "lots")


def downgrade() -> None:
    op.add_column("schedule_versions", sa.Column("lots", DOCUMENT, nullable=False, server_default="{}"))
    op.drop_table("draws")
