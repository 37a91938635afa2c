"""The demo's term: it agrees with itself, differs by class, and is as its plan says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from app.base import clock
from app.base.database import db
from app.demo.kept import Demo
from app.demo.plan import read_plan
from app.learning import queries
from app.learning.proof import progress_proof
from app.people.queries import schools, staff
from app.people.queries.classes import ClassFacts, class_
from app.people.rules import Role, team_state
from app.people.viewers import StaffHere
from app.safeguarding.queries import desk, notes
from app.safeguarding.rules import Kind, Urgency
from tests.at_school import TEN


@pytest.fixture(autouse=True)
def ten(demo_as_made: Flask) -> Iterator[None]:
    with time_machine.travel(TEN, tick=False), demo_as_made.app_context():
        yield


@pytest.fixture
def known(demo_as_made: Flask) -> Demo:
    found: Demo = demo_as_made.extensions["catkin_demo"]
    return found


def test_progress_agrees_with_the_answers(known: Demo) -> None:
    proof = progress_proof(db.session())
    assert proof.agrees
    assert proof.answers > 1000


def test_the_team_is_safe_and_every_role_is_there(known: Demo) -> None:
    adults = staff.adults(known.school)
    assert len(adults) == 8
    assert team_state(adults).safe
    assert len(team_state(adults).ready) == 4
    held = {role for adult in adults for role in adult.roles}
    assert {Role.DSL, Role.DEPUTY, Role.HEAD, Role.CHAIR, Role.TEACHER, Role.OFFICE} <= held
    assert all(staff.team_notices(known.school, adult.id) == [] for adult in adults)


def the_class(known: Demo, name: str) -> ClassFacts:
    found = class_(known.school, next(one.id for one in known.classes if one.name == name))
    assert found is not None
    return found


def test_each_class_learns_what_is_for_its_age_and_leans_its_own_way(known: Demo) -> None:
    leading = []
    for plan in read_plan(84).classes:
        facts = the_class(known, plan.name)
        ages = facts.band.replace("-", "")
        done = queries.finished_by(known.school, facts.id)
        assert done
        assert {piece.split("-")[1] for piece in done} == {ages}, plan.name
        counts = queries.misconception_counts(known.school, facts.id)
        leading.append(next(iter(counts)))
        assert leading[-1] in plan.leans, (plan.name, counts)
        progress = queries.class_progress(known.school, facts.id)
        have_begun = {pupil for pupil, _ in progress}
        assert 24 <= len(have_begun) <= 28
    assert len(set(leading)) == 3


def test_some_are_ahead_some_were_away_and_some_are_new(known: Demo) -> None:
    otter = next(one for one in known.classes if one.name == "Otter")
    plan = next(one for one in read_plan(84).classes if one.name == "Otter")
    runs = [sum(s.runs for s in states(known, pupil.id).values()) for pupil in otter.pupils]
    ahead = [runs[place - 1] for place in plan.ahead]
    new = [runs[place - 1] for place in plan.new]
    usual = sorted(runs)[len(runs) // 2]
    assert min(ahead) > usual > max(new)
    repeated = [states(known, otter.pupils[place - 1].id) for place in plan.ahead]
    assert all(any(state.runs == 2 for state in one.values()) for one in repeated)
    assert any(state.open for pupil in otter.pupils for state in states(known, pupil.id).values())


def states(known: Demo, pupil_id: str) -> dict[str, queries.PieceState]:
    return queries.pieces_state(known.school, pupil_id)


def reader(known: Demo, role: Role) -> StaffHere:
    adult = next(one for one in staff.adults(known.school) if role in one.roles)
    name, roles = adult.name, adult.roles
    return StaffHere("", known.school, adult.id, name, adult.known_as, roles, clock.now(), None)


def test_six_concerns_stand_in_six_ways(known: Demo) -> None:
    lead, deputy = reader(known, Role.DSL), reader(known, Role.DEPUTY)
    open_, closed = (desk.concerns(known.school, lead, state=s) for s in ("open", "closed"))
    assert (len(open_), len(closed)) == (5, 1)
    assert len(desk.concerns(known.school, deputy)) == 4
    assert [one.pupil_id for one in open_].count(None) == 1
    kinds = {one.reference: happened(known, one) for one in (*open_, *closed)}
    waiting = [one for one in open_ if kinds[one.reference] == {Kind.TOLD}]
    assert {one.urgency for one in waiting} == {Urgency.ACT_NOW, Urgency.TODAY}
    assert all(one.told_at < TEN for one in (*open_, *closed))
    others = sorted(map(sorted, (set(k) - {Kind.TOLD} for k in kinds.values() if len(k) > 1)))
    opened, answered = [Kind.OPENED], [Kind.ANSWER, Kind.OPENED, Kind.SPOKEN]
    added = [Kind.ADDED, Kind.ANSWER, Kind.OPENED]
    assert others == sorted([opened, answered, added, [Kind.ANSWER, Kind.CLOSED, *answered[1:]]])


def happened(known: Demo, facts: desk.ConcernFacts) -> set[Kind]:
    chronology = desk.chronology(known.school, facts)
    moments = [entry.at for entry in chronology]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] < TEN
    return {entry.kind for entry in chronology}


def test_a_child_sees_the_answer_in_my_notes(known: Demo) -> None:
    otter = next(one for one in known.classes if one.name == "Otter")
    maryam = next(one for one in otter.pupils if one.name == "Maryam")
    (note,) = notes.notes(known.school, maryam.id)
    assert len(note.said) == 2
    assert [answer.text is not None for answer in note.answers] == [True]
    assert schools.the_school(known.school).read_within == "the same school day"
