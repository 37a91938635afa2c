"""The pretend school as its file describes it: staff, classes, and what children told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from app.demo.terms import Holiday
from app.people.actions.schools import NewSchool
from app.people.names import FullName
from app.people.rules import Role

FILE = Path(__file__).parent / "school.yaml"


@dataclass(frozen=True, slots=True)
class PlannedAdult:
    """Somebody of the staff; `sees` is for the page of sign-ins."""

    key: str
    name: str
    known_as: str
    email: str
    roles: tuple[Role, ...]
    sees: str


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class, its pupils, and how it learns; pupils are named by their place, from 1."""

    name: str
    years: tuple[str, ...]
    teacher: str
    pupils: tuple[FullName, ...]
    lessons: int
    careful: float
    leans: frozenset[str]
    ahead: frozenset[int]
    away: frozenset[int]
    new: frozenset[int]


@dataclass(frozen=True, slots=True)
class PlannedConcern:
    """What a child told, and what followed."""

    class_name: str
    pupil: int | None
    ago: int
    at: time
    happened: tuple[str, ...]
    feelings: tuple[str, ...]
    words: str
    to: tuple[str, ...]
    about: tuple[str, ...]
    then: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it."""

    school: NewSchool
    seed: int
    holidays: tuple[Holiday, ...]
    staff: tuple[PlannedAdult, ...]
    classes: tuple[PlannedClass, ...]
    concerns: tuple[PlannedConcern, ...]


def read_plan(pupils: int) -> Plan:
    """The school with so many pupils: the classes of the file, and further ones after them."""
    given = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    starts, ends = (_clock(text) for text in given["day"])
    domain = given["name"].split()[0].lower() + ".example"
    return Plan(
        school=NewSchool(given["name"], given["nation"], starts, ends, given["read_within"]),
        seed=given["seed"],
        holidays=tuple((first, last) for first, last in given["holidays"]),
        staff=tuple(_adult(one, domain) for one in given["staff"]),
        classes=tuple(_classes(given, pupils)),
        concerns=tuple(_concern(one) for one in given["concerns"]),
    )


def _clock(text: str) -> time:
    hours, minutes = map(int, text.split(":"))
    return time(hours, minutes)


def _adult(given: Mapping[str, Any], domain: str) -> PlannedAdult:
    return PlannedAdult(
        key=given["key"],
        name=given["name"],
        known_as=given["known_as"],
        email=f"{given['name'].split()[0].lower()}@{domain}",
        roles=tuple(Role(role) for role in given["roles"]),
        sees=given["sees"],
    )


def _classes(given: Mapping[str, Any], pupils: int) -> Iterator[PlannedClass]:
    """As many classes as hold the pupils; further ones learn as the class before them does."""
    described = given["classes"]
    size = len(described[0]["pupils"].splitlines())
    names = [_name(line) for one in described for line in one["pupils"].splitlines()]
    for number, one in enumerate([*described, *given["further"]]):
        left = pupils - number * size
        if left <= 0:
            return
        like = one if number < len(described) else described[number % len(described)]
        mixed = one["pupils"].splitlines() if "pupils" in one else None
        whole = [_name(line) for line in mixed] if mixed else _mix(names, size, seed=number)
        yield _class({**like, **one}, whole[:left])


def _class(given: Mapping[str, Any], pupils: list[FullName]) -> PlannedClass:
    return PlannedClass(
        name=given["name"],
        years=tuple(given["years"]),
        teacher=given["teacher"],
        pupils=tuple(pupils),
        lessons=given["lessons"],
        careful=given["careful"],
        leans=frozenset(given["leans"]),
        ahead=frozenset(given["ahead"]),
        away=frozenset(given["away"]),
        new=frozenset(given["new"]),
    )


def _name(line: str) -> FullName:
    given, _, family = line.partition(" ")
    return FullName(given, family)


def _mix(names: list[FullName], how_many: int, *, seed: int) -> list[FullName]:
    """First names and family names that stand together in no other class."""
    chance = Random(seed)  # noqa: S311  # a pretend school is no secret
    firsts = chance.sample(sorted({name.given for name in names}), how_many)
    families = chance.sample(sorted({name.family for name in names}), how_many)
    pairs = zip(sorted(firsts), families, strict=True)
    return [FullName(given, family) for given, family in pairs]


def _concern(given: Mapping[str, Any]) -> PlannedConcern:
    return PlannedConcern(
        class_name=given["class"],
        pupil=given.get("pupil"),
        ago=given["ago"],
        at=_clock(given["at"]),
        happened=tuple(given["happened"]),
        feelings=tuple(given["feelings"]),
        words=given["words"],
        to=tuple(given.get("to", ())),
        about=tuple(given.get("about", ())),
        then=tuple(given.get("then", ())),
    )
