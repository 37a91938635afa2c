"""The files that start Catkin with the computer, for folders of any name."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest
from ruamel.yaml import YAML

from app.__main__ import main
from app.base.errors import CannotStart
from app.cli import run_command, service
from app.cli.service import Installed, installed_here, print_service
from app.cli.systemd import systemd_files
from app.cli.task_scheduler import task_files
from app.cli.tls import default_folder
from app.config import ROOT, Settings, read_settings
from app.serve.workers import GRACE

ODD = 'a b, 100% of $HOME & "more" ü'
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


@pytest.fixture
def here(tmp_path: Path) -> Installed:
    """An installation in folders with every mark that their names may hold."""
    data = tmp_path / ODD / "data"
    data.mkdir(parents=True)
    (data / "installation.json").write_text('{"id": "a1"}')
    (tmp_path / ODD / "keys").mkdir()
    share = tmp_path / ODD / "share"
    keys = tmp_path / ODD / "keys"
    return installed_here(Settings("0.0.0.0", 8100, data, keys, backup_also=share))


def lines(unit: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)


def words(value: str) -> list[str]:
    """The words of a unit's line, as systemd reads them."""
    assert "%" not in value.replace("%%", "")
    return shlex.split(value.replace("%%", "%"))


def test_the_units_carry_the_settings_whatever_the_folders_are_called(here: Installed) -> None:
    units = systemd_files(here)
    for name in ("catkin.service", "catkin-backup.service"):
        unit = units[name]
        given = dict(words(line)[0].split("=", 1) for line in lines(unit, "Environment"))
        assert given == {**here.settings, "LOG": "json"}
        settings = read_settings(given)
        assert settings.json_log
        assert (settings.data_dir, settings.keys_dir) == (here.data, here.keys)
        assert settings.backup_also == here.also
        assert (settings.host, settings.port) == ("0.0.0.0", 8100)
        (writable,) = lines(unit, "ReadWritePaths")
        assert words(writable) == [
            str(here.data),
            str(here.keys),
            f"-{here.backups}",
            f"-{here.also}",
        ]
        assert lines(unit, "UMask") == ["0077"]
        assert lines(unit, "NoNewPrivileges") == ["true"]
        assert lines(unit, "ProtectSystem") == ["strict"]
    (start,) = lines(units["catkin.service"], "ExecStart")
    assert words(start) == [sys.executable, "-m", "app"]
    for order in ("Wants", "After"):  # Else an address of the school network is not there yet.
        assert lines(units["catkin.service"], order) == ["network-online.target"]
    (backup,) = lines(units["catkin-backup.service"], "ExecStart")
    assert words(backup)[1:] == ["-m", "app", "data", "backup", "--nightly"]


