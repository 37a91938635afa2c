"""Who may do what: one table, of which both the yes at a door and the reach of a query are made.

A family is nobody who holds its school's code, and so comes in wherever nobody does. The trust
lead reads what is everybody's, and nothing of a child or of a school's people; no page grants
that role yet. Cover is granted for a day or some, and taken away by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum, auto
from typing import Final

from app.people.rules import SAFEGUARDING_TEAM, Adult, Role


class May(Enum):
    """What can be done in Catkin; every page names one of these."""

    READ_ANYWHERE = auto()
    """The pages that are everybody's, and their settings."""
    SIGN_IN = auto()
    """Sign-in pages, links and cards; and signing out."""
    SET_UP = auto()
    """The first school of an installation that has none."""
    TELL = auto()
    """Tell a grown-up; never refused."""
    LEARN = auto()
    """Lessons, quizzes, and what came of them."""
    READ_NOTES = auto()
    """What became of one's own tellings."""
    ADD_TO_A_TELLING = auto()
    """With a receipt that the device holds: a child whose sign-in ended in the middle of a sentence
    may still send it."""
    ENTER_FAMILY_CODE = auto()
    """Pupils have pages of their own."""
    READ_FAMILY_PAGES = auto()
    VOTE = auto()
    """On a phone in a hall of adults: where a pupil is signed in, it is no page."""
    WORK_HERE = auto()
    """Today, and what belongs to one's own sign-in."""
    TEACH = auto()
    """The classes one works with, and the lessons to teach them."""
    HOST_WORKSHOPS = auto()
    SEE_CLASS = auto()
    """Its page, and how it gets on."""
    OPEN_CLASS = auto()
    """Open and close a class, let a pupil in, end a card."""
    PRINT_SLIPS = auto()
    """Pictures and cards: who makes them could come in as the pupil."""
    HAVE_CLASSES = auto()
    """Be one of the adults of a class."""
    KEEP_PUPILS = auto()
    """The list of a class: its pupils, their names, and who moves or leaves."""
    KEEP_CLASSES = auto()
    """Which there are, and which adults work with them."""
    KEEP_FAMILY_CODE = auto()
    KEEP_PEOPLE = auto()
    """The list of adults."""
    GRANT = auto()
    """Give or take a role that sees no concerns, and change the account of such an adult."""
    GRANT_CONCERNS = auto()
    """The same for a role that sees them."""
    CONFIRM_ADULTS = auto()
    """Say that whoever came in by another's link is the adult for whom it was made."""
    READ_CONCERNS = auto()
    """Any adult may be chosen by a child, and then reads that one."""
    WORK_CONCERNS = auto()
    """Note, answer, speak with somebody."""
    DECIDE_CONCERNS = auto()
    """Share, close and open again."""
    ERASE_CONCERNS = auto()
    """How long they are kept, holds, and erasing by two."""
    PROVE_RECORD = auto()
    """Whether telling works, and that nobody has altered what was told."""
    AGREE_TO_RECOVERY_KEY = auto()
    PRINT_RECOVERY_KEY = auto()
    CHECK_FACTS = auto()
    SEE_HEALTH = auto()
    """How the machine and the school stand; nothing of a child."""


class Reach(IntEnum):
    """How far a right goes; whoever holds several roles has the farthest of them."""

    NOTHING = 0
    COMMON = 1
    """What names no child and no concern."""
    OWN = 2
    """What they did themselves, and what was sent to or shared with them."""
    OWN_CLASSES = 3
    WHOLE_SCHOOL = 4


___, COM, OWN, CLS, ALL = Reach

