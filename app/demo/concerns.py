"""Six worries, as children told them and as the adults looked after them, each in its moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.base import clock, ids
from app.base.past import living_at
from app.demo.founding import Founded
from app.demo.plan import Plan, PlannedConcern
from app.demo.terms import told_at
from app.people.queries import staff
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.handle import By, close, open_concern, record
from app.safeguarding.rules import Closing, Kind, Told

BETWEEN = timedelta(minutes=25)
"""How long after one thing the next follows."""


def tell_all(here: Founded, plan: Plan, days: Sequence[date], now: datetime) -> None:
    """Every concern of the plan, with what followed."""
    for planned in plan.concerns:
        moment = told_at(now, days, ago=planned.ago, at=planned.at)
        with living_at(moment):
            reference = file_concern(here.id, _telling(here, planned))
        for step in planned.then:
            moment += BETWEEN
            with living_at(moment):
                _follow(here, planned, reference, step)


def _telling(here: Founded, planned: PlannedConcern) -> Telling:
    of_class = next(one for one in here.classes if one.plan.name == planned.class_name)
    told = Told(
        happened=planned.happened,
        feelings=planned.feelings,
        words=planned.words,
        to=tuple(here.adults[key] for key in planned.to),
        about=tuple(here.adults[key] for key in planned.about),
    )
    return Telling(
        once=ids.new_token(), told=told, pupil_id=_child(here, planned), class_id=of_class.id
    )


def _child(here: Founded, planned: PlannedConcern) -> str | None:
    of_class = next(one for one in here.classes if one.plan.name == planned.class_name)
    return None if planned.pupil is None else of_class.pupils[planned.pupil - 1]


def _follow(
    here: Founded, planned: PlannedConcern, reference: str, step: Mapping[str, str]
) -> None:
    """One step: an adult opens it, talks, answers or closes it; or the child adds to it."""
    does = Kind(step["does"])
    if does is Kind.ADDED:
        note = queries.notes.note(here.id, reference, _child(here, planned))
        assert note is not None
        add_words(here.id, note, step["says"], ids.new_token())
        return
    staff_id = here.adults[step["by"]]
    facts = queries.desk.concern(here.id, _reader(here, staff_id), reference)
    assert facts is not None, f"{step['by']} cannot see this concern"
    by = By(staff_id, ids.new_token())
    if does is Kind.OPENED:
        open_concern(here.id, facts, staff_id)
    elif does is Kind.CLOSED:
        close(here.id, facts, _closing(step), by=by)
    else:
        record(here.id, facts, does, step["says"], by=by)


def _closing(step: Mapping[str, str]) -> Closing:
    return Closing(
        done=step["done"],
        decision=step["decision"],
        reason=step["reason"],
        outcome=step["outcome"],
        child_told=True,
    )


def _reader(here: Founded, staff_id: str) -> StaffHere:
    """An adult as the desk knows them, without a sign-in."""
    adult = staff.adult(here.id, staff_id)
    assert adult is not None
    return StaffHere(
        sign_in="",
        school_id=here.id,
        id=adult.id,
        name=adult.name,
        known_as=adult.known_as,
        roles=adult.roles,
        seen_at=clock.now(),
        stepped_up_at=None,
    )
