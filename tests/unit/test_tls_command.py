"""`python -m app tls`: a short chain for this school's names alone, never written over."""

from __future__ import annotations

import os
import plistlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.base.authority import Places, make_authority, make_server
from app.base.certificate import Facts, facts_of, pair_of
from app.base.errors import CannotStart
from app.cli import run_command
from app.config import Settings
from app.health.findings import Mark
from app.health.network import network

REAL_NOW = datetime.now(UTC)
"""OpenSSL looks at the computer's own clock, whatever the day of a test."""
MADE = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
NAMES = ["--name", "Catkin.Oak.school", "--address", "10.0.0.5", "--address", "fd00::5"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MADE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run_command(["tls", *NAMES, "--to", str(tmp_path / "tls")]) == 0
    return tmp_path / "tls"


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def refusal(*arguments: str) -> str:
    with pytest.raises(CannotStart) as caught:
        run_command(["tls", *arguments])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_says_what_to_set_and_to_do_and_never_to_click_past_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(["tls", *NAMES, "--to", str(tmp_path / "tls")])
    said = capsys.readouterr().out
    made = tmp_path / "tls" / "server-2026-11-16"
    for line in (
        f"   TLS_CERT={made}.pem",
        f"   TLS_KEY={made}.key",
        "   PUBLIC_URL=https://catkin.oak.school:8000",
    ):
        assert line in said.splitlines()
    for part in ("Google Admin", "MDM", "Group Policy", "Intune", "Never teach anybody to click"):
        assert part in said
    assert "Put " in said
    assert "PRIVATE" not in said
    assert "No --name" not in said
    assert "PUBLIC_URL is for port 8000: give this command the PORT" in said


def test_without_a_name_it_says_what_was_taken_and_how_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.tls.own_name", lambda: "box-17")
    monkeypatch.setattr("app.cli.tls.own_addresses", lambda: ["10.0.0.5"])
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "my data"))
    monkeypatch.setenv("PORT", "9000")
    assert run_command(["tls", "--to", str(tmp_path / "tls")]) == 0
    said = capsys.readouterr().out
    assert "No --name was given" in said
    assert "were taken: box-17, 10.0.0.5." in said
    assert f"DATA_DIR='{tmp_path}/my data' .venv/bin/python -m app tls --name" in said
    for line in (
        "   PUBLIC_URL=https://box-17:9000",
        "   PORT=9000",
        f"   DATA_DIR='{tmp_path}/my data'",
    ):
        assert line in said.splitlines()
    run_command(["tls", "--renew", "--to", str(tmp_path / "tls")])
    assert "No --name" not in capsys.readouterr().out, "those of before were taken"


def test_all_files_are_their_owners_alone(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "authority.crt",
        "authority.key",
        "authority.mobileconfig",
        "authority.pem",
        "server-2026-11-16.key",
        "server-2026-11-16.pem",
    ]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_authority_vouches_for_these_places_and_nothing_else(folder: Path) -> None:
    made = read(folder / "authority.pem")
    key = made.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    assert isinstance(key.curve, SECP256R1)
    constraints = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert [str(one.value) for one in permitted] == [
        "catkin.oak.school",
        "10.0.0.5/32",
        "fd00::5/128",
    ]
    basic = made.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    years = (made.not_valid_after_utc - MADE) / timedelta(days=365.25)
    assert 9.9 < years < 10.1


def test_the_server_certificate_is_short_and_for_servers_alone(folder: Path) -> None:
    made = read(folder / "server-2026-11-16.pem")
    lasts = made.not_valid_after_utc - made.not_valid_before_utc
    assert timedelta(days=390) < lasts <= timedelta(days=398)
    assert made.not_valid_before_utc < MADE, "a tablet whose clock is behind takes it too"
    (use,) = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert use == ExtendedKeyUsageOID.SERVER_AUTH
    facts = facts_of(folder / "server-2026-11-16.pem")
    assert facts.names == ("catkin.oak.school",)
    assert facts.addresses == ("10.0.0.5", "fd00::5")


