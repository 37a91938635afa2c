"""Word for a link; what adults were called before; who wrote whom to call outside."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Links from before wait for nobody."""
    op.add_column(
        "invitation", sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("invitation", sa.Column("confirmed_by", sa.String(), nullable=True))
    op.add_column("invitation", sa.Column("confirmed_at", Instant(), nullable=True))
    op.add_column("team_notice", sa.Column("link", sa.String(), nullable=True))
    op.add_column("school", sa.Column("referral_by", sa.String(), nullable=True))
    op.add_column("school", sa.Column("referral_at", Instant(), nullable=True))
    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_former_name_school_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_former_name_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
    )
    op.create_index("ix_former_name_school_id", "former_name", ["school_id"])


def downgrade() -> None:
    op.drop_index("ix_former_name_school_id", table_name="former_name")
    op.drop_table("former_name")
    op.drop_column("school", "referral_at")
    op.drop_column("school", "referral_by")
    op.drop_column("team_notice", "link")
    for column in ("confirmed_at", "confirmed_by", "waits"):
        op.drop_column("invitation", column)
