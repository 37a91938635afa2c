"""The data folder and the keys folder: made, tried out, and kept apart."""

from __future__ import annotations

import errno
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.base.demo_mark import put_mark, refuse_the_other_kind
from app.base.errors import CannotStart
from app.base.once import put_down, write_once

OWNER_ONLY = 0o700
NAME = "installation.json"
PROOF = b"Catkin can write here.\n" * 200
"""More than a disk block, so that a full disk shows itself at the start and not in a Tell."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Both folders, real and writable, and the name this installation gave itself."""

    data: Path
    keys: Path
    installation_id: str


def prepare_folders(data_dir: Path, keys_dir: Path | None, *, demo: bool = False) -> Folders:
    """Make both folders and prove that they can be used; CannotStart says why not.

    `keys_dir` is None for the default, which lies outside the data folder so that a copy of the
    data folder alone opens no child's words. The demo's data folder is marked before all else.
    """
    with _explained("data folder", data_dir, "DATA_DIR"):
        refuse_the_other_kind(data_dir, demo=demo)
    if keys_dir is not None:
        keep_apart(data_dir, keys_dir)
    data = usable("data folder", data_dir, "DATA_DIR")
    if demo:
        put_mark(data)
    if keys_dir is None:
        _still_named(data)
    _keep_a_name(data)
    installation = installation_id(data)
    keys = keys_dir
    if keys is None:
        keys = default_keys_folder(installation)
        keep_apart(data, keys)
    return Folders(data, usable("keys folder", keys, "KEYS_DIR"), installation)


def default_keys_folder(installation: str) -> Path:
    """The keys' place in the user's own configuration folder, one per installation."""
    try:
        return _configuration_folder() / "keys" / installation
    except RuntimeError as problem:  # Path.home: this user has none.
        raise CannotStart(
            "This user has no home folder for the keys: name a folder for them with KEYS_DIR."
        ) from problem


def _configuration_folder() -> Path:
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA")
        return (Path(roaming) if roaming else Path.home() / "AppData" / "Roaming") / "Catkin"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Catkin"
    chosen = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    # The XDG specification says to ignore a path that is not absolute.
    return (chosen if chosen.is_absolute() else Path.home() / ".config") / "catkin"


def nothing_in(data: Path) -> CannotStart:
    """What is said of a folder in which Catkin never ran."""
    return CannotStart(
        f"There is no Catkin data in {data}: no school is there. Give the DATA_DIR that Catkin is"
        " started with."
    )


def installation_id(data: Path) -> str:
    """The installation's own name, which its first start drew; CannotStart where there was none."""
    path = data / NAME
    if not path.exists() and any(data.glob("*.db")):
        raise CannotStart(f"The file {path} is gone: put it back from a copy, or from a backup.")
    if not path.exists():
        raise nothing_in(data)
    with _explained("data folder", data, "DATA_DIR"):
        text = path.read_bytes()
    with suppress(ValueError, TypeError, KeyError):
        found = str(json.loads(text)["id"])
        if found.isascii() and found.isalnum():
            return found
    raise CannotStart(
        f"The file {path} is damaged: put it back from a copy, for it names the keys folder."
    )


def _still_named(data: Path) -> None:
    """Refuse a data folder that lost its name: new keys would open none of its words."""
    name = data / NAME
    if not name.exists() and any(data.glob("*.db")):
        raise CannotStart(
            f"The file {name} is gone: put it back from a copy,"
            " or name the folder of its keys with KEYS_DIR."
        )


def _keep_a_name(data: Path) -> None:
    """Draw the installation's name where it has none yet."""
    path = data / NAME
    with _explained("data folder", data, "DATA_DIR"), suppress(FileExistsError):
        if not path.exists():
            write_once(path, _named())


def _named() -> bytes:
    content = {"id": secrets.token_hex(8), "made": datetime.now(UTC).date().isoformat()}
    return json.dumps(content).encode("utf-8") + b"\n"


def keep_apart(data: Path, keys: Path) -> None:
    with _explained("keys folder", keys, "KEYS_DIR"):
        keys_within, data_within = is_within(keys, data), is_within(data, keys)
    if keys_within:
        raise CannotStart(
            f"The keys folder {keys} lies inside the data folder {data}:"
            " name one outside it with KEYS_DIR, so that no copy of the data carries its keys."
        )
    if data_within:
        raise CannotStart(
            f"The data folder {data} lies inside the keys folder {keys}:"
            " name a folder that holds keys only with KEYS_DIR."
        )


def is_within(inner: Path, outer: Path) -> bool:
    """Whether one folder is, or lies in, another; through links, and whatever case is typed."""
    inner, outer = inner.resolve(), outer.resolve()
    if inner.is_relative_to(outer):
        return True
    real = [place for place in (inner, *inner.parents) if place.exists()]
    return outer.exists() and any(place.samefile(outer) for place in real)


def usable(name: str, folder: Path, setting: str) -> Path:
    """The folder, made if need be, once a file was written and kept in it."""
    with _explained(name, folder, setting):
        folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        # Permission bits do not bind root, and a read-only disk has them all: try it.
        with tempfile.TemporaryFile(prefix=".trial-", dir=folder, buffering=0) as trial:
            put_down(trial.fileno(), PROOF)
    return folder


def close_to_others(data: Path) -> None:
    """Let the owner alone read the databases, with what SQLite and writers put beside them."""
    for path in (*data.glob("*.db*"), *data.glob("*.gate")):
        with suppress(OSError):  # Another’s file, or a disk that knows no owners.
            path.chmod(0o600)


_REASONS = {
    errno.EACCES: "may not be written to by this user",
    errno.EPERM: "may not be written to by this user",
    errno.EROFS: "is on a read-only disk",
    errno.ENOSPC: "has no space left on its disk",
    errno.EEXIST: "is a file, not a folder",
    errno.ENOTDIR: "lies under a file, not a folder",
    errno.ENAMETOOLONG: "has too long a name",
    errno.ELOOP: "is a link that leads round in a circle",
}


@contextmanager
def _explained(name: str, folder: Path, setting: str) -> Iterator[None]:
    """Turn what the disk says into one sentence for the person at the keyboard."""
    try:
        yield
    except (OSError, RuntimeError) as problem:
        # Path.resolve has a RuntimeError of its own for links in a circle.
        code = problem.errno if isinstance(problem, OSError) else errno.ELOOP
        reason = _REASONS.get(code or 0, f"cannot be used ({problem})")
        raise CannotStart(
            f"The {name} {folder} {reason}: mend that, or name another with {setting}."
        ) from problem
