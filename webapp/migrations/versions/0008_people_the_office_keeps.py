"""Names in pinyin, how far experts are asked, kinds of employers' names, who is not the same, draws of experts.

Revision: 0008
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from webapp.spelling import spelled

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STANDINGS = "standing IN ('pool', 'asked', 'confirmed', 'declined', 'substitute')"
KINDS = "kind IN ('full', 'short', 'old', 'group', 'branch', 'insured', 'spelling', 'other')"


def upgrade() -> None:
    with op.batch_alter_table("applicants") as table:
        table.add_column(sa.Column("spelled", sa.String(256), nullable=False, server_default=""))
    with op.batch_alter_table("experts") as table:
        table.add_column(sa.Column("spelled", sa.String(256), nullable=False, server_default=""))
        table.add_column(sa.Column("standing", sa.String(16), nullable=False, server_default="pool"))
        table.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
        table.create_check_constraint(op.f("ck_experts_standing"), STANDINGS)
    for name in ("applicants", "experts"):
        _spell(name)
        with op.batch_alter_table(name) as table:
            table.alter_column("spelled", server_default=None)
    with op.batch_alter_table("experts") as table:
        table.alter_column("standing", server_default=None)
    with op.batch_alter_table("employer_aliases") as table:
        table.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="other"))
        table.create_check_constraint(op.f("ck_employer_aliases_kind"), KINDS)
    with op.batch_alter_table("employer_aliases") as table:
        table.alter_column("kind", server_default=None)
    op.create_table(
        "apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("one", sa.String(128), nullable=False),
        sa.Column("other", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.CheckConstraint("kind IN ('employers', 'people')", name=op.f("ck_apart_kind")),
        sa.CheckConstraint("one < other", name=op.f("ck_apart_order")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_apart_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart")),
        sa.UniqueConstraint("round_id", "kind", "one", "other", name=op.f("uq_apart_round_id_kind_one_other")),
    )
    op.create_table(
        "expert_draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("asked", DOCUMENT, nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("digits", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("order", DOCUMENT, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("drawn_at IS NOT NULL OR secret = ''", name=op.f("ck_expert_draws_sealed")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_expert_draws_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_draws")),
    )
    waiting = sa.text("drawn_at IS NULL")
    op.create_index(
        "uq_expert_draws_open",
        "expert_draws",
        ["round_id"],
        unique=True,
        postgresql_where=waiting,
        sqlite_where=waiting,
    )


def _spell(name: str) -> None:
    """Spell the names that are there."""
    people = sa.table(name, sa.column("id"), sa.column("name"), sa.column("spelled"))
    at = op.get_bind()
    for row in at.execute(sa.select(people.c.id, people.c.name)).all():
        at.execute(people.update().where(people.c.id == row.id).values(spelled=spelled(row.name)))


def downgrade() -> None:
    op.drop_table("expert_draws")
    op.drop_table("apart")
    with op.batch_alter_table("employer_aliases") as table:
        table.drop_constraint(op.f("ck_employer_aliases_kind"), type_="check")
        table.drop_column("kind")
    with op.batch_alter_table("experts") as table:
        table.drop_constraint(op.f("ck_experts_standing"), type_="check")
        table.drop_column("promised_on")
        table.drop_column("standing")
        table.drop_column("spelled")
    with op.batch_alter_table("applicants") as table:
        table.drop_column("spelled")
