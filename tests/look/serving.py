"""`python -m tests.look.serving`: serves folders given as arguments, each as a Catkin of its own.

It writes their addresses in one line, fails when a visitor asks it to, and ends with its input.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, TooManyRequests
from werkzeug.serving import make_server

from app.base.demo_mark import NAME
from app.base.errors import StoreAway
from app.config import Settings
from app.demo.app import demo_app
from app.prepare import prepare
from tests.look.past import MARK, let_dates_pass
from tests.look.seeded import new_app
from tests.look.walks import FAILS, OVER_TLS

FAULTS: dict[str, type[Exception]] = {
    "400": BadRequest,
    "413": RequestEntityTooLarge,
    "429": TooManyRequests,
    "500": RuntimeError,
    "busy": StoreAway,
}


def fails_when_asked(app: Flask) -> Flask:
    """An app that breaks in the way that a request's header names, or is asked as if over TLS."""

    inner = app.wsgi_app

    def arrive(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if f"HTTP_{OVER_TLS.upper().replace('-', '_')}" in environ:
            environ["wsgi.url_scheme"] = "https"
        return inner(environ, start)

    app.wsgi_app = arrive  # type: ignore[method-assign]

    @app.before_request
    def fail() -> None:
        fault = FAULTS.get(request.headers.get(FAILS, ""))
        if fault is not None and request.endpoint != "static":
            raise fault

    return app


def main(folders: list[str]) -> None:
    """Serve until nobody is at the other end."""
    logging.disable(logging.ERROR)  # The faults are asked for.
    servers = []
    for folder in map(Path, folders):
        data, keys = folder / "data", folder / "keys"
        settings = Settings(data_dir=data, keys_dir=keys, demo=True)
        is_demo = (data / NAME).exists()
        app = fails_when_asked(demo_app(prepare(settings)) if is_demo else new_app(data, keys))
        if (folder / MARK).exists():
            let_dates_pass(app)
        servers.append(make_server("127.0.0.1", 0, app, threaded=True))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
    print(json.dumps([f"http://127.0.0.1:{one.port}" for one in servers]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
