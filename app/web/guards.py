"""Deny by default: a route that names no role admits nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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

from app.people.rules import STAFF, Role
from app.web.family_pass import family_here
from app.web.kept import keep_unsent, typed_fields
from app.web.viewer import viewer_here

View = TypeVar("View", bound=Callable[..., Any])

EVERYBODY = frozenset({Role.NOBODY, Role.PUPIL}) | STAFF
"""Routes that need no sign-in and take none amiss."""
PUPIL = frozenset({Role.PUPIL})
FAMILIES = frozenset({Role.FAMILY}) | STAFF
"""Routes for families with their school's code; staff may look at them."""


class Door(Blueprint):
    """A blueprint for one kind of person; each of its routes says whom it admits."""

    def opens(
        self, rule: str, *, admits: Iterable[Role], methods: tuple[str, ...] = ("GET",)
    ) -> Callable[[View], View]:
        """Register a view at `rule` for these roles alone."""
        roles = frozenset(admits)

        def register(view: View) -> View:
            endpoint = view.__name__
            self.add_url_rule(rule, endpoint, view, methods=list(methods))
            self.record_once(lambda state: _note(state, f"{self.name}.{endpoint}", roles))
            return view

        return register


def _note(state: BlueprintSetupState, endpoint: str, roles: frozenset[Role]) -> None:
    app = state.app
    app.extensions.setdefault("catkin_admits", {})[endpoint] = roles


def roles_of(app: Flask, endpoint: str) -> frozenset[Role]:
    """The roles a route admits; none for a route that names none."""
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
        return _to_sign_in(admits)
    return abort(403)


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
