"""The ages of the register as the adults see them who look after it."""

from __future__ import annotations

from collections.abc import Iterable

from app.base import clock
from app.content.fact_checks import FactToCheck, age_facts
from app.people.rights import May, reach
from app.people.rules import Role
from app.web.parts import catalogue


def facts_for(roles: Iterable[Role]) -> list[FactToCheck]:
    """Every age with its dates today; nothing for those who do not look after them."""
    if not reach(roles, May.CHECK_FACTS):
        return []
    return age_facts(catalogue().age_facts, clock.local(clock.now()).date())
