"""Names and concerns are covered until somebody asks for them, and again two minutes later.

A teacher's laptop is mirrored to the board: what is about a child must not open by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, session

from app.base import clock, ids
from app.people.actions.sign_ins import step_up
from app.people.queries.pupils import PupilFacts
from app.web.viewer import the_adult

SHOWN_FOR = timedelta(minutes=2)
HELD = "names_shown_until"


@dataclass(frozen=True, slots=True)
class Head:
    """A pupil at the head of a column or a row; `mark` is as short as it can be read.

    Addresses name them by `key`: an id also stands in the list of names at the pupils' own door.
    """

    id: str
    key: str
    name: str
    mark: str
    avatar: str | None


def show_names() -> None:
    """Lift the cover in this browser, for two minutes from now."""
    session[HELD] = (clock.now() + SHOWN_FOR).timestamp()


def cover_names() -> None:
    """Put it back at once; no concern opens either until the password is given again."""
    session.pop(HELD, None)
    here = the_adult()
    if here.stepped_up_at is not None:
        step_up(here.school_id, here.sign_in, None)


def seconds_shown() -> int:
    """For how much longer names stand open; 0 while they are covered."""
    left = session.get(HELD, 0) - clock.now().timestamp()
    # A clock that was set back must not leave them open for hours.
    return max(int(left), 0) if left <= SHOWN_FOR.total_seconds() else 0


def names_covered() -> bool:
    """Whether nothing about a child may stand on the page."""
    return seconds_shown() == 0


def heads_of(pupils: Sequence[PupilFacts]) -> list[Head]:
    """The pupils in the order of the page: by name, or, covered, as Pupil 1 to n, mixed."""
    secret, whose = bytes(current_app.config["SECRET_KEY"]), the_adult().sign_in
    # The same as long as this sign-in lasts, and nothing that can be worked out from names.
    keys = {one.id: ids.keyed_fingerprint(secret, "cover", whose, one.id)[:16] for one in pupils}
    if not names_covered():
        return [
            Head(one.id, keys[one.id], one.shown_name, _initials(one), one.avatar) for one in pupils
        ]
    mixed = sorted(keys, key=lambda one: keys[one])
    return [Head(one, keys[one], f"Pupil {n}", str(n), None) for n, one in enumerate(mixed, 1)]


def _initials(pupil: PupilFacts) -> str:
    return (pupil.given_name[:1] + pupil.family_name[:1]).upper()
