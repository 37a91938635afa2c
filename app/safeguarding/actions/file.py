"""A child tells: one transaction, all of it or none; or, while the store is away, the spool."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.base import clock, ids
from app.base.database import Store, looking
from app.base.errors import StoreAway
from app.base.patience import patience_here
from app.people.queries import classes, pupils, staff
from app.safeguarding import draft_files, queries, spool
from app.safeguarding.actions.anew import until_it_can_be_opened
from app.safeguarding.actions.holds import Near, hold_by_name
from app.safeguarding.actions.named import named_by
from app.safeguarding.chain import recording
from app.safeguarding.queries.kept_from import from_whom
from app.safeguarding.ready import Ready, SealedWords
from app.safeguarding.room import kept_as_file, no_room, with_room
from app.safeguarding.rules import Because, Kind, Recipient, Told, how_soon, who_must_know
from app.safeguarding.tables import (
    Concern,
    ConcernAbout,
    ConcernPerson,
    Draft,
    Entry,
    Notice,
)
from app.safeguarding.words import Spoken, WrappedKey, new_seal, read_spoken, spoken_of, unwrap

UNCHECKED = 8
"""Signs of a reference where nobody can say which ones are taken."""


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


def file_concern(school_id: str, telling: Telling) -> str:
    """Keep what a child told and return its reference; the same telling twice is kept once.

    When this returns, the concern, its sealed words, the first chronology entry and a notice
    to each adult who must know are on the disk; or, where the database is away, all of it lies
    sealed in the spool. On a full disk a drawing is left out before a word is. StoreAway where
    nothing could be kept.
    """
    earlier = spool.reference_of(school_id, key_of(school_id, telling.once))
    if earlier is not None:
        return earlier
    return until_it_can_be_opened(lambda: _file(school_id, telling))


def _file(school_id: str, telling: Telling) -> str:
    ready = _seal(school_id, telling)
    try:
        return _keep_somewhere(school_id, ready)
    except StoreAway as away:
        if not (no_room(away) and telling.told.drawing):
            raise
    told = replace(telling.told, drawing="", drawing_lost=True)
    return _keep_somewhere(school_id, _seal(school_id, replace(telling, told=told)))


def is_waiting(school_id: str, once: str) -> bool:
    """Whether a telling lies in the spool still."""
    return spool.reference_of(school_id, key_of(school_id, once)) is not None


def was_kept(school_id: str, once: str) -> bool:
    """Whether this press was kept before, as far as anybody can say just now."""
    if is_waiting(school_id, once):
        return True
    try:
        with looking(Store.SAFEGUARDING, within=patience_here().left()) as connection:
            return kept_already(connection, school_id, key_of(school_id, once)) is not None
    except StoreAway:
        patience_here().failed()
        return False


def _keep_somewhere(school_id: str, ready: Ready) -> str:
    patience = patience_here()
    try:
        return with_room(lambda: file_ready(school_id, ready, within=patience.left()))
    except StoreAway:
        patience.failed()
    what = (ready.key, spool.TOLD, ready.sealed.reference, ready.as_content())
    kept = kept_as_file(lambda: spool.put(school_id, *what))
    if ready.draft:
        with suppress(OSError):  # The draft itself lies in a database that takes nothing.
            draft_files.mark_sent(school_id, ready.draft)
    return kept


def file_ready(school_id: str, ready: Ready, *, within: float | None = None) -> str:
    """File what is sealed; its reference, or that under which it was kept before.

    Whom its words name must be known: what was sealed while nobody could say goes by the spool.
    """
    if ready.named is None:
        raise StoreAway("nobody can say who works here")
    adults = staff.adults(school_id)
    near = staff.adults_of_class(school_id, ready.class_id) if ready.class_id else []
    named = ready.pupil_id is not None
    recipients = who_must_know(ready.whom, adults, near, named=named)
    moment = ready.told_at
    with recording(school_id, within=within) as session:
        kept = kept_already(session, school_id, ready.key)
        if kept is not None:
            return kept
        concern_id = _keep(session, school_id, ready, moment)
        for staff_id in ready.whom.about:
            session.add(
                ConcernAbout(
                    concern_id=concern_id, staff_id=staff_id, school_id=school_id, since=moment
                )
            )
        who = Near(adults, near)
        hold_by_name(session, school_id, concern_id, ready.named, who, moment)
        _tell_adults(session, school_id, concern_id, recipients, moment)
        if ready.draft:
            session.execute(
                delete(Draft).where(Draft.school_id == school_id, Draft.fingerprint == ready.draft)
            )
    patience_here().worked()
    _forget_file(ready)
    return ready.sealed.reference


def _forget_file(ready: Ready) -> None:
    if ready.draft:
        with suppress(OSError):
            draft_files.remove(ready.draft)


def seal_words(school_id: str, reference: str, spoken: Spoken) -> SealedWords:
    """Seal what a child says under a key of its own; only the public key is needed."""
    version, public = queries.keys.public_key(school_id)
    seal, field = new_seal(school_id, reference), ids.new_id()
    words = seal.seal(field, spoken.as_json())
    wrapped = seal.wrapped(public, version)
    return SealedWords(reference, seal.key_id, version, wrapped, field, words)


def anew(school_id: str, sealed: SealedWords) -> SealedWords:
    """Words that were sealed for another concern, for a new one; KeyMissing without the key."""
    key = WrappedKey(sealed.key_id, sealed.version, sealed.wrapped)
    text = unwrap(school_id, sealed.reference, key).open(sealed.field, sealed.words)
    return seal_words(school_id, _new_reference(), read_spoken(text))


def _seal(school_id: str, telling: Telling) -> Ready:
    told, moment = telling.told, clock.now()
    urgency, because = how_soon(told)
    name, room = shown_as(school_id, telling.pupil_id, telling.class_id)
    spoken = replace(spoken_of(told, because, telling.began_as), told_as=name, of_class=room)
    named = () if telling.canary else named_by(school_id, telling.class_id, spoken)
    return Ready(
        key=key_of(school_id, telling.once),
        sealed=seal_words(school_id, _new_reference(), spoken),
        whom=Told(to=told.to, about=told.about, anyone=told.anyone),
        urgency=urgency.value,
        told_at=moment,
        pupil_id=telling.pupil_id,
        class_id=telling.class_id,
        draft=telling.draft,
        canary=telling.canary,
        named=named,
    )


def shown_as(school_id: str, pupil_id: str | None, class_id: str | None) -> tuple[str, str]:
    """The names of a pupil and a class as they are now; empty for none, or while nobody can say.

    No telling waits for them or fails over them.
    """
    with suppress(StoreAway, SQLAlchemyError):
        names = pupils.names(school_id, [pupil_id]) if pupil_id else {}
        room = classes.class_(school_id, class_id) if class_id else None
        return names.get(pupil_id or "", ""), room.name if room else ""
    return "", ""


def _new_reference() -> str:
    """A reference that nothing here has; so long that it is nobody else's where none can tell."""
    try:
        waiting = spool.references()
        while (found := ids.reference("C")) in waiting or queries.keys.reference_is_taken(found):
            continue
    except StoreAway:
        patience_here().failed()
    except OSError:  # Of the spool; the database may be as well as ever.
        pass
    else:
        return found
    return ids.reference("C", UNCHECKED)


