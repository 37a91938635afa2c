"""What the demo keeps beside its databases: its mark, and every way to sign in, to be shown.

A real school's passwords and pictures can be shown by nobody. Those of the demo open nothing but
the demo, are drawn afresh with each demo, and lie in its own data folder alone.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.base.demo_mark import NAME, UNFINISHED


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """How an adult of the demo signs in."""

    id: str
    name: str
    known_as: str
    roles: tuple[str, ...]
    email: str
    password: str
    sees: str


@dataclass(frozen=True, slots=True)
class PupilSignIn:
    """How a pupil of the demo signs in: by three pictures, in order."""

    id: str
    name: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassSignIn:
    """A class of the demo; its code is the class's own and may be drawn anew."""

    id: str
    name: str
    years: tuple[str, ...]
    teacher: str
    pupils: tuple[PupilSignIn, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's school and every way into it."""

    school: str
    name: str
    made: str
    """The day on which it was made, as 2026-11-16."""
    staff: tuple[StaffSignIn, ...]
    classes: tuple[ClassSignIn, ...]

    @property
    def pupils(self) -> int:
        """How many pupils there are."""
        return sum(len(one.pupils) for one in self.classes)


def read_demo(data: Path) -> Demo | None:
    """The demo in a data folder; None where there is none, or none that is whole."""
    try:
        given = json.loads((data / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return _demo(given) if given else None


def keep_demo(data: Path, demo: Demo) -> None:
    """Write it all at once, so that a demo cut short while it was made is never taken for whole."""
    _replace(data, json.dumps(asdict(demo), ensure_ascii=False, indent=1).encode() + b"\n")


def forget_demo(data: Path) -> None:
    """Only the mark stays."""
    _replace(data, UNFINISHED)


def _replace(data: Path, content: bytes) -> None:
    draft = data / f".{NAME}.new"
    draft.write_bytes(content)
    draft.chmod(0o600)
    os.replace(draft, data / NAME)


def _demo(given: dict[str, Any]) -> Demo:
    return Demo(
        school=given["school"],
        name=given["name"],
        made=given["made"],
        staff=tuple(StaffSignIn(**{**one, "roles": tuple(one["roles"])}) for one in given["staff"]),
        classes=tuple(_class(one) for one in given["classes"]),
    )


def _class(given: dict[str, Any]) -> ClassSignIn:
    pupils = (PupilSignIn(p["id"], p["name"], tuple(p["pictures"])) for p in given["pupils"])
    return ClassSignIn(
        given["id"], given["name"], tuple(given["years"]), given["teacher"], tuple(pupils)
    )
