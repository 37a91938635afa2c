"""A wire that fails where it is told to: cut, reset, stalled or slow, at one byte of one way."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

Kind = Literal["cut", "reset", "stall", "slow"]
Way = Literal["up", "down"]
STALLS = 1.5
"""Seconds for which a stalled wire says nothing, and then ends."""
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the wire once `after` bytes have gone one way."""

    kind: Kind
    way: Way
    after: int


class Proxy:
    """One listening port; each connection goes on to the server, with the fault of the moment."""

    def __init__(self, target: int) -> None:
        self.fault: Fault | None = None
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target), timeout=PATIENCE)
                near.settimeout(PATIENCE)
                self._begin(near, far)

    def _begin(self, near: socket.socket, far: socket.socket) -> None:
        fault, wire = self.fault, Wire(near, far)
        for way, source, to in (("up", near, far), ("down", far, near)):
            here = fault if fault is not None and fault.way == way else None
            thread = threading.Thread(target=_carry, args=(wire, source, to, here), daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Hear nobody new, and wait for what is under way."""
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)


class Wire:
    """Both ends of a connection; whoever ends it first says how."""

    def __init__(self, *ends: socket.socket) -> None:
        self._ends = ends
        self._lock = threading.Lock()
        self._ended = False

    def end(self, *, by_reset: bool = False) -> None:
        """Hang up at both ends, once."""
        with self._lock:
            first, self._ended = not self._ended, True
        if not first:
            return
        for end in self._ends:
            with suppress(OSError):
                if by_reset:  # Closing without lingering says RST in place of FIN.
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # It wakes whoever reads there, without whom the end would not be closed yet.
                end.shutdown(socket.SHUT_RD if by_reset else socket.SHUT_RDWR)
        for end in self._ends:
            end.close()


def _carry(wire: Wire, source: socket.socket, to: socket.socket, fault: Fault | None) -> None:
    gone = 0
    with suppress(OSError):
        while piece := source.recv(65536):
            if fault is None or gone + len(piece) < fault.after:
                to.sendall(piece)
            elif fault.kind == "slow":
                _dribble(to, piece)
            else:
                to.sendall(piece[: max(fault.after - gone, 0)])
                time.sleep(STALLS if fault.kind == "stall" else 0)
                wire.end(by_reset=fault.kind == "reset")
                return
            gone += len(piece)
    wire.end()


def _dribble(to: socket.socket, piece: bytes) -> None:
    for start in range(0, len(piece), 16):
        to.sendall(piece[start : start + 16])
        time.sleep(0.002)


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy before a server, until the end of the block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