def talk(folder: Path, server: Path, host: str) -> str:
    """What a visitor who trusts the authority says of a server, without a network."""
    trusting = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server, server.with_suffix(".key"))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    visitor = trusting.wrap_bio(back, there, server_hostname=host)
    served = serving.wrap_bio(there, back, server_side=True)
    for _ in range(4):
        for side in (visitor, served):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as problem:
                return problem.verify_message
    return "" if visitor.version() else "no conversation"


OWN = Places(("catkin.oak.school",), ("10.0.0.5", "fd00::5"))


@pytest.mark.parametrize(
    ("own", "asked_for", "says"),
    [
        (OWN, Places(("catkin.oak.school",), ()), ""),
        (OWN, Places((), ("10.0.0.5",)), ""),
        (OWN, Places((), ("fd00::5",)), ""),
        (Places(("catkin.oak.school",), ()), Places(("bank.example",), ()), "subtree"),
        (Places(("catkin.oak.school",), ()), Places((), ("10.0.0.9",)), "subtree"),
        (Places((), ("10.0.0.5",)), Places(("bank.example",), ()), "subtree"),
        (Places((), ("10.0.0.5",)), Places((), ("10.0.0.6",)), "subtree"),
    ],
)
def test_devices_take_its_own_places_and_whoever_steals_it_deceives_nobody_about_others(
    tmp_path: Path, own: Places, asked_for: Places, says: str
) -> None:
    by = make_authority(own, REAL_NOW)
    certificate, key = make_server(by, asked_for, REAL_NOW)
    (tmp_path / "authority.pem").write_bytes(by.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "s.pem").write_bytes(certificate)
    (tmp_path / "s.key").write_bytes(key)
    heard = talk(tmp_path, tmp_path / "s.pem", asked_for.all[0])
    assert says in heard
    assert bool(says) == bool(heard)


def test_a_profile_for_apple_carries_the_authority_and_not_its_key(folder: Path) -> None:
    profile = plistlib.loads((folder / "authority.mobileconfig").read_bytes())
    (root,) = profile["PayloadContent"]
    assert root["PayloadType"] == "com.apple.security.root"
    assert root["PayloadContent"] == (folder / "authority.crt").read_bytes()
    assert x509.load_der_x509_certificate(root["PayloadContent"]) == read(folder / "authority.pem")
    assert profile["PayloadUUID"] != root["PayloadUUID"]


