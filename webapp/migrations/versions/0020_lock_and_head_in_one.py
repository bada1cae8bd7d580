"""PostgreSQL: whoever appends to the audit log locks the chain and reads its head in one statement.

Revision: 0020
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_log_head() RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN "
            "PERFORM pg_advisory_xact_lock(728100); "  # the next statement sees what the one before committed
            "RETURN (SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1); END $$"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_head()")
