"""Settings of the network: what cannot be, or would be unsafe, is refused in one sentence."""

from __future__ import annotations

import os
import shutil
from ipaddress import ip_network
from pathlib import Path

import pytest

from app.base.errors import CannotStart
from app.base.network import host_in, own_addresses, public_url
from app.cli import run_command
from app.config import Settings, read_settings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `tls` makes, twice: two certificates of one authority."""
    folder = tmp_path_factory.mktemp("made") / "tls"
    make = ["tls", "--name", "catkin.oak.school", "--to", str(folder)]
    assert run_command(make) == 0
    assert run_command([*make, "--renew"]) == 0
    return folder


@pytest.fixture
def tls(made: Path, tmp_path: Path) -> dict[str, Path]:
    """Copies of the two pairs, by names that last."""
    pairs = sorted(made.glob("server-*.pem"), key=lambda path: len(path.name))
    for name, path in zip(("a", "b"), pairs, strict=True):
        shutil.copy(path, tmp_path / f"{name}.pem")
        shutil.copy(path.with_suffix(".key"), tmp_path / f"{name}.key")
    return {path.name: path for path in tmp_path.iterdir()}


def refusal(**given: object) -> str:
    with pytest.raises(CannotStart) as caught:
        read_settings({name: str(value) for name, value in given.items()})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_certificate_and_its_key_are_taken(tls: dict[str, Path]) -> None:
    given = {"TLS_CERT": str(tls["a.pem"]), "TLS_KEY": str(tls["a.key"])}
    pair = read_settings({**given, "PUBLIC_URL": "https://catkin.oak.school:8000/"}).tls
    assert pair is not None
    assert (pair.certificate, pair.key) == (tls["a.pem"], tls["a.key"])
    assert read_settings({}).tls is None


def test_one_without_the_other_is_refused(tls: dict[str, Path]) -> None:
    assert "go together" in refusal(TLS_CERT=tls["a.pem"])
    assert "go together" in refusal(TLS_KEY=tls["a.key"])


def test_files_that_do_not_fit_or_are_something_else_are_refused(tls: dict[str, Path]) -> None:
    cert, key = tls["a.pem"], tls["a.key"]
    assert "is not the key of" in refusal(TLS_CERT=cert, TLS_KEY=tls["b.key"])
    assert "holds no certificate" in refusal(TLS_CERT=key, TLS_KEY=key)
    assert "holds no private key" in refusal(TLS_CERT=cert, TLS_KEY=cert)
    assert "cannot be read: No such file" in refusal(TLS_CERT=f"{cert}x", TLS_KEY=key)
    assert "cannot be read: Is a directory" in refusal(TLS_CERT=cert, TLS_KEY=key.parent)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps its own lists of who may read")
def test_a_key_that_everybody_can_read_is_refused(tls: dict[str, Path]) -> None:
    tls["a.key"].chmod(0o604)
    assert "Every user" in refusal(TLS_CERT=tls["a.pem"], TLS_KEY=tls["a.key"])


def test_a_key_with_a_password_is_refused(tls: dict[str, Path]) -> None:
    from cryptography.hazmat.primitives import serialization as form

    key = form.load_pem_private_key(tls["a.key"].read_bytes(), None)
    how = form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"x")
    tls["a.key"].write_bytes(key.private_bytes(*how))
    said = refusal(TLS_CERT=tls["a.pem"], TLS_KEY=tls["a.key"])
    assert "locked with a password" in said


def test_windows_is_told_to_put_a_proxy_in_front(
    tls: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.config.sys.platform", "win32")
    said = refusal(TLS_CERT=tls["a.pem"], TLS_KEY=tls["a.key"])
    assert "On Windows Catkin speaks no TLS itself" in said


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Catkin.Oak.school/", "https://catkin.oak.school"),
        ("https://catkin.oak.school:443", "https://catkin.oak.school"),
        ("https://catkin.oak.school:8000", "https://catkin.oak.school:8000"),
        ("http://10.0.0.5:80", "http://10.0.0.5"),
        ("https://[fd00::2]:8443/", "https://[fd00::2]:8443"),
    ],
)
def test_a_public_address_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    assert public_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "catkin.oak.school",
        "ftp://catkin.oak.school",
        "https://",
        "https://catkin.oak.school/families",
        "https://catkin.oak.school/?a",
        "https://catkin.oak.school#",
        "https://mrs:hill@catkin.oak.school",
        "https://catkin.oak.school:99999",
        "https://cat kin.school",
        "https://ĉatkin.school",
        "https://catkin.oak.school\\@evil.example",
    ],
)
def test_what_is_no_public_address_is_refused(given: str) -> None:
    assert "PUBLIC_URL is no address" in refusal(PUBLIC_URL=given)


def test_a_plain_address_does_not_go_with_tls(tls: dict[str, Path]) -> None:
    said = refusal(TLS_CERT=tls["a.pem"], TLS_KEY=tls["a.key"], PUBLIC_URL="http://catkin.school")
    assert "write https" in said


@pytest.mark.parametrize("given", ["everybody", "0.0.0.0/0", "10.0.0.0/8", "::/0", "10.0.0.2/16"])
def test_a_proxy_that_is_none_or_everybody_is_refused(given: str) -> None:
    assert "TRUSTED_PROXY" in refusal(TRUSTED_PROXY=given)


def test_a_proxy_may_be_one_address_or_a_network() -> None:
    assert read_settings({"TRUSTED_PROXY": "10.0.0.2"}).trusted_proxy == ip_network("10.0.0.2/32")
    assert read_settings({"TRUSTED_PROXY": "172.18.0.0/16"}).trusted_proxy is not None
    assert read_settings({"TRUSTED_PROXY": "::1"}).trusted_proxy == ip_network("::1/128")


def test_the_demo_has_another_port_and_so_not_the_schools_address() -> None:
    assert read_settings({"DEMO": "1", "PUBLIC_URL": "https://catkin.school"}).public_url is None


PROXY = {"trusted_proxy": ip_network("127.0.0.1")}
WITH_TLS, PLAIN = {"public_url": "https://a.school"}, {"public_url": "http://a.school"}


@pytest.mark.parametrize(
    ("given", "listened_to"),
    [
        ({}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "10.0.0.5"}, True),
        ({"host": "0.0.0.0", "demo": True}, False),
        ({"host": "0.0.0.0", **WITH_TLS}, True),
        (PROXY, True),
        ({**PROXY, **PLAIN}, True),
        ({**PROXY, **WITH_TLS}, False),
        ({"host": "0.0.0.0", **PROXY, **WITH_TLS}, False),
        (PLAIN, True),
        (WITH_TLS, True),
    ],
)
def test_when_the_network_can_listen(given: dict[str, object], listened_to: bool) -> None:
    assert Settings(**given).is_open_to_listeners is listened_to  # type: ignore[arg-type]


def test_own_certificates_close_the_network_to_listeners(tls: dict[str, Path]) -> None:
    given = {"TLS_CERT": str(tls["a.pem"]), "TLS_KEY": str(tls["a.key"]), "HOST": "0.0.0.0"}
    assert not read_settings(given).is_open_to_listeners


@pytest.mark.parametrize("host", ["", "a b", "[::1", "a:b", "x@y", "a/b", "a\n", "-", "a?b", "a#b"])
def test_what_cannot_be_a_host_is_none(host: str) -> None:
    assert host_in(host) is None


def test_the_addresses_of_this_computer_are_those_that_others_can_use() -> None:
    found = own_addresses()
    assert found == sorted(set(found), key=found.index)
    assert not any(one.startswith(("127.", "169.254.", "fe80")) or one == "::1" for one in found)
