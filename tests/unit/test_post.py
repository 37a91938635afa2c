"""One letter to one address: what becomes of it with every kind of mail server."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.base.errors import CannotStart
from app.base.post import MailServer, Outcome, is_address, reach, send
from app.config import read_settings
from tests.mail_server import Post, certificate, mail_server

TO = "head@oaklane.sch.uk"
QUICK = 0.5
"""Seconds, in place of ten."""


def sent(server: MailServer, to: str = TO) -> Outcome:
    return send(server, to, "Catkin", "Something waits.", limit=QUICK)


def test_a_letter_arrives_once_and_says_nothing_but_what_it_was_given() -> None:
    with mail_server() as post:
        assert sent(post.as_setting(user="catkin", password="three red kettles")) is Outcome.SENT
    ((to, letter),) = post.letters
    head, _, body = letter.partition("\n\n")
    assert (to, body.strip()) == (TO, "Something waits.")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert fields["Subject"] == "Catkin"
    assert fields["To"] == TO
    assert fields["From"] == "Catkin <catkin@oaklane.sch.uk>"
    assert set(fields) == {
        *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"),
        *("Auto-Submitted", "X-Auto-Response-Suppress"),
        *("Content-Type", "Content-Transfer-Encoding"),
    }, "no Reply-To, and no field that could tell more"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("greeting", Outcome.NO_SERVER),
        ("sign-in", Outcome.SIGN_IN),
        ("sender", Outcome.SENDER),
        ("address", Outcome.ADDRESS),
        ("letter", Outcome.LETTER),
        ("broken", Outcome.BROKEN),
    ],
)
def test_each_refusal_is_known_for_what_it_is(fault: str, outcome: Outcome) -> None:
    with mail_server(Post(fault)) as post:
        assert sent(post.as_setting(user="catkin", password="kettles")) is outcome
    assert post.letters == []


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_a_mail_server_that_hangs_is_left_in_time(fault: str) -> None:
    with mail_server(Post(fault)) as post:
        began = time.monotonic()
        assert sent(post.as_setting()) is Outcome.NO_ANSWER
        assert time.monotonic() - began < QUICK + 0.5
        time.sleep(0.6)
    assert post.letters == [], "a conversation that was given up does not go on behind our back"


def test_where_nobody_listens_no_server_is_reached() -> None:
    with mail_server() as post:
        pass
    assert sent(post.as_setting()) is Outcome.NO_SERVER
    assert reach(post.as_setting(), limit=QUICK) is Outcome.NO_SERVER


@pytest.mark.parametrize("at_once", [False, True])
def test_a_safe_connection_needs_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    context, trusted = certificate(tmp_path)
    security = "tls" if at_once else "starttls"
    with mail_server(Post(tls=context, at_once=at_once)) as post:
        secret = {"user": "catkin", "password": "three red kettles"}
        assert sent(post.as_setting(security, **secret)) is Outcome.INSECURE
        assert not [line for line in post.heard if line.startswith("AUTH")]
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert sent(post.as_setting(security, **secret)) is Outcome.SENT
    assert len(post.letters) == 1


def test_a_certificate_of_another_computer_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path, name="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_server(Post(tls=context)) as post:
        assert sent(post.as_setting("starttls")) is Outcome.INSECURE


def test_where_no_safe_connection_is_offered_nothing_goes_in_the_open() -> None:
    with mail_server() as post:
        assert sent(post.as_setting("starttls", user="a", password="b")) is Outcome.INSECURE
    assert not [line for line in post.heard if line.startswith(("AUTH", "MAIL"))]


def test_reaching_sends_nothing_and_knows_whether_a_letter_would_be_taken() -> None:
    with mail_server() as post:
        assert reach(post.as_setting(), limit=QUICK) is Outcome.SENT
        for readers, outcome in {
            ("a@b.example", "c@d.example"): Outcome.NOBODY,
            ("a@b.example", "e@f.example"): Outcome.SENT,
        }.items():
            post.refuses = ("a@b.example", "c@d.example")
            assert reach(post.as_setting(), readers, limit=QUICK) is outcome
    assert post.letters == []
    assert "DATA" not in post.heard


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@", "@b", "a@b, c@d", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b>", "a\x00@b"),
        "=?utf-8?q?a=0D=0ABcc=3Ac=40d?=@b",  # What it says once it is read holds a line break.
    ],
)
def test_what_is_not_one_address_is_never_written_to(text: str) -> None:
    assert not is_address(text)
    with mail_server() as post:
        assert sent(post.as_setting(), text) is Outcome.ADDRESS
    assert post.heard == []


def test_what_no_header_can_hold_stops_nobody_elses_letter() -> None:
    with mail_server() as post:
        assert sent(post.as_setting(), "\ud800@b") is Outcome.ADDRESS
        assert sent(post.as_setting()) is Outcome.SENT


HOST = {"SMTP_HOST": "smtp.oaklane.sch.uk", "SMTP_FROM": "catkin@oaklane.sch.uk"}
SIGN_IN = {"SMTP_USER": "catkin", "SMTP_PASSWORD": "three red kettles"}


def test_mail_is_off_until_a_server_is_named() -> None:
    assert read_settings({}).mail is None


@pytest.mark.parametrize(("kind", "port"), [("", 587), ("starttls", 587), ("TLS", 465)])
def test_the_port_follows_from_the_kind_of_connection(kind: str, port: int) -> None:
    mail = read_settings({**HOST, **SIGN_IN, "SMTP_SECURITY": kind}).mail
    assert mail is not None
    assert (mail.port, mail.security) == (port, kind.lower() or "starttls")


def test_the_password_is_never_shown() -> None:
    settings = read_settings({**HOST, **SIGN_IN})
    assert settings.mail is not None
    assert settings.mail.password == "three red kettles"
    assert "kettles" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMTP_FROM": "a@b"}, "SMTP_HOST"),
        ({"SMTP_PASSWORD": "x"}, "SMTP_HOST"),
        ({**HOST, "SMTP_HOST": "a b"}, "SMTP_HOST"),
        ({**HOST, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**HOST, "SMTP_PORT": "smtp"}, "SMTP_PORT"),
        ({**HOST, "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
        ({**HOST, "SMTP_FROM": "Catkin <a@b>"}, "SMTP_FROM"),
        ({**HOST, "SMTP_FROM": "=?utf-8?q?a=0A?=@b"}, "SMTP_FROM"),
        ({"SMTP_HOST": "a"}, "SMTP_FROM"),
        ({**HOST, "SMTP_USER": "a"}, "SMTP_USER and SMTP_PASSWORD"),
        ({**HOST, "SMTP_PASSWORD": "secret1"}, "SMTP_USER and SMTP_PASSWORD"),
        ({**HOST, "SMTP_USER": "a", "SMTP_PASSWORD": "sécret1"}, "SMTP_PASSWORD"),
        ({**HOST, **SIGN_IN, "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"LOG": "loud"}, "LOG"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_one_sentence(
    given: dict[str, str], named: str
) -> None:
    with pytest.raises(CannotStart, match=named) as caught:
        read_settings(given)
    assert "\n" not in str(caught.value)
    assert "cret1" not in str(caught.value)
