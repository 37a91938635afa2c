"""TLS as a worker speaks it: of today, patient for a moment, and with a renewed pair at once."""

from __future__ import annotations

import ssl
from contextlib import suppress
from socket import MSG_PEEK, socket
from typing import Any

from app.base.certificate import Pair

PATIENCE = 5.0
"""Seconds in which a visitor must have greeted: nobody may hold a thread by saying nothing."""


USE_HTTPS = b"Here the address begins with https. Write https:// and not http:// before it.\n"
NOT_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(USE_HTTPS), USE_HTTPS)
)


class Greeted(ssl.SSLSocket):
    """A conversation whose beginning ends, and ends quietly where it was not TLS at all."""

    def do_handshake(self, block: bool = False) -> None:
        """Greet; whatever goes wrong is a conversation that has ended."""
        self.settimeout(PATIENCE)
        try:
            super().do_handshake(block)
        except (ssl.SSLError, TimeoutError) as problem:
            raise ssl.SSLError(ssl.SSL_ERROR_EOF, "not greeted") from problem
        self.settimeout(None)


def turned_away(line: socket) -> bool:
    """Whether a visitor speaks plain HTTP, who then reads one sentence that repeats nothing."""
    if not line.recv(1, MSG_PEEK).isupper():  # HTTP begins with a word such as GET; TLS never so.
        return False
    line.recv(65536)  # Closed over what nobody read, the answer would be lost on its way.
    line.send(NOT_TLS)
    return True


class Contexts:
    """Gives gunicorn the context of a pair, made again only when a file of it has changed."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self._stamp: tuple[int, ...] = ()
        self._made = context_of(pair)

    def __call__(self, _config: Any, _factory: Any) -> ssl.SSLContext:
        """The context for a new visitor; the old one while a new pair is only half in place."""
        with suppress(OSError):
            files = (self.pair.certificate.stat(), self.pair.key.stat())
            stamp = tuple(each.st_mtime_ns for each in files)
            if stamp != self._stamp:
                self._made, self._stamp = context_of(self.pair), stamp
        return self._made


def context_of(pair: Pair) -> ssl.SSLContext:
    """TLS 1.2 and newer; sessions are resumed, as long as the context lives."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.options |= ssl.OP_NO_RENEGOTIATION
    made.sslsocket_class = Greeted
    made.load_cert_chain(pair.certificate, pair.key)
    return made
