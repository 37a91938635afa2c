"""`python -m app service`: files that start Catkin with the computer and back it up each night."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path

from app.base.backup import backups_folder
from app.base.errors import CannotStart
from app.base.folders import default_keys_folder, installation_id
from app.cli.systemd import systemd_files
from app.cli.task_scheduler import task_files
from app.config import ROOT, Settings

NIGHT = "02:30"


@dataclass(frozen=True, slots=True)
class Installed:
    """A Catkin as it stands here, in words that need no further settings."""

    python: Path
    root: Path
    data: Path
    keys: Path
    backups: Path
    host: str
    port: int
    user: str
    also: Path | None = None
    """The second folder for backups."""
    network: dict[str, str] = field(default_factory=dict)
    """The settings of TLS that were given."""

    @property
    def settings(self) -> dict[str, str]:
        """What its environment must say."""
        also = {"BACKUP_ALSO": str(self.also)} if self.also else {}
        return {
            "HOST": self.host,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "KEYS_DIR": str(self.keys),
            **also,
            **self.network,
        }


def print_service(settings: Settings, asked: Namespace) -> int:
    """Print the files for this computer, or write them into a folder; and say what to do."""
    if settings.demo:
        raise CannotStart("The demo is for trying out: it is not made to start with a computer.")
    system = asked.system or ("windows" if sys.platform == "win32" else "systemd")
    here = installed_here(settings)
    files = systemd_files(here) if system == "systemd" else task_files(here)
    if settings.host in ("127.0.0.1", "::1", "localhost"):
        print(
            "As it stands, Catkin will answer this computer alone. To let the school’s others in,"
            " give HOST=0.0.0.0 before this command, and put its files in place of these.",
            file=sys.stderr,
        )
    if system == "systemd" and here.user in ("root", "0"):
        print(
            "As it stands, Catkin will run as root: give it a user of its own, whose the data"
            " folder and the keys folder are, and give this command again.",
            file=sys.stderr,
        )
    if asked.to is None:
        for name, text in files.items():
            print(_heading(name, system), text, sep="\n")
        return 0
    try:
        asked.to.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            encoding = "utf-16" if system == "windows" else "utf-8"
            (asked.to / name).write_text(text, encoding=encoding)
    except OSError as problem:
        raise CannotStart(f"{asked.to} cannot be written: {problem.strerror}.") from problem
    print(f"Written to {asked.to}: {', '.join(files)}. The first one says what to do.")
    return 0


def installed_here(settings: Settings) -> Installed:
    """This installation; CannotStart where its folders are not there yet, or cannot be named."""
    data = settings.data_dir
    if not (data / "installation.json").exists():
        raise CannotStart(
            f"There is no Catkin data in {data} yet: start Catkin once, then ask again."
        )
    keys = settings.keys_dir or default_keys_folder(installation_id(data))
    if not keys.is_dir():
        raise CannotStart(
            f"There is no keys folder at {keys}: give this command as the user that Catkin runs as,"
            " or name the folder with KEYS_DIR."
        )
    here = Installed(
        python=Path(sys.executable),
        root=ROOT,
        data=data,
        keys=keys,
        backups=backups_folder(data),
        host=settings.host,
        port=settings.port,
        user=_owner(data),
        also=settings.backup_also,
        network=_network(settings),
    )
    if any(
        ord(mark) < 32
        for each in (here.python, here.root, *here.settings.values())
        for mark in str(each)
    ):
        raise CannotStart("The name of a folder holds a line break: give it another name first.")
    return here


def _network(settings: Settings) -> dict[str, str]:
    tls = settings.tls
    given = {
        "TLS_CERT": tls and str(tls.certificate),
        "TLS_KEY": tls and str(tls.key),
        "PUBLIC_URL": settings.public_url,
        "TRUSTED_PROXY": settings.trusted_proxy and str(settings.trusted_proxy),
    }
    return {name: value for name, value in given.items() if value}


def _owner(data: Path) -> str:
    """Who Catkin runs as: whoever the data folder belongs to."""
    if sys.platform == "win32":
        return f"{os.environ.get('USERDOMAIN', '.')}\\{os.environ.get('USERNAME', '')}"
    import pwd

    owner = data.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def _heading(name: str, system: str) -> str:
    return f"<!-- {name} -->" if system == "windows" else f"# ---- {name} ----"
