"""A school on a bad morning: its facts are past their date, and its private key is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from flask import Flask

from app.content.age_rules import AgeRule
from app.people.actions.staff import Details, add_adult
from app.people.rules import Role
from app.safeguarding.actions.canary import fly
from app.safeguarding.words import key_name
from tests.at_desk import school_with_team
from tests.look.learners import AGES, Seat, seat
from tests.look.seeded import Seeded, new_app

MARK = "past"
"""A file beside the data: such a folder is served with its facts out of date."""
LONG_AGO = date(2026, 1, 1)


def past_school(data: Path, keys: Path) -> Seeded:
    """Make it in these folders: a pupil at a card without a number, and a canary that failed."""
    app = let_dates_pass(new_app(data, keys))
    (data.parent / MARK).touch()
    desk = school_with_team(app)
    here = Seeded(app, desk.id)
    with app.app_context():
        seat(app, desk.id, desk.school.amina, Seat(card=3, lesson=AGES))
        seat(app, desk.id, desk.school.finn, Seat(card=10, lesson=AGES))
        details = Details("Kay Bell", "Ms Bell", "kay@example.sch.uk")
        office = add_adult(desk.id, desk.school.lane, details, roles=(Role.OFFICE,))
    here.people |= {
        "pupil": ("pupil", desk.school.amina),
        "further on": ("pupil", desk.school.finn),
        "office": ("staff", office.staff_id),
        "DSL": ("staff", desk.school.lane),
    }
    app.extensions["catkin"].keys.file(key_name(desk.id, 1)).unlink()
    with app.app_context():
        fly(desk.id)
    return here


def let_dates_pass(app: Flask) -> Flask:
    """The app, with the age of every service to be looked at again since long."""
    prepared = app.extensions["catkin"]
    facts = prepared.catalogue.age_facts
    rules = MappingProxyType({one: _stale(rule) for one, rule in facts.rules.items()})
    known = replace(prepared.catalogue, age_facts=replace(facts, rules=rules))
    app.extensions["catkin"] = replace(prepared, catalogue=known)
    return app


def _stale(rule: AgeRule) -> AgeRule:
    rows = (replace(row, looked=replace(row.looked, recheck=LONG_AGO)) for row in rule.rows)
    return replace(rule, rows=tuple(rows))
