"""Catkin as it is, but for how Python sleeps: libfaketime 0.9.10 knows no sleep till a moment.

LD_PRELOAD=libfaketimeMT.so.1 FAKETIME=-40d python -m tests.faults.slept
"""

from __future__ import annotations

import select
import sys
import time

from app.__main__ import main


def sleep(seconds: float) -> None:
    """Wait for so long, and not until then."""
    select.select([], [], [], max(seconds, 0.0))


if __name__ == "__main__":
    time.sleep = sleep
    sys.exit(main(sys.argv[1:]))
