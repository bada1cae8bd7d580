"""Rows of a schedule keep to the version of what they belong to; a sheet is confirmed by another person than its writer.

Revision: 0002
"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UNIQUE = {
    "panels": [("uq_panels_id_version_id", ["id", "version_id"])],
    "sittings": [
        ("uq_sittings_id_version_id", ["id", "version_id"]),
        ("uq_sittings_id_version_id_session_id", ["id", "version_id", "session_id"]),
    ],
}
# table, name of the key, its columns, the table it points at, their columns there, what a deletion does
KEYS = (
    ("sittings", "fk_sittings_panel_id", ["panel_id", "version_id"], "panels", ["id", "version_id"], None),
    ("appointments", "fk_appointments_sitting_id", ["sitting_id", "version_id"], "sittings", ["id", "version_id"], None),
    (
        "seats_held",
        "fk_seats_held_sitting_id",
        ["sitting_id", "version_id", "session_id"],
        "sittings",
        ["id", "version_id", "session_id"],
        "CASCADE",
    ),
)
CHECKS = {
    "submitted": "state = 'draft' OR submitted_at IS NOT NULL",
    "two_persons": "confirmed_by IS NULL OR confirmed_by <> entered_by",
}


def upgrade() -> None:
    for table, uniques in UNIQUE.items():
        with op.batch_alter_table(table) as batch:
            for name, columns in uniques:
                batch.create_unique_constraint(name, columns)
    for table, name, own, other, there, ondelete in KEYS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="foreignkey")
            batch.create_foreign_key(name, other, own, there, ondelete=ondelete)
    with op.batch_alter_table("sheets") as batch:
        for name, rule in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_sheets_{name}"), rule)
    op.create_index(
        "uq_experts_id_no",
        "experts",
        ["round_id", "id_no"],
        unique=True,
        postgresql_where=sa.text("id_no <> ''"),
        sqlite_where=sa.text("id_no <> ''"),
    )


def downgrade() -> None:
    op.drop_index("uq_experts_id_no", "experts")
    with op.batch_alter_table("sheets") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_sheets_{name}"), type_="check")
    for table, name, own, other, there, ondelete in reversed(KEYS):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="foreignkey")
            batch.create_foreign_key(name, other, own[:1], there[:1], ondelete=ondelete)
    for table, uniques in reversed(UNIQUE.items()):
        with op.batch_alter_table(table) as batch:
            for name, _columns in reversed(uniques):
                batch.drop_constraint(name, type_="unique")
