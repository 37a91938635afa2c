"""Holding the port and the data folder, and what the terminal is told."""

from __future__ import annotations

import errno
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from app.__main__ import main
from app.base.certificate import Pair
from app.base.errors import CannotStart
from app.base.running import hold_folder
from app.config import Settings
from app.serve import greeting, port
from app.serve.port import answers, hold_port, one_each, shown_address
from app.serve.workers import DiscreetLogger

HERE = "127.0.0.1"


@pytest.fixture
def held() -> Iterator[socket.socket]:
    """A port that a Catkin holds."""
    with hold_port(HERE, 0) as listener:
        yield listener


def number(listener: socket.socket) -> int:
    """The port's number."""
    return int(listener.getsockname()[1])


def refusal(host: str, wanted: int) -> str:
    """The one sentence with which a port is refused."""
    with pytest.raises(CannotStart) as caught:
        hold_port(host, wanted).close()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_port_that_is_taken_is_refused(held: socket.socket) -> None:
    assert f"Port {number(held)} is taken" in refusal(HERE, number(held))


def test_a_port_taken_on_one_address_is_refused_for_all(held: socket.socket) -> None:
    assert "is taken" in refusal("0.0.0.0", number(held))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.2 has to be set up")
@pytest.mark.parametrize(
    ("here", "there"), [(HERE, "127.0.0.2"), ("127.0.0.2", HERE), ("0.0.0.0", HERE), (HERE, "::1")]
)
def test_a_port_is_taken_whatever_address_of_the_computer_has_it(here: str, there: str) -> None:
    with hold_port(here, 0) as listener:
        assert "is taken" in refusal(there, number(listener))


def test_a_port_taken_by_ipv6_only_is_refused() -> None:
    try:
        held = hold_port("::1", 0)
    except CannotStart:
        pytest.skip("this computer has no IPv6")
    with held as listener:
        assert "is taken" in refusal(HERE, number(listener))


def test_a_port_that_another_program_shares_freely_is_still_refused() -> None:
    with socket.socket() as other:
        if hasattr(socket, "SO_REUSEPORT"):
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert "is taken" in refusal(HERE, number(other))


def test_a_computer_without_ipv6_serves_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(socket.socket):
        def __init__(self, family: int = socket.AF_INET, *rest: object) -> None:
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, "no IPv6 here")
            super().__init__(family, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(port.socket, "socket", Old)
    hold_port(HERE, 0).close()
    assert "no address of this computer" in refusal("::1", 0)


def test_a_port_that_workers_share_is_still_refused_to_others(held: socket.socket) -> None:
    shared = one_each(held, 3)
    try:
        assert "is taken" in refusal(HERE, number(held))
    finally:
        for each in shared:
            each.close()


def test_a_port_is_free_again_at_once_after_a_conversation(held: socket.socket) -> None:
    wanted = number(held)
    with socket.create_connection((HERE, wanted)) as visitor:
        served, _ = held.accept()
        served.close()  # The side that hangs up first is the one that keeps the port busy.
        assert visitor.recv(1) == b""
    held.close()
    hold_port(HERE, wanted).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name", "a" * 300])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    assert "HOST" in refusal(host, 0)


def test_a_port_for_the_system_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Strict(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(port.socket, "socket", Strict)
    assert "above 1023" in refusal(HERE, 80)


def test_somebody_who_answers_is_noticed(held: socket.socket) -> None:
    address = (HERE, number(held))
    assert answers(socket.AF_INET, address)
    held.close()
    assert not answers(socket.AF_INET, address)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux spreads visitors, others share")
def test_visitors_are_spread_over_the_workers(held: socket.socket) -> None:
    sockets = one_each(held, 2)
    visitors = [socket.create_connection((HERE, number(held))) for _ in range(64)]
    counts = [let_in(each) for each in sockets]
    assert sum(counts) == len(visitors)
    assert min(counts) > 0
    for each in (*sockets, *visitors):
        each.close()


def let_in(listener: socket.socket) -> int:
    """How many visitors waited there."""
    listener.setblocking(False)
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_workers_share_one_port_where_the_system_spreads_nothing(
    held: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("sys.platform", "darwin")
        assert one_each(held, 2) == [held]
    monkeypatch.setattr(socket, "SO_REUSEPORT", 9999)  # No option has this number.
    assert one_each(held, 2) == [held]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("catkin.school", "http://catkin.school:8000"),
    ],
)
def test_the_address_shown_can_be_typed_into_a_browser(host: str, shown: str) -> None:
    assert shown_address(host, 8000) == shown
    assert shown_address(host, 8000, tls=True) == shown.replace("http:", "https:")


def test_a_data_folder_serves_one_catkin_at_a_time(tmp_path: Path) -> None:
    first = hold_folder(tmp_path, "http://127.0.0.1:8000")
    with pytest.raises(CannotStart, match="at http://127.0.0.1:8000, is using the data folder"):
        hold_folder(tmp_path, "http://127.0.0.1:9000")
    os.close(first)
    os.close(hold_folder(tmp_path, "http://127.0.0.1:9000"))
    assert (tmp_path / "running.lock").read_text() == "http://127.0.0.1:9000\n"


def test_a_lock_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "running.lock").mkdir()
    with pytest.raises(CannotStart, match="running.lock cannot be used"):
        hold_folder(tmp_path, "http://127.0.0.1:8000")


