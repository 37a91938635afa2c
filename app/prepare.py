"""All that must be right before anybody is served; done once, in the parent."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from sqlite3 import DatabaseError, connect

from app.base.database import Store, file_of
from app.base.errors import CannotStart, KeyMissing
from app.base.folders import Folders, close_to_others, prepare_folders
from app.base.keys import KeyFolder
from app.base.migrations import PUT_BACK, refuse_locked, refuse_newer, restore_guards, version_of
from app.base.restore import MARK, finish_restore
from app.base.upgrade import bring_up_to_date
from app.config import ROOT, Settings
from app.content.catalogue import Catalogue, published, read_catalogue
from app.content.editions import FOLDER, Editions
from app.content.kept import NAME, read_kept
from app.content.problems import ContentProblems
from app.safeguarding.at_start import BEGAN, GUARD_MISSING, note_at_start
from app.safeguarding.chain import make_chain_key
from app.safeguarding.head_file import keep_heads, keep_restores
from app.safeguarding.known_heads import Back
from app.safeguarding.restored import RESTORED, UNPROVEN, restores_of, says_of
from app.safeguarding.tables import TRIGGERS

OWN_KEYS = {
    "cookies": "everyone must sign in again",
    "pictures": "every pupil needs new pictures, and every adult sets up the phone again",
}
"""The installation's own keys, and what it costs to make one anew."""

PICTURES_AWAY = (
    "The key of the pupils' pictures is missing, so their pictures let nobody in just now, and no"
    " code from an adult's app does either: use recovery codes. Put the keys folder {keys} back"
    " from your copy of it: every slip and every app then works again at once. Only if there is no"
    " copy, make another key (.venv/bin/python -m app data new-pictures-key), draw new pictures"
    " for every pupil, and let each adult set up the phone again."
)
"""No key is made in its place: the old one would be put back beside another, or not at all."""

PICTURES_IN_USE = (
    "SELECT school_id FROM pupil WHERE pictures IS NOT NULL UNION SELECT school_id FROM second_step"
)
"""What another key would make worthless."""

CHAINED = "SELECT DISTINCT school_id FROM link"
"""A school that was founded before there were chains gets a chain's key once, and never again."""

UPDATED = (
    "Catkin was updated. A backup from before is {backup}. The way back: stop Catkin, move the data"
    " folder away, put that backup back (.venv/bin/python -m app data restore), and only then get"
    " the older Catkin."
)
"""The older one may be too old to know how to restore; this one changes nothing in doing it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the workers inherit."""

    settings: Settings
    folders: Folders
    keys: KeyFolder
    catalogue: Catalogue
    editions: Editions
    setup_code: str | None
    """The one-time code for setting up from another computer; None once a school exists."""
    static_version: str
    """Names the folder of styles, scripts and pictures; another when any of them changes."""
    remarks: tuple[str, ...] = ()
    """Sentences for the terminal: something was put right, or wants looking at."""


def prepare(settings: Settings, catalogue: Catalogue | None = None) -> Prepared:
    """Folders, keys, tables and content, in this order; CannotStart with one sentence.

    With a catalogue that was read already, the content is not looked at.
    """
    folders = prepare_folders(settings.data_dir, settings.keys_dir, demo=settings.demo)
    if finish_restore(folders.data):  # It brought its own name, and so its own keys folder.
        folders = prepare_folders(settings.data_dir, settings.keys_dir, demo=settings.demo)
    keys = KeyFolder(folders.keys)
    for store in Store:
        refuse_newer(folders.data, store)
    schools = _schools(folders)
    _must_belong(folders, schools)
    backup = bring_up_to_date(folders.data, school=bool(schools))
    remarks = [UPDATED.format(backup=backup)] if backup else []
    close_to_others(folders.data)
    fallen = restore_guards(folders.data, Store.SAFEGUARDING, TRIGGERS)
    remarks += [
        f"A guard on the children's words was missing and stands again: {n}." for n in fallen
    ]
    away = not (settings.demo or keys.has("pictures")) and _pictures_key_is_used(folders)
    if away:
        remarks.append(PICTURES_AWAY.format(keys=folders.keys))
    for name in OWN_KEYS:
        if not (away and name == "pictures"):
            _own_key(keys, name)
    _keep_chains(folders, keys, schools, fallen)
    if catalogue is None:
        catalogue = read_content(settings, folders.data / NAME, keys.read("cookies"))
    return Prepared(
        settings=settings,
        folders=folders,
        keys=keys,
        catalogue=catalogue,
        editions=keep_editions(settings, folders, catalogue),
        setup_code=None if schools else f"{secrets.randbelow(10**8):08d}",
        static_version=static_version(),
        remarks=tuple(remarks),
    )


