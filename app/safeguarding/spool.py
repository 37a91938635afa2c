"""What children told while the database was away: a sealed file for each, until it can be filed.

A file says openly which school it is for, which of the school's keys it is sealed to, and its
reference. All else is sealed to the school's public key, so that a stolen spool shows nobody's
name and no word, and only the private key files it.
"""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from app.base import ids, sealing
from app.base.errors import KeyMissing
from app.base.keys import keys_here
from app.base.manifest import SPOOL
from app.base.piles import DAMAGED, Pile
from app.safeguarding import queries
from app.safeguarding.actions.anew import KeyEnded
from app.safeguarding.words import can_read, key_name

FORM = 1
TOLD, ADDED = "told", "added"
LATE = 120
"""Seconds after which a telling that waits still is said on the page of concerns."""


class Damaged(Exception):
    """A file is not as it was written, or was written for another place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file of the spool, by what it says openly."""

    name: str
    kind: str
    school_id: str
    version: int
    reference: str
    wrapped: bytes
    sealed: bytes

    @property
    def place(self) -> tuple[str, ...]:
        """What its seals are bound to."""
        return _place(self.name, self.kind, self.school_id, self.version, self.reference)

    def as_file(self) -> bytes:
        """The form in which it lies on the disk."""
        says = {
            "form": FORM,
            "kind": self.kind,
            "school": self.school_id,
            "version": self.version,
            "reference": self.reference,
        }
        return b"\n".join((json.dumps(says).encode(), b64encode(self.wrapped), self.sealed))


def _place(name: str, kind: str, school_id: str, version: int, reference: str) -> tuple[str, ...]:
    return ("spool", f"form {FORM}", name, kind, school_id, str(version), reference)


def pile_of(data: Path) -> Pile:
    """The spool of a data folder."""
    return Pile(data / SPOOL)


def pile_here() -> Pile:
    """That of the current app."""
    return pile_of(current_app.extensions["catkin"].folders.data)


def name_of(key: str) -> str:
    """The name of the file for an idempotency key: a press repeated finds it again."""
    return ids.fingerprint(f"spool {key}")


def put(school_id: str, key: str, kind: str, reference: str, content: dict[str, Any]) -> str:
    """Keep what was told until it can be filed; its reference, or that of an earlier press.

    It is on the disk when this returns. OSError where it could not be kept; KeyEnded where the
    school’s key was changed since its words were sealed.
    """
    (version, public), name = queries.keys.public_key(school_id), name_of(key)
    if content["sealed"]["version"] != version:
        raise KeyEnded  # One version opens all of it, and the file's first line says which.
    place, data_key = _place(name, kind, school_id, version, reference), sealing.new_key()
    text = json.dumps({"key": key, **content}, ensure_ascii=False).encode()
    made = Waiting(
        *(name, kind, school_id, version, reference),
        wrapped=sealing.wrap(public, data_key, *place),
        sealed=sealing.seal(data_key, text, *place),
    )
    pile = pile_here()
    try:
        pile.put(name, made.as_file())
    except FileExistsError:
        earlier = reference_of(school_id, key)
        if earlier is not None:
            return earlier
        pile.set_aside(name)  # It was filed this very moment, or is damaged: this one is whole.
        pile.put(name, made.as_file())
    return reference


def reference_of(school_id: str, key: str) -> str | None:
    """The reference under which a press was kept here; None where it lies here no more."""
    name = name_of(key)
    try:
        raw = pile_here().read(name)
        found = _read(name, raw) if raw is not None else None
    except (OSError, Damaged):
        return None
    if found is None:
        return None
    return found.reference if found.school_id == school_id else None


def references() -> set[str]:
    """Those that wait, of any school: no other concern may get one of them."""
    return {one.reference for one in _all()}


def waiting(school_id: str) -> list[Waiting]:
    """What waits for a school: each telling before what was added, the oldest first."""
    found = [one for one in _all() if one.school_id == school_id]
    return sorted(found, key=lambda one: one.kind != TOLD)


def versions_waiting(school_id: str) -> set[int]:
    """The versions of the school's key that are still needed to open what waits."""
    return {one.version for one in waiting(school_id)}


def _all() -> list[Waiting]:
    pile, found = pile_here(), []
    for name in pile.names():
        raw = pile.read(name)
        if raw is None:
            continue
        try:
            found.append(_read(name, raw))
        except Damaged:
            pile.set_aside(name)
    return found


def _read(name: str, raw: bytes) -> Waiting:
    try:
        head, wrapped, sealed = raw.split(b"\n", 2)
        says = json.loads(head)
        if says["form"] != FORM:
            raise Damaged
        return Waiting(
            name=name,
            kind=str(says["kind"]),
            school_id=str(says["school"]),
            version=int(says["version"]),
            reference=str(says["reference"]),
            wrapped=b64decode(wrapped, validate=True),
            sealed=sealed,
        )
    except (ValueError, TypeError, KeyError):
        raise Damaged from None


def in_backup(file: Path) -> Waiting:
    """A file of a backup's spool, set aside or not."""
    return _read(file.name.removesuffix(DAMAGED), file.read_bytes())


def opened(one: Waiting) -> dict[str, Any]:
    """What lies in a file; KeyMissing while the private key is away, Damaged if it never opens."""
    private = keys_here().read(key_name(one.school_id, one.version))
    try:
        data_key = sealing.unwrap(private, one.wrapped, *one.place)
        content = json.loads(sealing.unseal(data_key, one.sealed, *one.place))
    except (KeyMissing, ValueError):
        public = queries.keys.public_key(one.school_id, one.version)[1]
        if not can_read(one.school_id, one.version, public):
            raise KeyMissing("The school's private key is another's.") from None
        raise Damaged from None
    if name_of(str(content["key"])) != one.name:
        raise Damaged
    return dict(content)


def let_go(one: Waiting) -> None:
    """It is filed."""
    pile_here().remove(one.name)


def set_aside(one: Waiting) -> None:
    """It cannot be read: kept under a name that says so, for somebody to look at."""
    pile_here().set_aside(one.name)


@dataclass(frozen=True, slots=True)
class State:
    """Whether what is told gets through; the same for whoever looks."""

    key_away: bool
    late: bool
    damaged: bool


def state(school_id: str) -> State:
    """How the spool stands. While the key is away that is said whether or not anything waits, so
    that the page does not move with what is told."""
    pile = pile_here()
    oldest = pile.oldest()
    return State(
        key_away=not queries.keys.reading_works(school_id),
        late=oldest is not None and time.time() - oldest > LATE,
        damaged=bool(pile.damaged()),
    )
