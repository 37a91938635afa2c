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
        fault = self.fault
        for way, source, to in (("up", near, far), ("down", far, near)):
            here = fault if fault is not None and fault.way == way else None
            thread = threading.Thread(target=_carry, args=(source, to, here), daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Hear nobody new, and wait for what is under way."""
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE + STALLS + 1)


def _carry(source: socket.socket, to: socket.socket, fault: Fault | None) -> None:
    gone = 0
    with suppress(OSError):
        while piece := source.recv(65536):
            if fault is None or gone + len(piece) < fault.after:
                to.sendall(piece)
                gone += len(piece)
                continue
            before = max(fault.after - gone, 0)
            to.sendall(piece[:before])
            if fault.kind == "slow":
                _dribble(to, piece[before:])
                gone += len(piece)
                continue
            _break(source, to, fault)
            return
    for end in (source, to):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def _dribble(to: socket.socket, rest: bytes) -> None:
    for start in range(0, len(rest), 16):
        to.sendall(rest[start : start + 16])
        time.sleep(0.002)


def _break(source: socket.socket, to: socket.socket, fault: Fault) -> None:
    if fault.kind == "stall":
        time.sleep(STALLS)
    for end in (source, to):
        with suppress(OSError):
            if fault.kind == "reset":  # Closing without lingering says RST in place of FIN.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy before a server, until the end of the block."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
