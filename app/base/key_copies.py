"""Copies of the keys folder: made apart from the data, brought back, and tried on the school."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any

from app.base.disks import explained
from app.base.errors import CannotStart, KeyMissing
from app.base.folders import usable
from app.base.keys import KeyFolder
from app.base.once import write_once
from app.base.running import give_to_owner
from app.base.sealing import public_of

EVER = "SELECT school_id, version, public FROM school_key"
IN_USE = f"{EVER} WHERE ended_at IS NULL"


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


def keys_in_use(ask: Callable[[str], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """School, version and public half of each key that still opens something in a database.

    An older database knows of no key that ended.
    """
    columns = {name for (name,) in ask("SELECT name FROM pragma_table_info('school_key')")}
    return ask(IN_USE if "ended_at" in columns else EVER)


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
            _put(file.read_bytes(), to / file.name)


def bring_keys(wanted: Iterable[SchoolKeyFile], given: Path, keys: Path, at: datetime) -> None:
    """Put copied keys in their place; what lay there under the same name is kept aside."""
    put_keys(wanted, {file.name: file.read_bytes() for file in given.glob("*.key")}, keys, at)


def put_keys(
    wanted: Iterable[SchoolKeyFile], given: Mapping[str, bytes], keys: Path, at: datetime
) -> None:
    """The same for the content of key files, by their names."""
    usable("keys folder", keys, "KEYS_DIR")
    of_school = tuple(f"{each.name.rpartition('-')[0]}-" for each in wanted)
    others = [
        file.name
        for file in keys.glob("school-*.key")
        if file.name not in given and not file.name.startswith(of_school)
    ]
    if others:
        raise CannotStart(
            f"The keys folder {keys} holds the keys of another school: name another with KEYS_DIR."
            " Nothing was put back."
        )
    with explained("The keys were not put back", keys):
        for name, content in sorted(given.items()):
            place = keys / name
            if place.exists() and place.read_bytes() != content:
                set_aside(place, at)
            _put(content, place)


def set_aside(place: Path, at: datetime) -> None:
    """Give a key file another name, by which nobody looks for it."""
    place.rename(place.with_name(f"{place.name}.before-{at.astimezone(UTC):%Y%m%d%H%M%S}"))


def _put(content: bytes, place: Path) -> None:
    if place.exists():
        if place.read_bytes() == content:
            return
        raise CannotStart(f"There is another key at {place}: name an empty folder for the keys.")
    write_once(place, content)
    give_to_owner(place, place.parent)
