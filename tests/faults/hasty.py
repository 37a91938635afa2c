"""`python -m tests.faults.hasty …`: a command of Catkin, with a short wait where it waits long.

The quick form of the table has a minute for all its lines; what a rotation does is the same.
"""

from __future__ import annotations

import sys

from app.__main__ import main
from app.safeguarding.actions import rotate

if __name__ == "__main__":
    rotate.GRACE = 2.0
    sys.exit(main(sys.argv[1:]))
