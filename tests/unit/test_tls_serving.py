"""TLS as a worker speaks it: who says nothing holds no thread, and a renewed pair is taken."""

from __future__ import annotations

import os
import socket
import ssl
from pathlib import Path

import pytest

from app.base.certificate import Pair, facts_of
from app.cli import run_command
from app.serve import tls as serving
from app.serve.tls import Contexts, context_of, turned_away
from app.serve.workers import Server


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """Two certificates of one authority."""
    folder = tmp_path_factory.mktemp("made") / "tls"
    for more in ([], ["--renew"]):
        run_command(["tls", "--name", "catkin.oak.school", "--to", str(folder), *more])
    made = sorted(folder.glob("server-*.pem"), key=lambda path: len(path.name))
    return [Pair(one, one.with_suffix(".key")) for one in made]


def greeted(context: ssl.SSLContext, says: bytes | None) -> str:
    """What a worker makes of a visitor who says this, or nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if says is not None:
            theirs.sendall(says)
        line = context.wrap_socket(ours, server_side=True, do_handshake_on_connect=False)
        with line, pytest.raises(ssl.SSLError) as caught:
            line.do_handshake()
    assert caught.value.args[0] == ssl.SSL_ERROR_EOF, "gunicorn closes it, and writes no line"
    return type(caught.value.__cause__).__name__


def test_who_says_nothing_or_speaks_plainly_is_hung_up_on(
    pairs: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.05)
    context = context_of(pairs[0])
    assert greeted(context, None) == "TimeoutError"
    assert greeted(context, b"\x16\x03\x01\x02\x00") == "TimeoutError"
    assert greeted(context, b"GET /tell HTTP/1.1\r\n\r\n") == "SSLError"


@pytest.mark.parametrize("word", ["GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "POST /tell"])
def test_who_speaks_plain_http_reads_one_sentence_that_repeats_nothing(word: str) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(word.encode())
        with ours:
            assert turned_away(ours)
        heard = b"".join(iter(lambda: theirs.recv(1000), b"")).decode()
    head, _, said = heard.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert f"Content-Length: {len(said)}" in head
    assert "Location" not in head
    assert said.startswith("Here the address begins with https.")
    assert "evil" not in heard


@pytest.mark.parametrize("said", [b"\x16\x03\x01\x02\x00", b"\0" * 300, b"", b"ssh"])
def test_nobody_else_is_answered_before_a_greeting(said: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(said)
            theirs.shutdown(socket.SHUT_WR)
            assert not turned_away(ours)
            ours.shutdown(socket.SHUT_WR)
            assert theirs.recv(10) == b""
        assert ours.recv(1000) == said, "it is still there for TLS to hear"


def test_only_tls_of_today_is_spoken(pairs: list[Pair]) -> None:
    assert context_of(pairs[0]).minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_renewed_pair_is_taken_at_once_and_half_of_one_never(
    pairs: list[Pair], tmp_path: Path
) -> None:
    here = Pair(tmp_path / "c.pem", tmp_path / "c.key")
    for part in ("certificate", "key"):
        getattr(here, part).write_bytes(getattr(pairs[0], part).read_bytes())
    contexts = Contexts(here)
    first = contexts(None, None)
    assert contexts(None, None) is first, "sessions are resumed only while it lives"
    here.certificate.write_bytes(pairs[1].certificate.read_bytes())
    os.utime(here.certificate, ns=(1, 1))
    assert contexts(None, None) is first, "its key has not come yet"
    here.key.write_bytes(pairs[1].key.read_bytes())
    second = contexts(None, None)
    assert second is not first
    here.key.unlink()
    assert contexts(None, None) is second
    assert facts_of(here.certificate).der == facts_of(pairs[1].certificate).der


def test_gunicorn_believes_nobodys_headers_whatever_its_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    server = Server(None, [], lambda: None, lambda: None)  # type: ignore[arg-type]
    assert server.cfg.forwarded_allow_ips == []
    assert not server.cfg.is_ssl
