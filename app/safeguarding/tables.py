"""The tables of concerns, in a file of their own; other stores' rows are opaque ids here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.base.clock import Instant
from app.base.database import (
    TellBase,
    append_only,
    never_changed,
    never_deleted,
    never_replaced,
)


class SchoolKey(TellBase):
    """A school's public key: whoever holds only this file can seal and cannot open."""

    __tablename__ = "school_key"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its private half was destroyed, after a rotation; None while it still opens words."""


class RecoveryKey(TellBase):
    """The public half of a key that the school holds on paper; its private half is kept nowhere."""

    __tablename__ = "recovery_key"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryWrap(TellBase):
    """A key of the keys folder, wrapped to the key on paper: a backup with it needs no other."""

    __tablename__ = "recovery_wrap"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    recovery_version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """The key's name in the keys folder."""
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Draft(TellBase):
    """What a child has said so far, sealed with a key that only their browser holds."""

    __tablename__ = "draft"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Concern(TellBase):
    """A concern: who told, when, how soon it must be read. What was told lies in Words."""

    __tablename__ = "concern"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(index=True)
    reference: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    pupil_id: Mapped[str | None] = mapped_column(index=True)
    """None where no name was given."""
    class_id: Mapped[str | None]
    signed_in: Mapped[bool]
    """Whether the child was signed in; a name from the sign-in page is never claimed."""
    urgency: Mapped[str]
    state: Mapped[str]
    told_at: Mapped[datetime] = mapped_column(Instant, index=True)
    canary: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether Catkin told it itself, to see that telling works; no page counts or shows it."""


class ConcernKey(TellBase):
    """A data key of a concern, wrapped to the school; destroying them all is lawful erasure.

    The first is made when a child tells. Each time the child adds, a key comes with the words,
    because the first cannot be unwrapped while the private key is away, and telling never waits.
    """

    __tablename__ = "concern_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    version: Mapped[int]
    """Version of the school's key pair that it is wrapped to."""
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Words(TellBase):
    """Sealed words of a child: what was told first, and each thing added later."""

    __tablename__ = "words"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    key_id: Mapped[str]
    field: Mapped[str] = mapped_column(unique=True)
    """The random name of this piece; it is part of what the seal is bound to."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    said_at: Mapped[datetime] = mapped_column(Instant)


class ConcernPerson(TellBase):
    """An adult to whom the child sent a concern, or with whom the team shared it."""

    __tablename__ = "concern_person"

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    because: Mapped[str]
    since: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_concern_person_staff", "school_id", "staff_id"),)


class ConcernAbout(TellBase):
    """An adult whom a concern is about: for them it does not exist."""

    __tablename__ = "concern_about"

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    since: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_concern_about_staff", "school_id", "staff_id"),)


class ConcernHeld(TellBase):
    """A concern kept from an adult until another of the team clears it: for them it does not exist.

    Because the child's words name them, or because the team marked it as being about them.
    """

    __tablename__ = "concern_held"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    staff_id: Mapped[str]
    because: Mapped[str]
    """"named" in the child's words, or "marked" by the team."""
    held_by: Mapped[str | None]
    """The adult who marked it; None where the words did."""
    since: Mapped[datetime] = mapped_column(Instant)
    cleared_by: Mapped[str | None]
    cleared_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index("ix_concern_held_staff", "school_id", "staff_id"),)


class Entry(TellBase):
    """One entry of a concern's chronology; corrections are further entries."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    kind: Mapped[str]
    staff_id: Mapped[str | None]
    """Who made it; None for the child or for Catkin itself."""
    key_id: Mapped[str | None]
    field: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    once: Mapped[str | None] = mapped_column(unique=True)
    """The page's idempotency key, so that a double click makes one entry."""


class View(TellBase):
    """Somebody opened a concern; written before it is shown."""

    __tablename__ = "view"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    staff_id: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(Instant)


class Notice(TellBase):
    """The outbox: a contentless notice to one adult that something waits."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    staff_id: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the adult opened the concern it points to."""


class Mail(TellBase):
    """A try to send one adult a contentless letter; written before it is made, ended after."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    staff_id: Mapped[str]
    through: Mapped[int]
    """The newest notice that it stands for; older ones of the same adult go with it."""
    tried_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None]
    """One word of a closed list; None while it is under way, or where Catkin ended meanwhile."""

    __table_args__ = (Index("ix_mail_staff", "school_id", "staff_id"),)


class MailCheck(TellBase):
    """Whether the mail server answers: tried by the clock, whatever waits."""

    __tablename__ = "mail_check"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str]
    reached_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it last answered; None for never."""


class Audit(TellBase):
    """What was done to the record itself: a clock that moved, keys changed, words erased by law.

    Nothing in it is in a person's words.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    staff_id: Mapped[str | None]
    concern_id: Mapped[int | None]
    says: Mapped[str]
    """Facts as `name=value`, of a closed list."""
    made_at: Mapped[datetime] = mapped_column(Instant)


class Link(TellBase):
    """One link of a school's chain: what one write added or changed; see chain.py."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    number: Mapped[int]
    """1, 2, 3 … in each school: the order of things, whatever a clock said."""
    holds: Mapped[str]
    """JSON: each row with its digest and with those of its values that may change."""
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None where the chain's key was away; the next one that has a MAC covers it."""
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("school_id", "number"),)


class CanaryLook(TellBase):
    """What came of the day's canary at one of its stations."""

    __tablename__ = "canary_look"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    """The school's own date, as 2026-11-20."""
    station: Mapped[str] = mapped_column(primary_key=True)
    works: Mapped[bool]
    why: Mapped[str]
    """One word of a closed list; empty where it works."""
    looked_at: Mapped[datetime] = mapped_column(Instant)


class Drill(TellBase):
    """A backup that was restored to a place of its own and read, to know that it can be."""

    __tablename__ = "drill"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(index=True)
    backup: Mapped[str]
    """The name of the backup's folder."""
    works: Mapped[bool]
    why: Mapped[str]
    took_ms: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)


class Schedule(TellBase):
    """After how many years a closed concern is due for a look by two people. Nothing else hangs
    on a clock."""

    __tablename__ = "schedule"

    school_id: Mapped[str] = mapped_column(primary_key=True)
    years: Mapped[int]
    staff_id: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(Instant)


TRIGGERS: dict[str, str] = {
    **append_only(Words),
    **append_only(Entry),
    **append_only(View),
    **append_only(ConcernAbout),
    **never_deleted(Concern),
    **never_changed(
        Concern,
        "id",
        "school_id",
        "reference",
        "idempotency_key",
        "pupil_id",
        "class_id",
        "signed_in",
        "told_at",
        "canary",
    ),
    **append_only(ConcernPerson),
    **never_deleted(ConcernHeld),
    **never_changed(
        ConcernHeld, "id", "school_id", "concern_id", "staff_id", "because", "held_by", "since"
    ),
    **never_deleted(Notice),
    **never_changed(Notice, "id", "school_id", "concern_id", "staff_id", "made_at"),
    **never_deleted(Mail),
    **never_changed(Mail, "id", "school_id", "staff_id", "through", "tried_at"),
    **append_only(Audit),
    **append_only(Link),
    # A data key is wrapped anew when the school's pair changes, and it may be deleted: to destroy
    # all keys of a concern is how its words are erased where the law asks for that.
    **never_changed(ConcernKey, "id", "school_id", "concern_id"),
    **never_replaced(ConcernKey),
}
"""The guards that must stand after every migration and at every start."""
