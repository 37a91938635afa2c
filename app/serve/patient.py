"""Whoever dawdles holds no thread: a request is handed to one only when all of it is here.

gunicorn's own threads wait for what a connection has begun to say, and sixteen of those that never
end it would keep everybody else out. Here one loop listens to all, as the server for Windows does;
who has said nothing, or half of something, for longest makes room for who comes.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import http
from gunicorn.sock import ssl_wrap_socket
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.serve.tls import turned_away

MOST = 400
"""Connections that one worker keeps, whether they say something or not."""
A_BIT = 65536
LONGEST_HEAD = 65536
LONGEST_BODY = 1024 * 1024 + 65536
"""A little more than the app takes; what is larger is refused by its head alone."""
HEAD_ENDS = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
CHUNKS_END = b"0\r\n\r\n"


def is_whole(heard: bytes | bytearray) -> bool:
    """Whether a request can be answered with what was heard: it is all here, or is refused."""
    end = heard.find(HEAD_ENDS)
    if end < 0:
        return len(heard) > LONGEST_HEAD
    head, body = bytes(heard[: end + 2]), len(heard) - end - len(HEAD_ENDS)
    if CHUNKED.search(head):
        return heard.endswith(CHUNKS_END) or body > LONGEST_BODY
    length = LENGTH.search(head)
    wanted = int(length[1]) if length else 0
    return body >= wanted or wanted > LONGEST_BODY


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads, whose loop listens until a thread is worth its while."""

    def accept(self, listener: socket.socket) -> None:
        """Listen to somebody new, and let go of whoever has dawdled longest."""
        try:
            line, where = listener.accept()
        except OSError:  # Gone again already, or this machine has no more to give just now.
            self._make_room(self.nr_conns)
            return
        self._make_room(MOST)
        self.nr_conns += 1
        conn = TConn(self.cfg, line, where, listener.getsockname())
        conn.is_greeted = not self.cfg.is_ssl
        self._listen(conn, b"")

    def enqueue_req(self, conn: Any) -> None:
        """What was said beyond a request is the beginning of the next: listen for the rest."""
        self._listen(conn, conn.parser.unreader.take_buffered())

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Somebody who was answered before says something again."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._listen(conn, b"")

    def on_pending_socket_readable(self, conn: Any, _line: Any) -> None:
        """Hear as much as there is; a thread takes it once it is a whole request."""
        try:
            ended = not self._hear(conn)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            ended = False
        except (OSError, ValueError):  # A broken connection, or a greeting that was not TLS.
            ended = True
        if is_whole(conn.heard):
            self._forget(conn)
            self._hand_on(conn)
        elif ended:
            self._forget(conn)
            self._drop(conn)

    def murder_pending(self) -> None:
        """Let go of who has dawdled too long; of all who said nothing, where this worker stops."""
        for conn in () if self.alive else tuple(self.pending_conns):
            if not conn.heard:
                self._forget(conn)
                self._drop(conn)
        super().murder_pending()

    def _hear(self, conn: Any) -> bool:
        """Take what is there, until nothing is or a request is whole; False once it has ended."""
        if not conn.is_greeted:
            self._greet(conn)
        while not is_whole(conn.heard):
            bit = conn.sock.recv(A_BIT)
            if not bit:
                return False
            conn.heard += bit
        return True

    def _greet(self, conn: Any) -> None:
        """TLS, as far as it goes without waiting."""
        if not isinstance(conn.sock, ssl.SSLSocket):
            if turned_away(conn.sock):
                raise ConnectionAbortedError
            conn.sock = ssl_wrap_socket(conn.sock, self.cfg)
            conn.sock.setblocking(False)
        ssl.SSLSocket.do_handshake(conn.sock)
        conn.is_greeted = True

    def _listen(self, conn: Any, heard: bytes) -> None:
        """Wait for a request on a connection, for as long as a browser may keep one."""
        conn.heard = bytearray(heard)
        if is_whole(heard):
            self._hand_on(conn)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        again = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, EVENT_READ, again)
        if isinstance(conn.sock, ssl.SSLSocket):
            again(conn.sock)  # What TLS has taken in already wakes nobody.

    def _hand_on(self, conn: Any) -> None:
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(conn.heard))
        conn.heard, conn.data_ready = bytearray(), True
        super().enqueue_req(conn)

    def _make_room(self, most: int) -> None:
        """Close what has dawdled longest; who was answered and may ask again comes after."""
        while self.nr_conns >= most and (self.pending_conns or self.keepalived_conns):
            conn = (self.pending_conns or self.keepalived_conns)[0]
            self._forget(conn)
            self._drop(conn)

    def _forget(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        (self.pending_conns if conn in self.pending_conns else self.keepalived_conns).remove(conn)

    def _drop(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()
