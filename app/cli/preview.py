"""`python -m app content preview`: the content on this computer alone, for those who write it.

It is a Catkin of its own in a folder of its own: nothing of a school is opened, nothing is kept.
"""

from __future__ import annotations

import logging
import secrets
import signal
import tempfile
from contextlib import suppress
from datetime import time
from pathlib import Path
from typing import NoReturn

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from app import create_app
from app.base import ids
from app.base.database import Store, engine_of
from app.base.errors import CannotStart
from app.config import Settings
from app.content.values import BANDS, Band
from app.doors import author
from app.doors.author.shelf import put_out
from app.people.actions.classes import ClassDetails, add_class
from app.people.actions.pupils import add_pupils
from app.people.actions.schools import FirstAccount, NewSchool, found_school
from app.people.names import FullName
from app.people.queries.pupils import pupils_of
from app.prepare import prepare
from app.safeguarding.actions.keep_keys import make_school_key

HERE = "127.0.0.1"
YEARS: dict[Band, str] = {"5-7": "1", "7-9": "4", "9-11": "6"}
STOPS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, being asked to stop, and the terminal's closing. Windows has not all of them; whoever
was started in the background of a script hears Ctrl-C only by saying so."""


def preview(root: Path, *, port: int = 0) -> int:
    """Serve until Ctrl-C; the folder goes with it."""
    for name in STOPS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    with (
        suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="catkin-preview-", ignore_cleanup_errors=True) as folder,
    ):
        app = preview_app(root, Path(folder))
        try:
            _serve(make_server(HERE, port, app, threaded=True), app)
        finally:
            _let_go(app)
    print("The preview has ended. Nothing of it was kept.")
    return 0


def _stop(number: int, frame: object) -> NoReturn:  # noqa: ARG001  # as signals call it
    raise KeyboardInterrupt


def _serve(server: BaseWSGIServer, app: Flask) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    problems = app.extensions["catkin_shelf"].problems
    print(f"The preview is at http://{HERE}:{server.port}/preview", flush=True)
    if problems:
        print(f"It shows what is to be mended ({len(problems)}).", flush=True)
    print("Edit a file, and load the page again. Press Ctrl-C here to end it.", flush=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _let_go(app: Flask) -> None:
    """Close the databases: Windows removes no file that is open."""
    with app.app_context():
        for store in Store:
            engine_of(store).dispose()


def preview_app(root: Path, folder: Path) -> Flask:
    """A Catkin in this folder, with a made-up school, that reads the content as it changes."""
    shelf = author.Shelf(root)
    found = shelf.read()
    if found is None:
        raise CannotStart(f"There is no content in {root}.")
    settings = Settings(
        host=HERE, data_dir=folder / "data", keys_dir=folder / "keys", content_dir=root
    )
    app = create_app(prepare(settings, found))
    # Signed in at a school's Catkin on this computer, an author stays so: cookies know no ports.
    app.config["SESSION_COOKIE_NAME"] = "catkin-preview"
    app.config["DRAWS_ONCE"] = False  # Each page says what is to be mended in its piece now.
    app.register_blueprint(author.door)
    author.prepare_shelf(app, shelf)
    put_out(app, found)
    with app.app_context():
        _make_up(shelf)
    return app


def _make_up(shelf: author.Shelf) -> None:
    """A school with a class of one pupil for each band."""
    shelf.school = ids.new_id()
    make_school_key(shelf.school)
    school = NewSchool("Preview School", "England", time(8, 45), time(15, 30), None)
    teacher = FirstAccount("Preview", "Mrs Hill", "preview@example.org", secrets.token_hex(16))
    by = found_school(shelf.school, school, teacher)
    for band in BANDS:
        details = ClassDetails(f"Class {YEARS[band]}", (YEARS[band],), ())
        class_id = add_class(shelf.school, details, by=by)
        add_pupils(shelf.school, class_id, [FullName("Robin", "")])
        (robin,) = pupils_of(shelf.school, class_id)
        shelf.pupils[band] = robin.id
