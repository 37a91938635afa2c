"""`school add` and `school list`: further schools on one Catkin; pages set up only the first."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from datetime import datetime, time

from app.base import clock, ids
from app.base.demo_mark import is_demo
from app.base.errors import CannotStart, Refused
from app.cli.keys import keys_folder, open_stores
from app.cli.words import count
from app.config import Settings
from app.people.actions.schools import NewSchool, add_school
from app.people.actions.staff import Details
from app.people.queries import classes, schools, staff
from app.people.rules import ADDRESS, tidy
from app.safeguarding.actions.keep_keys import forget_unused_key, make_school_key

ONE_OF_A_KIND = "The demo has one school. Give DATA_DIR of another folder."


def add(settings: Settings, asked: Namespace) -> int:
    """Make a school with its keys, as set-up does, and print its first adult's one-time link."""
    data = settings.data_dir
    keys = keys_folder(settings)
    if is_demo(data):
        raise CannotStart(ONE_OF_A_KIND)
    school, first = _school(asked), _first(asked)
    school_id = ids.new_id()
    with open_stores(data, keys):
        # The key first: a school without one could not take a child's words.
        make_school_key(school_id)
        try:
            link = add_school(school_id, school, first)
        except Refused as problem:
            forget_unused_key(school_id)
            raise CannotStart(f"{problem} No school was made.") from None
    where = f"{_on_this_computer(settings)}/staff/join/{link.token}"
    print(f"{school.name} was made. Its school day: {_said(school.day_starts)} to", end=" ")
    print(f"{_said(school.day_ends)}. Copy the keys in {keys} afresh, and make a new backup.")
    print(f"{first.name} joins by this link, once, until", end=" ")
    print(f"{clock.local(link.ends_at):%d %B %Y, %H:%M}, and is its first DSL:")
    print(where)
    return 0


def list_all(settings: Settings, _asked: Namespace) -> int:
    """Each school by name; nothing of anybody in it."""
    with open_stores(settings.data_dir, keys_folder(settings)):
        known = [schools.the_school(school_id) for school_id in schools.all_schools()]
        for facts in sorted(known, key=lambda one: one.name.casefold()):
            adults = count(len(staff.adults(facts.id)), "adult")
            pupils = count(sum(classes.pupil_counts(facts.id).values()), "pupil")
            print(f"{facts.name} ({facts.nation}): {adults}, {pupils}")
    return 0


def _school(asked: Namespace) -> NewSchool:
    starts, ends = _time(asked.starts), _time(asked.ends)
    if ends <= starts:
        raise CannotStart("School ends after it starts: give --starts and --ends.")
    return NewSchool(_named(asked.name, "the school’s name"), asked.nation, starts, ends, None)


def _first(asked: Namespace) -> Details:
    name = _named(asked.adult or _ask("Name of its first DSL", "--adult"), "--adult")
    email = tidy(asked.email or _ask("Their school e-mail", "--email")).lower()
    if not re.match(ADDRESS, email):
        raise CannotStart("Write the whole e-mail address, like name@school.sch.uk.")
    return Details(name, tidy(asked.known_as or "") or name, email)


def _ask(what: str, option: str) -> str:
    """What was not given, from whoever sits at the terminal."""
    if not sys.stdin.isatty():
        raise CannotStart(f"Give {option}: its first DSL joins by a link.")
    try:
        return input(f"{what}: ")
    except EOFError:
        print()
        return ""


def _named(typed: str, what: str) -> str:
    name = tidy(typed)
    if not name or len(name) > 100:
        raise CannotStart(f"Give {what}: one to a hundred letters.")
    return name


def _time(typed: str) -> time:
    try:
        return datetime.strptime(tidy(typed), "%H:%M").time()  # noqa: DTZ007  # The school's wall.
    except ValueError:
        raise CannotStart(f"“{typed}” is no time. Write it like 8:45.") from None


def _on_this_computer(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return settings.public_url or f"http://{host}:{settings.port}"


def _said(moment: time) -> str:
    return f"{moment.hour}:{moment:%M}"
