"""Copies of the keys folder: made apart from the data, brought back, and tried on the school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from app.base.disks import explained
from app.base.errors import CannotStart, KeyMissing
from app.base.folders import usable
from app.base.keys import KeyFolder
from app.base.once import write_once
from app.base.sealing import public_of


class Fit(Enum):
    """What a keys folder is to a school."""

    RIGHT = auto()
    MISSING = auto()
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class SchoolKeyFile:
    """A private key by its name in the keys folder, and the public key it must belong to."""

    name: str
    public: bytes


def fit_of(wanted: Iterable[SchoolKeyFile], keys: KeyFolder) -> Fit:
    """Whether the folder opens what was sealed for the school; one wrong key makes it wrong."""
    fits = [_fit(each, keys) for each in wanted]
    return next((bad for bad in (Fit.WRONG, Fit.MISSING) if bad in fits), Fit.RIGHT)


def _fit(wanted: SchoolKeyFile, keys: KeyFolder) -> Fit:
    if not keys.has(wanted.name):
        return Fit.MISSING
    try:
        return Fit.RIGHT if public_of(keys.read(wanted.name)) == wanted.public else Fit.WRONG
    except KeyMissing:  # It is there, and it is not whole.
        return Fit.WRONG


def copy_keys(keys: Path, to: Path) -> None:
    """Copy every key; never over another one, and never half a key."""
    if not list(keys.glob("*.key")):
        raise CannotStart(f"There are no keys in {keys}: none were copied. Give KEYS_DIR.")
    usable("folder for the keys", to, "--keys-to")
    with explained("The keys were not copied", to):
        for file in sorted(keys.glob("*.key")):
            _put(file, to / file.name)


def bring_keys(wanted: Iterable[SchoolKeyFile], given: Path, keys: Path, at: datetime) -> None:
    """Put copied keys in their place; what lay there under the same name is kept aside."""
    usable("keys folder", keys, "KEYS_DIR")
    ours = {f"{each.name}.key" for each in wanted} | {file.name for file in given.glob("*.key")}
    others = [file.name for file in keys.glob("school-*.key") if file.name not in ours]
    if others:
        raise CannotStart(
            f"The keys folder {keys} holds the keys of another school: name another with KEYS_DIR."
            " Nothing was put back."
        )
    with explained("The keys were not put back", keys):
        for file in sorted(given.glob("*.key")):
            place = keys / file.name
            if place.exists() and place.read_bytes() != file.read_bytes():
                place.rename(
                    place.with_name(f"{file.name}.before-{at.astimezone(UTC):%Y%m%d%H%M%S}")
                )
            _put(file, place)


def _put(file: Path, place: Path) -> None:
    content = file.read_bytes()
    if place.exists():
        if place.read_bytes() == content:
            return
        raise CannotStart(f"There is another key at {place}: name an empty folder for the keys.")
    write_once(place, content)
