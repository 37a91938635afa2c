"""One writer at a time per database file, in fair order across threads and processes.

SQLite's own waiting sleeps in growing steps, so an unlucky writer starves (p99 200-800 ms at
sixteen writers). A blocking `flock` on a side file queues writers instead (p99 3-16 ms).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.base.errors import StoreAway

try:
    import fcntl
except ImportError:  # Windows: one process serves there, so the thread lock is enough.
    fcntl = None  # type: ignore[assignment]

_held = threading.local()
POLLS = 0.002
"""Seconds between two looks at the lock of another process, where somebody waits only so long."""


def _names() -> set[str]:
    names: set[str] | None = getattr(_held, "names", None)
    if names is None:
        names = _held.names = set()
    return names


def must_not_hold() -> None:
    """Fail loudly where slow work (sealing, rendering) would keep every writer waiting."""
    if _names():
        raise RuntimeError(f"slow work while holding the gate of {', '.join(sorted(_names()))}")


class Gate:
    """The gate of one database file; `with gate.hold():` around every write transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file: int | None = None
        self._owner = 0

    @contextmanager
    def hold(self, *, wait: bool = True, within: float | None = None) -> Iterator[None]:
        """Wait for the gate, keep it for the block, and let the next writer in.

        With `wait=False` a gate that is taken raises StoreAway at once: for what may be left
        out, so that nothing more important waits for it. With `within` it raises StoreAway after
        so many seconds: for what can be kept elsewhere meanwhile.
        """
        if _names():
            raise RuntimeError("no action writes both stores, and no write nests in another")
        with self._kept(within=within if wait else 0.0):
            yield

    @contextmanager
    def _kept(self, *, within: float | None = None) -> Iterator[None]:
        names, ends = _names(), None if within is None else time.perf_counter() + within
        if not self._lock.acquire(timeout=-1 if within is None else within):
            raise StoreAway(f"{self.path.name} is taken")
        try:
            self._take(ends)
            names.add(self.path.name)
            try:
                yield
            finally:
                names.discard(self.path.name)
                self._give()
        finally:
            self._lock.release()

    def _take(self, ends: float | None) -> None:
        if fcntl is None:
            return
        if self._file is None or self._owner != os.getpid():
            # A lock belongs to the open file: after a fork each process needs its own.
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._owner = os.getpid()
        if ends is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            return
        while not self._taken():
            if time.perf_counter() >= ends:
                raise StoreAway(f"{self.path.name} is taken")
            time.sleep(POLLS)

    def _taken(self) -> bool:
        """Take the lock if nobody has it."""
        assert self._file is not None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give(self) -> None:
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)


@contextmanager
def no_writer_at(gates: Iterable[Gate]) -> Iterator[None]:
    """Keep all these gates for the block, which may look at the stores and must not write.

    Nobody else ever takes two, so none can wait for the other in a circle.
    """
    if _names():
        raise RuntimeError("who looks at all stores must not be writing to one")
    with ExitStack() as stack:
        for gate in gates:
            stack.enter_context(gate._kept())
        yield
