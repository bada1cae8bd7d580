"""A sheet that another hand entered waits for the chair; marks and schedules come in as files too.

Revision: 0003
"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = "state IN ('draft', 'submitted')", "state IN ('draft', 'typed', 'submitted')"
KINDS = (
    "kind IN ('applicants', 'experts', 'venue')",
    "kind IN ('applicants', 'experts', 'venue', 'entry', 'schedule')",
)
OWN = "state <> 'submitted' OR confirmed_by IS NOT NULL OR substr(entered_by, 1, 7) = 'expert:'"


def _check(table: str, name: str, rule: str) -> None:
    full = op.f(f"ck_{table}_{name}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(full, type_="check")
        batch.create_check_constraint(full, rule)


def upgrade() -> None:
    _check("sheets", "state", STATES[1])
    _check("imports", "kind", KINDS[1])
    with op.batch_alter_table("sheets") as batch:
        batch.create_check_constraint(op.f("ck_sheets_own_or_two"), OWN)


def downgrade() -> None:
    with op.batch_alter_table("sheets") as batch:
        batch.drop_constraint(op.f("ck_sheets_own_or_two"), type_="check")
    op.execute(sa.text("UPDATE sheets SET state = 'draft' WHERE state = 'typed'"))
    op.execute(sa.text("DELETE FROM imports WHERE kind IN ('entry', 'schedule')"))
    _check("sheets", "state", STATES[0])
    _check("imports", "kind", KINDS[0])
