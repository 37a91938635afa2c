"""The mark by which a data folder is known to hold the demo, and nobody's real school."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.base.errors import CannotStart
from app.base.once import write_once

NAME = "demo.json"
"""The mark's file: the first thing in the demo's data folder, and the last that leaves it."""
UNFINISHED = b"{}\n"
"""What it holds until the demo's school is whole."""


def is_demo(data: Path) -> bool:
    """Whether this data folder is the demo's."""
    return (data / NAME).exists()


def refuse_the_other_kind(data: Path, *, demo: bool) -> None:
    """CannotStart where the demo meets what may be a real school, or a school the demo."""
    marked = is_demo(data)
    if marked and not demo:
        raise CannotStart(
            f"The data folder {data} holds the demo, a pretend school:"
            " start it with DEMO=1, or name another folder with DATA_DIR."
        )
    used = (data / "installation.json").exists() or any(data.glob("*.db"))
    if demo and used and not marked:
        raise CannotStart(
            f"The data folder {data} holds a real Catkin, which the demo never opens:"
            " name another folder with DATA_DIR."
        )


def put_mark(data: Path) -> None:
    """Mark the folder as the demo's, if it is not yet."""
    with suppress(FileExistsError):
        write_once(data / NAME, UNFINISHED)
