"""The port: held by one Catkin from its first moment, so that no Tell reaches another school."""

from __future__ import annotations

import errno
import socket
import sys

from app.base.errors import CannotStart

BACKLOG = 1024
"""Connections that may wait while all threads are busy: an assembly opening its tablets."""

EVERYWHERE = ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::"))


def hold_port(host: str, port: int) -> socket.socket:
    """A listening socket that nobody else can share; CannotStart says who or what forbids it.

    It is its own probe, so there is no moment between for a second Catkin on the same address.
    """
    family, address = _look_up(host, port)
    try:
        for everywhere in EVERYWHERE:
            _try_out(*everywhere, port)
        if sys.platform != "linux" and answers(family, address):
            # macOS lets 127.0.0.1 be taken where somebody listens on every address.
            raise OSError(errno.EADDRINUSE, "somebody answers there")
        return _listening(family, address)
    except OSError as problem:
        raise CannotStart(_why_not(problem, host, port)) from problem


def _listening(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
    listener = _unshared(family)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _unshared(family: socket.AddressFamily) -> socket.socket:
    """A socket that will not take an address where somebody listens."""
    made = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform == "win32":
        # There, SO_REUSEADDR would share the port with whoever has it.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # A restart must not wait for the last conversations to time out.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def _try_out(family: socket.AddressFamily, address: str, port: int) -> None:
    """OSError where somebody has the port at any address of this computer.

    A Catkin on another address would be another school's at the same number. All other faults
    are left for the listener to meet; a computer may well have no IPv6.
    """
    try:
        with _unshared(family) as probe:
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((address, port))
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise


def one_each(listener: socket.socket, workers: int) -> list[socket.socket]:
    """A listening socket for each worker, between which Linux spreads the visitors evenly.

    Elsewhere, or where the system declines, the workers share the one there is.
    """
    if not sys.platform.startswith("linux"):
        return [listener]
    sockets = [listener]
    try:
        # Sharing is allowed only now that the port is ours: a second Catkin, which probes
        # without sharing, is refused as before.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        while len(sockets) < workers:
            another = socket.socket(listener.family, socket.SOCK_STREAM)
            sockets.append(another)
            another.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            another.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            another.bind(listener.getsockname())
            another.listen(BACKLOG)
    except OSError:
        for extra in sockets[1:]:
            extra.close()
        return [listener]
    return sockets


def shown_address(host: str, port: int, *, tls: bool = False) -> str:
    """The address to type into a browser on this computer."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    scheme = "https" if tls else "http"
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def _look_up(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:
        raise CannotStart(
            f"HOST is “{host}”, which is no address of this computer: try 127.0.0.1."
        ) from problem
    # “localhost” means both: pupils' devices are told the one with dots.
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    family, address = found[0][0], found[0][4]
    return family, (str(address[0]), int(address[1]))


def answers(family: socket.AddressFamily, address: tuple[str, int]) -> bool:
    """Whether somebody accepts visitors there already."""
    with socket.socket(family, socket.SOCK_STREAM) as visitor:
        visitor.settimeout(1)
        return visitor.connect_ex(address) == 0


def _why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken, perhaps by another Catkin:"
            " stop that one, or choose another number with PORT."
        )
    if problem.errno == errno.EACCES:
        return f"This user may not use port {port}: choose a number above 1023 with PORT."
    if problem.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"HOST is “{host}”, which is no address of this computer: try 127.0.0.1."
    return f"Port {port} on {host} cannot be used ({problem.strerror}): choose another with PORT."
