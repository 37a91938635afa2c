"""What children told while the database was away: a sealed file for each, until it can be filed.

A file says openly which school it is for, which of the school's keys it is sealed to, and its
reference. All else is sealed to the school's public key, so that a stolen spool shows nobody's
name and no word, and only the private key files it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.base import ids, sealing
from app.base.errors import KeyMissing
from app.base.keys import keys_here
from app.base.manifest import SPOOL
from app.base.piles import Pile, name_before
from app.people.queries import schools
from app.safeguarding import queries, standing
from app.safeguarding.actions.anew import KeyEnded
from app.safeguarding.room import data_here
from app.safeguarding.words import can_read, key_name

FORM = 1
TOLD, ADDED = "told", "added"
LATE = 120
"""Seconds after which the doctor names a telling that waits still."""


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
        body = b64encode(self.wrapped) + b"\n" + self.sealed
        return json.dumps({**says, **_whole(body)}).encode() + b"\n" + body


def _whole(body: bytes) -> dict[str, int | str]:
    """What the first line says of all that follows: whether it is all there is seen without a
    key, and so before a press that is repeated is told that it was kept."""
    return {"length": len(body), "sha256": sha256(body).hexdigest()}


def _place(name: str, kind: str, school_id: str, version: int, reference: str) -> tuple[str, ...]:
    return ("spool", f"form {FORM}", name, kind, school_id, str(version), reference)


def pile_of(data: Path) -> Pile:
    """The spool of a data folder."""
    return Pile(data / SPOOL)


def pile_here() -> Pile:
    """That of the current app."""
    return pile_of(data_here())


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


def takes_files() -> bool:
    """Whether what is told could be kept here, should the database be away."""
    try:
        pile_here().try_it()
    except OSError:
        return False
    return True


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
    """Those that wait, of any school: no other concern may get one of them. OSError where not all
    can be read."""
    found, unread = _all()
    if unread:
        raise OSError("a telling cannot be read")
    return {one.reference for one in found}


def waiting(school_id: str) -> list[Waiting]:
    """What waits for a school: each telling before what was added, the oldest first."""
    found = [one for one in _all()[0] if one.school_id == school_id]
    return sorted(found, key=lambda one: one.kind != TOLD)


def _all() -> tuple[list[Waiting], list[str]]:
    """What waits, and the names of what the disk does not read just now."""
    pile, found, unread = pile_here(), [], []
    for name in pile.names():
        try:
            raw = pile.read(name)
            if raw is not None:
                found.append(_read(name, raw))
        except OSError:  # One bad place on a disk keeps no other telling waiting.
            unread.append(name)
        except Damaged:
            pile.set_aside(name)
    return found, unread


def _read(name: str, raw: bytes) -> Waiting:
    try:
        head, body = raw.split(b"\n", 1)
        says = json.loads(head)
        if says["form"] != FORM or any(says[name] != is_ for name, is_ in _whole(body).items()):
            raise Damaged
        wrapped, sealed = body.split(b"\n", 1)
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
    return _read(name_before(file.name), file.read_bytes())


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


def try_damaged(school_id: str) -> None:
    """Let what was set aside wait again where it can be read now, or the key to tell is away."""
    pile = pile_here()
    for aside in pile.damaged():
        with suppress(OSError, Damaged):
            raw = pile.read(aside)
            one = _read(name_before(aside), raw) if raw is not None else None
            if one is not None and one.school_id == school_id:
                with suppress(KeyMissing):
                    opened(one)
                pile.put_back(aside)


def sweep() -> None:
    """Let half-written files of starts that were killed go."""
    pile_here().sweep()


@dataclass(frozen=True, slots=True)
class State:
    """Whether what is told gets through; the same for whoever looks."""

    key_away: bool
    stuck: bool
    damaged: bool


def state(school_id: str) -> State:
    """How the spool stands. A key or a store that is away is said whether or not anything waits, so
    that the page does not move with what is told."""
    return State(
        key_away=not queries.keys.reading_works(school_id),
        stuck=standing.is_stuck(data_here(), school_id),
        damaged=_any_damaged(pile_here(), school_id),
    )


def _any_damaged(pile: Pile, school_id: str) -> bool:
    """Whether a telling of this school lies there that cannot be read; one that does not say whose
    it is may be this school's."""
    try:
        bad = [*pile.damaged(), *pile.unread()]
    except OSError:
        return True
    if not bad:
        return False
    others = set(schools.all_schools()) - {school_id}
    return any(_school_of(pile, name) not in others for name in bad)


def _school_of(pile: Pile, name: str) -> str:
    """The school a file says it is for, if it says."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return str(json.loads((pile.read(name) or b"").split(b"\n", 1)[0])["school"])
    return ""
