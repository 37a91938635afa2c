"""Sealing and opening a concern's words; opening needs the school's private key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from app.base import ids, sealing
from app.base.errors import KeyMissing
from app.base.keys import keys_here
from app.safeguarding.drawing import CannotBeRead, Stroke, read_drawing
from app.safeguarding.rules import FEELINGS, HAPPENED, Told

FORM = 1
"""Version of what lies inside a seal."""


def key_name(school_id: str, version: int) -> str:
    """The private key's name in the keys folder."""
    return f"school-{school_id}-{version}"


@dataclass(frozen=True, slots=True)
class ConcernSeal:
    """A data key of one concern, with the places its seals are bound to."""

    school_id: str
    reference: str
    key_id: str
    key: bytes

    def seal(self, field: str, text: str) -> bytes:
        """Seal a text for one field of this concern."""
        return sealing.seal(self.key, text.encode(), *self._place(field))

    def open(self, field: str, sealed: bytes) -> str:
        """The text again; KeyMissing if it was sealed for another place."""
        return sealing.unseal(self.key, sealed, *self._place(field)).decode()

    def wrapped(self, public: bytes, version: int) -> bytes:
        """This key, wrapped for the school."""
        return sealing.wrap(public, self.key, *self._wrap_place(version))

    def _place(self, field: str) -> tuple[str, ...]:
        return (self.school_id, self.reference, field, f"form {FORM}")

    def _wrap_place(self, version: int) -> tuple[str, ...]:
        return ("data key", self.school_id, self.reference, self.key_id, str(version))


def new_seal(school_id: str, reference: str) -> ConcernSeal:
    """A fresh data key for a concern."""
    return ConcernSeal(school_id, reference, ids.new_id(), sealing.new_key())


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it lies in the database."""

    id: str
    version: int
    wrapped: bytes


def unwrap(school_id: str, reference: str, key: WrappedKey) -> ConcernSeal:
    """A data key, ready to open with; KeyMissing without the school's private key."""
    private = keys_here().read(key_name(school_id, key.version))
    place = ConcernSeal(school_id, reference, key.id, b"")._wrap_place(key.version)
    return ConcernSeal(school_id, reference, key.id, sealing.unwrap(private, key.wrapped, *place))


def can_read(school_id: str, version: int, public: bytes) -> bool:
    """Whether the school's private key is in its place and is the right one."""
    try:
        return sealing.public_of(keys_here().read(key_name(school_id, version))) == public
    except (KeyMissing, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Spoken:
    """What lies sealed of a telling: the child's choices and words, and why it is urgent."""

    happened: tuple[str, ...]
    feelings: tuple[str, ...]
    words: str
    because: tuple[str, ...] = ()
    began_as: str | None = None
    """Pupil who was signed in when it was begun, if signed out before it was sent."""
    to: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    """Words picked from the list, as the list said them."""
    drawing: str = ""
    drawing_lost: bool = False
    """Whether a drawing came that could not be kept."""
    told_as: str = ""
    """The child's whole name on that day, and below the class's; empty where nobody was named. It
    stays sealed with the words, so that no renaming changes whose they seem to be."""
    of_class: str = ""

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The child's drawing."""
        return read_drawing(self.drawing)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What happened, in the words of the pictures."""
        return tuple(HAPPENED[key] for key in self.happened if key in HAPPENED)

    @property
    def feels(self) -> tuple[str, ...]:
        """How the child feels, in the words of the pictures."""
        return tuple(FEELINGS[key] for key in self.feelings if key in FEELINGS)

    def as_json(self) -> str:
        """The form that is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)


def spoken_of(told: Told, because: Iterable[str], began_as: str | None) -> Spoken:
    """What to seal of a telling."""
    return Spoken(
        told.happened,
        told.feelings,
        told.words,
        tuple(because),
        began_as,
        tuple(told.to),
        tuple(told.chosen),
        *_readable(told.drawing, lost=told.drawing_lost),
    )


def read_spoken(text: str) -> Spoken:
    """What was sealed, again."""
    kept = json.loads(text)
    drawing, lost = _readable(kept.get("drawing", ""), lost=kept.get("drawing_lost", False))
    return Spoken(
        happened=tuple(kept["happened"]),
        feelings=tuple(kept["feelings"]),
        words=kept["words"],
        because=tuple(kept.get("because", ())),
        began_as=kept.get("began_as"),
        to=tuple(kept.get("to", ())),
        chosen=tuple(kept.get("chosen", ())),
        drawing=drawing,
        drawing_lost=lost,
        told_as=kept.get("told_as", ""),
        of_class=kept.get("of_class", ""),
    )


def _readable(drawing: str, *, lost: bool) -> tuple[str, bool]:
    """A drawing that can be shown, and whether one was lost; nothing told waits for a drawing."""
    try:
        read_drawing(drawing)
    except CannotBeRead:
        return "", True
    return drawing, lost
