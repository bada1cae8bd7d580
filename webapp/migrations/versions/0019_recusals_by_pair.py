"""Recusals are found by their pair.

Revision: 0019
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_recusals_pair", "recusals", ["applicant_id", "expert_id"])


def downgrade() -> None:
    op.drop_index("ix_recusals_pair", "recusals")
