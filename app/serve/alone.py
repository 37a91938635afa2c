"""Serving from one process (waitress): for Windows, where processes cannot be forked."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable

from flask import Flask
from waitress import create_server

THREADS = 8


def serve_alone(app: Flask, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until Ctrl-C."""
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        # app/web/network.py decides whom to believe, and must see that somebody is in between.
        clear_untrusted_proxy_headers=False,
    )
    gc.enable()
    announce()
    server.run()
