"""A child tells: one transaction, all of it or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.base import clock, ids
from app.people.queries import staff
from app.safeguarding import queries
from app.safeguarding.chain import recording
from app.safeguarding.rules import Because, Kind, Recipient, Told, how_soon, who_must_know
from app.safeguarding.tables import (
    Concern,
    ConcernAbout,
    ConcernKey,
    ConcernPerson,
    Draft,
    Entry,
    Notice,
    Words,
)
from app.safeguarding.words import Spoken, new_seal, spoken_of


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling as it leaves the child: what was told, by whom (if known), from which class."""

    once: str
    """The page's own key, bound to the browser: a press repeated on one page is one concern."""
    told: Told
    pupil_id: str | None = None
    class_id: str | None = None
    began_as: str | None = None
    draft: str | None = None
    """Fingerprint of the draft that ends with this telling."""
    canary: bool = False
    """Whether Catkin tells it itself; see app/safeguarding/canary.py."""


@dataclass(frozen=True, slots=True)
class SealedWords:
    """Words and the key they came with; made before the gate is taken, since it takes time."""

    reference: str
    key_id: str
    version: int
    wrapped: bytes
    field: str
    words: bytes

    def keep(self, session: Session, school_id: str, concern_id: int, moment: datetime) -> None:
        """Put the key and the words into the database. Inside a write."""
        same = {"school_id": school_id, "concern_id": concern_id}
        session.add(
            ConcernKey(
                **same, id=self.key_id, version=self.version, wrapped=self.wrapped, made_at=moment
            )
        )
        session.add(
            Words(**same, key_id=self.key_id, field=self.field, sealed=self.words, said_at=moment)
        )


def file_concern(school_id: str, telling: Telling) -> str:
    """Keep what a child told and return its reference; the same telling twice is kept once.

    When this returns, the concern, its sealed words, the first chronology entry and a notice
    to each adult who must know are on the disk.
    """
    adults = staff.adults(school_id)
    near = staff.adults_of_class(school_id, telling.class_id) if telling.class_id else []
    named = telling.pupil_id is not None
    recipients = who_must_know(telling.told, adults, near, named=named)
    sealed = _seal(school_id, telling)
    moment = clock.now()
    with recording(school_id) as session:
        kept = _kept_already(session, school_id, telling.once)
        if kept is not None:
            return kept
        concern_id = _keep(session, school_id, telling, sealed, moment)
        _tell_adults(session, school_id, concern_id, recipients, moment)
        for staff_id in telling.told.about:
            session.add(
                ConcernAbout(
                    concern_id=concern_id, staff_id=staff_id, school_id=school_id, since=moment
                )
            )
        if telling.draft:
            session.execute(
                delete(Draft).where(
                    Draft.school_id == school_id, Draft.fingerprint == telling.draft
                )
            )
    return sealed.reference


def seal_words(school_id: str, reference: str, spoken: Spoken) -> SealedWords:
    """Seal what a child says under a key of its own; only the public key is needed."""
    version, public = queries.keys.public_key(school_id)
    seal, field = new_seal(school_id, reference), ids.new_id()
    words = seal.seal(field, spoken.as_json())
    wrapped = seal.wrapped(public, version)
    return SealedWords(reference, seal.key_id, version, wrapped, field, words)


def _seal(school_id: str, telling: Telling) -> SealedWords:
    reference = ids.reference("C")
    while queries.keys.reference_is_taken(reference):
        reference = ids.reference("C")
    spoken = spoken_of(telling.told, how_soon(telling.told)[1], telling.began_as)
    return seal_words(school_id, reference, spoken)


def _kept_already(session: Session, school_id: str, once: str) -> str | None:
    return session.scalar(
        select(Concern.reference).where(
            Concern.school_id == school_id, Concern.idempotency_key == _key(school_id, once)
        )
    )


def _key(school_id: str, once: str) -> str:
    return ids.fingerprint(f"{school_id} {once}")


def _keep(
    session: Session, school_id: str, telling: Telling, sealed: SealedWords, moment: datetime
) -> int:
    concern = Concern(
        school_id=school_id,
        reference=sealed.reference,
        idempotency_key=_key(school_id, telling.once),
        pupil_id=telling.pupil_id,
        class_id=telling.class_id,
        signed_in=telling.pupil_id is not None,
        urgency=how_soon(telling.told)[0].value,
        state="open",
        told_at=moment,
        canary=telling.canary,
    )
    session.add(concern)
    session.flush()
    sealed.keep(session, school_id, concern.id, moment)
    session.add(said(school_id, concern.id, Kind.TOLD, moment))
    return concern.id


def said(
    school_id: str, concern_id: int, kind: Kind, moment: datetime, *, once: str | None = None
) -> Entry:
    """The chronology entry for something the child did; the words lie in Words."""
    return Entry(
        school_id=school_id,
        concern_id=concern_id,
        kind=kind.value,
        staff_id=None,
        key_id=None,
        field=ids.new_id(),
        sealed=None,
        made_at=moment,
        once=once,
    )


def _tell_adults(
    session: Session,
    school_id: str,
    concern_id: int,
    recipients: list[Recipient],
    moment: datetime,
) -> None:
    for recipient in recipients:
        same = {"school_id": school_id, "concern_id": concern_id, "staff_id": recipient.adult.id}
        session.add(Notice(**same, made_at=moment, opened_at=None))
        if recipient.because is not Because.TEAM:
            session.add(ConcernPerson(**same, because=recipient.because.value, since=moment))
