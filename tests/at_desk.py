"""The small school with its safeguarding team, for the tests of telling and of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.base.database import Store, writing
from app.people.actions.sign_ins import begin_for_staff, step_up
from app.people.queries import sign_ins
from app.people.tables import Invitation, Staff, StaffRole
from app.people.viewers import StaffHere
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.at_school import PASSWORD, AtSchool, press, signed_in_adult, small_school
from tests.stepped import counts_as_given, set_up

A_YEAR_AND_MORE = timedelta(days=400)
WORDS = "He keeps asking me what school I go to 🐸 <b>and</b> he said dont tell my mum."


@dataclass(frozen=True)
class AtDesk:
    """The school, and the two adults who complete the team."""

    school: AtSchool
    head: str
    chair: str

    @property
    def id(self) -> str:
        """The school's id."""
        return self.school.school


def school_with_team(app: Flask) -> AtDesk:
    """Oak Lane with its DSL (Peter Lane), a head and a chair of governors, and its key."""
    small = small_school(app)
    desk = AtDesk(small, ids.new_id(), ids.new_id())
    with app.app_context():
        password = _password_of(small.lane)
        with writing(Store.LEARNING) as session:
            for staff_id, name, mail, role in (
                (desk.head, "Ada Marsh", "marsh@example.sch.uk", "head"),
                (desk.chair, "Sam Boateng", "chair@example.sch.uk", "chair of governors"),
            ):
                session.add(
                    Staff(
                        id=staff_id,
                        school_id=small.school,
                        name=name,
                        known_as=name,
                        email=mail,
                        password=password,
                        signed_in_first=clock.now(),
                        made_at=clock.now(),
                    )
                )
                session.flush()
                session.add(
                    StaffRole(
                        staff_id=staff_id,
                        role=role,
                        school_id=small.school,
                        granted_at=clock.now(),
                    )
                )
    with app.app_context(), writing(Store.LEARNING) as session:
        for staff_id in (small.okafor, small.lane):
            adult = session.get(Staff, staff_id)
            assert adult is not None
            adult.signed_in_first = clock.now()
    set_up(app, desk.id, desk.head, desk.chair)
    return desk


def _password_of(staff_id: str) -> str | None:
    with writing(Store.LEARNING) as session:
        found = session.get(Staff, staff_id)
        assert found is not None
        return found.password


def viewer(app: Flask, desk: AtDesk, staff_id: str) -> StaffHere:
    """An adult as the queries of the desk know them."""
    with app.app_context():
        token = begin_for_staff(desk.id, staff_id, clock.now(), second_step=True)
        here = sign_ins.signed_in(ids.fingerprint(token))
    assert isinstance(here, StaffHere)
    return here


def tell(app: Flask, desk: AtDesk, **told: object) -> str:
    """Amina tells; the reference of the concern."""
    kept = {"words": WORDS, **told}
    telling = Telling(
        once=ids.new_token(),
        told=Told(**kept),  # type: ignore[arg-type]
        pupil_id=desk.school.amina,
        class_id=desk.school.hazel,
    )
    with app.app_context():
        return file_concern(desk.id, telling)


def covered_browser(app: Flask, email: str) -> FlaskClient:
    """A browser in which an adult has signed in; names are covered and concerns are closed."""
    browser = app.test_client()
    assert signed_in_adult(browser, email).status_code == 303
    return browser


def adult_browser(app: Flask, email: str) -> FlaskClient:
    """The same, after Show on Today and the password once more: concerns open."""
    browser = covered_browser(app, email)
    assert press(browser, browser.get("/today"), "Show").status_code == 303
    with browser.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with app.app_context():
        here = sign_ins.signed_in(mine)
        assert isinstance(here, StaffHere)
        counts_as_given(app, here.school_id, mine)
        step_up(here.school_id, mine, clock.now())
    return browser


def go_on(browser: FlaskClient, page: TestResponse, says: str, **typed: object) -> TestResponse:
    """Press a button and follow to the next page."""
    answer = press(browser, page, says, **typed)
    return browser.get(answer.location) if answer.status_code == 303 else answer


__all__ = [
    "PASSWORD",
    "WORDS",
    "AtDesk",
    "adult_browser",
    "covered_browser",
    "go_on",
    "school_with_team",
    "tell",
]


def have_been_in_the_team(*adults: str) -> None:
    """Whoever is new to the team, or had a link made, agrees to no erasing."""
    then = clock.now() - A_YEAR_AND_MORE
    of_them = {"signed_in_first": then}, Staff.id.in_(adults)
    granted = {"granted_at": then}, StaffRole.staff_id.in_(adults)
    link = {"ends_at": then}, Invitation.staff_id.in_(adults)
    with writing(Store.LEARNING) as session:
        for table, (values, whose) in ((Staff, of_them), (StaffRole, granted), (Invitation, link)):
            asked = update(table).where(whose).values(values)
            session.execute(asked.execution_options(every_school="the world of the tests"))
