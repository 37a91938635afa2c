"""What a backup says of itself: when, by which Catkin, and every file with its checksum."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.base.database import Store
from app.base.errors import CannotStart
from app.base.migrations import versions

MANIFEST = "backup.json"
FORMAT = 2
"""Since 2 the account holds a checksum of itself, so that not a byte of a backup can change."""
EDITIONS = "editions"
"""The folder of texts that runs began with, in the data folder and in a backup."""
_HEAD = re.compile(r"[0-9]{1,18}-(?:[0-9a-f]{16}|none)")
SPOOL = "spool"
"""The folder of what was told while the database was away, sealed; here as there."""
_NAME = re.compile(
    rf"(?:learning|safeguarding)\.db|installation\.json|{EDITIONS}/[\w-][\w.-]*"
    rf"|{SPOOL}/[0-9a-f]{{64}}(?:(?:\.[0-9]{{1,3}})?\.damaged)?"
)
_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_PIECE = 1 << 20


class Kind(StrEnum):
    """Why a backup was made; those that nobody asked for go when they are many."""

    ASKED = "asked"
    NIGHTLY = "nightly"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's own account: no number in it tells what children told."""

    made: datetime
    kind: Kind
    catkin: str
    installation: str
    stores: dict[Store, str]
    """The version of each store's tables."""
    files: dict[str, Piece]
    heads: dict[str, str] = field(default_factory=dict)
    """By school: the newest link of its record's chain, as `312-9f04ac1b2d3e4f50`. The number tells
    how much was written in all, and nothing of what; nothing here knows how it was made."""
    heads_mac: dict[str, str] = field(default_factory=dict)
    """By school: what only the holder of its chain's key can make of all else that is said here."""

    def unsigned(self) -> bytes:
        """All that a signature is made of."""
        form = {name: value for name, value in self._form().items() if name != "heads_mac"}
        return json.dumps(form, sort_keys=True).encode()

    def text(self) -> bytes:
        """The form in which it lies in the backup."""
        return with_checksum(self._form())

    def _form(self) -> dict[str, Any]:
        made = self.made.astimezone(UTC).isoformat(timespec="seconds")
        return {"format": FORMAT, **asdict(self), "made": made}


def with_checksum(form: dict[str, Any]) -> bytes:
    """An account as it is written, with a checksum of all else in it."""
    own = sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()
    return json.dumps({**form, "own": own}, indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(backup: Path) -> Manifest:
    """The account of a backup; CannotStart where it is none, damaged, or a newer Catkin's."""
    try:
        text = (backup / MANIFEST).read_bytes()
        form = json.loads(text)
        if form["format"] == FORMAT or (form["format"] == 1 and "own" not in form):
            rest = {name: value for name, value in form.items() if name != "own"}
            if form["format"] == FORMAT and text != with_checksum(rest):
                raise ValueError("not as it was written")
            return _read(form)
    except (FileNotFoundError, NotADirectoryError):
        raise CannotStart(
            f"{backup} is not a whole Catkin backup: there is no {MANIFEST} in it."
        ) from None
    except OSError as problem:
        raise CannotStart(f"The backup {backup} cannot be read: {problem.strerror}.") from problem
    except (ValueError, TypeError, KeyError, AttributeError):
        raise damaged(backup, MANIFEST) from None
    raise CannotStart(f"The backup {backup} was made by a newer Catkin: update Catkin first.")


def _read(form: dict[str, object]) -> Manifest:
    stores, files, heads = (_mapping(form.get(name, {})) for name in ("stores", "files", "heads"))
    if not {"learning.db", "safeguarding.db", "installation.json"} <= set(files):
        raise ValueError("not all there")
    if not all(belongs(name) for name in files):
        raise ValueError("a file that no backup has")
    if not all(_HEAD.fullmatch(head) for head in heads.values()):
        raise ValueError("no head of a chain")
    return Manifest(
        made=datetime.fromisoformat(str(form["made"])).astimezone(UTC),
        kind=Kind(str(form["kind"])),
        catkin=str(form["catkin"]),
        installation=str(form["installation"]),
        stores={store: str(stores[store.value]) for store in Store},
        files={name: Piece(int(p["bytes"]), str(p["sha256"])) for name, p in files.items()},
        heads=heads,
        heads_mac={k: str(v) for k, v in _mapping(form.get("heads_mac", {})).items()},
    )


def _mapping(part: object) -> dict[str, Any]:
    if not isinstance(part, dict):
        raise TypeError("not as it is written")
    return part


def refuse_newer_backup(backup: Path, manifest: Manifest) -> None:
    """Stop where this Catkin does not know the tables of the backup."""
    if any(manifest.stores[store] not in versions(store) for store in Store):
        raise CannotStart(
            f"The backup {backup} was made by a newer Catkin ({manifest.catkin}):"
            " update Catkin first."
        )


def belongs(name: str) -> bool:
    """Whether a file of this name, with its folder, may lie in a backup."""
    return _NAME.fullmatch(name) is not None


class Damaged(CannotStart):
    """A backup is not as it was made: in the file of this name."""

    def __init__(self, backup: Path, name: str) -> None:
        super().__init__(f"The backup {backup} is damaged: {name} is not as it was.")
        self.backup, self.name = backup, name

    def __str__(self) -> str:
        """With the newest one beside it that is whole: looked for only where this is read."""
        whole = whole_beside(self.backup)
        which = f": {whole.name}, beside it, is whole" if whole else ""
        return f"{self.args[0]} Use an older one{which}."


def damaged(backup: Path, name: str) -> Damaged:
    """What to say of a backup that is not as it was made."""
    return Damaged(backup, name)


def whole_beside(backup: Path) -> Path | None:
    """The newest other backup of the same folder of which every file is as it was made."""
    found: list[tuple[Path, Manifest]] = []
    with suppress(OSError):
        for place in backup.absolute().parent.glob("catkin-*"):
            with suppress(CannotStart):
                if place.name != backup.name:
                    found.append((place, read_manifest(place)))
    for place, manifest in sorted(found, key=lambda each: each[1].made, reverse=True):
        with suppress(OSError):
            if all(piece_of(place / name) == piece for name, piece in manifest.files.items()):
                return place
    return None


def piece_of(file: Path) -> Piece:
    """The size and checksum of a file."""
    digest, size = sha256(), 0
    with file.open("rb") as opened:
        while part := opened.read(_PIECE):
            digest.update(part)
            size += len(part)
    return Piece(size, digest.hexdigest())


def catkin_version() -> str:
    """The version of this Catkin."""
    return str(tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"])
