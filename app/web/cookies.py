"""The names of cookies: over TLS they are others, which nobody on the network can give or read."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """A session whose cookie bears a name, over TLS, that nobody can give it over plain HTTP."""

    def __init__(self) -> None:
        self._signers: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """What signs and reads cookies, made once for each key and not twice for each request."""
        key = app.secret_key
        if key not in self._signers:
            self._signers = {key: super().get_signing_serializer(app)}
        return self._signers[key]

    def get_cookie_name(self, app: Flask) -> str:
        """The name on this request: what came by the other way is not read."""
        return cookie_named(super().get_cookie_name(app))

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask names it
        """Whether the browser may send it over TLS alone."""
        return request.is_secure


def cookie_named(name: str) -> str:
    """A cookie's name on this request: `__Host-` asks for Secure, Path=/ and no Domain."""
    return f"__Host-{name}" if request.is_secure else name
