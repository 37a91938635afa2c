"""Where an adult's request comes from, as a check value from which nobody reads it."""

from __future__ import annotations

from ipaddress import ip_address

from flask import current_app, request

from app.base import ids
from app.people.devices import in_two_words
from app.people.queries.second_step import HalfHere
from app.people.viewers import StaffHere

HERE = "this computer"
"""Every address by which a computer speaks to itself counts as one."""


def place_of(here: StaffHere | HalfHere) -> str:
    """A keyed fingerprint of the network address and the browser, another for each adult.

    Its key comes from that of the cookies: without it no sign-in is read at all.
    """
    key = ids.keyed_fingerprint(current_app.config["SECRET_KEY"], "what a sign-in is bound to")
    said = (here.school_id, here.id, _network(request.remote_addr), _browser())
    return ids.keyed_fingerprint(bytes.fromhex(key), *said)


def device_here() -> str:
    """The browser and machine of this request in two words."""
    return in_two_words(_browser())


def _browser() -> str:
    return request.headers.get("User-Agent", "")


def _network(address: str | None) -> str:
    """The address in one spelling."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    plain = getattr(found, "ipv4_mapped", None) or found
    return HERE if plain.is_loopback else str(plain)
