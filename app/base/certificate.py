"""A certificate and its key, as files that somebody named: can they be used, and till when?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.base.errors import CannotStart
from app.base.network import address_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

OTHERS = 0o007


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of a certificate and of its private key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Facts:
    """What a certificate says of itself."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    der: bytes

    def fits(self, host: str) -> bool:
        """Whether a browser that asked for this name or address takes it."""
        address = address_of(host)
        if address is not None:
            return str(address) in self.addresses
        _, _, rest = host.partition(".")
        return host in self.names or (bool(rest) and f"*.{rest}" in self.names)


def pair_of(certificate: str, key: str) -> Pair | None:
    """Both files, tried out; CannotStart says in one sentence what is wrong with them."""
    if not (certificate or key):
        return None
    if not (certificate and key):
        raise CannotStart("TLS_CERT and TLS_KEY go together: give both, or neither.")
    pair = Pair(Path(certificate).expanduser().absolute(), Path(key).expanduser().absolute())
    leaf = _read_certificate(pair.certificate)
    if _public_half(pair.key) != _as_bytes(leaf.public_key()):
        raise CannotStart(
            f"TLS_KEY {pair.key} is not the key of the certificate {pair.certificate}:"
            " name the two that belong together."
        )
    return pair


def facts_of(path: Path) -> Facts:
    """What the first certificate of a file says; CannotStart where there is none."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import (
        DNSName,
        ExtensionNotFound,
        IPAddress,
        SubjectAlternativeName,
    )

    leaf = _read_certificate(path)
    names, addresses = [], []
    try:
        for one in leaf.extensions.get_extension_for_class(SubjectAlternativeName).value:
            if isinstance(one, DNSName):
                names.append(one.value.lower())
            elif isinstance(one, IPAddress):
                addresses.append(str(one.value))
    except ExtensionNotFound:
        pass
    return Facts(
        leaf.not_valid_before_utc,
        leaf.not_valid_after_utc,
        tuple(names),
        tuple(addresses),
        leaf.public_bytes(Encoding.DER),
    )


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise CannotStart(f"{setting} {path} cannot be read: {problem.strerror}.") from problem


def _read_certificate(path: Path) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(_read(path, "TLS_CERT"))[0]
    except ValueError:
        raise CannotStart(
            f"TLS_CERT {path} holds no certificate: it must be a PEM file, which begins with"
            " -----BEGIN CERTIFICATE-----."
        ) from None


def _public_half(path: Path) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = _read(path, "TLS_KEY")
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        raise CannotStart(
            f"Every user of this computer can read TLS_KEY {path}: take that away, chmod o-rwx."
        )
    try:
        return _as_bytes(load_pem_private_key(content, None).public_key())
    except TypeError:
        raise CannotStart(
            f"TLS_KEY {path} is locked with a password, so Catkin could not start by itself:"
            " name a key without one."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise CannotStart(f"TLS_KEY {path} holds no private key: it must be a PEM file.") from None


def _as_bytes(key: object) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public: bytes = key.public_bytes(*form)  # type: ignore[attr-defined]
    return public
