"""A thread of its own for what may hang: a backup can lie on a share that does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable


def alone(name: str, do: Callable[[], None]) -> None:
    """Do it in a thread of this name, if the last of that name has ended."""
    if all(thread.name != name for thread in threading.enumerate()):
        threading.Thread(target=do, name=name, daemon=True).start()