def test_nothing_is_ever_written_over(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert "--renew" in refusal(*NAMES, "--to", str(folder))
    run_command(["tls", "--renew", "--to", str(folder)])
    run_command(["tls", "--renew", "--to", str(folder)])
    assert {path: path.read_bytes() for path in before} == before
    assert len(list(folder.glob("server-2026-11-16-*.pem"))) == 2


def test_a_renewed_one_is_of_the_same_authority_for_the_same_places(
    folder: Path, clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.shift(timedelta(days=380))
    run_command(["tls", "--renew", "--to", str(folder)])
    said = capsys.readouterr().out
    assert "trust it already" in said
    newer = folder / "server-2027-12-01.pem"
    assert f"   TLS_CERT={newer}" in said
    read(newer).verify_directly_issued_by(read(folder / "authority.pem"))
    first, second = facts_of(folder / "server-2026-11-16.pem"), facts_of(newer)
    assert (first.names, first.addresses) == (second.names, second.addresses)
    assert pair_of(str(newer), str(newer.with_suffix(".key"))) is not None


def test_what_cannot_be_is_refused(folder: Path, tmp_path: Path) -> None:
    to = ["--to", str(tmp_path / "other")]
    for bad in ("a b", "localhost", "10.0.0.5", "*.oak.school", "x" * 300):
        assert "is no name" in refusal("--name", bad, *to)
    for bad in ("catkin", "127.0.0.1", "0.0.0.0", "10.0.0.0/8"):
        assert "is no address" in refusal("--address", bad, *to)
    assert "not made for other.school" in refusal(
        "--renew", "--name", "other.school", "--to", str(folder)
    )
    assert "cannot be read" in refusal("--renew", *to)
    (folder / "authority.key").rename(tmp_path / "in the safe")
    assert "put the file back" in refusal("--renew", "--to", str(folder))
    (folder / "authority.key").write_bytes((folder / "server-2026-11-16.key").read_bytes())
    assert "is not the key of" in refusal("--renew", "--to", str(folder))
    (folder / "authority.pem").write_text("nonsense")
    assert "damaged" in refusal("--renew", "--to", str(folder))
    assert not (tmp_path / "other").exists()


def test_names_within_the_authoritys_may_be_added(folder: Path) -> None:
    run_command(["tls", "--renew", "--name", "a.catkin.oak.school", "--to", str(folder)])
    assert facts_of(folder / "server-2026-11-16-2.pem").names == ("a.catkin.oak.school",)
    assert "xcatkin" in refusal("--renew", "--name", "xcatkin.oak.school", "--to", str(folder))


def test_the_folder_lies_beside_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("KEYS_DIR", raising=False)
    assert "start Catkin once" in refusal("--name", "catkin.oak.school")
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    run_command(["tls", "--name", "catkin.oak.school"])
    assert (tmp_path / "keys-tls" / "authority.pem").is_file()


def settings_for(folder: Path, **more: str) -> Settings:
    made = folder / "server-2026-11-16.pem"
    pair = pair_of(str(made), str(made.with_suffix(".key")))
    return Settings(host="0.0.0.0", tls=pair, **more)  # type: ignore[arg-type]


def test_the_end_of_the_certificate_is_seen_coming(
    folder: Path, clock: time_machine.Traveller
) -> None:
    settings = settings_for(folder, public_url="https://catkin.oak.school:8000")
    assert "authority.key" in network(settings).do, "it still lies on this computer"
    (folder / "authority.key").unlink()
    found = network(settings)
    assert found.mark is Mark.OK
    assert "valid until Friday 17 December 2027" in found.says
    ends = facts_of(folder / "server-2026-11-16.pem").ends
    clock.move_to(ends - timedelta(days=31))
    assert network(settings).mark is Mark.OK
    clock.move_to(ends - timedelta(days=30))
    assert network(settings).mark is Mark.MEND
    assert "ends in 30 days" in network(settings).says
    clock.move_to(ends - timedelta(hours=5))
    assert "ends in 1 day, on" in network(settings).says
    clock.move_to(ends)
    assert "browsers refuse Catkin" in network(settings).says
    clock.move_to(MADE - timedelta(days=3))
    assert "clock" in network(settings).do


def test_a_certificate_for_another_name_is_to_be_mended(folder: Path) -> None:
    found = network(settings_for(folder, public_url="https://other.oak.school"))
    assert found.mark is Mark.MEND
    assert "not for other.oak.school" in found.says
    (folder / "authority.key").unlink()
    assert network(settings_for(folder)).mark is Mark.LOOK, "nobody said what slips should say"
    assert network(settings_for(folder, public_url="https://10.0.0.5")).mark is Mark.OK


def test_a_file_that_has_gone_since_the_start_is_said(folder: Path) -> None:
    settings = settings_for(folder)
    (folder / "server-2026-11-16.pem").unlink()
    assert network(settings).mark is Mark.MEND


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("catkin.oak.school", True),
        ("a.oak.school", True),
        ("a.b.oak.school", False),
        ("oak.school", False),
        ("10.0.0.5", True),
        ("10.0.0.6", False),
        ("school", False),
    ],
)
def test_which_names_a_certificate_fits(host: str, fits: bool) -> None:
    facts = Facts(MADE, MADE, ("catkin.oak.school", "*.oak.school"), ("10.0.0.5",), b"")
    assert facts.fits(host) is fits