def _keep_chains(folders: Folders, keys: KeyFolder, schools: set[str], fallen: list[str]) -> None:
    """See that each school has a chain, and that it tells what befell the record meanwhile."""
    begun = _column(folders, Store.SAFEGUARDING, CHAINED)
    for school_id in schools - begun:
        make_chain_key(keys, school_id)
    mark = folders.data / MARK
    notes = [(school_id, BEGAN, "") for school_id in schools - begun]
    put_back: dict[str, Back] = {}
    if mark.exists():
        put_back = dict(restores_of(mark.read_bytes(), folders.data, keys, schools))
        notes += [(school_id, RESTORED, says_of(back)) for school_id, back in put_back.items()]
        notes += [(school_id, UNPROVEN, "") for school_id in sorted(schools - put_back.keys())]
    notes += [
        (school_id, GUARD_MISSING, f"name={name}") for school_id in schools for name in fallen
    ]
    note_at_start(folders.data, keys, notes)
    keep_heads(folders.data, keys, anew=put_back)
    keep_restores(keys, put_back)
    mark.unlink(missing_ok=True)


def read_content(settings: Settings, kept: Path, key: bytes) -> Catalogue:
    """The lessons and quizzes; CannotStart with every problem, in the words of the check.

    What was checked at an earlier start is `kept`, sealed with this installation's key.
    """
    root = settings.content_dir
    try:
        return published(read_kept(kept, key, root, lambda: read_catalogue(root)))
    except ContentProblems as problems:
        raise CannotStart(f"{problems}\nCatkin cannot start until these are mended.") from None


def keep_editions(settings: Settings, folders: Folders, catalogue: Catalogue) -> Editions:
    """The texts that runs began with, today's among them."""
    editions = Editions(folders.data / FOLDER, catalogue)
    try:
        editions.keep(settings.content_dir, catalogue)
    except OSError as problem:
        raise CannotStart(f"{editions.folder} cannot be written: {problem.strerror}.") from problem
    return editions


def _own_key(keys: KeyFolder, name: str) -> None:
    try:
        keys.read_or_make(name)
    except KeyMissing:
        raise CannotStart(
            f"The key file {keys.file(name)} is damaged: put it back from your copy of the keys."
            f" If there is none, delete it, and then {OWN_KEYS[name]}."
        ) from None


def _schools(folders: Folders) -> set[str]:
    return _column(folders, Store.LEARNING, "SELECT id FROM school")


def _pictures_key_is_used(folders: Folders) -> bool:
    return bool(_column(folders, Store.LEARNING, PICTURES_IN_USE))


def _must_belong(folders: Folders, schools: set[str]) -> None:
    """Stop where no child could tell: a school is made after its key, so it always has one."""
    if schools - _column(folders, Store.SAFEGUARDING, "SELECT school_id FROM school_key"):
        file = file_of(folders.data, Store.SAFEGUARDING)
        raise CannotStart(
            "The safeguarding database does not belong to this school, or it is missing:"
            f" {file}. {PUT_BACK}"
        )
    told_to = _column(folders, Store.SAFEGUARDING, "SELECT DISTINCT school_id FROM concern")
    if told_to - schools:
        file = file_of(folders.data, Store.LEARNING)
        raise CannotStart(
            "Children have told something in this data folder, but the database of their school"
            f" is missing: {file}. {PUT_BACK}"
        )


def _column(folders: Folders, store: Store, question: str) -> set[str]:
    """What a store answers, asked before anything is changed; nothing where it has no tables."""
    if version_of(folders.data, store) is None:
        return set()
    file = file_of(folders.data, store)
    try:
        with closing(connect(file)) as connection:
            return {value for (value,) in connection.execute(question)}
    except DatabaseError as problem:
        refuse_locked(file, problem)
        raise CannotStart(f"{file} is damaged. {PUT_BACK}") from None


def static_version() -> str:
    """Twelve digits over every file that browsers keep."""
    digest = sha256()
    for file in sorted((ROOT / "static").rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]
