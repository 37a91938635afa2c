"""Signing in worth its name: authenticator, recovery codes, passkeys, and what a sign-in is bound to."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("school", sa.Column("referral", sa.String(), nullable=True))
    op.add_column(
        "team_notice", sa.Column("red", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("sign_in", sa.Column("second_step_at", Instant(), nullable=True))
    op.add_column("sign_in", sa.Column("device", sa.String(), nullable=True))
    op.add_column("sign_in", sa.Column("bound", sa.String(), nullable=True))
    _second_step()
    _recovery_code()
    _passkey()


def _second_step() -> None:
    op.create_table(
        "second_step",
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("last_used", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_second_step_staff_id"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_second_step_school_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_second_step"),
    )


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_recovery_code_school_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_code_staff_id"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"])


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_passkey_school_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_passkey_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
    )
    op.create_index("ix_passkey_staff_id", "passkey", ["staff_id"])


def downgrade() -> None:
    op.drop_index("ix_passkey_staff_id", table_name="passkey")
    op.drop_table("passkey")
    op.drop_index("ix_recovery_code_staff_id", table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("second_step")
    for column in ("bound", "device", "second_step_at"):
        op.drop_column("sign_in", column)
    op.drop_column("team_notice", "red")
    op.drop_column("school", "referral")
