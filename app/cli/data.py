"""`python -m app data …`: what pupils did, proved and made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app.base.database import Store, connect_stores, db, file_of
from app.base.errors import CannotStart
from app.base.folders import nothing_in, prepare_folders
from app.base.keys import KeyFolder
from app.base.migrations import refuse_newer, version_of, versions
from app.cli.words import count
from app.config import Settings
from app.learning.actions import rebuild_progress
from app.learning.proof import progress_proof


def prove_progress(settings: Settings, *, mend: bool) -> int:
    """Compare progress with the first answers; print each difference, and put it right if asked.

    1 if there are differences that still stand.
    """
    with _learning_store(settings.data_dir):
        proof = rebuild_progress() if mend else progress_proof(db.session())
    for difference in proof.differences():
        print(difference)
    if proof.agrees:
        print(f"Progress agrees with {count(proof.answers, 'answer')}.")
    elif mend:
        print(f"Progress was made anew from {count(proof.answers, 'answer')}.")
    return 0 if mend or proof.agrees else 1


def new_pictures_key(settings: Settings) -> int:
    """Make the key of the pupils' pictures where it is lost; one that is there stays."""
    data = settings.data_dir
    if not file_of(data, Store.LEARNING).exists():
        raise nothing_in(data)
    keys = KeyFolder(prepare_folders(data, settings.keys_dir, demo=settings.demo).keys)
    if keys.has("pictures"):
        raise CannotStart(f"The key is there: {keys.file('pictures')}. It stays as it is.")
    keys.read_or_make("pictures")
    print(
        f"Made {keys.file('pictures')}. Now draw new pictures for every pupil. Adults with codes"
        " from an app come in with a recovery code, and set up their phone under their name."
    )
    return 0


@contextmanager
def _learning_store(data_dir: Path) -> Iterator[None]:
    """The learning store of a data folder that was served before, and nothing else of the app."""
    if not file_of(data_dir, Store.LEARNING).exists():
        raise nothing_in(data_dir)
    refuse_newer(data_dir, Store.LEARNING)
    if version_of(data_dir, Store.LEARNING) != versions(Store.LEARNING)[-1]:
        raise CannotStart(f"The data in {data_dir} is of an older Catkin. Start Catkin once first.")
    app = Flask("catkin")
    connect_stores(app, data_dir)
    with app.app_context():
        yield
