"""All that must be right before anybody is served; done once, in the parent."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from sqlite3 import connect

from app.base.database import Store, file_of
from app.base.errors import CannotStart
from app.base.folders import Folders, prepare_folders
from app.base.keys import KeyFolder
from app.base.migrations import migrate, refuse_newer, restore_guards
from app.config import Settings
from app.content.catalogue import Catalogue, read_catalogue
from app.content.problems import ContentProblems
from app.safeguarding.tables import TRIGGERS


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the workers inherit."""

    settings: Settings
    folders: Folders
    keys: KeyFolder
    catalogue: Catalogue
    setup_code: str | None
    """The one-time code for setting up from another computer; None once a school exists."""
    remarks: tuple[str, ...] = ()
    """Sentences for the terminal: something was put right, or wants looking at."""


def prepare(settings: Settings) -> Prepared:
    """Folders, keys, tables and content, in this order; CannotStart with one sentence."""
    folders = prepare_folders(settings.data_dir, settings.keys_dir)
    keys = KeyFolder(folders.keys)
    for store in Store:
        refuse_newer(folders.data, store)
    for store in Store:
        migrate(folders.data, store)
    fallen = restore_guards(folders.data, Store.SAFEGUARDING, TRIGGERS)
    remarks = [
        f"A guard on the children's words was missing and stands again: {n}." for n in fallen
    ]
    has_school = _has_school(folders)
    if has_school and not keys.has("pictures"):
        remarks.append("The key of the pupils' pictures is missing. Draw new pictures for them.")
    for name in ("cookies", "pictures"):
        keys.read_or_make(name)
    return Prepared(
        settings=settings,
        folders=folders,
        keys=keys,
        catalogue=read_content(settings),
        setup_code=None if has_school else f"{secrets.randbelow(10**8):08d}",
        remarks=tuple(remarks),
    )


def read_content(settings: Settings) -> Catalogue:
    """The lessons and quizzes; CannotStart with every problem, in the words of the check."""
    try:
        return read_catalogue(settings.content_dir)
    except ContentProblems as problems:
        raise CannotStart(f"{problems}\nCatkin cannot start until these are mended.") from None


def _has_school(folders: Folders) -> bool:
    connection = connect(file_of(folders.data, Store.LEARNING))
    try:
        return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM school)").fetchone()[0])
    finally:
        connection.close()