def kept_already(asked: Session | Connection, school_id: str, key: str) -> str | None:
    """The reference under which a press was kept: told by itself, or added to something."""
    by_itself = select(Concern.reference).where(
        Concern.school_id == school_id, Concern.idempotency_key == key
    )
    added = (
        select(Concern.reference)
        .join(Entry, Entry.concern_id == Concern.id)
        .where(Concern.school_id == school_id, Entry.school_id == school_id, Entry.once == key)
    )
    return asked.scalar(by_itself) or asked.scalar(added)


def key_of(school_id: str, once: str) -> str:
    """A press as it is known in the database and in the spool."""
    return ids.fingerprint(f"{school_id} {once}")


def _keep(session: Session, school_id: str, ready: Ready, moment: datetime) -> int:
    concern = Concern(
        school_id=school_id,
        reference=ready.sealed.reference,
        idempotency_key=ready.key,
        pupil_id=ready.pupil_id,
        class_id=ready.class_id,
        signed_in=ready.pupil_id is not None,
        urgency=ready.urgency,
        state="open",
        told_at=moment,
        canary=ready.canary,
    )
    session.add(concern)
    session.flush()
    ready.sealed.keep(session, school_id, concern.id, moment)
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
    """Those from whom it is held are told once that is cleared."""
    hidden = from_whom(school_id, concern_id, session)
    for recipient in recipients:
        same = {"school_id": school_id, "concern_id": concern_id, "staff_id": recipient.adult.id}
        if recipient.adult.id not in hidden:
            session.add(Notice(**same, made_at=moment, opened_at=None))
        if recipient.because is not Because.TEAM:
            session.add(ConcernPerson(**same, because=recipient.because.value, since=moment))
