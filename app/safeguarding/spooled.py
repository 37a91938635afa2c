"""Which key the tellings in the spool wait for: the first line of each says so in plain JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

FOLDER, SET_ASIDE = "spool", ".damaged"


def wait_for(data: Path, school_id: str, versions: set[int]) -> int:
    """How many files of the spool need one of these keys; one that does not say so counts.

    So does what is set aside as damaged, where its first line names such a key: a disk that read
    it wrong once may read it right tomorrow.
    """
    folder = data / FOLDER
    if not folder.is_dir():
        return 0
    waiting = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    return sum(_needs(path, school_id, versions) for path in waiting)


def _needs(path: Path, school_id: str, versions: set[int]) -> bool:
    try:
        with path.open("rb") as file:
            header = file.readline()
    except FileNotFoundError:  # It was filed just now.
        return False
    except OSError:  # A disk that cannot read it now may do so later, and then the key is wanted.
        return True
    with suppress(ValueError, TypeError, KeyError):
        says = json.loads(header)
        return says["school"] == school_id and int(says["version"]) in versions
    return path.suffix != SET_ASIDE
