"""`data rotate-key` and `data recover-keys`: the school's keys changed, and brought back."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from app.base import clock
from app.base.database import Store, connect_stores, engine_of, file_of
from app.base.errors import CannotStart, KeyMissing, Refused
from app.base.folders import default_keys_folder, installation_id, keep_apart, nothing_in
from app.base.key_copies import Fit, SchoolKeyFile, fit_of, put_keys
from app.base.keys import KeyFolder
from app.base.migrations import refuse_newer, version_of, versions
from app.base.recovered import keys_with, papers_of
from app.base.running import Taken, held
from app.cli.backup import school_keys
from app.cli.paper import as_files, words_typed
from app.cli.words import count
from app.config import Settings
from app.people.queries import schools
from app.safeguarding.actions.rotate import Rotated, rotate

AGAIN = "Do the same again then. Nothing is lost: both keys open what they opened."


QUESTION = (
    "This makes another key for what children told, and destroys the old one on this computer."
    " Older backups will need an old copy of the keys or the paper. Make the change? [y/N] "
)


def rotate_key(settings: Settings, asked: Namespace) -> int:
    """Change the key of what children told; 1 if the old one could not be let go yet."""
    data = settings.data_dir
    keys = keys_folder(settings)
    if not asked.yes and not _agreed():
        print("Nothing was changed.")
        return 1
    with _one_at_a_time(data), open_stores(data, keys):
        print("Changing the key. Pupils can tell and adults can read meanwhile; half a minute.")
        try:
            done = [rotate(school_id, data) for school_id in schools.all_schools()]
        except Refused as problem:
            raise CannotStart(str(problem)) from None
    for one in done:
        _say(one, keys, settings)
    return int(any(one.stuck or one.spooled for one in done))


def _agreed() -> bool:
    """The answer of whoever sits at the terminal; CannotStart where nobody can be asked."""
    if not sys.stdin.isatty():
        raise CannotStart(
            "Nothing was changed. The old key would be destroyed, and nobody is here to be asked:"
            " add --yes where that is meant."
        )
    try:
        return input(QUESTION).strip().casefold() in {"y", "yes"}
    except (EOFError, KeyboardInterrupt):
        print()
        return False


def _say(done: Rotated, keys: Path, settings: Settings) -> None:
    if done.only_finished:
        print(
            "An old key was still there; it is destroyed now, and nothing else was left to do."
            " To change the key once more, do the same again."
        )
        return
    print(f"{count(done.keys, 'key')} of concerns opened by key {done.version} from now on.")
    if done.stuck:
        print(
            f"{count(done.stuck, 'key')} of concerns could not be opened, so the old key stays."
            " Look what the doctor says of the databases. " + AGAIN
        )
    elif done.spooled:
        print(
            f"{count(done.spooled, 'telling')} waits beside the database, sealed to the old key,"
            " so that stays. Let Catkin run until it is filed; where the doctor names one that is"
            " damaged, mend the disk first: only the old key may open it yet. " + AGAIN
        )
    else:
        print(
            "The old key is destroyed here. Copies of it elsewhere still open older backups, and"
            " whatever was copied from this computer before now: destroy those that you do not"
            f" need. The recovery key on paper goes on working. Copy the keys in {keys} afresh, and"
            f" make a new backup now: {settings.whole('.venv/bin/python -m app data backup')}"
        )


def recover_keys(settings: Settings) -> int:
    """Put lost keys back with the words on paper; never over a key that is there."""
    data, what = settings.data_dir, "this data folder"
    store = file_of(data, Store.SAFEGUARDING)
    _must_be_there(data)
    keys, wanted = keys_folder(settings), school_keys(data)
    keep_apart(data, keys)
    papers = papers_of(store, what)
    found = keys_with(store, papers, words_typed(papers[-1]), wanted, what)
    lost = _lost(found, wanted, keys)
    put_keys(wanted, as_files(lost), keys, clock.now())
    print(f"{count(len(lost), 'key')} put back into {keys}; {len(found) - len(lost)} stayed.")
    right = fit_of(wanted, KeyFolder(keys)) is Fit.RIGHT
    print(f"What children told can{'' if right else 'not'} be read.")
    return 0 if right else 1


def _lost(found: dict[str, bytes], wanted: list[SchoolKeyFile], keys: Path) -> dict[str, bytes]:
    """The keys that are not there, or not whole; CannotStart where the school's is another."""
    folder, lost = KeyFolder(keys), {}
    for name, key in found.items():
        try:
            other = folder.read(name) != key
        except KeyMissing:
            lost[name] = key
            continue
        if other and name in {each.name for each in wanted}:
            raise CannotStart(
                f"There is another key at {folder.file(name)}: move it to another place first."
                " Nothing was put back."
            )
    return lost


def keys_folder(settings: Settings) -> Path:
    _must_be_there(settings.data_dir)
    return settings.keys_dir or default_keys_folder(installation_id(settings.data_dir))


def _must_be_there(data: Path) -> None:
    if not any(file_of(data, store).exists() for store in Store):
        raise nothing_in(data)
    for store in Store:
        if not file_of(data, store).exists():
            raise CannotStart(f"There is no whole Catkin data in {data}. Give DATA_DIR.")
        refuse_newer(data, store)
        if version_of(data, store) != versions(store)[-1]:
            raise CannotStart(f"The data in {data} is of an older Catkin. Start Catkin once first.")


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    try:
        handle = held(data / "rotate.lock")
    except Taken as problem:
        raise CannotStart("The key is being changed already: wait until it has finished.") from (
            problem
        )
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def both_stores(settings: Settings) -> Iterator[None]:
    """Both stores of a whole data folder with its keys."""
    keys = keys_folder(settings)
    with open_stores(settings.data_dir, keys):
        yield


@contextmanager
def open_stores(data: Path, keys: Path) -> Iterator[None]:
    """Both stores and the keys, and nothing else of the app; Catkin may serve meanwhile."""
    app = Flask("catkin")
    connect_stores(app, data)
    app.extensions["catkin"] = SimpleNamespace(
        keys=KeyFolder(keys), folders=SimpleNamespace(data=data, keys=keys)
    )
    with app.app_context():
        try:
            yield
        finally:
            for store in Store:
                engine_of(store).dispose()