def test_a_disk_that_knows_no_locks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("app.base.running._lock", no_locks)
    with pytest.raises(CannotStart, match="this computer’s own disk"):
        hold_folder(tmp_path, "http://127.0.0.1:8000")


def greeted(host: str, setup_code: str | None, *, demo: bool = False, **more: Any) -> str:
    """What the terminal says."""
    prepared = SimpleNamespace(
        settings=Settings(host=host, demo=demo, **more),
        setup_code=setup_code,
        remarks=("Something was mended.",),
    )
    return "\n".join(greeting(prepared, "http://127.0.0.1:8000"))  # type: ignore[arg-type]


def test_the_set_up_code_is_shown_until_there_is_a_school() -> None:
    assert "use this code: 12345678" in greeted(HERE, "12345678")
    assert "code" not in greeted(HERE, None)
    proxy = {"public_url": "https://catkin.school", "trusted_proxy": ip_network("10.0.0.2")}
    assert "use this code: 12345678" in greeted("0.0.0.0", "12345678", **proxy)


def test_no_code_is_shown_where_set_up_would_not_take_it() -> None:
    said = greeted("0.0.0.0", "12345678")
    assert "Set up your school on this computer, at http://127.0.0.1:8000. On others only" in said
    assert "12345678" not in said
    said = greeted("10.0.0.5", "12345678")
    assert "10.0.0.5 is open to the network, without TLS." in said
    assert "12345678" not in said


def test_commands_in_the_greeting_name_the_folders_of_this_installation() -> None:
    said = greeted("0.0.0.0", None, data_dir=Path("/srv/my school"))
    assert "To switch it on: DATA_DIR='/srv/my school' .venv/bin/python -m app tls" in said


def test_the_terminal_says_where_catkin_is_and_what_was_mended() -> None:
    assert "Catkin is ready at http://127.0.0.1:8000" in greeted(HERE, None)
    assert "Something was mended." in greeted(HERE, None)
    assert "this computer’s name" in greeted("0.0.0.0", None)
    assert "pretend" not in greeted(HERE, None)
    assert "a pretend school. Every sign-in is at http" in greeted(HERE, None, demo=True)


def test_with_tls_the_terminal_says_the_address_that_the_certificate_is_for(
    tmp_path: Path,
) -> None:
    pair = Pair(tmp_path / "server.pem", tmp_path / "server.key")
    said = greeted("0.0.0.0", None, tls=pair, public_url="https://catkin.school:8000")
    assert "Catkin is ready at https://catkin.school:8000" in said
    assert said.count("https://") == 1
    assert "127.0.0.1" not in said


def test_the_terminal_says_in_plain_words_that_there_is_no_tls() -> None:
    assert "There is no TLS" in greeted("0.0.0.0", None)
    assert "-m app tls" in greeted("0.0.0.0", None)
    for settled in (greeted(HERE, None), greeted("0.0.0.0", None, demo=True)):
        assert "TLS" not in settled
    proxy = {"public_url": "https://catkin.school", "trusted_proxy": ip_network("10.0.0.2")}
    settled = greeted("0.0.0.0", None, **proxy)
    assert "On other computers: https://catkin.school" in settled
    assert "TLS" not in settled


def test_windows_is_told_of_a_proxy_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.serve.sys.platform", "win32")
    assert "On Windows Catkin speaks no TLS itself" in greeted("0.0.0.0", None)


def test_what_cannot_be_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    monkeypatch.setenv("PORT", "eight thousand")
    assert main([]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "eight thousand" in said.err


def test_an_error_never_writes_down_the_address_asked_for() -> None:
    logger = DiscreetLogger(Config())
    written = io.StringIO()
    logger.error_log.handlers = [logging.StreamHandler(written)]
    try:
        raise ValueError("broken")
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", "/card/secret")
    assert "ValueError at test_serving.py" in written.getvalue()
    assert "broken" not in written.getvalue(), "a message may quote what a child wrote"
    assert "secret" not in written.getvalue()


ORPHAN = """
import os, sys, time
from app.serve import workers
if sys.argv[1] == "unaided":
    workers._told_by_linux = lambda: False
parent = os.getpid()
child = os.fork()
if child == 0:
    workers.leave_with_parent(parent)
    print(os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no workers on Windows")
@pytest.mark.parametrize("means", ["told", "unaided"])
def test_a_worker_leaves_within_a_second_of_its_parents_death(means: str) -> None:
    call = [sys.executable, "-c", ORPHAN, means]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        # The worker holds the other end of our pipe: it closes when the worker is gone.
        assert parent.stdout.read() == ""
        assert time.monotonic() - killed < 1, worker
