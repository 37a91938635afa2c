"""`python -m app tls`: a certificate authority of the school, and a certificate for its Catkin."""

from __future__ import annotations

import os
import plistlib
import re
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from shlex import quote
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from app.base import clock
from app.base.authority import (
    Authority,
    Places,
    as_pem,
    make_authority,
    make_server,
    not_vouched_for,
    read_authority,
)
from app.base.certificate import facts_of
from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id, usable
from app.base.network import AUTHORITY_KEY, NAME, address_of, names_itself, own_addresses, own_name
from app.base.once import write_once
from app.base.running import give_to_owner
from app.config import PORT, Settings

AUTHORITY = "authority.pem"
FOR_WINDOWS, FOR_APPLE = "authority.crt", "authority.mobileconfig"
SERVER = re.compile(r"server-(\d{4}-\d\d-\d\d)(?:-(\d+))?\.pem")
SAYS_HOW = """\
1. Put {key} away: on a stick in the school's safe, and off this computer. It is needed again only
   for `tls --renew`. Whoever has it could pass for Catkin on your network, and for nothing else.
2. Give the authority to each device by device management, so that they trust Catkin:
   Chromebooks   Google Admin, Devices, Networks, Certificates: {pem}, for “Chromebook”
   iPads, Macs   your MDM (Apple School Manager, Intune, Jamf): the profile {apple}
   Windows       Group Policy, Computer, Public Key Policies, Trusted Root, or Intune: {windows}
   Phones of families are nobody's to manage and would warn: for them take a certificate of a
   public authority, for a name that the school owns. TLS_CERT and TLS_KEY take that one too.
   Never teach anybody to click past a warning of the browser: a warning means that something is
   wrong, here too.
3. Start Catkin with these settings, and print slips and cards anew, for the address has changed:"""
RENEWED = "The devices trust it already. Start Catkin again with these settings:"
TAKEN = """\
No --name was given, so this computer's own name and numbers were taken: {places}.
Devices must know Catkin by one of them. If the school's DNS has another name for it, begin again
with that, in another folder: .venv/bin/python -m app tls --name catkin.school.local --to FOLDER
"""
AND_YOURS = """\
   and with all that it was started with so far, such as HOST=0.0.0.0.
   PUBLIC_URL is for port {port}: give this command the PORT that Catkin is started with."""
BY_PROXY = """\
On Windows Catkin speaks no TLS itself. Give the certificate {certificate}
and the key {server_key} to a proxy before it (Caddy, IIS),
and start Catkin with:"""


def make_tls(settings: Settings, asked: Namespace) -> int:
    """Make the authority and a certificate, or with --renew another certificate; say what next."""
    folder = asked.to.expanduser().absolute() if asked.to else default_folder(settings)
    moment = clock.now()
    if asked.renew:
        by = read_authority(folder / AUTHORITY, folder / AUTHORITY_KEY)
        places = _places(asked) or _as_before(folder)
        lost = not_vouched_for(by, places)
        if lost:
            raise CannotStart(
                f"This authority was not made for {', '.join(lost)}: make another one in another"
                " folder (--to), and give it to the devices."
            )
    else:
        places = _places(asked) or _found()
        by = _new_authority(folder, places, moment)
    certificate, key = _new_server(folder, by, places, moment)
    if not (asked.renew or asked.name or asked.address):
        print(settings.whole(TAKEN.format(places=", ".join(places.all))))
    _say(settings, folder, places, (certificate, key), renewed=asked.renew)
    return 0


def default_folder(settings: Settings) -> Path:
    """Beside the keys folder, as the backups lie beside the data."""
    if settings.keys_dir is not None:
        return Path(f"{settings.keys_dir}-tls")
    if not (settings.data_dir / "installation.json").is_file():
        raise CannotStart(
            f"There is no Catkin data in {settings.data_dir} yet: start Catkin once, or name a"
            " folder for the certificate with --to."
        )
    return Path(f"{default_keys_folder(installation_id(settings.data_dir))}-tls")


def _places(asked: Namespace) -> Places | None:
    """Those that were given, tidied; CannotStart for what is none, or leads to each device."""
    names = tuple(one.lower().rstrip(".") for one in asked.name)
    for given, name in zip(asked.name, names, strict=True):
        if not NAME.fullmatch(name) or address_of(name) or names_itself(name):
            raise CannotStart(f"“{given}” is no name of a computer: write one like catkin.school.")
    found = [(given, address_of(given)) for given in asked.address]
    for given, address in found:
        if address is None or address.is_loopback or address.is_unspecified:
            raise CannotStart(f"“{given}” is no address of this computer: write one like 10.0.0.5.")
    addresses = tuple(str(address) for _, address in found)
    return Places(names, addresses) if names or addresses else None


def _found() -> Places:
    name = own_name()
    found = Places((name,) if name else (), tuple(own_addresses()))
    if not found.all:
        raise CannotStart(
            "This computer has no name or address that others know: give --name or --address."
        )
    return found


