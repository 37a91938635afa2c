"""Two schools in the middle of a morning, and how a browser of anybody in them is had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.people.rules import GRANTABLE, Role
from tests.contracts.kept import Kept

MONDAY_AT_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
ROLES = (Role.NOBODY, Role.FAMILY, Role.PUPIL, *GRANTABLE, Role.TRUST_LEAD)
"""Everybody who can come, and the trust lead, whom no page can add yet."""
A_LITTLE = timedelta(seconds=30)
"""By so much the first school is the older one: a telling from nowhere goes to it."""
PASSWORD = "three red kettles"
LESSON, QUIZ = "t-79", "t-79-block-it"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

DOOR = "at the door"
"""Nobody yet, on a device that holds the class's pass and has asked to be let in."""
LET_IN = "let in"
"""Nobody yet, on a device whose asking the teacher has answered with yes."""
DONE = "done"
"""A pupil who has finished the lesson and the quiz, and waits before My notes with a yes."""
BACK = "back again"
"""The DSL, whose sign-in had ended in the middle of a form, signed in anew."""
HALF = "half signed in"
"""The DSL between the password and the code: nobody yet."""
EVERYBODY_HERE = (*ROLES, DOOR, LET_IN, DONE, BACK, HALF)
NO_VERBS = {"HEAD", "OPTIONS"}
TOKENS_OPEN = {"pupil.card", "teacher.join", "family.come_in"}
"""Whoever holds such a link is the one it was made for: it names no school and needs no sign-in."""
SAME_EVERYWHERE = {"lesson_id", "quiz_id", "number"}


@dataclass
class Life:
    """What is going on in one school: the ids of all that an address can name."""

    id: str
    mark: str
    """Stands in the name of every person, class and password of this school."""
    email: str
    """The DSL's, to sign in with."""
    adults: dict[str, str] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    pupils: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """By the name of a path parameter (and, where it matters, its endpoint): an id that is here."""
    pictures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By pupil: the three to press."""
    words: str = ""
    """What the child told."""
    cookies: dict[str, str] = field(default_factory=dict)
    """By who: the browser's cookie."""
    family_code: str = ""
    """The cookie of a phone that holds the code of its families."""
    form_tokens: dict[str, str] = field(default_factory=dict)
    """By who: the token that every form of that browser carries."""


class Try(NamedTuple):
    """Somebody of the first school asks for a page by the ids of a school."""

    rule: Rule
    method: str
    who: str
    life: Life


@dataclass
class World:
    """The app with both schools in it."""

    app: Flask
    here: Life
    there: Life
    kept: Kept

    def browser(self, who: str, life: Life | None = None) -> FlaskClient:
        """A browser of somebody: a role, or one of the other pupils; fresh, whatever went on."""
        browser = self.app.test_client()
        life = life or self.here
        browser.set_cookie("catkin", life.cookies[who])
        if who == Role.FAMILY:
            # To every page, as no browser would send it: a page must not open for it all the same.
            browser.set_cookie("catkin-family", life.family_code)
        return browser

    def address(self, rule: Rule, life: Life) -> str:
        """A rule's address with ids of this school."""
        named = {
            name: life.named.get(f"{rule.endpoint} {name}") or life.named[name]
            for name in rule.arguments
        }
        _, path = rule.build(named)  # type: ignore[misc]
        return str(path)

    def rules(self) -> list[Rule]:
        """Every route but the files of static/."""
        rules = (rule for rule in self.app.url_map.iter_rules() if rule.endpoint != "static")
        return sorted(rules, key=lambda rule: str(rule.endpoint))

    def tries(self) -> Iterator[Try]:
        """Every route by every method as each role: at what is here, and at what is there."""
        for rule in self.rules():
            for method in methods_of(rule):
                yield from (Try(rule, method, who, self.here) for who in ROLES)
                if asks_for_something_of_a_school(rule):
                    yield from (Try(rule, method, who, self.there) for who in EVERYBODY_HERE)


def methods_of(rule: Rule) -> list[str]:
    """The methods that a route is made for."""
    return sorted((rule.methods or set()) - NO_VERBS)


def asks_for_something_of_a_school(rule: Rule) -> bool:
    """Whether the address names a thing of one school."""
    return bool(set(rule.arguments) - SAME_EVERYWHERE) and rule.endpoint not in TOKENS_OPEN


@contextmanager
def in_the_morning() -> Iterator[None]:
    """Monday, ten o'clock, and it stays ten o'clock."""
    with time_machine.travel(MONDAY_AT_TEN, tick=False):
        yield
