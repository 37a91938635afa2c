"""Where a request comes from, by which name and how safely: asked before any page is drawn.

Grown-ups' pages answer over TLS, and to this computer itself; a door says so if its pages answer
over plain HTTP too. What a proxy says of a request counts where it is the one in TRUSTED_PROXY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app, render_template, request
from werkzeug.wrappers import Response

from app.base.network import Network as Proxies
from app.base.network import (
    address_of,
    host_in,
    is_loopback,
    names_itself,
    netloc_of,
    own_addresses,
)
from app.config import Settings
from app.web.cookies import Cookies
from app.web.guards import Door
from app.web.kept import typed_fields

PASSED_ON = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)
"""Headers of a machine in between: then the address seen is that machine's, not the person's."""
BETWEEN = "catkin.between"
"""In the environment of a request that came by way of another machine."""
A_YEAR = 365 * 24 * 3600
EVERY = "catkin_hosts"


class Arriving:
    """Stands before the app and takes the word of one proxy, of the last hop alone."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], proxies: Proxies | None) -> None:
        self.inner = inner
        self.proxies = proxies

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        peer, said = address_of(environ.get("REMOTE_ADDR")), _said(environ)
        vouched = self.proxies is not None and peer is not None and peer in self.proxies
        # A proxy that is named and says nothing is no reason to believe that nobody is behind it.
        environ[BETWEEN] = vouched or bool(said)
        if vouched:
            _believe(environ, said)
        return self.inner(environ, start)


def _said(environ: dict[str, Any]) -> dict[str, str]:
    """What a machine in between says, the last word of each; none of it is left for others."""
    taken = {name: environ.pop(name) for name in PASSED_ON if name in environ}
    return {name: value.rpartition(",")[2].strip() for name, value in taken.items()}


def _believe(environ: dict[str, Any], said: dict[str, str]) -> None:
    if "HTTP_X_FORWARDED_FOR" in said:
        environ["REMOTE_ADDR"] = _without_port(said["HTTP_X_FORWARDED_FOR"])
    environ["wsgi.url_scheme"] = (
        "https" if said.get("HTTP_X_FORWARDED_PROTO") == "https" else "http"
    )
    if said.get("HTTP_X_FORWARDED_HOST"):
        environ["HTTP_HOST"] = said["HTTP_X_FORWARDED_HOST"]


def _without_port(text: str) -> str:
    """The address that a proxy names; some put the port behind it."""
    if address_of(text) is None:
        text = text.rpartition(":")[0].strip("[]")
    found = address_of(text)
    return str(found) if found else ""


def asked_by_this_name() -> bool:
    """Whether the address bar names this machine as itself, so that others cannot follow a link."""
    return names_itself(host_in(request.host))


def asked_from_here() -> bool:
    """Whether the request comes from this machine, by its own name and with nobody in between.

    The name counts because a page from elsewhere can point a name of its own at this machine.
    """
    between = request.environ.get(BETWEEN, False)
    return not between and asked_by_this_name() and is_loopback(request.remote_addr)


def comes_safely() -> bool:
    """Whether nobody on the way can listen."""
    return request.is_secure or asked_from_here()


def public_address() -> str | None:
    """The one address that PUBLIC_URL gives, without a stroke at its end."""
    return _settings().public_url


def home_address() -> str:
    """The address of this Catkin as others open it, with a stroke at its end."""
    public = public_address()
    return f"{public}/" if public else request.host_url


def only_here() -> bool:
    """Whether that address would work on this computer only."""
    host = host_in(netloc_of(home_address()))
    address = address_of(host)
    return names_itself(host) or bool(address and address.is_unspecified)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["catkin"].settings
    return settings


def _look_at_host() -> tuple[str, int] | None:
    """A name that is not ours is answered with a page that holds nothing of the request."""
    allowed: frozenset[str] | None = current_app.extensions[EVERY]
    if allowed is None:
        return None
    host = host_in(request.host.lower())
    named = {request.host.lower(), str(address_of(host))}
    if host is not None and (names_itself(host) or named & allowed):
        return None
    return render_template("errors/other-name.html", address=_settings().public_url), 400


def _look_at_way() -> tuple[str, int] | None:
    """Nobody on the school's network may listen to what grown-ups see and type."""
    settings, endpoint = _settings(), request.endpoint
    if endpoint in (None, "static") or settings.demo or comes_safely():
        return None
    door = current_app.blueprints.get(request.blueprint or "")
    if isinstance(door, Door) and door.over_plain_http:
        return None
    public = settings.public_url or ""
    return render_template(
        "errors/needs-tls.html",
        there=public if public.startswith("https:") else None,
        by_proxy=request.environ.get(BETWEEN, False) and not settings.trusted_proxy,
        here=f"http://127.0.0.1:{settings.port}",
        fields=typed_fields(),
    ), 403


def _come_back_safely(response: Response) -> Response:
    """A browser that came over TLS to a name of the network never comes by any other way."""
    if request.is_secure and not asked_by_this_name():
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    return response


def _names_allowed(settings: Settings) -> frozenset[str] | None:
    """The addresses beside this computer's own names for itself; None where any may be."""
    if settings.public_url is None:
        return None
    return frozenset({netloc_of(settings.public_url), *own_addresses()})


def prepare_network(app: Flask) -> None:
    """Look at each request before everything else does."""
    settings: Settings = app.extensions["catkin"].settings
    app.wsgi_app = Arriving(app.wsgi_app, settings.trusted_proxy)  # type: ignore[assignment, method-assign]
    app.session_interface = Cookies()
    app.extensions[EVERY] = _names_allowed(settings)
    app.before_request(_look_at_host)
    app.before_request(_look_at_way)
    app.after_request(_come_back_safely)
