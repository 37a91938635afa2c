"""Who is who in a school, what each may do, and when a class is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """Everybody Catkin knows; a closed list, in the school's words."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    TEACHING_ASSISTANT = "teaching assistant"
    COVER = "cover"
    DSL = "DSL"
    DEPUTY = "deputy"
    HEAD = "head"
    CHAIR = "chair of governors"
    OFFICE = "office"
    TECHNICIAN = "technician"
    FAMILY = "family"
    TRUST_LEAD = "trust lead"
    NOBODY = "nobody"


GRANTABLE = (
    Role.TEACHER,
    Role.TEACHING_ASSISTANT,
    Role.COVER,
    Role.DSL,
    Role.DEPUTY,
    Role.HEAD,
    Role.CHAIR,
    Role.OFFICE,
    Role.TECHNICIAN,
)
"""The roles that a page can give an adult."""
SAFEGUARDING_TEAM = (Role.DSL, Role.DEPUTY, Role.HEAD, Role.CHAIR)
"""The roles that see concerns, in the order in which a concern looks for its next adult."""
OUTSIDE_THE_STAFF = frozenset({Role.CHAIR})
ENOUGH = 3
"""So many adults must see concerns: two remain when it is about one."""

NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
YEAR_GROUPS = ("R", "1", "2", "3", "4", "5", "6")
Band = Literal["5-7", "7-9", "9-11"]
BAND_OF_YEAR: dict[str, Band] = {
    "R": "5-7",
    "1": "5-7",
    "2": "5-7",
    "3": "7-9",
    "4": "7-9",
    "5": "9-11",
    "6": "9-11",
}

IDLE = {"pupil": timedelta(minutes=10), "staff": timedelta(minutes=15)}
"""How long a sign-in lasts with nobody touching it."""
LONGEST = timedelta(hours=12)
"""How long an adult's sign-in lasts however often it is touched; a pupil's ends with the day."""
INVITATION_LASTS = timedelta(days=7)


def sees_concerns(roles: Iterable[Role]) -> bool:
    """Whether these roles belong to the safeguarding team: a concern goes to every one of it."""
    return any(role in SAFEGUARDING_TEAM for role in roles)


def asks_for_second_step(roles: Iterable[Role], *, is_set_up: bool) -> bool:
    """Whether a password alone is half a sign-in: for the team always, for others once set up."""
    return is_set_up or sees_concerns(roles)


def fault_of_roles(roles: Iterable[Role]) -> str | None:
    """Why nobody can hold these roles together; None where an adult can."""
    held = set(roles)
    if not held:
        return "Choose at least one role."
    if held & OUTSIDE_THE_STAFF and held - OUTSIDE_THE_STAFF:
        return "The chair of governors is not on the staff. Choose that role alone, or others."
    return None


@dataclass(frozen=True, slots=True)
class Adult:
    """A member of staff or a governor, as the rules need to know one."""

    id: str
    name: str
    known_as: str
    email: str
    roles: tuple[Role, ...]
    signed_in_once: bool
    behind: str | None = None
    """Who made the link by which this adult comes in, until another has said that it is them."""
    shut_out: bool = False
    """Whether a link was made that ended every way in from before, and nobody has used it yet."""

    @property
    def waits(self) -> bool:
        """Whether another of the team must still say that it is them."""
        return self.behind is not None

    @property
    def sees_concerns(self) -> bool:
        """Whether this adult belongs to the safeguarding team."""
        return sees_concerns(self.roles)


