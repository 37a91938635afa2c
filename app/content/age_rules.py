"""Ages through time: which rule holds for a service on a day, and whether it is sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """From one day until another, which is no longer part of it; None is without an end."""

    begins: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        begun = self.begins is None or self.begins <= day
        return begun and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Looked:
    """When somebody looked at the source, whether it was confirmed, and when to look again."""

    source: str
    checked: date
    recheck: date
    verified: bool

    def sure_on(self, day: date) -> bool:
        """Whether it may be said as true and scored: confirmed, and not past its date."""
        return self.verified and day < self.recheck


@dataclass(frozen=True, slots=True)
class AgeRow:
    """What a service says for a time; None where there is no single age."""

    min_age: int | None
    note: str
    planned: int | None
    span: Span
    looked: Looked
    consent: str = "none"
    """What a parent has to do with it, in the register's word."""


@dataclass(frozen=True, slots=True)
class AgeLaw:
    """A law; without a first day it is announced or about something else, and changes no age."""

    id: str
    title: str
    min_age: int | None
    services: tuple[str, ...]
    span: Span
    looked: Looked
    announced: date | None = None
    expected: str = ""
    """When it is expected, as "2027-spring"."""
    exempt: tuple[str, ...] = ()
    responsible: str = ""
    """Who has to keep it."""

    def in_force(self, day: date) -> bool:
        """Whether it sets an age on that day."""
        return self.min_age is not None and self.span.begins is not None and self.span.holds(day)


@dataclass(frozen=True, slots=True)
class AgeRule:
    """A service with its rows in order of time, and every law that names it."""

    id: str
    service: str
    kind: str
    rows: tuple[AgeRow, ...]
    laws: tuple[AgeLaw, ...] = ()
    aliases: tuple[str, ...] = ()
    """What else people call it."""


@dataclass(frozen=True, slots=True)
class Pegi:
    """The numbers on the labels of games, and what they say."""

    ages: tuple[int, ...]
    looked: Looked
    meaning: str = ""
    law: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Films:
    """What the labels of films say, each in the register's words."""

    labels: Mapping[str, str]
    looked: Looked


@dataclass(frozen=True, slots=True)
class AgeFacts:
    """The register of ages: services by id, laws, and the numbers on labels."""

    rules: Mapping[str, AgeRule]
    laws: tuple[AgeLaw, ...] = ()
    pegi: Pegi | None = None
    films: Films | None = None


@dataclass(frozen=True, slots=True)
class RuleOfDay:
    """What holds for a service on one day: the service's own row and the laws in force."""

    rule: AgeRule
    row: AgeRow
    laws: tuple[AgeLaw, ...] = field(default=())

    @property
    def age(self) -> int | None:
        """The higher of the service's age and the law's."""
        own = () if self.row.min_age is None else (self.row.min_age,)
        return max((*own, *self._by_law), default=None)

    @property
    def by_law(self) -> bool:
        """Whether the age of the day is that of a law, above the service's own."""
        own = self.row.min_age
        return bool(self._by_law) and (own is None or max(self._by_law) > own)

    @property
    def _by_law(self) -> tuple[int, ...]:
        return tuple(law.min_age for law in self.laws if law.min_age is not None)

    @property
    def _looked(self) -> tuple[Looked, ...]:
        return (self.row.looked, *(law.looked for law in self.laws))

    @property
    def checked(self) -> date:
        """The day since when all of it was looked at."""
        return min(looked.checked for looked in self._looked)

    @property
    def recheck(self) -> date:
        """The day on which the first part of it is to be looked at again."""
        return min(looked.recheck for looked in self._looked)

    @property
    def verified(self) -> bool:
        """Whether all of it was confirmed."""
        return all(looked.verified for looked in self._looked)

    @property
    def source(self) -> str:
        """Where all of it is read."""
        return "; ".join(looked.source for looked in self._looked)

    def sure_age(self, day: date) -> int | None:
        """The age, if it may be said as true on that day; never an unconfirmed or stale one."""
        return self.age if all(looked.sure_on(day) for looked in self._looked) else None


def rule_of_day(rule: AgeRule, day: date) -> RuleOfDay | None:
    """The rule of a service that is in force on a day; None on a day that no row covers."""
    row = next((row for row in rule.rows if row.span.holds(day)), None)
    if row is None:
        return None
    return RuleOfDay(rule, row, tuple(law for law in rule.laws if law.in_force(day)))


def sure_age(rule: AgeRule, day: date) -> int | None:
    """The age of a service that may be said as true on a day."""
    found = rule_of_day(rule, day)
    return None if found is None else found.sure_age(day)


def planned_ages(rule: AgeRule, day: date) -> frozenset[int]:
    """Ages that are announced for a service and not in force: nobody is scored on those."""
    found = rule_of_day(rule, day)
    said = [law.min_age for law in rule.laws if not law.in_force(day)]
    if found is not None:
        said.append(found.row.planned)
    return frozenset(age for age in said if age is not None)


def in_words(age: int) -> str:
    """An age as pupils read it."""
    return f"{age} or older"
