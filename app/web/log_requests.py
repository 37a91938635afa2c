"""One line for each request: which route, what came of it and how long it took; never for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from flask import Flask, request

from app.base.log_lines import is_json, note

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any other method is what somebody typed."""
ROUTE = "catkin.route"


class RequestLog:
    """Stands before the app and notes each answer once it is made."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        if not is_json():
            return self.inner(environ, start)
        began = perf_counter()
        came: dict[str, Any] = {"status": 500, "bytes": 0}

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sizes = [value for name, value in headers if name.lower() == "content-length"]
            came.update(status=int(status[:3]), bytes=int(sizes[0]) if sizes else 0)
            return start(status, headers, *more)

        try:
            return self.inner(environ, started)
        finally:
            method = environ.get("REQUEST_METHOD")
            note(
                "request",
                method=method if method in METHODS else "other",
                route=environ.get(ROUTE) or "none",
                ms=round((perf_counter() - began) * 1000, 1),
                **came,
            )


def prepare_request_log(app: Flask) -> None:
    """Stand before the app, which says the name of each route."""
    app.wsgi_app = RequestLog(app.wsgi_app)  # type: ignore[assignment, method-assign]

    @app.before_request
    def name_route() -> None:
        request.environ[ROUTE] = request.endpoint
