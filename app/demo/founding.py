"""The school is founded, its adults join and its classes fill, as the office would do it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from app.base import clock, ids
from app.base.keys import keys_here
from app.base.past import living_at
from app.demo.plan import Plan, PlannedAdult, PlannedClass
from app.people import passwords
from app.people.actions import (
    classes,
    notices,
    pupils,
    sign_ins,
    slips_and_cards,
    staff,
    word,
)
from app.people.actions.classes import ClassDetails
from app.people.actions.schools import FirstAccount, found_school
from app.people.actions.staff import Details
from app.people.codes import WORDS
from app.people.pictures import HOW_MANY, PICTURES, kept_form
from app.people.queries import pupils as known_pupils
from app.people.queries.staff import adults, team_notices
from app.people.rules import who_can_confirm
from app.safeguarding.actions import make_school_key

MORNING, NOON = time(8, 10), time(12, 20)


@dataclass(frozen=True, slots=True)
class Filled:
    """A class with its pupils' ids in the order of the plan, and the pictures of each."""

    id: str
    plan: PlannedClass
    pupils: tuple[str, ...]
    joined: tuple[date, ...]
    """From which day on each of them has been here."""
    pictures: dict[str, tuple[str, ...]]


@dataclass
class Founded:
    """The school so far; adults by their key in the plan."""

    id: str
    adults: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    classes: list[Filled] = field(default_factory=list)


def found(plan: Plan, days: list[date]) -> Founded:
    """The school with its adults and classes, on the first of these days."""
    here = Founded(ids.new_id())
    chance = Random(plan.seed)  # noqa: S311  # a pretend school is no secret
    with living_at(clock.at(days[0], MORNING)):
        make_school_key(here.id)
        _adults(here, plan, clock.now())
    newcomers = days[-max(1, len(days) // 6)]
    for one in plan.classes:
        here.classes.append(_fill(here, one, (days[0], newcomers), chance))
    with living_at(clock.at(days[0], NOON)):
        _put_away_word(here)
    return here


def _adults(here: Founded, plan: Plan, moment: datetime) -> None:
    """The first one founds the school and asks the others in; all of them join."""
    first, *others = plan.staff
    for adult in plan.staff:
        here.passwords[adult.key] = " ".join(secrets.choice(WORDS) for _ in range(3))
    account = FirstAccount(
        first.name, first.known_as, first.email, password=here.passwords[first.key]
    )
    here.adults[first.key] = found_school(here.id, plan.school, account)
    for adult in others:
        here.adults[adult.key] = _join(here, adult, here.adults[first.key], moment)


def _put_away_word(here: Founded) -> None:
    for staff_id in here.adults.values():
        for notice in team_notices(here.id, staff_id):
            notices.see_team_notice(here.id, staff_id, notice.id)


def _join(here: Founded, adult: PlannedAdult, by: str, moment: datetime) -> str:
    details = Details(adult.name, adult.known_as, adult.email)
    link = staff.add_adult(here.id, by, details, roles=adult.roles)
    kept = passwords.keep(here.passwords[adult.key])
    sign_ins.join(here.id, link.fingerprint, kept, moment, second_step=True)
    if any(one.id == link.staff_id and one.waits for one in adults(here.id)):
        third = who_can_confirm(adults(here.id), link.staff_id, by)[0]
        word.confirm(here.id, third.id, link.fingerprint)
    return link.staff_id


def _fill(here: Founded, plan: PlannedClass, since: tuple[date, date], chance: Random) -> Filled:
    """The class list, and some pupils who came later; their teacher draws everybody's pictures."""
    teacher = here.adults[plan.teacher]
    first, later = since
    with living_at(clock.at(first, MORNING)):
        details = ClassDetails(plan.name, plan.years, (teacher,))
        class_id = classes.add_class(here.id, details, by=next(iter(here.adults.values())))
    places = list(enumerate(plan.pupils, 1))
    early = [name for place, name in places if place not in plan.new]
    late = [name for place, name in places if place in plan.new]
    for day, names in ((first, early), (later, late)):
        with living_at(clock.at(day, NOON)):
            pupils.add_pupils(here.id, class_id, names)
    coming = known_pupils.in_order_of_coming(here.id, class_id)
    by_name = {name: pupil_id for pupil_id, name in coming}
    in_order = tuple(by_name[name] for name in plan.pupils)
    pictures = {one: tuple(chance.sample(PICTURES, HOW_MANY)) for one in in_order}
    key = keys_here().read("pictures")
    forms = {one: kept_form(key, here.id, one, three) for one, three in pictures.items()}
    slips_and_cards.keep_pictures(here.id, forms, by=teacher)
    joined = tuple(later if place in plan.new else first for place, _ in places)
    return Filled(class_id, plan, in_order, joined, pictures)