@dataclass(frozen=True, slots=True)
class TeamState:
    """Whether enough adults can see concerns, and why not."""

    ready: tuple[Adult, ...]
    """Those of the team who have signed in at least once."""

    @property
    def sure(self) -> tuple[Adult, ...]:
        """Those who count: nobody must still say that it is them, and they can come in."""
        return tuple(a for a in self.ready if not (a.waits or a.shut_out))

    @property
    def outside(self) -> bool:
        """Whether one of them is from outside the staff."""
        return one_outside(self.sure)

    @property
    def safe(self) -> bool:
        """Three who count, one outside the staff: two remain when it is about one."""
        return len(self.sure) >= ENOUGH and self.outside

    @property
    def lacks(self) -> bool:
        """Whether it would not be safe either if all counted: then somebody must be added."""
        return len(self.ready) < ENOUGH or not one_outside(self.ready)

    @property
    def awaited(self) -> tuple[str, ...]:
        """What must happen before the others count, in sentences."""
        return tuple(self._awaited(a) for a in self.ready if a not in self.sure)

    def _awaited(self, adult: Adult) -> str:
        if adult.behind is None or adult.shut_out:
            return f"{adult.name} must come in by the new link."
        able = who_can_confirm(self.ready, adult.id, adult.behind)
        who = " or ".join(one.name for one in able) or "Another of the team"
        return f"{who} must confirm on Today that it is {adult.name}."


def one_outside(adults: Iterable[Adult]) -> bool:
    """Whether one of these is from outside the staff."""
    return any(role in OUTSIDE_THE_STAFF for adult in adults for role in adult.roles)


def team_state(adults: Iterable[Adult]) -> TeamState:
    """The safeguarding team: only those who have signed in at least once."""
    return TeamState(tuple(a for a in adults if a.sees_concerns and a.signed_in_once))


def in_order(adults: Iterable[Adult]) -> list[Adult]:
    """The team in the order a concern asks for its next adult."""

    def place(adult: Adult) -> tuple[int, str]:
        ranks = [SAFEGUARDING_TEAM.index(r) for r in adult.roles if r in SAFEGUARDING_TEAM]
        return (min(ranks), adult.name)

    return sorted((a for a in adults if a.sees_concerns), key=place)


def ready_but_for(adults: Iterable[Adult], *these: str) -> list[Adult]:
    """The team without these, in its order: only those who have signed in."""
    return in_order(a for a in adults if a.signed_in_once and a.id not in these)


def who_can_confirm(adults: Iterable[Adult], staff_id: str, maker_id: str) -> list[Adult]:
    """Who can say that somebody is themselves: a third, for whom nobody must still say so."""
    return [a for a in ready_but_for(adults, staff_id, maker_id) if not a.waits]


def next_listed(adults: Iterable[Adult], about: Iterable[str]) -> Adult | None:
    """The next listed adult whom the concern is not about."""
    named = set(about)
    return next((a for a in in_order(adults) if a.id not in named), None)


def band_of(year_groups: Sequence[str]) -> Band:
    """The band a class learns in: that of its youngest year."""
    youngest = min(year_groups, key=YEAR_GROUPS.index)
    return BAND_OF_YEAR[youngest]


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """When school starts and ends, on the school's wall clock."""

    starts: time
    ends: time


def class_is_open(
    day: SchoolDay,
    here: datetime,
    *,
    opened: datetime | None = None,
    all_out: datetime | None = None,
) -> bool:
    """Whether a class is open at `here`; all three moments on the school's wall clock.

    In school hours (Monday to Friday), or once its teacher opens it until the end of that day;
    "All out" closes it until its teacher opens it again or the next day begins.
    """
    opened_today = opened is not None and opened.date() == here.date()
    out_today = all_out is not None and all_out.date() == here.date()
    if out_today:
        return opened_today and opened > all_out  # type: ignore[operator]
    if opened_today:
        return True
    return here.weekday() < 5 and day.starts <= here.time() < day.ends


ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
"""How an e-mail address looks, as far as it matters."""
SPACES = re.compile(r"\s+")
NO_CHARACTERS = r"\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
"""What Unicode will never make a character; no page may hold one. For a class in a pattern."""
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    f"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f{NO_CHARACTERS}]"
)
"""Control, zero-width and direction-changing characters: never part of a name or an address."""


def tidy(text: str) -> str:
    """One line as people meant it: no hidden characters, single spaces."""
    return SPACES.sub(" ", HIDDEN.sub("", text)).strip()
