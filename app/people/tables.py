"""The tables of people: the school, its adults, classes, pupils and sign-ins."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.base.clock import Instant
from app.base.database import Base


class School(Base):
    """A school on this installation."""

    __tablename__ = "school"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    nation: Mapped[str]
    day_starts: Mapped[time]
    day_ends: Mapped[time]
    read_within: Mapped[str | None]
    """What the school promises about reading a concern, in its own words; None for no promise."""
    referral: Mapped[str | None]
    """Whom the school's area names for an allegation about an adult, as the school wrote it."""
    referral_by: Mapped[str | None]
    """Who wrote that, as they were called then."""
    referral_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class Staff(Base):
    """An adult of the school: staff or governor."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str]
    known_as: Mapped[str]
    """What pupils call this adult: Mrs Okafor."""
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case; one account per address in the whole installation."""
    password: Mapped[str | None]
    signed_in_first: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class StaffRole(Base):
    """A role that an adult holds, and who gave it."""

    __tablename__ = "staff_role"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    granted_by: Mapped[str | None]
    granted_at: Mapped[datetime] = mapped_column(Instant)


class Invitation(Base):
    """A one-time link for an adult, shown once and kept as its fingerprint."""

    __tablename__ = "invitation"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    made_by: Mapped[str]
    ends_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether another of the team must say that whoever came in by it is this adult."""
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class FormerName(Base):
    """What an adult was called here before: a child may still say it."""

    __tablename__ = "former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    known_as: Mapped[str]
    until: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str]
    """Who gave the name that came next."""


class TeamNotice(Base):
    """Word to an adult of the safeguarding team that who sees concerns has changed."""

    __tablename__ = "team_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    says: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    red: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it stays red until this adult has said that it was seen."""
    link: Mapped[str | None]
    """Fingerprint of the link of which it tells, where that waits for word."""


class SecondStep(Base):
    """An adult's authenticator app: what it shares with Catkin, sealed by the installation."""

    __tablename__ = "second_step"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the first code fitted; until then it protects nothing and may be made anew."""
    last_used: Mapped[int | None]
    """Number of the 30 seconds whose code fitted last: no code is good twice."""


class RecoveryCode(Base):
    """A code on paper for an adult without the app, kept as its fingerprint; good once."""

    __tablename__ = "recovery_code"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Base):
    """A passkey of an adult: the public half; the private one never leaves the adult's device."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The credential's own id, as base64url."""
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed for this passkey of this adult, so that nobody puts theirs in its place."""
    counted: Mapped[int]
    """How often it was used, as the device says."""
    name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SchoolClass(Base):
    """A class, its code and whether its door stands open."""

    __tablename__ = "school_class"
    __table_args__ = (
        UniqueConstraint("school_id", "name"),
        UniqueConstraint("code_word", "code_number", name="uq_school_class_code"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str]
    years: Mapped[str]
    """Year groups joined by commas: "4" or "3,4"."""
    code_word: Mapped[str]
    code_number: Mapped[str]
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    all_out_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class FamilyCode(Base):
    """The code by which the families of a school come to their pages; it knows no family."""

    __tablename__ = "family_code"
    __table_args__ = (UniqueConstraint("word", "number", name="uq_family_code"),)

    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    word: Mapped[str]
    number: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)


class ClassStaff(Base):
    """An adult who works with a class."""

    __tablename__ = "class_staff"

    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))


class Pupil(Base):
    """A pupil: no birthday, no address, no photograph."""

    __tablename__ = "pupil"
    __table_args__ = (Index("ix_pupil_class", "school_id", "class_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    class_id: Mapped[str] = mapped_column(ForeignKey("school_class.id"))
    given_name: Mapped[str]
    family_name: Mapped[str]
    shown_name: Mapped[str]
    """What pupils see: Amina, or Finn B where there are two."""
    avatar: Mapped[str]
    pictures: Mapped[str | None]
    """HMAC of school, pupil and the three pictures; None until drawn."""
    pictures_by: Mapped[str | None]
    """The adult who drew them, and so has seen them."""
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)


class SignInCard(Base):
    """A printed card: a revocable token, kept as its fingerprint."""

    __tablename__ = "sign_in_card"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("pupil.id"), index=True)
    made_by: Mapped[str]
    """The adult who printed it, and so could have kept it."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class LetIn(Base):
    """A pupil's "Ask my teacher to let me in", bound to the device that asked."""

    __tablename__ = "let_in"

    id: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[str] = mapped_column(ForeignKey("pupil.id"), index=True)
    device: Mapped[str]
    """Fingerprint of a token that only the asking device holds."""
    opens: Mapped[str]
    """What was asked for: "door" (sign in) or "notes" (My notes)."""
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_again: Mapped[bool] = mapped_column(default=False)
    """Another device had asked as this pupil, or been told yes, when this one asked."""
    let_in_by: Mapped[str | None]
    let_in_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """A sign-in of a pupil or an adult: a row that can be ended from elsewhere."""

    __tablename__ = "sign_in"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    pupil_id: Mapped[str | None] = mapped_column(ForeignKey("pupil.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    by_means: Mapped[str | None]
    """How a pupil came in: "pictures", "card" or "let in"; None for an adult."""
    vouched_by: Mapped[str | None]
    """The adult who drew those pictures, made that card or said yes: they could be the one here."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    notes_until: Mapped[datetime | None] = mapped_column(Instant)
    """My notes stands open on this sign-in until then."""
    stepped_up_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the adult last confirmed the password on this sign-in; concerns open for a while."""
    second_step_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the adult gave a code of the app, a recovery code or a passkey on this sign-in."""
    device: Mapped[str | None]
    """An adult's browser and machine in two words, so that they know their own sign-ins."""
    bound: Mapped[str | None]
    """Keyed fingerprint of an adult's network address and browser: another device has another."""
