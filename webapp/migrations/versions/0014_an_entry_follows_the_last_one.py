"""An audit entry follows the last one, nothing replaces one, and a payload can be erased but not changed.

Revision: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

START = "0" * 64
SQLITE = {
    "audit_log_no_replace": "BEFORE INSERT ON audit_log "
    "WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id OR hash = NEW.hash) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "audit_log_follows": "BEFORE INSERT ON audit_log "
    f"WHEN NEW.previous <> COALESCE((SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1), '{START}') "
    "BEGIN SELECT RAISE(ABORT, 'an audit entry follows the last one'); END",
    "audit_payloads_no_update": "BEFORE UPDATE ON audit_payloads "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
}
POSTGRESQL = {
    "audit_log_follows": ("audit_log", "BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_follows()"),
    "audit_log_no_truncate": (
        "audit_log",
        "BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only()",
    ),
    "audit_payloads_no_update": (
        "audit_payloads",
        "BEFORE UPDATE ON audit_payloads FOR EACH ROW EXECUTE FUNCTION audit_log_append_only()",
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {rule}")
        return
    op.execute(
        "CREATE FUNCTION audit_log_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.previous <> COALESCE((SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1), '{START}') THEN "
        "RAISE EXCEPTION 'an audit entry follows the last one'; END IF; RETURN NEW; END $$"
    )
    for name, (_table, rule) in POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {rule}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, (table, _rule) in POSTGRESQL.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION audit_log_follows()")
