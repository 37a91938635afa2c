"""From whom a concern is held: named in the words, or marked by the team, until another clears it."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0005"
down_revision = "0004"

GUARDS = (
    "CREATE TRIGGER concern_held_never_goes BEFORE DELETE ON concern_held BEGIN SELECT RAISE(ABORT, 'concern_held is never deleted'); END",
    "CREATE TRIGGER concern_held_never_replaced BEFORE INSERT ON concern_held WHEN EXISTS (SELECT 1 FROM concern_held WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'concern_held is never replaced'); END",
    "CREATE TRIGGER concern_held_never_changes BEFORE UPDATE ON concern_held WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.concern_id IS NOT OLD.concern_id OR NEW.staff_id IS NOT OLD.staff_id OR NEW.because IS NOT OLD.because OR NEW.held_by IS NOT OLD.held_by OR NEW.since IS NOT OLD.since OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'concern_held is never changed'); END",
)


def upgrade() -> None:
    op.create_table(
        "concern_held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("cleared_by", sa.String(), nullable=True),
        sa.Column("cleared_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_held_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_held")),
    )
    op.create_index("ix_concern_held_concern_id", "concern_held", ["concern_id"])
    op.create_index("ix_concern_held_staff", "concern_held", ["school_id", "staff_id"])
    for guard in GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_index("ix_concern_held_staff", table_name="concern_held")
    op.drop_index("ix_concern_held_concern_id", table_name="concern_held")
    op.drop_table("concern_held")
