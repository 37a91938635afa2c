"""Settings, read once from the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.base.certificate import Pair, pair_of
from app.base.commands import whole
from app.base.errors import CannotStart
from app.base.network import Network, names_itself, public_url, trusted_proxy
from app.base.post import MailServer, Security, is_address

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds app/, lessons/, quizzes/, static/ and templates/."""

PORT, DEMO_PORT = 8000, 8001
DEMO_FOLDER = "-demo"
"""How the names of the demo's folders end."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Catkin listens and where it keeps things.

    `keys_dir` is None for the default: the user's configuration folder, by installation id.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    data_dir: Path = ROOT / "data"
    keys_dir: Path | None = None
    content_dir: Path = ROOT
    demo: bool = False
    """Whether this is the pretend school: it has a port, data, keys and a cookie of its own."""
    mail: MailServer | None = None
    """None where no mail server is named: then no message is sent."""
    backup_also: Path | None = None
    """A folder on another disk, to which each night's backup is copied too."""
    json_log: bool = False
    """Whether all that is written to the terminal is a line of JSON each."""
    tls: Pair | None = None
    """None where Catkin itself speaks plain HTTP."""
    public_url: str | None = None
    """How other computers open Catkin: the address on slips and in square codes."""
    trusted_proxy: Network | None = None
    """Whose word Catkin takes for who asks, and whether they ask over TLS."""

    @property
    def by_itself(self) -> bool:
        """Whether this computer alone reaches Catkin."""
        return names_itself(self.host) and not (self.public_url or self.trusted_proxy)

    @property
    def is_open_to_listeners(self) -> bool:
        """Whether other computers reach Catkin without TLS; nobody minds for a pretend school."""
        if self.demo or self.tls:
            return False
        return not (self.by_itself or self.has_proxy_with_tls)

    @property
    def has_proxy_with_tls(self) -> bool:
        """Whether a proxy before Catkin is said to speak TLS for it."""
        return bool(self.trusted_proxy and (self.public_url or "").startswith("https:"))

    @property
    def folders(self) -> dict[str, str]:
        """The folders that are not the usual ones, as settings; for the demo, as it takes them."""
        usual = _folder(str(ROOT / "data"), demo=self.demo)
        given = {
            "DATA_DIR": None if self.data_dir == usual else self.data_dir,
            "KEYS_DIR": self.keys_dir,
        }
        ending = DEMO_FOLDER if self.demo else ""
        return {name: str(at).removesuffix(ending) for name, at in given.items() if at}

    def whole(self, text: str) -> str:
        """Words whose commands work as they stand, on this very installation."""
        return whole(text, {"DEMO": "1", **self.folders} if self.demo else self.folders)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment; CannotStart for an impossible one."""
    given = os.environ if environment is None else environment
    demo = _is_demo(given.get("DEMO", "").strip())
    port = given.get("PORT", "").strip() or str(DEMO_PORT if demo else PORT)
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT is “{port}”. Give a number from 1 to 65535.")
    keys = given.get("KEYS_DIR", "").strip()
    data = given.get("DATA_DIR", "").strip()
    also = given.get("BACKUP_ALSO", "").strip()
    log = given.get("LOG", "").strip().lower() or "plain"
    if log not in ("plain", "json"):
        raise CannotStart(f"LOG is “{log}”. Write json, or leave it out.")
    tls = pair_of(given.get("TLS_CERT", "").strip(), given.get("TLS_KEY", "").strip())
    public = public_url(given.get("PUBLIC_URL", "").strip())
    _must_fit(tls, public)
    return Settings(
        host=given.get("HOST", "").strip() or "127.0.0.1",
        port=int(port),
        data_dir=_folder(data or str(ROOT / "data"), demo=demo),
        keys_dir=_folder(keys, demo=demo) if keys else None,
        demo=demo,
        # A pretend school sends nobody a real letter.
        mail=None if demo else _mail_server(given),
        backup_also=None if demo or not also else _folder(also, demo=False),
        json_log=log == "json",
        tls=tls,
        # The school's own address is not the demo's, which has another port.
        public_url=None if demo else public,
        trusted_proxy=trusted_proxy(given.get("TRUSTED_PROXY", "").strip()),
    )


def _is_demo(given: str) -> bool:
    if given not in ("", "0", "1"):
        raise CannotStart(f"DEMO is “{given}”. Give 1 for the pretend school, or leave it out.")
    return given == "1"


def _folder(given: str, *, demo: bool) -> Path:
    """The folder as it was named; the demo's lies beside it."""
    folder = Path(given).expanduser().absolute()
    return Path(f"{folder}{DEMO_FOLDER}") if demo else folder


def _must_fit(tls: Pair | None, public: str | None) -> None:
    if tls and sys.platform == "win32":
        raise CannotStart(
            "On Windows Catkin speaks no TLS itself: leave TLS_CERT and TLS_KEY out, put a proxy"
            " that does (Caddy, IIS) before it, and name that with TRUSTED_PROXY and PUBLIC_URL."
        )
    if tls and public and public.startswith("http:"):
        raise CannotStart("PUBLIC_URL begins with http, but TLS is on: write https.")


PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port for each kind of connection to a mail server."""
THIS_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})


def _mail_server(given: Mapping[str, str]) -> MailServer | None:
    """The mail server from SMTP_*; CannotStart for what could never work or would be unsafe."""
    host, user = given.get("SMTP_HOST", "").strip(), given.get("SMTP_USER", "").strip()
    password = given.get("SMTP_PASSWORD", "")
    port, sender = given.get("SMTP_PORT", "").strip(), given.get("SMTP_FROM", "").strip()
    kind = given.get("SMTP_SECURITY", "").strip().lower()
    if not host:
        if any((user, password, port, sender, kind)):
            raise CannotStart("Settings for mail are given without SMTP_HOST. Add it.")
        return None
    if any(sign.isspace() or sign in "/@" for sign in host):
        raise CannotStart("SMTP_HOST is no name of a computer: write it like smtp.example.org.")
    security = _security(kind)
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CannotStart(f"SMTP_PORT is “{port}”. Give a number from 1 to 65535.")
    _must_sign_in(host, user, password, security)
    sender = sender or user
    if not (sender.isascii() and is_address(sender)):
        raise CannotStart("SMTP_FROM is no e-mail address: write the one that messages come from.")
    number = int(port) if port else PORTS[security]
    return MailServer(host, number, security, sender, user or None, password or None)


def _security(kind: str) -> Security:
    kinds: dict[str, Security] = {"": "starttls", **{one: one for one in PORTS}}
    if kind in kinds:
        return kinds[kind]
    raise CannotStart(f"SMTP_SECURITY is “{kind}”. Write starttls, tls or none.")


def _must_sign_in(host: str, user: str, password: str, security: Security) -> None:
    """User and password go together, in letters that mail knows, and never through the open."""
    if bool(user) != bool(password):
        raise CannotStart("SMTP_USER and SMTP_PASSWORD go together: give both, or neither.")
    if not (user + password).isascii() or not (user + password).isprintable():
        raise CannotStart("SMTP_USER and SMTP_PASSWORD may only hold plain letters and signs.")
    if user and security == "none" and host not in THIS_COMPUTER:
        raise CannotStart(
            "SMTP_SECURITY is none, so the password could be read on the way:"
            " write starttls or tls."
        )
