"""Letters by SMTP: one at a time, to one address, within ten seconds, never in the open."""

from __future__ import annotations

import re
import secrets
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from threading import Thread
from typing import Any, Literal

from app.base.gate import must_not_hold

Security = Literal["starttls", "tls", "none"]
LIMIT = 10.0
"""Seconds that one letter may take from first to last, whatever the mail server does."""
AN_ADDRESS = re.compile(r"(?!.*=\?)[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]+@[\w.-]+")


class Outcome(StrEnum):
    """What came of a try: a closed list, so that nothing a mail server says is ever kept."""

    SENT = "sent"
    NO_ANSWER = "no answer"
    NO_SERVER = "no server"
    INSECURE = "insecure"
    SIGN_IN = "sign-in refused"
    SENDER = "sender refused"
    NOBODY = "everybody refused"
    ADDRESS = "address refused"
    LETTER = "letter refused"
    BROKEN = "broken off"


OF_THE_SERVER = frozenset(
    {
        *(Outcome.NO_ANSWER, Outcome.NO_SERVER, Outcome.INSECURE, Outcome.SIGN_IN),
        *(Outcome.SENDER, Outcome.NOBODY),
    }
)
"""With these no letter goes to anybody."""
SAYS: dict[Outcome, str] = {
    Outcome.SENT: "The mail server took it.",
    Outcome.NO_ANSWER: "The mail server did not answer in time.",
    Outcome.NO_SERVER: "No mail server could be reached.",
    Outcome.INSECURE: "No safe connection to the mail server could be made.",
    Outcome.SIGN_IN: "The mail server refused the user name or password.",
    Outcome.SENDER: "The mail server refused the sender’s address.",
    Outcome.NOBODY: "The mail server refuses letters to everybody in the safeguarding team.",
    Outcome.ADDRESS: "The mail server refused the address that it was to go to.",
    Outcome.LETTER: "The mail server refused the message.",
    Outcome.BROKEN: "The connection to the mail server broke off.",
}
MEND: dict[Outcome, str] = {
    Outcome.NO_ANSWER: "Check SMTP_HOST and SMTP_PORT, and that a firewall lets Catkin out.",
    Outcome.NO_SERVER: "Check SMTP_HOST and SMTP_PORT, and the network.",
    Outcome.INSECURE: "Check SMTP_SECURITY and SMTP_PORT, and the mail server’s certificate.",
    Outcome.SIGN_IN: "Check SMTP_USER and SMTP_PASSWORD.",
    Outcome.SENDER: "Check SMTP_FROM: the mail server must allow it to this user.",
    Outcome.NOBODY: "Ask whoever runs the mail server to let Catkin write to these addresses.",
    Outcome.ADDRESS: "Check the address.",
    Outcome.LETTER: "Ask whoever runs the mail server why.",
    Outcome.BROKEN: "Try again; if it stays, ask whoever runs the mail server.",
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """How to reach the mail server; the password is never shown."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def domain(self) -> str:
        """The part of the sender's address that names a place."""
        return self.sender.rpartition("@")[2]


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address and nothing besides."""
    return AN_ADDRESS.fullmatch(text) is not None


def letter(
    server: MailServer, to: str, subject: str, says: str, *, known_as: str | None = None
) -> EmailMessage:
    """A letter from nobody who could be answered, to one reader.

    `known_as` is its name for mail servers and readers: the same letter sent again has the same.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = f"Catkin <{server.sender}>"
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<{known_as or secrets.token_hex(16)}@{server.domain}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of a machine comes back.
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(says + "\n")
    return made


def send(
    server: MailServer,
    to: str,
    subject: str,
    says: str,
    *,
    limit: float = LIMIT,
    known_as: str | None = None,
) -> Outcome:
    """Send one letter to one address; never raises, and never takes longer than the limit."""
    if not is_address(to):
        return Outcome.ADDRESS
    try:
        made = letter(server, to, subject, says, known_as=known_as)
    except Exception:  # No header can hold it.
        return Outcome.ADDRESS
    return _Try(server, (to, made)).outcome(limit)


def reach(server: MailServer, to: Sequence[str] = (), *, limit: float = LIMIT) -> Outcome:
    """All that comes before a letter: SENT where one would be taken. Nothing is sent.

    NOBODY where the server refuses for good each of the addresses that a letter could go to.
    """
    return _Try(server, None, to).outcome(limit)


class _Try:
    """One conversation, in a thread of its own: even looking up the server's name can hang."""

    def __init__(
        self,
        server: MailServer,
        asked: tuple[str, EmailMessage] | None,
        readers: Sequence[str] = (),
    ) -> None:
        must_not_hold()
        self.server = server
        self.readers = [address for address in readers if is_address(address)]
        self.asked = asked
        self.client: Any = None  # smtplib.SMTP, once there is one.
        self.came = Outcome.BROKEN
        self.over = False

    def outcome(self, limit: float) -> Outcome:
        """What came of it within the limit."""
        thread = Thread(target=self._run, args=(limit,), name="letter", daemon=True)
        thread.start()
        thread.join(limit)
        if thread.is_alive():
            self._cut()
            return Outcome.NO_ANSWER
        return self.came

    def _cut(self) -> None:
        """End a conversation that took too long, so that it does not go on behind our back."""
        self.over = True
        line = getattr(self.client, "sock", None)
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _run(self, limit: float) -> None:
        try:
            self.came = self._reached(limit)
            if self.came is Outcome.SENT and self.asked is not None:
                self.came = self._sent(*self.asked)
        finally:
            if self.client is not None:
                self.client.close()

    def _reached(self, limit: float) -> Outcome:
        """Connect, make it safe, sign in and name the sender; no letter yet."""
        safe = ssl.create_default_context()
        steps: tuple[tuple[Outcome, Callable[[], None]], ...] = (
            (Outcome.NO_SERVER, lambda: self._connect(safe, limit)),
            (Outcome.INSECURE, lambda: self._make_safe(safe)),
            (Outcome.SIGN_IN, self._sign_in),
            (Outcome.SENDER, lambda: _must_be(self.client.mail(self.server.sender), 250)),
            (Outcome.NOBODY, self._ask_for_readers),
        )
        for outcome, step in steps:
            if self.over:
                return Outcome.NO_ANSWER
            try:
                step()
            except ssl.SSLError:
                return Outcome.INSECURE
            except TimeoutError:
                return Outcome.NO_ANSWER
            except Exception:  # Whatever a mail server can make smtplib do.
                return outcome
        return Outcome.SENT

    def _connect(self, safe: ssl.SSLContext, limit: float) -> None:
        # A name of our own saves a look-up that can hang. One second more than the limit, so
        # that it is always the limit that ends a silent conversation.
        own: dict[str, Any] = {"local_hostname": self.server.domain, "timeout": limit + 1}
        tls = self.server.security == "tls"
        client: Any = smtplib.SMTP_SSL(**own, context=safe) if tls else smtplib.SMTP(**own)
        client._host = self.server.host  # The name that the certificate must have.
        self.client = client
        _must_be(client.connect(self.server.host, self.server.port), 220)
        client.ehlo_or_helo_if_needed()

    def _make_safe(self, safe: ssl.SSLContext) -> None:
        if self.server.security == "starttls":
            self.client.starttls(context=safe)
            self.client.ehlo()

    def _sign_in(self) -> None:
        if self.server.user is not None:
            self.client.login(self.server.user, self.server.password or "")

    def _ask_for_readers(self) -> None:
        """Name them, and take it back. What is refused for the moment only may go later."""
        answers = [self.client.rcpt(address) for address in self.readers]
        if answers:
            self.client.rset()
        if answers and all(code >= 500 for code, _ in answers):
            raise smtplib.SMTPResponseException(*answers[0])

    def _sent(self, to: str, made: EmailMessage) -> Outcome:
        try:
            if self.client.rcpt(to)[0] not in (250, 251):
                return Outcome.ADDRESS
            if self.client.data(made.as_bytes())[0] != 250:
                return Outcome.LETTER
        except smtplib.SMTPDataError:
            return Outcome.LETTER
        except UnicodeError:
            return Outcome.ADDRESS
        except Exception:
            return Outcome.BROKEN
        with suppress(Exception):
            self.client.quit()
        return Outcome.SENT


def _must_be(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        raise smtplib.SMTPResponseException(*answer)
