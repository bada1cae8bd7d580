"""The review of papers, panels' opinions and questions, the committee's votes and meeting.

Revision: 0006
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _of_an_applicant(name: str, *columns: sa.Column | sa.CheckConstraint) -> None:
    """A table with one row for each applicant of a round."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f(f"fk_{name}_round_id")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicants.id"], name=op.f(f"fk_{name}_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("round_id", "applicant_id", name=op.f(f"uq_{name}_round_id_applicant_id")),
    )


def _who(word: str, nullable: bool = False) -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column(f"{word}_at", sa.DateTime(), nullable=nullable),
        sa.Column(f"{word}_by", sa.String(64), nullable=nullable),
    )


def upgrade() -> None:
    _of_an_applicant(
        "reviews",
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("total", sa.String(32), nullable=False),
        *_who("entered"),
        *_who("confirmed", True),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_reviews_two_persons")),
    )
    _of_an_applicant(
        "notes",
        sa.Column("panel", sa.String(32), nullable=False),
        sa.Column("opinion", sa.String(2000), nullable=False),
        sa.Column("questions", DOCUMENT, nullable=False),
        *_who("written"),
        *_who("signed", True),
        sa.CheckConstraint("signed_by IS NULL OR signed_by <> written_by", name=op.f("ck_notes_two_persons")),
    )
    _of_an_applicant(
        "ballots",
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("present", "votes_for", "against", "abstain", "spoiled")
        ),
        *_who("written"),
        sa.CheckConstraint("present >= 1", name=op.f("ck_ballots_present")),
        sa.CheckConstraint(
            "votes_for >= 0 AND against >= 0 AND abstain >= 0 AND spoiled >= 0", name=op.f("ck_ballots_counts")
        ),
        sa.CheckConstraint("votes_for + against + abstain + spoiled = present", name=op.f("ck_ballots_sum")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.String(64), nullable=False),
        sa.Column("place", sa.String(128), nullable=False),
        sa.Column("chair", sa.String(64), nullable=False),
        sa.Column("recorder", sa.String(64), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("members", DOCUMENT, nullable=False),
        sa.Column("opinion", sa.String(4000), nullable=False),
        sa.Column("other", sa.String(2000), nullable=False),
        *_who("written"),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_meetings_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("round_id", name=op.f("uq_meetings_round_id")),
    )
    with op.batch_alter_table("results") as batch:
        batch.add_column(sa.Column("papers", sa.String(32), nullable=True))
        batch.add_column(sa.Column("together", sa.String(32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("results") as batch:
        batch.drop_column("together")
        batch.drop_column("papers")
    for name in ("meetings", "ballots", "notes", "reviews"):
        op.drop_table(name)
