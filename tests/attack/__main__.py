"""`python -m tests.attack`: how far guessing goes at each way in, as a table."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import time_machine

from app import create_app
from app.base.database import Store, engine_of
from app.config import Settings
from app.people.codes import Code
from app.prepare import prepare
from tests.at_school import TEN, small_school
from tests.attack.guessing import HALL, first_time, of_the_school, refused_in_a_hall, ways

RIGHT = Code("otter", "4821")
HALLS = {"devices of the school": of_the_school, "devices never used before": first_time}


def main() -> int:
    """Guess, and print what comes of it."""
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(TEN, tick=False):
        place = Path(folder)
        app = create_app(prepare(Settings(data_dir=place / "data", keys_dir=place / "keys")))
        here = small_school(app)
        with app.app_context():
            print("| way in | to be guessed | looked at in a day | chance in a day | |")
            print("|---|---|---|---|---|")
            for way in ways(here):
                looks, possible = f"{way.looks:,.0f}", f"{way.possible:,.3g}"
                print(f"| {way.name} | {possible} | {looks} | {way.chance:.2g} | {way.note} |")
            for hour, (whose, page_of) in enumerate(HALLS.items()):
                refused = refused_in_a_hall(RIGHT, TEN.replace(hour=13 + hour), page_of)
                print(f"\nRight codes refused while somebody guesses, {whose}:", end=" ")
                print(f"{refused} of {HALL}", end="")
            print()
            for store in Store:
                engine_of(store).dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
