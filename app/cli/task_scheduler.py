"""Tasks of the Windows Task Scheduler: Catkin itself, and its nightly backup."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from app.base.errors import CannotStart

if TYPE_CHECKING:
    from app.cli.service import Installed

TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<!--
{todo}
-->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{description}</Description>
  </RegistrationInfo>
  <Triggers>
{trigger}
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>{limit}</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>5</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{root}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""

WHAT_TO_DO = """\
  Catkin, started with this computer. In a terminal opened with "Run as administrator",
  in the folder that holds these files (run.cmd service, with "to" and a folder, writes them):
    schtasks /Create /TN Catkin /XML catkin.xml
    schtasks /Create /TN "Catkin backup" /XML catkin-backup.xml
    schtasks /Run /TN Catkin
  Other settings, such as those of mail, go into the environment of the same user: setx NAME VALUE
  To upgrade: schtasks /End /TN Catkin, then git pull, then run.cmd content check,
  then schtasks /Run /TN Catkin."""
WHAT_TO_DO_BACKUP = """\
  A backup each night, while Catkin runs. The keys are not in it: copy their folder to another
  place by hand."""

AT_START = """\
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>"""
EACH_NIGHT = """\
    <CalendarTrigger>
      <StartBoundary>2026-01-01T02:30:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>"""


def task_files(here: Installed) -> dict[str, str]:
    """The tasks by file name."""
    _refuse_variables(here)
    return {
        "catkin.xml": _task(
            here, "Catkin, e-safety for primary schools", (), WHAT_TO_DO, AT_START, limit="PT0S"
        ),
        "catkin-backup.xml": _task(
            here,
            "Backup of Catkin each night",
            ("data", "backup", "--nightly"),
            WHAT_TO_DO_BACKUP,
            EACH_NIGHT,
            limit="PT2H",
        ),
    }


def _task(
    here: Installed,
    description: str,
    command: tuple[str, ...],
    todo: str,
    trigger: str,
    *,
    limit: str,
) -> str:
    # A task has no environment of its own.
    given = [part for name, value in here.settings.items() for part in ("--set", f"{name}={value}")]
    return TASK.format(
        todo=todo,
        description=description,
        trigger=trigger,
        user=escape(here.user),
        limit=limit,
        command=escape(str(here.python)),
        arguments=escape(subprocess.list2cmdline(["-m", "app", *given, *command])),
        root=escape(str(here.root)),
    )


def _refuse_variables(here: Installed) -> None:
    """Windows puts the value of a variable wherever it reads %NAME%, and knows no way round."""
    for path in (str(here.python), str(here.root), *here.settings.values()):
        if re.search("%[^%]+%", path):
            raise CannotStart(
                f"Windows would read a part of {path} as the name of a variable:"
                " use a folder without two percent signs."
            )
