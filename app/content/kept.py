"""The checked content, kept in the data folder: a start need not check again what is the same.

It is used only if not a letter has changed: in the files, the registers, the code that checks
them, the word lists, or what they all stand on. On any doubt the content is read anew.
"""

from __future__ import annotations

import copyreg
import hmac
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from app.content.catalogue import Catalogue

NAME: Final = "content.cache"
_CODE: Final = Path(__file__).parent
_STANDS_ON: Final = ("markdown", "markupsafe", "nh3", "pydantic", "pyphen", "ruamel.yaml")
_FOLDERS: Final = ("lessons", "quizzes")
_MARK: Final = 32
"""Bytes of each of the two digests before what is kept."""
_OURS: Final = ("app.content.", "datetime.", "markupsafe.")
"""Where everything that a catalogue is made of comes from: nothing else is brought back."""


def read_kept(file: Path, key: bytes, root: Path, read: Callable[[], Catalogue]) -> Catalogue:
    """The catalogue of the content under `root`: the kept one, or `read` and kept from now on.

    `key` is the installation's own, so that a file of anybody else's making is not opened.
    """
    stamp = stamp_of(root)
    kept = _brought_back(file, key, stamp)
    if kept is not None:
        return kept
    catalogue = read()
    # Nothing is lost where it cannot be kept; and what changed meanwhile is not what was read.
    if stamp == stamp_of(root):
        with suppress(OSError):
            _put_away(file, key, stamp, catalogue)
    return catalogue


def stamp_of(root: Path) -> bytes:
    """A digest of all that a check depends on; another when a single letter differs."""
    digest = sha256()
    for words in (sys.version, sys.platform, *(f"{n} {version(n)}" for n in _STANDS_ON)):
        digest.update(_measured(words.encode()))
    for name, path in _everything(root):
        digest.update(_measured(name.encode("utf-8", "surrogateescape")))
        with suppress(OSError):  # A folder, or what nobody may read, counts by its name.
            digest.update(_measured(path.read_bytes()))
    return digest.digest()


def _everything(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file and folder of the content, and the code and word lists of this room."""
    for home, folders in ((root, _FOLDERS), (_CODE, ("",))):
        for folder in folders:
            for path in sorted((home / folder).rglob("*")):
                if "__pycache__" not in path.parts:
                    yield path.relative_to(home).as_posix(), path


def _measured(content: bytes) -> bytes:
    """With its length before it, so that nothing can pass from one part to the next unseen."""
    return len(content).to_bytes(8, "big") + content


def _brought_back(file: Path, key: bytes, stamp: bytes) -> Catalogue | None:
    try:
        found = file.read_bytes()
    except OSError:
        return None
    seal, of, body = found[:_MARK], found[_MARK : 2 * _MARK], found[2 * _MARK :]
    if of != stamp or not hmac.compare_digest(seal, _seal(key, stamp, body)):
        return None
    try:
        kept = _Opener(io.BytesIO(body)).load()
    except Exception:  # Whatever is wrong with it, it is read anew.
        return None
    return kept if isinstance(kept, Catalogue) else None


def _put_away(file: Path, key: bytes, stamp: bytes, catalogue: Catalogue) -> None:
    """Whole or not at all: written beside it, then given its name."""
    body = _pickled(catalogue)
    handle, half = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(_seal(key, stamp, body) + stamp + body)
        os.replace(half, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(half)
        raise


def _seal(key: bytes, stamp: bytes, body: bytes) -> bytes:
    own = hmac.digest(key, b"checked content", "sha256")
    return hmac.digest(own, stamp + body, "sha256")


def _pickled(catalogue: Catalogue) -> bytes:
    into = io.BytesIO()
    pickler = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _thawed}
    pickler.dump(catalogue)
    return into.getvalue()


def _thawed(values: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _frozen, (dict(values),)


def _frozen(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


class _Opener(pickle.Unpickler):  # sealed with our key, and it makes nothing foreign
    """Brings back the values of this room and the few that they are made of."""

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.".startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) or found is _frozen:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a catalogue")
