"""Worker processes (gunicorn): forked from the prepared parent, and gone as soon as it is."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from app.base.certificate import Pair
from app.base.database import forget_connections
from app.base.log_lines import is_json, note, trail
from app.serve.patient import PatientWorker
from app.serve.port import one_each
from app.serve.tls import Contexts

WORKERS = 2
THREADS = 8
KEEP_ALIVE = 75
"""Seconds a browser may keep its connection: a child reads a card for about a minute."""
GRACE = 10
"""Seconds an answer under way is given when Catkin is told to stop."""
STOPS = {signal.SIGTERM, signal.SIGQUIT}
"""How the parent tells a worker to stop."""
PARENT_CHECK = 0.25
"""Seconds between two looks at the parent, where the system does not tell of its death."""


def serve_with_workers(
    app: Flask,
    listener: socket.socket,
    announce: Callable[[], None],
    in_worker: Callable[[], None] = lambda: None,
    tls: Pair | None = None,
) -> None:
    """Serve until told to stop; leaves by SystemExit. `in_worker` is done in each worker."""
    sockets = one_each(listener, WORKERS)
    # What is made by now is shared by all workers; left unvisited, it stays shared.
    gc.freeze()
    gc.enable()
    Server(app, sockets, announce, in_worker, tls).run()


class Server(BaseApplication):
    """gunicorn with our own choices, and no command line, settings file or environment of its."""

    def __init__(
        self,
        app: Flask,
        sockets: list[socket.socket],
        announce: Callable[[], None],
        in_worker: Callable[[], None],
        tls: Pair | None = None,
    ) -> None:
        self.app = app
        self.announce = announce
        self.in_worker = in_worker
        self.tls = tls
        self.places = [each.detach() for each in sockets]
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        choices: dict[str, Any] = {
            "bind": [f"fd://{place}" for place in self.places],
            "workers": WORKERS,
            "worker_class": PatientWorker,
            "threads": THREADS,
            "keepalive": KEEP_ALIVE,
            "graceful_timeout": GRACE,
            "preload_app": True,
            "loglevel": "error",
            "logger_class": DiscreetLogger,
            "control_socket_disable": True,
            "proc_name": "catkin",
            "pre_fork": _give_place,
            "post_fork": self._begin,
            "post_worker_init": self._ready,
            # app/web/network.py decides whom to believe; gunicorn would take the word of whoever
            # is on this computer.
            "forwarded_allow_ips": "",
        }
        if self.tls:
            choices |= {
                "certfile": str(self.tls.certificate),
                "keyfile": str(self.tls.key),
                "ssl_context": Contexts(self.tls),
            }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The app, ready since before the first worker."""

        def answer(environ: dict[str, Any], start: Any) -> Any:
            # gunicorn calls a body ended where the connection breaks: with this, half a form
            # would be taken for a whole one, and half of a child's words for all of them.
            if environ.get("CONTENT_LENGTH"):
                environ.pop("wsgi.input_terminated", None)
            return self.app(environ, start)

        return answer

    def run(self) -> None:
        """Start the workers and look after them."""
        Foreman(self).run()

    def _begin(self, _foreman: Arbiter, worker: Any) -> None:
        """First thing in a new worker."""
        leave_with_parent(worker.ppid)
        for place, each in enumerate(worker.sockets):
            if place != worker.place % len(worker.sockets):
                each.close()
        worker.sockets = [worker.sockets[worker.place % len(worker.sockets)]]
        forget_connections(self.app)

    def _ready(self, worker: Any) -> None:
        """Last thing before a worker answers."""
        # The terminal tells the whole group of Ctrl-C; the parent lets the workers finish.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        note("worker started")
        self.in_worker()
        if worker.age == WORKERS:  # The last of the first ones: all answer now.
            self.announce()


class Foreman(Arbiter):
    """gunicorn's parent process, with one meaning for every wish to stop: finish, then go."""

    handle_int = Arbiter.handle_term
    handle_hup = Arbiter.handle_term

    def init_signals(self) -> None:
        """Take the signals, but leave a hang-up ignored where `nohup` asked for that."""
        before = signal.getsignal(signal.SIGHUP)
        super().init_signals()
        if before is signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for unwanted in (signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR2):
            # More workers, fewer workers, a new parent: each would upset who holds what.
            signal.signal(unwanted, signal.SIG_IGN)

    def spawn_worker(self) -> Any:
        """Fork a worker that misses no order to stop while it gets ready: it waits for it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


class DiscreetLogger(Logger):
    """Errors without the address asked for: a sign-in card's secret is part of its address."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn does, but as lines of JSON where all is written so."""
        super().setup(cfg)
        if is_json():
            self.error_log.handlers, self.error_log.propagate = [], True

    def exception(self, _msg: str, *_args: Any, **_kwargs: Any) -> None:
        """Say what went wrong and where, and neither for whom nor in whose words."""
        cause = sys.exc_info()[1]
        kind = trail(cause) if cause else "unknown"
        says = f"A request could not be answered: {kind}"
        self.error_log.error(says, extra={"event": "fault", "facts": {"kind": kind}})


def _give_place(foreman: Arbiter, worker: Any) -> None:
    """A worker that follows one that died takes over its place, and who waits there."""
    taken = {each.place for each in foreman.WORKERS.values()}
    worker.place = min(set(range(len(taken) + 1)) - taken)


def leave_with_parent(parent: int) -> None:
    """See to it that this process ends within a second of its parent's end, whatever ends it."""
    if not _told_by_linux():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # It may have gone before we asked.
        os._exit(1)


def _told_by_linux() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    try:
        result: int = ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return result == 0


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK)
    os._exit(1)
