"""Every problem of the content at once, for `python -m app content check`."""

from __future__ import annotations

from pathlib import Path

from app.content.catalogue import read_and_check
from app.content.problems import Problem


def check(root: Path) -> list[Problem]:
    """The problems under `root` in the order of files and lines; empty if all is well."""
    return list(read_and_check(root)[1])
