"""Whom the team calls outside the school: about an adult, or where too few are left inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.content.helplines import lines_for
from app.people.queries.schools import SchoolFacts
from app.web.help_lines import Shown, shown_of
from app.web.parts import catalogue

OFFICER = "lado"
ENGLAND = "England"
LINES = ("nspcc", "whistleblowing")
"""Those that a page shows are the ones whose number was seen in a source."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Whom to call: the area's officer by the name it has there, the school's own note, lines."""

    who: str
    procedures: str
    own: str | None
    lines: list[Shown]
    by: str | None
    """Who wrote that note, and when."""
    at: datetime | None


def outside_of(school: SchoolFacts) -> Outside:
    """What the card says in this school's nation."""
    found = lines_for(catalogue().helplines.values(), "staff", school.nation)
    lines = [shown_of(line) for name in LINES for line in found if line.id == name]
    if school.nation == ENGLAND:
        who, procedures = catalogue().helplines[OFFICER].name, ""
    else:
        who = "Children’s social services of your area"
        procedures = f"{school.nation} has its own procedures: your safeguarding policy names them."
    return Outside(who, procedures, school.referral, lines, school.referral_by, school.referral_at)
