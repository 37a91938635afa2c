"""Workshops for families: their questions, their phones, and what the phones answer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("code_word", sa.String(), nullable=True),
        sa.Column("code_number", sa.String(), nullable=True),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("kept", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_workshop_school_id"),
        sa.PrimaryKeyConstraint("id", name="pk_workshop"),
        sa.UniqueConstraint("code_word", "code_number", name="uq_workshop_code_word"),
    )
    op.create_index("ix_workshop_school", "workshop", ["school_id", "begun_at"])
    op.create_table(
        "workshop_phone",
        sa.Column("workshop_id", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_workshop_phone_school_id"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_phone_workshop_id"
        ),
        sa.PrimaryKeyConstraint("workshop_id", "phone", name="pk_workshop_phone"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "workshop_vote",
        sa.Column("workshop_id", sa.String(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_workshop_vote_school_id"),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_vote_workshop_id"
        ),
        sa.PrimaryKeyConstraint("workshop_id", "question", "phone", name="pk_workshop_vote"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("workshop_vote")
    op.drop_table("workshop_phone")
    op.drop_index("ix_workshop_school", table_name="workshop")
    op.drop_table("workshop")
