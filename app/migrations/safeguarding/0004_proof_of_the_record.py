"""What proves the record: the chain, the audit, the canary, drills, the key on paper, a schedule."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0004"
down_revision = "0003"

GUARDS = (
    "CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is never changed'); END",
    "CREATE TRIGGER audit_never_goes BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is never deleted'); END",
    "CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'audit is never replaced'); END",
    "CREATE TRIGGER link_never_changes BEFORE UPDATE ON link BEGIN SELECT RAISE(ABORT, 'link is never changed'); END",
    "CREATE TRIGGER link_never_goes BEFORE DELETE ON link BEGIN SELECT RAISE(ABORT, 'link is never deleted'); END",
    "CREATE TRIGGER link_never_replaced BEFORE INSERT ON link WHEN EXISTS (SELECT 1 FROM link WHERE (id = NEW.id) OR (rowid = NEW.rowid) OR (school_id = NEW.school_id AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'link is never replaced'); END",
)
BEFORE = "CREATE TRIGGER concern_never_changes BEFORE UPDATE ON concern WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.reference IS NOT OLD.reference OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.pupil_id IS NOT OLD.pupil_id OR NEW.class_id IS NOT OLD.class_id OR NEW.signed_in IS NOT OLD.signed_in OR NEW.told_at IS NOT OLD.told_at OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'concern is never changed'); END"
SINCE = "CREATE TRIGGER concern_never_changes BEFORE UPDATE ON concern WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.reference IS NOT OLD.reference OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.pupil_id IS NOT OLD.pupil_id OR NEW.class_id IS NOT OLD.class_id OR NEW.signed_in IS NOT OLD.signed_in OR NEW.told_at IS NOT OLD.told_at OR NEW.canary IS NOT OLD.canary OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'concern is never changed'); END"


def upgrade() -> None:
    op.execute("DROP TRIGGER concern_never_changes")
    op.add_column(
        "concern", sa.Column("canary", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(SINCE)
    op.add_column("school_key", sa.Column("ended_at", Instant(), nullable=True))
    _paper()
    _proof()
    _looks()
    for guard in GUARDS:
        op.execute(guard)


def _paper() -> None:
    op.create_table(
        "recovery_key",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "version", name=op.f("pk_recovery_key")),
    )
    op.create_table(
        "recovery_wrap",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("recovery_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id", "recovery_version", "name", name=op.f("pk_recovery_wrap")
        ),
    )


def _proof() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("concern_id", sa.Integer(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_school_id"), "audit", ["school_id"])
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holds", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_link_school_id")),
    )


def _looks() -> None:
    op.create_table(
        "canary_look",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("looked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "day", "station", name=op.f("pk_canary_look")),
    )
    op.create_table(
        "drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("backup", sa.String(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    op.create_index(op.f("ix_drill_school_id"), "drill", ["school_id"])
    op.create_table(
        "schedule",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_schedule")),
    )


def downgrade() -> None:
    for table in (
        "schedule",
        "drill",
        "canary_look",
        "link",
        "audit",
        "recovery_wrap",
        "recovery_key",
    ):
        op.drop_table(table)
    op.drop_column("school_key", "ended_at")
    op.execute("DROP TRIGGER concern_never_changes")
    op.drop_column("concern", "canary")
    op.execute(BEFORE)
