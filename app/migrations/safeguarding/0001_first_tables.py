"""The first tables of the safeguarding store."""

import sqlalchemy as sa
from alembic import op

from app.base.clock import Instant

revision = "0001"
down_revision = None

GUARDS = (
    "CREATE TRIGGER words_never_changes BEFORE UPDATE ON words BEGIN SELECT RAISE(ABORT, 'words is never changed'); END",
    "CREATE TRIGGER words_never_goes BEFORE DELETE ON words BEGIN SELECT RAISE(ABORT, 'words is never deleted'); END",
    "CREATE TRIGGER words_never_replaced BEFORE INSERT ON words WHEN EXISTS (SELECT 1 FROM words WHERE (field = NEW.field) OR (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'words is never replaced'); END",
    "CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entry is never changed'); END",
    "CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry is never deleted'); END",
    "CREATE TRIGGER entry_never_replaced BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM entry WHERE (field = NEW.field) OR (id = NEW.id) OR (once = NEW.once) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'entry is never replaced'); END",
    "CREATE TRIGGER view_never_changes BEFORE UPDATE ON view BEGIN SELECT RAISE(ABORT, 'view is never changed'); END",
    "CREATE TRIGGER view_never_goes BEFORE DELETE ON view BEGIN SELECT RAISE(ABORT, 'view is never deleted'); END",
    "CREATE TRIGGER view_never_replaced BEFORE INSERT ON view WHEN EXISTS (SELECT 1 FROM view WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'view is never replaced'); END",
    "CREATE TRIGGER concern_about_never_changes BEFORE UPDATE ON concern_about BEGIN SELECT RAISE(ABORT, 'concern_about is never changed'); END",
    "CREATE TRIGGER concern_about_never_goes BEFORE DELETE ON concern_about BEGIN SELECT RAISE(ABORT, 'concern_about is never deleted'); END",
    "CREATE TRIGGER concern_about_never_replaced BEFORE INSERT ON concern_about WHEN EXISTS (SELECT 1 FROM concern_about WHERE (concern_id = NEW.concern_id AND staff_id = NEW.staff_id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'concern_about is never replaced'); END",
    "CREATE TRIGGER concern_never_goes BEFORE DELETE ON concern BEGIN SELECT RAISE(ABORT, 'concern is never deleted'); END",
    "CREATE TRIGGER concern_never_replaced BEFORE INSERT ON concern WHEN EXISTS (SELECT 1 FROM concern WHERE (id = NEW.id) OR (idempotency_key = NEW.idempotency_key) OR (reference = NEW.reference) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'concern is never replaced'); END",
    "CREATE TRIGGER concern_never_changes BEFORE UPDATE ON concern WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.reference IS NOT OLD.reference OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.pupil_id IS NOT OLD.pupil_id OR NEW.class_id IS NOT OLD.class_id OR NEW.signed_in IS NOT OLD.signed_in OR NEW.told_at IS NOT OLD.told_at OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'concern is never changed'); END",
    "CREATE TRIGGER concern_person_never_changes BEFORE UPDATE ON concern_person BEGIN SELECT RAISE(ABORT, 'concern_person is never changed'); END",
    "CREATE TRIGGER concern_person_never_goes BEFORE DELETE ON concern_person BEGIN SELECT RAISE(ABORT, 'concern_person is never deleted'); END",
    "CREATE TRIGGER concern_person_never_replaced BEFORE INSERT ON concern_person WHEN EXISTS (SELECT 1 FROM concern_person WHERE (concern_id = NEW.concern_id AND staff_id = NEW.staff_id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'concern_person is never replaced'); END",
    "CREATE TRIGGER notice_never_goes BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'notice is never deleted'); END",
    "CREATE TRIGGER notice_never_replaced BEFORE INSERT ON notice WHEN EXISTS (SELECT 1 FROM notice WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'notice is never replaced'); END",
    "CREATE TRIGGER notice_never_changes BEFORE UPDATE ON notice WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.concern_id IS NOT OLD.concern_id OR NEW.staff_id IS NOT OLD.staff_id OR NEW.made_at IS NOT OLD.made_at OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'notice is never changed'); END",
    "CREATE TRIGGER concern_key_never_changes BEFORE UPDATE ON concern_key WHEN NEW.id IS NOT OLD.id OR NEW.school_id IS NOT OLD.school_id OR NEW.concern_id IS NOT OLD.concern_id OR NEW.rowid IS NOT OLD.rowid BEGIN SELECT RAISE(ABORT, 'concern_key is never changed'); END",
    "CREATE TRIGGER concern_key_never_replaced BEFORE INSERT ON concern_key WHEN EXISTS (SELECT 1 FROM concern_key WHERE (id = NEW.id) OR (rowid = NEW.rowid)) BEGIN SELECT RAISE(ABORT, 'concern_key is never replaced'); END",
)


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("pupil_id", sa.String(), nullable=True),
        sa.Column("class_id", sa.String(), nullable=True),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_concern_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_concern_reference")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_told_at"), ["told_at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_school_id"), ["school_id"], unique=False)

    op.create_table(
        "school_key",
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "version", name=op.f("pk_school_key")),
    )
    op.create_table(
        "concern_about",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_about_concern_id")
        ),
        sa.PrimaryKeyConstraint("concern_id", "staff_id", name=op.f("pk_concern_about")),
    )
    with op.batch_alter_table("concern_about", schema=None) as batch_op:
        batch_op.create_index("ix_concern_about_staff", ["school_id", "staff_id"], unique=False)

    op.create_table(
        "concern_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_key_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_key")),
    )
    with op.batch_alter_table("concern_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_key_concern_id"), ["concern_id"], unique=False)

    op.create_table(
        "concern_person",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_person_concern_id")
        ),
        sa.PrimaryKeyConstraint("concern_id", "staff_id", name=op.f("pk_concern_person")),
    )
    with op.batch_alter_table("concern_person", schema=None) as batch_op:
        batch_op.create_index("ix_concern_person_staff", ["school_id", "staff_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_entry_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("field", name=op.f("uq_entry_field")),
        sa.UniqueConstraint("once", name=op.f("uq_entry_once")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_concern_id"), ["concern_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_notice_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_concern_id"), ["concern_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_view_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
    )
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_view_concern_id"), ["concern_id"], unique=False)

    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_words_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
        sa.UniqueConstraint("field", name=op.f("uq_words_field")),
    )
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_words_concern_id"), ["concern_id"], unique=False)

    for guard in GUARDS:
        op.execute(guard)


def downgrade() -> None:
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_words_concern_id"))

    op.drop_table("words")
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_view_concern_id"))

    op.drop_table("view")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_staff_id"))
        batch_op.drop_index(batch_op.f("ix_notice_concern_id"))

    op.drop_table("notice")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_concern_id"))

    op.drop_table("entry")
    with op.batch_alter_table("concern_person", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_person_staff")

    op.drop_table("concern_person")
    with op.batch_alter_table("concern_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_key_concern_id"))

    op.drop_table("concern_key")
    with op.batch_alter_table("concern_about", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_about_staff")

    op.drop_table("concern_about")
    op.drop_table("school_key")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_school_id"))
        batch_op.drop_index(batch_op.f("ix_draft_ends_at"))

    op.drop_table("draft")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_told_at"))
        batch_op.drop_index(batch_op.f("ix_concern_school_id"))
        batch_op.drop_index(batch_op.f("ix_concern_pupil_id"))

    op.drop_table("concern")
