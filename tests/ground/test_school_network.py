"""A real Catkin on the machine's own address: over TLS, and over plain HTTP."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.health.findings import Mark
from app.health.reaching import running
from tests.founded import PASSWORD
from tests.ground.over_tls import (
    NAME,
    Place,
    address_on_the_network,
    founded_in,
    served_over_tls,
)
from tests.ground.running import Running
from tests.stepped import code_now

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name != "posix", reason="Windows speaks TLS by a proxy"),
]
NEEDS_TLS = "This page needs TLS"
STAFF = {"email": "dsl@oaklane.sch.uk", "password": PASSWORD}


@pytest.fixture
def over_tls(tmp_path: Path) -> Iterator[Place]:
    with founded_in(tmp_path), served_over_tls(tmp_path) as place:
        yield place


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_over_tls_adults_come_in_and_nobody_else_can_be_catkin(
    over_tls: Place, tmp_path: Path
) -> None:
    came = over_tls.sends("/staff/sign-in", **STAFF)
    assert came.status == 303
    assert came.headers["Location"].startswith("/")
    assert came.headers["Strict-Transport-Security"] == "max-age=31536000"
    (cookie,) = came.cookies.values()
    assert cookie.key == "__Host-catkin"
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    asked = came.headers["Location"]
    assert over_tls.sends(asked, code=code_now()).status == 303
    page = over_tls.ask("/concerns")
    assert page.status == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "could be read on" not in page.text
    assert over_tls.ask("/concerns", Host="evil.example").status == 400
    assert over_tls.ask("/", Host=f"{over_tls.host}:{over_tls.port}").status == 303
    over_tls.cookies = {"catkin": over_tls.cookies["__Host-catkin"]}
    assert over_tls.ask("/concerns").status == 303, "what came by another name is nobody's"
    _no_tls_of_yesterday(over_tls)
    _plain_talk_ends(over_tls)
    assert over_tls.ask("/healthz").status == 200
    found = running(tmp_path / "data")
    assert (found.mark, "https://" in found.says) == (Mark.OK, True)


def _no_tls_of_yesterday(over_tls: Place) -> None:
    assert over_tls.trusts is not None
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((over_tls.host, over_tls.port), timeout=10) as line,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(line)
    today = over_tls.trusts.wrap_socket(
        socket.create_connection((over_tls.host, over_tls.port)), server_hostname=NAME
    )
    assert today.version() in {"TLSv1.2", "TLSv1.3"}
    today.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        over_tls.trusts.wrap_socket(
            socket.create_connection((over_tls.host, over_tls.port)), server_hostname="evil.example"
        )


def _plain_talk_ends(over_tls: Place) -> None:
    answer = over_tls.says_plainly(b"GET /tell HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"Write https:// and not http:// before it.\n")
    assert not over_tls.says_plainly(b"\0" * 300).startswith(b"HTTP")


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Place]:
    """Without TLS, for every computer of the network; 127.0.0.2 is a proxy that is trusted."""
    here = address_on_the_network()
    given = {"HOST": "0.0.0.0", "TRUSTED_PROXY": "127.0.0.2", "FORWARDED_ALLOW_IPS": "*"}
    with founded_in(tmp_path):
        served = Running.start(tmp_path / "data", tmp_path / "keys", **given)
        yield Place(here, served.port)
        served.stop()


def test_over_plain_http_pupils_come_in_and_adults_read_why_not(plain: Place) -> None:
    for path in ("/sign-in", "/tell", "/families/join", "/workshop", "/help"):
        assert plain.ask(path).status == 200, path
    for path in ("/staff/sign-in", "/today", "/concerns", "/people", "/workshops", "/health"):
        answer = plain.ask(path)
        assert (answer.status, NEEDS_TLS in answer.text) == (403, True), path
        assert "Strict-Transport-Security" not in answer.headers
    sent = plain.ask("/staff/sign-in", {**STAFF, "csrf_token": "x"})
    assert (sent.status, PASSWORD in sent.text) == (403, False)
    lies = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "127.0.0.1", "X_Forwarded_Ssl": "on"}
    for place in (plain, Place("127.0.0.1", plain.port)):
        lied = place.ask("/staff/sign-in", **lies, X_Forwarded_Host="localhost", Script_Name="/x")
        assert (lied.status, NEEDS_TLS in lied.text) == (403, True)
        assert not any("__Host-" in name for name in lied.cookies)


def test_this_computer_itself_and_a_trusted_proxy_come_in(plain: Place) -> None:
    here = Place("127.0.0.1", plain.port)
    came = here.sends("/staff/sign-in", **STAFF)
    assert came.status == 303
    assert list(came.cookies) == ["catkin"]
    proxy = Place("127.0.0.1", plain.port, comes_from="127.0.0.2")
    said = {"X_Forwarded_For": "10.1.2.3", "Host": NAME}
    over_tls = proxy.ask("/staff/sign-in", **said, X_Forwarded_Proto="https")
    assert over_tls.status == 200
    assert list(over_tls.cookies) == ["__Host-catkin"]
    assert proxy.ask("/staff/sign-in", **said, X_Forwarded_Proto="http").status == 403
