"""What a preview shows: the content as it is on disk now, and a made-up pupil for each band."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from flask import Flask, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.catalogue import Catalogue, Memo, read_and_check
from app.content.editions import Editions
from app.content.problems import Problem
from app.content.registers import FACTS
from app.content.story_values import Story
from app.content.values import Band, Lesson
from app.people.actions.sign_ins import begin_for_pupil
from app.people.viewers import PupilHere
from app.web.parts import catalogue
from app.web.viewer import sign_in, viewer_here

Stamp = list[tuple[str, int, int]]
KEPT = "catkin_shelf"
NAMES = ("127.0.0.1", "localhost")
"""No page of elsewhere can have its own name lead to this computer, and read what is here."""


@dataclass(slots=True)
class Shelf:
    """The content folder, read again whenever a file in it has another time or size."""

    root: Path
    school: str = ""
    pupils: dict[Band, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    _stamp: Stamp = field(default_factory=list)
    _memo: Memo = field(default_factory=Memo)
    _lock: Lock = field(default_factory=Lock)

    def read(self) -> Catalogue | None:
        """What can be used of the content; None if nothing changed since it was read last."""
        with self._lock:
            stamp = stamp_of(self.root)
            if stamp == self._stamp:
                return None
            found, self.problems = read_and_check(self.root, self._memo)
            self._stamp = stamp
            return found

    @property
    def registers_fail(self) -> bool:
        """Whether a register is faulty: then nothing can be shown as it will be."""
        return any(problem.file.startswith(FACTS) for problem in self.problems)


def stamp_of(root: Path) -> Stamp:
    """Every file of the content with its time and size."""
    found: Stamp = []
    for path in sorted((*root.glob("lessons/**/*"), *root.glob("quizzes/**/*"))):
        try:
            facts = path.stat()
        except OSError:  # It went while we looked.
            continue
        found.append((path.as_posix(), facts.st_mtime_ns, facts.st_size))
    return found


def shelf_here() -> Shelf:
    """The shelf of this preview."""
    found: Shelf = current_app.extensions[KEPT]
    return found


def prepare_shelf(app: Flask, shelf: Shelf) -> None:
    """Before each page, look whether a file changed and who is to be signed in."""
    app.extensions[KEPT] = shelf
    # Before the guard, which asks who is there.
    app.before_request_funcs.setdefault(None, []).insert(0, _look_first)
    app.context_processor(lambda: {"previewed": True})


def put_out(app: Flask, found: Catalogue) -> None:
    """Let the doors use this content. No text is kept of it: an edit shows in an open run too."""
    prepared = app.extensions["catkin"]
    nothing_kept = Editions(prepared.folders.data / "nothing", found)
    app.extensions["catkin"] = replace(prepared, catalogue=found, editions=nothing_kept)


def _look_first() -> Response | str | None:
    if request.host.partition(":")[0] not in NAMES:
        return Response("This preview answers on its own computer alone.\n", 400)
    if request.endpoint is None or request.endpoint == "static":
        return None
    shelf = shelf_here()
    found = shelf.read()
    if found is not None:
        put_out(current_app._get_current_object(), found)  # type: ignore[attr-defined]
    if request.endpoint == "public.start":
        return redirect(url_for("author.shelf"), code=303)
    named = (request.view_args or {}).get("lesson_id") or (request.view_args or {}).get("quiz_id")
    piece = piece_named(named)
    if shelf.registers_fail or (named and piece is None and shelf.problems):
        return problems_page(shelf)
    if piece is not None and request.blueprint == "pupil":
        be_pupil(shelf, piece.band)
    return None


def piece_named(name: str | None) -> Lesson | Story | None:
    """The lesson or story of this id, if it is sound."""
    return catalogue().lessons.get(name or "") or catalogue().quizzes.get(name or "")


def problems_page(shelf: Shelf) -> str:
    """Everything that is to be mended, with a way to look again."""
    return render_template("author/problems.html", problems=shelf.problems)


def be_pupil(shelf: Shelf, band: Band) -> str:
    """See to it that the made-up pupil of a band is signed in; the pupil's id."""
    here, pupil = viewer_here(), shelf.pupils[band]
    if not isinstance(here, PupilHere) or here.id != pupil:
        sign_in(begin_for_pupil(shelf.school, pupil, clock.now()))
    return pupil
