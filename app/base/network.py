"""Names and addresses: of this computer, of Catkin on the school's network, of a proxy."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from app.base.errors import CannotStart

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*")
AUTHORITY_KEY = "authority.key"
"""The file with the key of the school's own authority, in the folder that `tls` makes."""
PORTS = {"http": 80, "https": 443}
WIDEST = {4: 16, 6: 64}
"""The largest network that may be believed, as a prefix: a proxy is one computer or a few."""
NOT_A_URL = (
    "PUBLIC_URL is no address of Catkin: write it like https://catkin.school.local:8000, with"
    " nothing after it."
)


@lru_cache
def address_of(text: str | None) -> Address | None:
    """The address in a text; IPv4 in the clothes of IPv6 is IPv4."""
    try:
        found = ip_address((text or "").strip("[]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_loopback(text: str | None) -> bool:
    """Whether an address is this computer's way to itself."""
    found = address_of(text)
    return found is not None and found.is_loopback


def names_itself(host: str | None) -> bool:
    """Whether a name or an address means, on each computer, that computer itself."""
    return host == "localhost" or is_loopback(host)


@lru_cache
def host_in(netloc: str) -> str | None:
    """The name or address in what a browser sends as Host; None for what can be neither."""
    try:
        parts = urlsplit(f"//{netloc}")
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.netloc != netloc or "@" in netloc or not host:
        return None
    host = host.rstrip(".")
    return host if address_of(host) or NAME.fullmatch(host) else None


def netloc_of(url: str) -> str:
    """The name and, where it is not the usual one, the port: as a browser sends them in Host."""
    return urlsplit(url).netloc


def public_url(given: str) -> str | None:
    """The address in PUBLIC_URL without a stroke at its end; CannotStart for any other text."""
    if not given:
        return None
    parts = urlsplit(given)
    scheme, host = parts.scheme.lower(), host_in(parts.netloc.lower())
    rest = (parts.path.rstrip("/"), parts.query, parts.fragment)
    if scheme not in PORTS or host is None or any(rest) or given.endswith(("?", "#")):
        raise CannotStart(NOT_A_URL)
    name = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{scheme}://{name}" if port in (None, PORTS[scheme]) else f"{scheme}://{name}:{port}"


def trusted_proxy(given: str) -> Network | None:
    """The network in TRUSTED_PROXY; CannotStart for none, and for one that holds everybody."""
    if not given:
        return None
    try:
        found = ip_network(given)
    except ValueError:
        raise CannotStart(
            f"TRUSTED_PROXY is “{given}”. Write the address of the proxy, such as 10.0.0.2, or its"
            " network, such as 172.18.0.0/16."
        ) from None
    if found.prefixlen < WIDEST[found.version]:
        raise CannotStart(
            f"TRUSTED_PROXY is “{given}”, which is not one proxy: each computer in it could say who"
            " it is. Write the proxy’s own address."
        )
    return found


def own_name() -> str | None:
    """What this computer calls itself, if others could use that."""
    name = socket.gethostname().lower().rstrip(".")
    return name if NAME.fullmatch(name) and not names_itself(name) else None


def own_addresses() -> list[str]:
    """The addresses by which other computers may reach this one; nothing is sent to find them."""
    found: set[Address | None] = set()
    with suppress(OSError, UnicodeError):
        found |= {address_of(str(one[4][0])) for one in socket.getaddrinfo(own_name(), None)}
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))  # For a datagram that is only a look at the routes.
            found.add(address_of(str(probe.getsockname()[0])))
    kept = [one for one in found if one and not (one.is_loopback or one.is_link_local)]
    return [str(one) for one in sorted(kept, key=lambda one: (one.version, int(one)))]
