"""Catkin's commands in what people read: found there, and made so that they work as they stand."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from shlex import quote

ON_WINDOWS = sys.platform == "win32"
ALONE = ("demo", "doctor", "service", "tls")
WITH_VERB = ("content", "data", "mail", "people", "school")
"""What `python -m app` can be asked for; with the second, a word says what of it."""

_CALLED = re.compile(r"\.venv/bin/python -m app(?= [a-z])|\bmake run\b")
_SETTING = r"""(?:set "[^"]*" &&|[A-Z_]+=(?:[^\s'"]|'[^']*'|"[^"]*")+)"""
_OPTION = r"(?:--[a-z]+(?: [A-Z]{2,}| (?:[0-9]+-)?[0-9a-f]{8,}| …)?|[A-Z]{2,})"
_ASKED = rf"(?:{'|'.join(ALONE)}|(?:{'|'.join(WITH_VERB)}) [a-z-]+)"
_COMMAND = re.compile(
    rf"((?:{_SETTING} )*)(\.venv/bin/python -m app|run\.cmd) ({_ASKED})((?: {_OPTION})*)"
)


def whole(text: str, settings: Mapping[str, str], *, windows: bool = ON_WINDOWS) -> str:
    """Words whose commands begin with these settings, as the shell of this system takes them."""
    if windows:
        before = "".join(f'set "{name}={value}" && ' for name, value in settings.items())
        return _CALLED.sub(lambda _found: f"{before}run.cmd", text)
    before = "".join(f"{name}={quote(value)} " for name, value in settings.items())
    return _CALLED.sub(lambda found: f"{before}{found[0]}", text)


def commands_in(text: str) -> list[tuple[str, list[str]]]:
    """The words before each command, with its parts, between which alone a line may break; the
    words after the last come with no parts."""
    found, end = [], 0
    for one in _COMMAND.finditer(text):
        parts = [*re.findall(_SETTING, one[1]), f"{one[2]} {one[3]}"]
        found.append((text[end : one.start()], [*parts, *re.findall(_OPTION, one[4])]))
        end = one.end()
    return [*found, (text[end:], [])]
