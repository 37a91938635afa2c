"""Passkeys: what an answer is bound to, and how the public half of one is kept.

That half is sealed for its adult as an app's secret is: whoever can write to the database, and has
no keys, puts no passkey of theirs into anybody's account.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from app.base import ids, sealing

LASTS = timedelta(minutes=5)
"""How long after a page was drawn its challenge may be answered."""
MOST = 10
"""Passkeys of one adult."""


@dataclass(frozen=True, slots=True)
class Place:
    """The one address at which passkeys work: its name alone, and as browsers say the whole."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What a passkey is asked for; an answer is good for this alone."""

    what: Literal["add", "use"]
    place: Place
    school_id: str
    staff_id: str
    sign_in: str
    """The sign-in (its fingerprint) that it is asked on, which a right answer ends."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as a device made it."""

    id: str
    public: bytes
    counted: int


def _key_of(key: bytes) -> bytes:
    return hmac.digest(key, b"catkin-passkey-1", sha256)


def challenge(key: bytes, asking: Asking, moment: datetime) -> bytes:
    """What the device signs: the second of asking, and a mark of all that it is asked for."""
    asked, place = str(int(moment.timestamp())), asking.place.origin
    about = (asking.what, place, asking.school_id, asking.staff_id, asking.sign_in)
    mark = ids.keyed_fingerprint(_key_of(key), "challenge", asked, *about)
    return f"{asked}.{mark}".encode("ascii")


def was_asked(key: bytes, asking: Asking, said: bytes, moment: datetime) -> bool:
    """Whether this challenge is one of ours, for this, and not old."""
    asked = said.partition(b".")[0]
    if not asked.isdigit() or len(asked) > 11:
        return False
    then = datetime.fromtimestamp(int(asked), UTC)
    fits = hmac.compare_digest(said, challenge(key, asking, then))
    return fits and timedelta(0) <= moment - then < LASTS


def handle(key: bytes, school_id: str, staff_id: str) -> bytes:
    """What a device files its passkeys of this adult under: it says nothing to anybody else."""
    return bytes.fromhex(ids.keyed_fingerprint(_key_of(key), "adult", school_id, staff_id))


def seal(key: bytes, made: NewPasskey, school_id: str, staff_id: str) -> bytes:
    """What is kept of a public half; it opens for this passkey of this adult alone."""
    return sealing.seal(_key_of(key), made.public, "passkey", school_id, staff_id, made.id)


def unseal(key: bytes, sealed: bytes, school_id: str, staff_id: str, passkey_id: str) -> bytes:
    """The public half again; KeyMissing for another key, adult or passkey."""
    return sealing.unseal(_key_of(key), sealed, "passkey", school_id, staff_id, passkey_id)
