"""Each school may have a code for its families."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "family_code",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_family_code_school_id"),
        sa.PrimaryKeyConstraint("school_id", name="pk_family_code"),
        sa.UniqueConstraint("word", "number", name="uq_family_code"),
    )


def downgrade() -> None:
    op.drop_table("family_code")
