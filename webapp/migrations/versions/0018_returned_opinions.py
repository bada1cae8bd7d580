"""An opinion the chair gave back says so, and what is to be changed.

Revision: 0018
"""

from alembic import op
import sqlalchemy as sa

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notes", sa.Column("returned", sa.String(200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("notes") as batch:
        batch.drop_column("returned")
