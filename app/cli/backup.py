"""`python -m app data backup` and `data restore`: the school, and its keys apart."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from app.base import clock
from app.base.backup import back_up, backups_folder, thin_out
from app.base.copies import copy_also, note_taken
from app.base.database import Store, file_of
from app.base.errors import CannotStart
from app.base.folders import (
    default_keys_folder,
    installation_id,
    is_within,
    keep_apart,
    nothing_in,
)
from app.base.key_copies import (
    Fit,
    SchoolKeyFile,
    bring_keys,
    copy_keys,
    fit_of,
    keys_in_use,
    put_keys,
)
from app.base.keys import KeyFolder
from app.base.manifest import Kind, Manifest
from app.base.migrations import refuse_newer, version_of
from app.base.recovered import keys_with, papers_of
from app.base.restore import FAILED, forget_looks, move_in, room_for_a_school, staged
from app.cli.drill import try_out
from app.cli.paper import as_files, words_typed
from app.config import Settings
from app.safeguarding.head_file import keep_heads, kept_head
from app.safeguarding.kept_heads import heads_in_folders, signing
from app.safeguarding.proof import heads_in
from app.safeguarding.restored import signed_mark
from app.safeguarding.words import key_name


def make_backup(settings: Settings, asked: Namespace) -> int:
    """Back up, say where it lies, and where the keys are."""
    data = settings.data_dir
    _must_hold_a_school(data)
    keys = settings.keys_dir or default_keys_folder(installation_id(data))
    folder = (asked.to or backups_folder(data)).absolute()
    keys_to = asked.keys_to and asked.keys_to.absolute()
    for one, other in ((folder, keys), (folder, keys_to), (data, keys_to)):
        _keep_apart(one, other)
    kind = Kind.NIGHTLY if asked.nightly else Kind.ASKED
    place = back_up(data, folder, kind, clock.now(), heads_in, signing(KeyFolder(keys)))
    keep_heads(data, KeyFolder(keys))
    thin_out(data, folder, kind)
    print(f"The backup is {place}. It was read again and is whole.")
    if folder != backups_folder(data).absolute():
        note_taken(data, place, clock.now())
    fit = fit_of(school_keys(place), KeyFolder(keys))
    if fit is not Fit.RIGHT:
        print(f"{_NO_READING[fit]} in {keys}: what children told cannot be read until it is there.")
    faults = _after_the_night(settings, place) if asked.nightly else 0
    if keys_to is None:
        print(
            f"The keys are not in it. They are in {keys}: copy that folder by hand to another"
            " place, away from the backups. Without it, or the recovery key on paper, nobody can"
            " read what children told."
        )
        return faults
    copy_keys(keys, keys_to)
    print(f"The keys are copied to {keys_to}. Keep them in another place than the backups.")
    return faults


def _after_the_night(settings: Settings, place: Path) -> int:
    """Copy it to the second folder too, and try it out; 1 where either failed. The backup stays."""
    failed = 0
    also = settings.backup_also
    if also is not None:
        try:
            _keep_apart(also, settings.keys_dir)
            copied = copy_also(settings.data_dir, place, also, clock.now())
            print(f"It is copied to {copied} too, and was read again there.")
        except CannotStart as problem:
            print(problem)
            failed = 1
    try:
        tried = try_out(settings, place)
    except CannotStart as problem:
        print(f"The backup was not tried out: {problem}")
        tried = False
    return failed if tried else 1


def restore_backup(settings: Settings, asked: Namespace) -> int:
    """Put a backup back where no school lives, and say whether its concerns can be read."""
    data, given = settings.data_dir, asked.keys and asked.keys.absolute()
    on_paper = bool(getattr(asked, "paper", False))
    if given is not None and not given.is_dir():
        raise CannotStart(f"There is no folder of keys at {given}. {FAILED}.")
    with room_for_a_school(data), staged(asked.backup.absolute(), data) as (half, manifest):
        keys = settings.keys_dir or default_keys_folder(installation_id(half))
        keep_apart(data, keys)
        forget_looks(half)
        wanted = school_keys(half)
        if on_paper:
            bring_from_paper(half, wanted, keys)
        else:
            _must_fit(wanted, given or keys, must_be_there=given is not None)
        if given is not None:
            bring_keys(wanted, given, keys, clock.now())
        chains, folders = KeyFolder(keys), {backups_folder(data), asked.backup.absolute().parent}
        kept = (kept_head(chains, school_id) for school_id in manifest.heads)
        heads = [*filter(None, kept), *heads_in_folders(folders, manifest.installation, chains)]
        move_in(half, data, signed_mark(half, chains, clock.now(), heads))
    _tell(manifest, settings, keys, fit_of(wanted, KeyFolder(keys)))
    return 0


_NO_READING = {
    Fit.MISSING: "The school's key is not",
    Fit.WRONG: "There is another key under the name of the school's key",
}


def _must_hold_a_school(data: Path) -> None:
    stores = {store: file_of(data, store) for store in Store}
    name = data / "installation.json"
    if not any(file.exists() for file in (name, *stores.values())):
        raise nothing_in(data)
    if not all(file.exists() for file in (name, *stores.values())):
        raise CannotStart(f"There is no whole Catkin data in {data}. Give DATA_DIR.")
    for store in Store:
        refuse_newer(data, store)
        if version_of(data, store) is None:
            raise CannotStart(f"There is no school in {data} yet: nothing to back up.")
    if not _ask(stores[Store.LEARNING], "SELECT id FROM school"):
        raise CannotStart(f"There is no school in {data} yet: nothing to back up.")


def _keep_apart(data: Path, keys: Path | None) -> None:
    """Whoever finds a backup must not find its keys with it."""
    if keys is not None and (is_within(data, keys) or is_within(keys, data)):
        raise CannotStart(
            f"{data} and the keys in {keys} would lie together: whoever found the one would have"
            " the other. Name another place. Nothing was copied."
        )


def school_keys(folder: Path) -> list[SchoolKeyFile]:
    """The key files that open what children of the schools in a backup told."""
    schools = {
        school for (school,) in _ask(file_of(folder, Store.LEARNING), "SELECT id FROM school")
    }
    rows = keys_in_use(partial(_ask, file_of(folder, Store.SAFEGUARDING)))
    return [
        SchoolKeyFile(key_name(s, version), public) for s, version, public in rows if s in schools
    ]


def bring_from_paper(half: Path, wanted: list[SchoolKeyFile], keys: Path) -> None:
    """Ask for the words on paper, and put the keys that they open into their place."""
    store, what = file_of(half, Store.SAFEGUARDING), "this backup"
    papers = papers_of(store, what)
    found = keys_with(store, papers, words_typed(papers[-1]), wanted, what)
    put_keys(wanted, as_files(found), keys, clock.now())


def _ask(file: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as store:
        return store.execute(question).fetchall()


def _must_fit(wanted: list[SchoolKeyFile], keys: Path, *, must_be_there: bool) -> None:
    fit = fit_of(wanted, KeyFolder(keys))
    if fit is Fit.WRONG or (fit is Fit.MISSING and must_be_there):
        what = "are not the keys of this school" if fit is Fit.WRONG else "lack the school's key"
        raise CannotStart(
            f"The keys in {keys} {what}: they cannot open what its children told. {FAILED}."
        )


def _tell(manifest: Manifest, settings: Settings, keys: Path, fit: Fit) -> None:
    made = clock.local(manifest.made)
    print(f"The school of {made.day} {made:%B %Y, %H:%M} is back in {settings.data_dir}.")
    recover = settings.whole(".venv/bin/python -m app data recover-keys")
    if fit is Fit.RIGHT:
        print(f"Its keys are in {keys}: what children told can be read.")
    else:
        print(
            f"Its keys are not in {keys}. Pupils can tell, but nobody can read what they told until"
            " the copied keys are put there, or brought back from the recovery key on paper by"
            f" {recover}. Then it works at once."
        )
    print(
        "What was done after that moment is gone, and adults who left since can sign in again:"
        " look through the People page first."
    )
