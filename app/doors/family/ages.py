"""Is my child old enough? The whole register, for a child of one age on this day."""

from __future__ import annotations

from flask import request

from app.content.age_search import find
from app.content.age_verdicts import law_notices, verdict_on
from app.doors.family.door import door, family_page, today
from app.people.rights import May
from app.people.rules import YEAR_GROUPS, tidy
from app.web.parts import catalogue

YOUNGEST = 4
OLDEST = YOUNGEST + len(YEAR_GROUPS)
"""The ages of a primary school's children; what any of them may do stands in the register."""
AT_FIRST = (YOUNGEST + OLDEST + 3) // 2
LONGEST = 60


@door.opens("/families/ages", may=May.READ_FAMILY_PAGES)
def ages() -> str:
    """The verdicts; the address holds an age and a name of an app, and nothing of a child."""
    facts, day, child = catalogue().age_facts, today(), _age()
    asked = tidy(request.args.get("q", ""))[:LONGEST]
    names = {rule.id: rule.service for rule in facts.rules.values()}
    return family_page(
        "family/ages",
        child=child,
        younger=child - 1 if child > YOUNGEST else None,
        older=child + 1 if child < OLDEST else None,
        asked=asked,
        said=[verdict_on(rule, child, day) for rule in find(facts.rules.values(), asked)],
        laws=law_notices(facts.laws, names, day),
        rules_only=next((one for one in facts.laws if one.id == "not-a-crime"), None),
        labels=facts,
        day=day,
    )


def _age() -> int:
    """The age in the address, brought into a primary school; a middling one where there is none."""
    given = request.args.get("age", AT_FIRST, type=int)
    return max(YOUNGEST, min(OLDEST, given))
