"""Units of systemd: Catkin itself, and a timer for its nightly backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.cli.service import Installed

HOMES = ("/home", "/root", "/run/user")
TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108  # a trial may lie there, and must find its folders

SERVICE = """\
# Catkin, started with this computer. As root:
#   install -d -m 700 -o {owner} {backups_shell}
#   cp catkin.service catkin-backup.service catkin-backup.timer /etc/systemd/system/
#   systemctl daemon-reload
#   systemctl enable --now catkin.service catkin-backup.timer
# To upgrade, as the user that Catkin runs as, then as root:
#   git pull && python3 bootstrap.py content check
#   systemctl restart catkin.service
# Settings that nobody else may read, such as a mail password, go into /etc/catkin.env (mode 0600).
[Unit]
Description=Catkin, e-safety for primary schools
# HOST may be an address that this computer has only once its network is up.
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
{common}
ExecStart={python} -m app
Restart=on-failure
RestartSec=10
KillMode=mixed
TimeoutStopSec=20
{port}{hardening}

[Install]
WantedBy=multi-user.target
"""

BACKUP = """\
# A backup each night, while Catkin runs; catkin-backup.timer starts it. The keys are not in it:
# copy {keys} to another place by hand.
[Unit]
Description=Backup of Catkin

[Service]
Type=oneshot
{common}
ExecStart={python} -m app data backup --nightly
CapabilityBoundingSet=
{hardening}
"""

TIMER = """\
[Unit]
Description=Backup of Catkin each night

[Timer]
OnCalendar=*-*-* 02:30:00
Persistent=true

[Install]
WantedBy=timers.target
"""

HARDENING = """\
UMask=0077
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome={home}
ReadWritePaths={writable}
PrivateTmp={tmp}
PrivateDevices=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native"""

LOW_PORT = "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"
NO_RIGHTS = "CapabilityBoundingSet=\n"


def systemd_files(here: Installed) -> dict[str, str]:
    """The units by file name."""
    common = _common(here)
    python = _quoted(str(here.python))
    hardening = _hardening(here)
    return {
        "catkin.service": SERVICE.format(
            owner=here.user,
            backups_shell=_for_shell(here.backups),
            common=common,
            python=python,
            port=LOW_PORT if here.port < 1024 else NO_RIGHTS,
            hardening=hardening,
        ),
        "catkin-backup.service": BACKUP.format(
            keys=here.keys, common=common, python=python, hardening=hardening
        ),
        "catkin-backup.timer": TIMER,
    }


def _common(here: Installed) -> str:
    # The journal keeps what Catkin says: a line of JSON for each event, without names.
    settings = {**here.settings, "LOG": "json"}
    given = [f"Environment={_quoted(f'{name}={value}')}" for name, value in settings.items()]
    lines = [f"User={here.user}", f"WorkingDirectory={_percent(str(here.root))}", *given]
    return "\n".join([*lines, "EnvironmentFile=-/etc/catkin.env"])


def _hardening(here: Installed) -> str:
    also = [here.also] if here.also else []
    used = [here.python, here.python.resolve(), here.root, here.data, here.keys, here.backups]
    used += [Path(here.network[name]) for name in ("TLS_CERT", "TLS_KEY") if name in here.network]
    at_home = any(path.is_relative_to(home) for path in (*used, *also) for home in HOMES)
    in_tmp = any(path.is_relative_to(tmp) for path in (*used, *also) for tmp in TEMPORARY)
    writable = [_quoted(str(path)) for path in (here.data, here.keys)]
    # They may not be there, before the first backup or without their disk, and systemd would not
    # start without them.
    writable += [_quoted(f"-{folder}") for folder in (here.backups, *also)]
    return HARDENING.format(
        home="read-only" if at_home else "true",
        tmp="false" if in_tmp else "true",
        writable=" ".join(writable),
    )


def _percent(text: str) -> str:
    """systemd reads %h and the like; %% is the mark itself."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """One word of a unit, whatever is in it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_percent(plain)}"'


def _for_shell(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"
