"""A tiny mail server for tests: it takes letters, or misbehaves in the way it is told."""

from __future__ import annotations

import datetime
import ipaddress
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.base.post import MailServer, Security

CODES = {"sender": "MAIL", "address": "RCPT", "sign-in": "AUTH", "letter": "."}
"""What is answered with 550, by fault."""


@dataclass
class Post:
    """What a mail server was told, and how it behaves."""

    fault: str = ""
    """hang, slow, greeting, plain (no TLS offered), broken, or one of CODES."""
    refuses: tuple[str, ...] = ()
    """Addresses that it does not know."""
    port: int = 0
    letters: list[tuple[str, str]] = field(default_factory=list)
    """Each letter: to whom, and all of it."""
    heard: list[str] = field(default_factory=list)
    visitors: int = 0
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    """TLS from the first byte."""

    def as_setting(self, security: Security = "none", **more: str) -> MailServer:
        """How Catkin is told of it."""
        return MailServer("127.0.0.1", self.port, security, "catkin@oaklane.sch.uk", **more)


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        post, self.to, self.letter = self.server.post, "", None
        post.visitors += 1
        if post.fault == "hang":
            time.sleep(self.server.patience)
            return
        if post.at_once:
            self._make_safe()
        self._say("554 no" if post.fault == "greeting" else "220 here")
        while raw := self.rfile.readline():
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            post.heard.append(line)
            if post.fault == "slow":
                time.sleep(0.2)
            if not self._answer(line):
                return

    def finish(self) -> None:
        """Hang up; what was made safe is a connection of its own."""
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _answer(self, line: str) -> bool:
        post = self.server.post
        if self.letter is not None:
            return self._hear(line)
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            offers = ["here"] + (["STARTTLS"] if post.tls and not post.at_once else [])
            offers += ["AUTH PLAIN"]
            self._say(*(f"250-{one}" for one in offers), "250 OK")
        elif verb == "STARTTLS":
            self._say("220 go on")
            self._make_safe()
        elif verb == CODES.get(post.fault):
            self._say("535 no" if verb == "AUTH" else "550 no")
        elif verb == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
            self._say("550 nobody" if self.to in post.refuses else "250 OK")
        elif verb == "DATA":
            if post.fault == "broken":
                return False
            self.letter = []
            self._say("354 go on")
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("235 welcome" if verb == "AUTH" else "250 OK")
        return True

    def _hear(self, line: str) -> bool:
        if line != ".":
            self.letter.append(line)
            return True
        if self.server.post.fault == "letter":
            self._say("550 no")
        else:
            self.server.post.letters.append((self.to, "\n".join(self.letter)))
            self._say("250 taken")
        self.letter = None
        return True

    def _make_safe(self) -> None:
        assert self.server.post.tls is not None
        self.connection = self.server.post.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False
    patience = 60.0

    def __init__(self, post: Post) -> None:
        self.post = post
        super().__init__(("127.0.0.1", 0), _Talk)

    def handle_error(self, *_: object) -> None:
        """A visitor who goes away is no fault here."""


@contextmanager
def mail_server(post: Post | None = None) -> Iterator[Post]:
    """A mail server on a port of its own, until the end of the block."""
    post = post or Post()
    with _Server(post) as server:
        post.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()


def certificate(folder: Path, *, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """A certificate for an address, in use on a server, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    trusted, both = folder / "trusted.pem", folder / "both.pem"
    trusted.write_bytes(pem)
    both.write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, trusted
