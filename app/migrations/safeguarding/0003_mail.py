"""Letters that were sent, or tried: to whom and when, and whether the mail server answers."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0003"
down_revision = "0002"

GUARDS = (
    "CREATE TRIGGER mail_never_goes BEFORE DELETE ON mail BEGIN SELECT RAISE(ABORT, 'mail is never deleted'); END",
    "CREATE TRIGGER mail_never_replaced BEFORE INSERT ON mail WHEN EXISTS (SELECT 1 FROM mail WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'mail is never replaced'); END",
    "CREATE TRIGGER mail_never_changes BEFORE UPDATE ON mail WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.staff_id IS NOT OLD.staff_id OR NEW.through IS NOT OLD.through OR NEW.tried_at IS NOT OLD.tried_at OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'mail is never changed'); END",
)


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("tried_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_staff", ["school_id", "staff_id"], unique=False)

    op.create_table(
        "mail_check",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reached_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_mail_check")),
    )
    for guard in GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("mail_check")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_staff")

    op.drop_table("mail")
