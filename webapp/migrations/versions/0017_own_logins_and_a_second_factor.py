"""Where each login was, for its own account to see; a second factor.

Revision: 0017
"""

from alembic import op
import sqlalchemy as sa

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
ADDED = {
    "logins": (("address", sa.String(64), ""), ("device", sa.String(32), "")),
    "users": (("second_secret", sa.String(64), ""), ("second_step", sa.Integer(), "0")),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind, empty in columns:
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=empty))


def downgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, _kind, _empty in columns:
                batch.drop_column(name)
