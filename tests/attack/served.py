"""`python -m tests.attack.served`: a Catkin whose clock began on a Monday at ten, and goes on.

A class is open in school hours alone, and whoever attacks does so at any hour.
"""

from __future__ import annotations

import sys

import time_machine

from app.__main__ import main
from tests.contracts.two_schools import MONDAY_AT_TEN

if __name__ == "__main__":
    with time_machine.travel(MONDAY_AT_TEN, tick=True):
        sys.exit(main(["serve"]))