def test_the_units_carry_the_settings_of_the_network(here: Installed, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert run_command(["tls", "--name", "catkin.oak.school", "--to", str(made)]) == 0
    (certificate,) = made.glob("server-*.pem")
    given = {
        "TLS_CERT": str(certificate),
        "TLS_KEY": str(certificate.with_suffix(".key")),
        "PUBLIC_URL": "https://catkin.oak.school:8100",
        "TRUSTED_PROXY": "10.0.0.2/32",
    }
    settings = read_settings(given)
    again = replace(settings, data_dir=here.data, keys_dir=here.keys)
    unit = systemd_files(installed_here(again))["catkin.service"]
    told = dict(words(line)[0].split("=", 1) for line in lines(unit, "Environment"))
    assert {name: told[name] for name in given} == given


def test_a_port_below_1024_and_a_folder_at_home_get_what_they_need(here: Installed) -> None:
    in_tmp = replace(here, data=Path("/tmp/catkin/data"))
    assert lines(systemd_files(in_tmp)["catkin.service"], "PrivateTmp") == ["false"]  # Its data!
    root, python = Path("/srv/catkin"), Path("/srv/catkin/.venv/bin/python")
    here = replace(here, python=python, root=root, data=root, keys=root, backups=root)
    plain = systemd_files(here)["catkin.service"]
    assert lines(plain, "PrivateTmp") == ["true"]
    assert lines(plain, "ProtectHome") == ["true"]
    assert lines(plain, "CapabilityBoundingSet") == [""]
    for name in ("TLS_CERT", "TLS_KEY"):  # The service must find those as well.
        lent = replace(here, network={name: "/var/tmp/catkin/server.pem"})
        assert lines(systemd_files(lent)["catkin.service"], "PrivateTmp") == ["false"]
    other = systemd_files(replace(here, port=443, data=Path("/home/kit/data")))["catkin.service"]
    assert lines(other, "ProtectHome") == ["read-only"]
    assert lines(other, "AmbientCapabilities") == ["CAP_NET_BIND_SERVICE"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_systemd_itself_finds_nothing_wrong(here: Installed, tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in systemd_files(here).items():
        (folder / name).write_text(text)
    call = ["systemd-analyze", "verify", "--man=no", *sorted(map(str, folder.iterdir()))]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    if "Failed to" in done.stderr and "catkin" not in done.stderr:
        pytest.skip(f"systemd-analyze cannot work here: {done.stderr.splitlines()[0]}")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_tasks_are_of_the_schema_and_carry_the_settings(here: Installed) -> None:
    windows = replace(
        here,
        python=Path(r"C:\Catkin & Co\.venv\Scripts\python.exe"),
        data=Path("C:\\100% school\\data\\"),
        user="SCHOOL\\kit & co",
    )
    tasks = task_files(windows)
    for name, command in (("catkin.xml", ""), ("catkin-backup.xml", "data backup --nightly")):
        task = ElementTree.fromstring(tasks[name].encode("utf-16"))  # noqa: S314  # our own
        assert task.tag == f"{TASK}Task"
        found = {element.tag.removeprefix(TASK): element.text or "" for element in task.iter()}
        assert found["Command"] == str(windows.python)
        assert found["UserId"] == windows.user
        assert found["WorkingDirectory"] == str(ROOT)
        assert found["Arguments"].startswith("-m app --set HOST=0.0.0.0 --set PORT=8100 --set ")
        assert '--set "DATA_DIR=C:\\100% school\\data\\\\"' in found["Arguments"]
        assert found["Arguments"].endswith(command)
    assert "<ExecutionTimeLimit>PT0S<" in tasks["catkin.xml"]
    assert "<BootTrigger>" in tasks["catkin.xml"]
    assert "<DaysInterval>1<" in tasks["catkin-backup.xml"]


def test_what_windows_would_read_as_a_variable_is_refused(here: Installed) -> None:
    with pytest.raises(CannotStart, match="the name of a variable"):
        task_files(replace(here, data=Path("C:\\%TEMP%\\data")))


def test_settings_may_stand_before_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", "unused")
    monkeypatch.setenv("PORT", "1")
    given = ["--set", "DATA_DIR=/nowhere/a=b", "--set", "PORT=9000", "data", "rebuild-progress"]
    assert main(given) == 1
    assert "There is no Catkin data in /nowhere/a=b:" in capsys.readouterr().err
    assert os.environ["PORT"] == "9000"


def test_the_files_are_printed_or_written(
    here: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings("0.0.0.0", 8100, here.data, here.keys)
    for system, first in (("systemd", "catkin.service"), ("windows", "catkin.xml")):
        assert print_service(settings, Namespace(system=system, to=None)) == 0
        printed = capsys.readouterr().out
        assert first in printed.splitlines()[0]
        assert print_service(settings, Namespace(system=system, to=tmp_path / system)) == 0
        encoding = "utf-16" if system == "windows" else "utf-8"
        for file in (tmp_path / system).iterdir():
            assert file.read_text(encoding) in printed
        capsys.readouterr()
    with pytest.raises(CannotStart, match="start Catkin once"):
        print_service(Settings(data_dir=tmp_path / "none"), Namespace(system=None, to=None))
    with pytest.raises(CannotStart, match="no keys folder at .*: give this command as the user"):
        print_service(replace(settings, keys_dir=tmp_path / "k"), Namespace(system=None, to=None))
    with pytest.raises(CannotStart, match="The demo"):
        print_service(replace(settings, demo=True), Namespace(system=None, to=None))


@pytest.mark.parametrize(("owner", "warned"), [("root", True), ("catkin", False)])
def test_a_catkin_of_root_is_told_to_have_a_user_of_its_own(
    here: Installed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    owner: str,
    warned: bool,
) -> None:
    monkeypatch.setattr(service, "_owner", lambda _data: owner)
    settings = Settings("0.0.0.0", 8100, here.data, here.keys)
    assert print_service(settings, Namespace(system="systemd", to=None)) == 0
    said = capsys.readouterr()
    assert f"User={owner}" in said.out
    assert len(said.err.splitlines()) == warned
    assert ("a user of its own" in said.err) == warned


def container() -> dict[str, list[str]]:
    """The lines of the Containerfile, by instruction."""
    text = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(" ".join(rest.split()))
    return found


def test_the_container_is_set_up_as_any_machine_is_and_runs_for_nobody_special() -> None:
    file = container()
    known = "FROM WORKDIR COPY RUN USER ENV VOLUME EXPOSE HEALTHCHECK CMD"
    assert set(file) == set(known.split())
    version = re.fullmatch(r"python:3\.(\d+)-slim", file["FROM"][0])
    assert version is not None
    assert int(version[1]) >= 11
    assert file["RUN"][0] == "python bootstrap.py content check"
    assert (ROOT / "bootstrap.py").is_file()
    assert file["USER"] == ["catkin"]
    given = dict(word.split("=") for word in file["ENV"][0].split())
    settings = read_settings(given)
    volumes = [Path(place) for place in json.loads(file["VOLUME"][0])]
    assert settings.keys_dir is not None
    backups = settings.data_dir.with_name(f"{settings.data_dir.name}-backups")
    certificates = default_folder(settings)
    assert volumes == [settings.data_dir, backups, settings.keys_dir, certificates]
    assert all(str(place) in file["RUN"][1] for place in volumes)
    assert (settings.host, [str(settings.port)]) == ("0.0.0.0", file["EXPOSE"])
    assert json.loads(file["CMD"][0]) == ["/catkin/.venv/bin/python", "-m", "app"]


def test_what_a_school_keeps_is_in_no_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {"data", "data-*", ".venv", ".git", "**/*.db", "**/*.key"} <= set(ignored)
    needed = ("app", "lessons", "quizzes", "static", "templates", "bootstrap.py")
    for name in (*needed, "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        assert (ROOT / name).exists()
        assert name not in ignored


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers its health page so; its port."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *given: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_container_is_healthy_when_catkin_says_so(status: int, healthy: bool) -> None:
    _, _, call = container()["HEALTHCHECK"][0].partition("CMD ")
    python, *rest = json.loads(call)
    assert python == "/catkin/.venv/bin/python"
    with answering(status) as port:
        environment = {**os.environ, "PORT": str(port)}
        done = subprocess.run([sys.executable, *rest], env=environment, capture_output=True)
    assert (done.returncode == 0) is healthy


def test_the_compose_example_publishes_on_this_computer_and_keeps_keys_apart() -> None:
    example = YAML(typ="safe").load((ROOT / "compose.yaml").read_text("utf-8"))
    service = example["services"]["catkin"]
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["ports"] == ["127.0.0.1:8000:8000"]
    volumes = dict(each.split(":") for each in service["volumes"])
    assert sorted(volumes.values()) == sorted(json.loads(container()["VOLUME"][0]))
    assert set(volumes) == set(example["volumes"])
    assert service["cap_drop"] == ["ALL"]
    assert int(service["stop_grace_period"].removesuffix("s")) > GRACE
