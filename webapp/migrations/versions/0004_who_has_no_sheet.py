"""A result keeps who of the panel has no sheet that counts, and why.

Revision: 0004
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("results") as batch:
        batch.add_column(sa.Column("uncounted", DOCUMENT, nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("results") as batch:
        batch.alter_column("uncounted", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("results") as batch:
        batch.drop_column("uncounted")