def _as_before(folder: Path) -> Places:
    """What the newest certificate is for."""
    there = [path for path in folder.glob("server-*.pem") if SERVER.fullmatch(path.name)]
    if not there:
        raise CannotStart(f"There is no certificate in {folder}: give --name or --address.")
    facts = facts_of(max(there, key=_age))
    return Places(facts.names, facts.addresses)


def _age(path: Path) -> tuple[str, int]:
    found = SERVER.fullmatch(path.name)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def _new_authority(folder: Path, places: Places, moment: datetime) -> Authority:
    if any((folder / name).exists() for name in (AUTHORITY, AUTHORITY_KEY)):
        raise CannotStart(
            f"There is an authority in {folder} already, and devices may trust it:"
            " for a new certificate give --renew, for another authority another folder (--to)."
        )
    usable("folder of the certificate", folder, "--to")
    give_to_owner(folder, folder.parent)
    by = make_authority(places, moment)
    der = by.certificate.public_bytes(Encoding.DER)
    _write(folder / AUTHORITY_KEY, as_pem(by.key))
    _write(folder / AUTHORITY, by.certificate.public_bytes(Encoding.PEM))
    _write(folder / FOR_WINDOWS, der)
    _write(folder / FOR_APPLE, _profile(by, der, places))
    return by


def _new_server(folder: Path, by: Authority, places: Places, moment: datetime) -> tuple[Path, Path]:
    day, number = clock.local(moment).date().isoformat(), 1
    while (folder / f"{_named(day, number)}.pem").exists():
        number += 1
    at = folder / _named(day, number)
    certificate, key = make_server(by, places, moment)
    # The key first: a certificate without its key would be taken for a whole pair.
    _write(at.with_suffix(".key"), key)
    _write(at.with_suffix(".pem"), certificate)
    return at.with_suffix(".pem"), at.with_suffix(".key")


def _named(day: str, number: int) -> str:
    return f"server-{day}" if number == 1 else f"server-{day}-{number}"


def _write(path: Path, content: bytes) -> None:
    try:
        write_once(path, content)
    except FileExistsError:
        raise CannotStart(f"There is a file {path} already: it was left as it is.") from None
    except OSError as problem:
        raise CannotStart(f"{path} cannot be written: {problem.strerror}.") from problem
    give_to_owner(path, path.parent)


def _profile(by: Authority, der: bytes, places: Places) -> bytes:
    """A configuration profile, by which Apple's devices trust the authority."""
    print_of_it = by.certificate.fingerprint(SHA256()).hex()
    inner, outer = (str(uuid5(NAMESPACE_URL, f"{what} {print_of_it}")) for what in ("ca", "all"))
    about = {"PayloadVersion": 1, "PayloadDisplayName": "Catkin on the school network"}
    root = {
        **about,
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": f"catkin.authority.{inner}",
        "PayloadUUID": inner,
        "PayloadCertificateFileName": FOR_WINDOWS,
        "PayloadContent": der,
    }
    return plistlib.dumps(
        {
            **about,
            "PayloadType": "Configuration",
            "PayloadIdentifier": f"catkin.{outer}",
            "PayloadUUID": outer,
            "PayloadDescription": f"Trusts the school's Catkin, at {', '.join(places.all)}.",
            "PayloadContent": [root],
        }
    )


def _say(
    settings: Settings, folder: Path, places: Places, made: tuple[Path, Path], *, renewed: bool
) -> None:
    certificate, key = made
    ends = clock.local(facts_of(certificate).ends)
    print(f"Made, for {', '.join(places.all)}, until {ends.day} {ends:%B %Y}: {certificate}\n")
    if not renewed:
        files = (folder / name for name in (AUTHORITY_KEY, AUTHORITY, FOR_APPLE, FOR_WINDOWS))
        print(SAYS_HOW.format(**dict(zip(("key", "pem", "apple", "windows"), files, strict=True))))
    else:
        print(RENEWED)
    first = places.all[0]
    host, port = f"[{first}]" if ":" in first else first, settings.port
    lines = {"PUBLIC_URL": f"https://{host}" if port == 443 else f"https://{host}:{port}"}
    if sys.platform == "win32":
        print(BY_PROXY.format(certificate=certificate, server_key=key))
        lines["TRUSTED_PROXY"] = "127.0.0.1"
    else:
        lines = {"TLS_CERT": str(certificate), "TLS_KEY": str(key), **lines}
    for name, value in {**lines, **_as_asked(settings)}.items():
        print(f"   {name}={quote(value) if os.name == 'posix' else value}")
    print(AND_YOURS.format(port=port))


def _as_asked(settings: Settings) -> dict[str, str]:
    """What this command was given besides, which a start needs as well."""
    return {**({} if settings.port == PORT else {"PORT": str(settings.port)}), **settings.folders}
