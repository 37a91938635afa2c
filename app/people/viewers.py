"""Who is signed in on this request, as the doors need to know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.people.rights import May, Reach, reach
from app.people.rules import Band, Role, band_of


@dataclass(frozen=True, slots=True)
class PupilHere:
    """A pupil who is signed in."""

    sign_in: str
    """Fingerprint of the sign-in row."""
    school_id: str
    id: str
    shown_name: str
    avatar: str
    class_id: str
    class_name: str
    years: str
    seen_at: datetime
    notes_until: datetime | None
    vouched_by: str | None
    """The adult who drew the pictures, made the card or said yes by which this pupil came in."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """A pupil is a pupil."""
        return (Role.PUPIL,)

    @property
    def band(self) -> Band:
        """The band whose lessons this pupil sees."""
        return band_of(self.years.split(","))


@dataclass(frozen=True, slots=True)
class StaffHere:
    """An adult who is signed in, with the roles held at this moment."""

    sign_in: str
    school_id: str
    id: str
    name: str
    known_as: str
    roles: tuple[Role, ...]
    seen_at: datetime
    stepped_up_at: datetime | None
    """When the password was last confirmed on this sign-in."""
    bound: str | None = None
    """Where this sign-in belongs; None until its first request."""
    red_waits: bool = False
    """Whether word in red waits for this adult to say that it was seen."""
    second_step_at: datetime | None = None
    """When a code was last given on this sign-in; no concern opens without."""
    began_at: datetime | None = None
    """When the password was given; None for an adult whom Catkin itself asks for."""
    behind: str | None = None
    """Who made the link by which this adult came in, until another has said that it is them."""
    links_wait: bool = False
    """Whether somebody came in by a link of others for which nobody has given their word yet."""

    @property
    def eyes(self) -> frozenset[str]:
        """Whose eyes these could be: what is kept from any of them is kept from this adult."""
        return frozenset(one for one in (self.id, self.behind) if one is not None)

    @property
    def sees_concerns(self) -> bool:
        """Whether this adult sees every concern but those about them."""
        return self.reach(May.READ_CONCERNS) is Reach.WHOLE_SCHOOL

    def may(self, may: May) -> bool:
        """Whether this adult may do this at all."""
        return bool(self.reach(may))

    def reach(self, may: May) -> Reach:
        """How far this adult may do this."""
        return reach(self.roles, may)