# fmt: off
_ROWS: Final = {
    #                           pup  tea  ass  cov  DSL  dep  head cha  off  tec  fam  trust nobody
    May.READ_ANYWHERE:         (COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, COM, COM),
    May.SIGN_IN:               (COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, COM, COM),
    May.SET_UP:                (COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, COM, COM),
    May.TELL:                  (COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, COM, COM),
    May.LEARN:                 (OWN, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___),
    May.READ_NOTES:            (OWN, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___),
    May.ADD_TO_A_TELLING:      (OWN, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, ___, OWN),
    May.ENTER_FAMILY_CODE:     (___, COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, COM),
    May.READ_FAMILY_PAGES:     (___, COM, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, ___),
    May.VOTE:                  (___, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, ___, COM),
    May.WORK_HERE:             (___, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, ___, ___, ___),
    May.TEACH:                 (___, CLS, CLS, CLS, CLS, CLS, CLS, CLS, CLS, CLS, ___, ___, ___),
    May.HOST_WORKSHOPS:        (___, COM, COM, COM, COM, COM, COM, COM, COM, COM, ___, ___, ___),
    May.SEE_CLASS:             (___, CLS, CLS, CLS, ALL, ALL, ALL, ALL, ALL, CLS, ___, ___, ___),
    May.OPEN_CLASS:            (___, CLS, CLS, CLS, ALL, ALL, ALL, ALL, ALL, CLS, ___, ___, ___),
    May.PRINT_SLIPS:           (___, CLS, CLS, CLS, ALL, ALL, ALL, ALL, CLS, CLS, ___, ___, ___),
    May.HAVE_CLASSES:          (___, CLS, CLS, CLS, CLS, CLS, CLS, ___, ___, ___, ___, ___, ___),
    May.KEEP_PUPILS:           (___, CLS, ___, ___, ALL, ALL, ALL, ALL, ALL, ___, ___, ___, ___),
    May.KEEP_CLASSES:          (___, ___, ___, ___, ALL, ALL, ALL, ALL, ALL, ___, ___, ___, ___),
    May.KEEP_FAMILY_CODE:      (___, ___, ___, ___, ALL, ALL, ALL, ALL, ALL, ___, ___, ___, ___),
    May.KEEP_PEOPLE:           (___, ___, ___, ___, ALL, ALL, ALL, ALL, ALL, ___, ___, ___, ___),
    May.GRANT:                 (___, ___, ___, ___, ALL, ALL, ALL, ___, ALL, ___, ___, ___, ___),
    May.GRANT_CONCERNS:        (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.CONFIRM_ADULTS:        (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.READ_CONCERNS:         (___, OWN, OWN, OWN, ALL, ALL, ALL, ALL, OWN, OWN, ___, ___, ___),
    May.WORK_CONCERNS:         (___, OWN, OWN, OWN, ALL, ALL, ALL, ALL, OWN, OWN, ___, ___, ___),
    May.DECIDE_CONCERNS:       (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.ERASE_CONCERNS:        (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.PROVE_RECORD:          (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.AGREE_TO_RECOVERY_KEY: (___, ___, ___, ___, ALL, ALL, ALL, ALL, ___, ___, ___, ___, ___),
    May.PRINT_RECOVERY_KEY:    (___, ___, ___, ___, ALL, ___, ALL, ___, ___, ___, ___, ___, ___),
    May.CHECK_FACTS:           (___, ___, ___, ___, COM, ___, COM, ___, COM, COM, ___, ___, ___),
    May.SEE_HEALTH:            (___, ___, ___, ___, COM, COM, COM, COM, COM, COM, ___, ___, ___),
}
# fmt: on

TABLE: Final = {may: dict(zip(Role, row, strict=True)) for may, row in _ROWS.items()}


def who(may: May) -> frozenset[Role]:
    """The roles that may do this, however far."""
    return frozenset(role for role, far in TABLE[may].items() if far)


def reach(roles: Iterable[Role], may: May) -> Reach:
    """How far these roles may do this."""
    return max((TABLE[may][role] for role in roles), default=Reach.NOTHING)


def may_grant(granter: Iterable[Role], role: Role) -> bool:
    """Only someone who may let others see concerns gives or takes a role that does."""
    return bool(reach(granter, _to_grant([role])))


def may_change(changer: Iterable[Role], current_roles: Iterable[Role]) -> bool:
    """Who may change an adult's account or end it: for the team, the team alone."""
    return bool(reach(changer, _to_grant(current_roles)))


def may_renew(renewer: Iterable[Role], adult: Adult) -> bool:
    """Who may make a link for an adult or change the e-mail address, and so could become them.

    Once the adult has joined, what children told that adult lies behind it: then the team alone.
    """
    held = tuple(renewer)
    over_all = bool(reach(held, May.GRANT_CONCERNS))
    return may_change(held, adult.roles) and (not adult.signed_in_once or over_all)


def _to_grant(roles: Iterable[Role]) -> May:
    sees = not set(roles).isdisjoint(SAFEGUARDING_TEAM)
    return May.GRANT_CONCERNS if sees else May.GRANT
