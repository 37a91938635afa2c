"""Whether somebody sits at the machine itself."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
"""Headers of a machine in between: then the address seen is that machine's, not the person's."""


def _is_loopback(address: str | None) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def asked_by_this_name() -> bool:
    """Whether the address bar names this machine as itself, so that others cannot follow a link."""
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return host == "localhost" or _is_loopback(host)


def asked_from_here() -> bool:
    """Whether the request comes from this machine, by its own name and with nobody in between.

    The name counts because a page from elsewhere can point a name of its own at this machine.
    """
    passed_on = any(header in request.headers for header in PASSED_ON)
    return not passed_on and asked_by_this_name() and _is_loopback(request.remote_addr)
