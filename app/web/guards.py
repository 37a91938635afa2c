"""Deny by default: a route that names no right admits nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.people.rights import May, who
from app.people.rules import Role
from app.people.viewers import PupilHere
from app.web.family_pass import family_here
from app.web.headers import with_nothing_kept
from app.web.kept import keep_unsent, typed_fields
from app.web.log_sign_ins import note_adult, note_pupil
from app.web.viewer import viewer_here

View = TypeVar("View", bound=Callable[..., Any])


class Door(Blueprint):
    """A blueprint for one kind of person; each of its routes names what is done there.

    Its pages answer where nobody on the way can listen, unless it says `over_plain_http`.
    """

    def __init__(self, name: str, *given: Any, over_plain_http: bool = False, **more: Any) -> None:
        super().__init__(name, *given, **more)
        self.over_plain_http = over_plain_http

    def opens(
        self, rule: str, *, may: May, methods: tuple[str, ...] = ("GET",)
    ) -> Callable[[View], View]:
        """Register a view at `rule` for those alone who may do this."""

        def register(view: View) -> View:
            endpoint = view.__name__
            self.add_url_rule(rule, endpoint, view, methods=list(methods))
            self.record_once(lambda state: _note(state, f"{self.name}.{endpoint}", may))
            return view

        return register


def _note(state: BlueprintSetupState, endpoint: str, may: May) -> None:
    extensions = state.app.extensions
    extensions.setdefault("catkin_may", {})[endpoint] = may
    extensions.setdefault("catkin_admits", {})[endpoint] = who(may)


def roles_of(app: Flask, endpoint: str) -> frozenset[Role]:
    """The roles a route admits; none for a route that names no right."""
    admits: dict[str, frozenset[Role]] = app.extensions.get("catkin_admits", {})
    return admits.get(endpoint, frozenset())


def roles_here() -> frozenset[Role]:
    """The roles of whoever is asking; the code of a family is looked up on its own pages alone."""
    here = viewer_here()
    if here is not None:
        return frozenset(here.roles)
    is_family = Role.FAMILY in roles_of(current_app, request.endpoint or "") and family_here()
    return frozenset({Role.NOBODY, Role.FAMILY} if is_family else {Role.NOBODY})


def may_open(endpoint: str) -> bool:
    """Whether whoever is asking would be admitted; for the links of a page."""
    return bool(roles_of(current_app, endpoint) & roles_here())


def admit() -> Response | tuple[str, int] | None:
    """Let the request through, send it to a sign-in page, or refuse it."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    admits = roles_of(current_app, request.endpoint)
    roles = roles_here()
    if admits & roles or (not roles and Role.NOBODY in admits):
        return None
    if roles == {Role.NOBODY} and admits:
        g.token_checked = True  # No view is reached, so there is nothing that a token guards.
        return _after_an_end(_to_sign_in(admits))
    _note_refused()
    return abort(403)


def _note_refused() -> None:
    here = viewer_here()
    if isinstance(here, PupilHere):
        note_pupil("page refused", here.school_id, here.class_id, why="no right")
    else:
        note_adult("page refused", *((here.school_id, here.id) if here else ()), why="no right")


def _after_an_end(answer: Response | tuple[str, int]) -> Response | tuple[str, int]:
    """A sign-in that ended by itself, or from elsewhere, leaves as little behind as Sign out."""
    if isinstance(answer, Response) and "_user_id" in session:
        return with_nothing_kept(answer)
    return answer


def _to_sign_in(admits: frozenset[Role]) -> Response | tuple[str, int]:
    if Role.PUPIL in admits:
        return redirect(url_for("pupil.class_code", left=_how_left()), code=303)
    if Role.FAMILY in admits:
        fields = typed_fields()
        if any(value for _, value in fields):
            facts = {"path": request.path, "fields": fields, "tabs": []}
            return render_template("errors/family-ended.html", **facts), 403
        return redirect(url_for("family.join"), code=303)
    after = request.path if request.method == "GET" else None
    if request.method == "POST":
        keep_unsent()
    return redirect(url_for("teacher.sign_in", after=after), code=303)


def _how_left() -> str | None:
    """Why somebody who was signed in is not any more, for a true word about it."""
    if "_user_id" not in session:
        return None
    return "time" if g.get("left_idle") else "out"


def safe_path(after: str | None) -> str | None:
    """A path of our own to go on to; None for anything that could lead elsewhere."""
    if not after or not after.startswith("/") or after.startswith(("//", "/\\")):
        return None
    if any(ord(sign) < 33 or sign == "\\" for sign in after):
        return None
    return after


def prepare_guards(app: Flask) -> None:
    """Stand the guard before every request."""
    app.before_request(admit)
