"""Backups in three places: beside the data, in a second folder, and on what was taken away.

What pages say of them is read from the data folder and from beside it alone: a share that hangs
must not hang a page. What the second folder and a stick were given is noted when they get it.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.base.backup import HALF, LAST, backups_folder, backups_in, by_age, clear, thin_out
from app.base.disks import explained, keep_free, remove
from app.base.errors import CannotStart
from app.base.folders import is_within
from app.base.manifest import MANIFEST, Kind, Manifest, damaged, piece_of, read_manifest
from app.base.once import keep_name, put_down, write_once
from app.base.running import give_to_owner

NOTE = "copies.json"
"""In the data folder: what the second folder and the last stick were given, and when."""
FAILED = "The second copy was not made"


@dataclass(frozen=True, slots=True)
class Copies:
    """When the newest backup of each place was made; None where there is none."""

    beside: datetime | None
    also: datetime | None
    also_failed: datetime | None
    """When the second folder was last to be written to and could not, if that was since."""
    taken: datetime | None
    taken_to: str


def copies_of(data: Path) -> Copies:
    """What is known of the three places."""
    noted = _noted(data)
    beside = next((manifest.made for _, manifest in _own(data)), None)
    taken = noted.get("taken", {})
    return Copies(
        beside=beside,
        also=_moment(noted.get("also", {}).get("made")),
        also_failed=_moment(noted.get("also", {}).get("failed")),
        taken=_moment(taken.get("made")),
        taken_to=str(taken.get("place", "")),
    )


class Beside(StrEnum):
    """How the backups beside the data stand."""

    WELL = "well"
    MISSING = "missing"
    """The one that was made last is not there: it was deleted, or its folder was moved."""
    DAMAGED = "damaged"


def how_beside(data: Path, *, wholly: bool = False) -> Beside:
    """Whether the newest backup beside the data is there and whole: its account and its sizes.

    `wholly` reads it all for its checksums. Nothing outside that folder is reached.
    """
    last = _last_place(data)
    if last is not None and last.parent.absolute() == backups_folder(data).absolute():
        if not last.is_dir():
            return Beside.MISSING
        return Beside.WELL if _is_whole(last, wholly=wholly) else Beside.DAMAGED
    newest = next((place for place, _ in _own(data)), None)
    whole = newest is None or _is_whole(newest, wholly=wholly)
    return Beside.WELL if whole else Beside.DAMAGED


def _is_whole(place: Path, *, wholly: bool) -> bool:
    try:
        files = read_manifest(place).files
        if wholly:
            return all(piece_of(place / name) == piece for name, piece in files.items())
        return all((place / name).stat().st_size == piece.bytes for name, piece in files.items())
    except (OSError, CannotStart):
        return False


def places_of(data: Path) -> list[Path]:
    """Where the second folder's newest copy lies, and the last in each place to which one went."""
    noted = _noted(data)
    said = [str(noted.get(which, {}).get("place", "")) for which in ("also", "taken")]
    said += map(str, noted.get("went to", {}).values())
    return [Path(place) for place in dict.fromkeys(said) if place]


def newest_to_read(data: Path) -> tuple[Path, Manifest] | None:
    """The newest backup that can be opened just now: beside the data, or where the last was put."""
    found = _own(data)[:1]
    place = _last_place(data)
    if place is not None and place.parent != backups_folder(data):
        with suppress(CannotStart):
            found.append((place, read_manifest(place)))
    return max(found, key=lambda each: by_age(each[1].made), default=None)


def is_last_moved(data: Path) -> bool:
    """Whether the backup that was made last is not where it was put, beside the data or elsewhere:
    nobody knows here whether it still is anywhere."""
    place = _last_place(data)
    return place is not None and not place.is_dir()


def _last_place(data: Path) -> Path | None:
    """Where the backup that was made last was put."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return Path(json.loads((data / LAST).read_bytes())["place"])
    return None


def copy_also(data: Path, place: Path, folder: Path, at: datetime) -> Path:
    """Copy a backup whole into the second folder and read it again; CannotStart says why not.

    The folder is never made: where a disk or a share is not there, nothing must pass for it.
    """
    try:
        copied = _copied(data, place, folder)
    except BaseException:
        kept = _noted(data).get("also", {})
        _write(data, "also", {**kept, "failed": _text(at)})
        raise
    _write(data, "also", {"made": _text(read_manifest(copied).made), "place": str(copied)})
    return copied


def note_taken(data: Path, place: Path, made: datetime) -> None:
    """Remember that a backup was put elsewhere by hand, and where."""
    _write(data, "taken", {"made": _text(made), "place": str(place.absolute())})
    went = _noted(data).get("went to", {})
    _write(data, "went to", {**went, str(place.absolute().parent): str(place.absolute())})


def _copied(data: Path, place: Path, folder: Path) -> Path:
    if is_within(folder, data):
        raise CannotStart(f"{FAILED}: {folder} lies inside the data folder. Change BACKUP_ALSO.")
    with explained(FAILED, folder):
        if not folder.is_dir():
            raise CannotStart(
                f"{FAILED}: the folder {folder} of BACKUP_ALSO is not there. Put its disk or share"
                " back, or name another."
            )
        manifest = read_manifest(place)
        clear(folder, HALF)
        keep_free(folder, sum(piece.bytes for piece in manifest.files.values()))
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=folder))
        try:
            _fill(half, place, manifest)
            to = folder / place.name
            remove(to)  # The same backup, copied before.
            half.rename(to)
        except BaseException:
            remove(half)
            raise
        keep_name(folder)
    thin_out(data, folder, Kind.NIGHTLY)
    return to


def _fill(half: Path, place: Path, manifest: Manifest) -> None:
    for name in (*manifest.files, MANIFEST):  # Its account last: without it, it is no backup.
        to = half / name
        to.parent.mkdir(mode=0o700, exist_ok=True)
        binary = getattr(os, "O_BINARY", 0)
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, 0o600)
        try:
            put_down(handle, (place / name).read_bytes())
        finally:
            os.close(handle)
        if name in manifest.files and piece_of(to) != manifest.files[name]:
            raise damaged(place, name)
    for folder in {(half / name).parent for name in manifest.files}:
        keep_name(folder)


def _own(data: Path) -> list[tuple[Path, Manifest]]:
    """This installation's backups beside its data, the newest first."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        own = json.loads((data / "installation.json").read_bytes())["id"]
        return [each for each in backups_in(backups_folder(data)) if each[1].installation == own]
    return []


def _noted(data: Path) -> dict[str, dict[str, Any]]:
    with suppress(OSError, ValueError):
        found = json.loads((data / NOTE).read_bytes())
        if isinstance(found, dict) and all(isinstance(each, dict) for each in found.values()):
            return found
    return {}


def _write(data: Path, which: str, facts: dict[str, str]) -> None:
    """A full disk here spoils no backup."""
    text = json.dumps({**_noted(data), which: facts}).encode() + b"\n"
    draft = data / f".{NOTE}"
    with suppress(OSError):
        draft.unlink(missing_ok=True)
        write_once(draft, text)
        give_to_owner(draft, data)
        os.replace(draft, data / NOTE)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: object) -> datetime | None:
    with suppress(ValueError, TypeError):
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    return None
