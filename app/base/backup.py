"""Backups: both stores as of one moment, with what belongs to them; whole, or not there at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.base import clock, demo_mark
from app.base.database import Store, file_of
from app.base.disks import explained, keep_free, remove
from app.base.errors import CannotStart
from app.base.folders import installation_id, is_within
from app.base.manifest import (
    EDITIONS,
    MANIFEST,
    SPOOL,
    Kind,
    Manifest,
    belongs,
    catkin_version,
    piece_of,
    read_manifest,
)
from app.base.migrations import version_of
from app.base.once import keep_name, put_down, write_once
from app.base.running import Taken, give_to_owner, held
from app.base.snapshot import copy_store, faults_of, one_moment, same

LAST = "last-backup.json"
"""In the data folder: where the newest backup was put, wherever that is."""
HALF = ".half-catkin-"
"""How the name begins of what is not a backup yet, or no longer."""
NEWEST = {Kind.NIGHTLY: 14, Kind.UPGRADE: 5}
"""How many are kept of those that nobody asked for."""
Heads = Callable[[Path], dict[str, str]]
"""Given a folder with both stores: by school, the newest link of its chain."""
Sign = Callable[[Manifest], dict[str, str]]
"""Given an account: by school, its signature."""
SLACK = timedelta(hours=1)
"""What is dated later than this from now was made while the clock was wrong."""


def backups_folder(data: Path) -> Path:
    """Where backups go unless another place is named: beside the data folder."""
    return data.with_name(f"{data.name}-backups")


def last_backup(data_dir: Path) -> datetime | None:
    """When the newest backup of this data folder was made, in UTC; None where there is none.

    A day to come counts only where there is no other: it must not hide that backups have ended.
    """
    made: list[datetime] = []
    with suppress(OSError, ValueError, KeyError, TypeError):
        own = json.loads((data_dir / "installation.json").read_bytes())["id"]
        made += [m.made for _, m in backups_in(backups_folder(data_dir)) if m.installation == own]
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads((data_dir / LAST).read_bytes())
        place = Path(said["place"])
        # A stick that was pulled out still holds its backup; one that was deleted is gone.
        if place.exists() or not place.parent.exists():
            made.append(datetime.fromisoformat(said["made"]).astimezone(UTC))
    return max(made, key=by_age, default=None)


def backups_in(folder: Path) -> list[tuple[Path, Manifest]]:
    """The backups in a folder, the newest first; those dated in days to come are the last."""
    found: list[tuple[Path, Manifest]] = []
    with suppress(OSError):
        for place in folder.glob("catkin-*"):
            with suppress(CannotStart):
                found.append((place, read_manifest(place)))
    return sorted(found, key=lambda each: by_age(each[1].made), reverse=True)


def back_up(
    data: Path,
    folder: Path,
    kind: Kind,
    at: datetime,
    heads: Heads | None = None,
    sign: Sign | None = None,
) -> Path:
    """Make a backup in `folder` and read it again; where it lies. CannotStart if there is none.

    `heads` reads in the finished copy what its account is to say of the chains in it, and
    `sign` signs it.
    """
    _keep_out(data, folder)
    with _alone(data), explained("No backup was made", folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear(folder, HALF)
        keep_free(folder, size_of(data))
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=folder))
        try:
            _fill(half, data, kind, at, heads, sign)
            place = _named(folder, kind, at)
            half.rename(place)
        except BaseException:
            remove(half)
            raise
        keep_name(folder)
        note_last(data, place, at)
    return place


def thin_out(data: Path, folder: Path, kind: Kind) -> None:
    """Let the oldest of this installation's own backups of a kind go, when they are many.

    Those dated in days to come go first: what was just made must not give way to them.
    """
    installation = installation_id(data)
    own = [
        (p, m) for p, m in backups_in(folder) if (m.kind, m.installation) == (kind, installation)
    ]
    for place, _ in own[NEWEST.get(kind, len(own)) :]:
        with suppress(OSError):
            # Half gone, it must not look whole.
            remove(place.rename(place.with_name(HALF + place.name)))


def by_age(made: datetime) -> tuple[bool, datetime]:
    """Puts backups in order, the newest last. One that is dated in days to come was made while the
    clock was wrong: it hides none that was made since."""
    return made <= clock.now() + SLACK, made


def size_of(data: Path) -> int:
    """How much a backup of the data folder takes, in bytes."""
    kept = [*(file_of(data, store) for store in Store), *_besides(data)]
    wal = [path.with_name(f"{path.name}-wal") for path in kept]
    return sum(path.stat().st_size for path in (*kept, *wal) if path.exists())


def clear(folder: Path, prefix: str) -> None:
    """Remove what an earlier attempt left when it was killed."""
    for left in folder.glob(f"{prefix}*"):
        remove(left)


def _fill(
    half: Path, data: Path, kind: Kind, at: datetime, heads: Heads | None, sign: Sign | None
) -> None:
    # Before the stores: what is filed meanwhile is in both, and filed once.
    _copy_spool(half, data)
    with one_moment(data) as stores:
        for store, source in stores.items():
            copy = file_of(half, store)
            copy_store(source, copy)
            if faults_of(copy) or not same(source, copy):
                raise CannotStart(
                    f"No backup was made: {file_of(data, store)} is damaged."
                    " Keep the backups that you have."
                )
    for path in _besides(data):
        copied = half / path.relative_to(data)
        copied.parent.mkdir(mode=0o700, exist_ok=True)
        _copy(path, copied)
    keep_name(half / EDITIONS)
    versions = {store: str(version_of(half, store)) for store in Store}
    files = sorted(path for path in half.rglob("*") if path.is_file())
    pieces = {path.relative_to(half).as_posix(): piece_of(path) for path in files}
    newest = heads(half) if heads else {}
    installation = installation_id(data)
    manifest = Manifest(at, kind, catkin_version(), installation, versions, pieces, newest)
    manifest = replace(manifest, heads_mac=sign(manifest)) if sign else manifest
    # Last of all: without it nothing here passes for a backup.
    write_once(half / MANIFEST, manifest.text())


def _copy_spool(half: Path, data: Path) -> None:
    for name in sorted(_listed(data / SPOOL)):
        if not belongs(f"{SPOOL}/{name}"):
            continue
        try:
            content = (data / SPOOL / name).read_bytes()
        except FileNotFoundError:  # It was filed this very moment.
            continue
        except OSError as problem:  # All else must not be left without a backup for it.
            _say_unread(data / SPOOL / name, problem)
            continue
        (half / SPOOL).mkdir(mode=0o700, exist_ok=True)
        write_once(half / SPOOL / name, content)


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as problem:
        _say_unread(folder, problem)
        return []


def _say_unread(path: Path, problem: OSError) -> None:
    says = f"{path} cannot be read ({problem.strerror}), and so is not in the backup."
    print(says)  # noqa: T201  # Whoever reads that there is a backup must read this too.


def _copy(path: Path, to: Path) -> None:
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        put_down(handle, path.read_bytes())
    finally:
        os.close(handle)


def _besides(data: Path) -> list[Path]:
    """The files that belong to a school besides its stores."""
    texts = sorted((data / EDITIONS).glob("[!.]*.*"))
    return [data / "installation.json", *(t for t in texts if t.suffix in {".md", ".yaml"})]


def _named(folder: Path, kind: Kind, at: datetime) -> Path:
    """A name that is free; in the order of names the newest is the last."""
    name = f"catkin-{at.astimezone(UTC):%Y-%m-%d-%H%M%S}-{kind}"
    names = (name, *(f"{name}-{number}" for number in range(2, 100)))
    return next(folder / each for each in names if not (folder / each).exists())


def note_last(data: Path, place: Path, at: datetime) -> None:
    """Note it down for `last_backup`; a full disk here spoils no backup."""
    text = json.dumps({"made": at.astimezone(UTC).isoformat(), "place": str(place.absolute())})
    draft = data / f".{LAST}"
    with suppress(OSError):
        draft.unlink(missing_ok=True)
        write_once(draft, text.encode() + b"\n")
        give_to_owner(draft, data)
        os.replace(draft, data / LAST)


def _keep_out(data: Path, folder: Path) -> None:
    if demo_mark.is_demo(data):
        raise CannotStart(f"The demo in {data} is not backed up: it can be made anew at any time.")
    if is_within(folder, data):
        raise CannotStart(
            f"The folder {folder} lies inside the data folder {data}:"
            " name one outside it with --to, so that they are not lost together."
        )


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One backup of a data folder at a time."""
    try:
        handle = held(data / "backup.lock")
    except Taken as problem:
        raise CannotStart(
            f"Another backup of {data} is being made: wait until it has finished."
        ) from problem
    try:
        yield
    finally:
        os.close(handle)
