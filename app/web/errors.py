"""Error pages in the reader's words; the page for our own faults asks nothing of a database."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from app.base import ids
from app.base.errors import NotRecorded, StoreAway
from app.base.log_lines import note, trail
from app.people.queries import schools
from app.people.viewers import PupilHere
from app.web.family_pass import PATH as FAMILIES
from app.web.kept import typed_fields
from app.web.log_requests import METHODS
from app.web.parts import catalogue
from app.web.viewer import viewer_here

KNOWN = {400, 403, 404, 405, 413, 429}
WHY_AWAY = ("locked", "taken", "full", "readonly", "disk I/O", "unable to open", "malformed")
"""What a database says of itself in words that nobody typed."""


def _for_staff() -> bool:
    return request.blueprint in {"teacher", "desk", "office"}


def _staff_reads_it() -> bool:
    """Who is signed in decides the look of the page; for nobody it is the door they came to."""
    here = viewer_here()
    return _for_staff() if here is None else not isinstance(here, PupilHere)


def _for_family() -> bool:
    """Families have no Tell key on any page: their errors are drawn in their own frame."""
    return request.path.startswith(FAMILIES) or request.blueprint == "workshop"


def _told_family(code: int, fields: Any = (), *, fault: str = "") -> tuple[str, int]:
    """What went wrong, for a family; asks nothing of a database."""
    facts = {"code": code, "tabs": [], "path": request.path, "fields": fields, "fault": fault}
    return render_template("errors/family.html", **facts), code


def _told_plainly(error: HTTPException) -> tuple[str, int, Any] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    known = code if code in KNOWN else 400
    # A 405 must say which methods there are.
    headers = {"Allow": ", ".join(sorted(getattr(error, "valid_methods", None) or ()))}
    headers = headers if code == 405 else {}
    if _for_family() and viewer_here() is None:
        return _told_family(known)[0], code, headers
    # Before a school exists nobody would read what is told, so the key is not offered.
    facts = {"code": known, "for_staff": _staff_reads_it(), "can_tell": schools.any_school()}
    return render_template("errors/page.html", **facts), code, headers


def _our_fault(error: Exception) -> tuple[str, int]:
    fault = _note("fault", getattr(error, "original_exception", None) or error)
    if request.method == "POST" and any(typed_fields()):
        return _unsent(500, fault)
    if _for_family():
        return _told_family(500, fault=fault)
    return render_template("errors/500.html", for_staff=_for_staff(), fault=fault), 500


def _store_away(error: Exception) -> tuple[str, int]:
    """A database that cannot be written just now: nothing is lost, and nothing is half-written."""
    why = next((words for words in WHY_AWAY if words in str(error)), "away")
    fault = _note("store away", error, why=why)
    if request.method == "POST":
        return _unsent(503, fault)
    if _for_family():
        return _told_family(503, fault=fault)
    shut = isinstance(error, NotRecorded)
    facts = {"for_staff": _for_staff(), "fault": fault, "shut": shut}
    return render_template("errors/busy.html", **facts), 503


def _note(event: str, cause: BaseException, **more: str) -> str:
    """Write a fault to the log: the route, the kind and the place, never what anybody wrote.

    The short name that is given back stands on the page too, so that the line can be found.
    """
    fault, route, kind = ids.reference("F"), request.endpoint or "none", trail(cause)
    method = request.method if request.method in METHODS else "other"
    says = " ".join((fault, method, route, *more.values(), f"failed: {kind}"))
    facts = {"fault": fault, "method": method, "route": route, "kind": kind, **more}
    note(event, says, level=logging.ERROR, **facts)
    return fault


def _unsent(code: int, fault: str) -> tuple[str, int]:
    """What was typed, on the screen still, to be sent again. Asks nothing of a database."""
    if _for_family():
        return _told_family(code, typed_fields(), fault=fault)
    facts = {
        "path": request.path,
        "fields": typed_fields(),
        "for_staff": _for_staff(),
        "fault": fault,
        "emergency": catalogue().helplines["emergency"].number,
    }
    return render_template("errors/unsent.html", **facts), code


def prepare_errors(app: Flask) -> None:
    """Answer every error with a page; no page shows a traceback."""
    app.register_error_handler(HTTPException, _told_plainly)
    app.register_error_handler(InternalServerError, _our_fault)
    app.register_error_handler(StoreAway, _store_away)
    app.register_error_handler(Exception, _our_fault)
