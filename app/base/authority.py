"""A school's own certificate authority, and the certificates of its Catkin: made, never altered.

The authority vouches for the names and addresses that it was made for and for nothing else, so that
whoever steals its key can deceive nobody about any other site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.base.errors import CannotStart
from app.base.network import address_of

TEN_YEARS = timedelta(days=3652)
SHORT = timedelta(days=397)
"""Devices take no certificate of a server that is valid for more than 398 days."""
SLOW_CLOCKS = timedelta(days=1)
"""By so much a certificate begins before it is made: a tablet's clock may be behind."""
NOBODY = "invalid"
"""A name that no computer has: what an authority without names may vouch for."""


@dataclass(frozen=True, slots=True)
class Places:
    """The names and addresses by which a Catkin is opened."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Each of them."""
        return self.names + self.addresses

    def general(self) -> list[x509.GeneralName]:
        """As a certificate has them."""
        ips = [address_of(one) for one in self.addresses]
        return [
            *(x509.DNSName(name) for name in self.names),
            *(x509.IPAddress(one) for one in ips if one),
        ]


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that vouches for others, and its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def make_authority(places: Places, moment: datetime) -> Authority:
    """A new one, which these places alone can be vouched for by."""
    key = generate_private_key(SECP256R1())
    name = _name(f"Catkin at {places.all[0]}")
    made = (
        _begun(name, name, key, moment, TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_constraints(places), critical=True)
        .sign(key, SHA256())
    )
    return Authority(made, key)


def make_server(by: Authority, places: Places, moment: datetime) -> tuple[bytes, bytes]:
    """A new certificate for Catkin and its key, each as PEM."""
    key = generate_private_key(SECP256R1())
    identifier = by.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)
    made = (
        _begun(_name("Catkin"), by.certificate.subject, key, moment, SHORT)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(places.general()), critical=False)
        .add_extension(known, critical=False)
        .sign(by.key, SHA256())
    )
    return made.public_bytes(Encoding.PEM), as_pem(key)


def read_authority(certificate: Path, key: Path) -> Authority:
    """The authority in two files; CannotStart where they are not there or not one."""
    try:
        made = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = load_pem_private_key(key.read_bytes(), None)
    except OSError as problem:
        raise CannotStart(
            f"{problem.filename} cannot be read ({problem.strerror}): put the file back from where"
            " it was put away, or make another authority in another folder, with --to."
        ) from problem
    except (ValueError, TypeError):
        raise CannotStart(f"{certificate} and {key} are damaged: put them back.") from None
    fits = isinstance(private, EllipticCurvePrivateKey)
    if not fits or private.public_key() != made.public_key():
        raise CannotStart(f"{key} is not the key of {certificate}: put the right one back.")
    assert isinstance(private, EllipticCurvePrivateKey)
    return Authority(made, private)


def not_vouched_for(by: Authority, places: Places) -> list[str]:
    """The places that lie outside what the authority was made for."""
    found = by.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    subtrees = found.permitted_subtrees or []
    names = [one.value for one in subtrees if isinstance(one, x509.DNSName)]
    ranges = [one.value for one in subtrees if isinstance(one, x509.IPAddress)]
    lost = [n for n in places.names if not any(n == one or n.endswith(f".{one}") for one in names)]
    ips = [(text, address_of(text)) for text in places.addresses]
    return lost + [text for text, ip in ips if not any(ip in one for one in ranges)]  # type: ignore[operator]


def as_pem(key: EllipticCurvePrivateKey) -> bytes:
    """A private key as it lies in a file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    moment: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    begins = moment - SLOW_CLOCKS
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _constraints(places: Places) -> x509.NameConstraints:
    """Of a kind that is not named at all everything would be permitted, so both always are."""
    names: Sequence[str] = places.names or (NOBODY,)
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    permitted += [x509.IPAddress(ip_network(one)) for one in places.addresses]
    nowhere = None
    if not places.addresses:
        nowhere = [x509.IPAddress(ip_network(every)) for every in ("0.0.0.0/0", "::/0")]
    return x509.NameConstraints(permitted, nowhere)
