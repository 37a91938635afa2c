"""My notes show whoever drew the pictures no more than they could open on the desk themselves."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from app.base import ids
from app.base.database import Store, writing
from app.people.tables import Pupil
from app.safeguarding import queries
from tests.at_desk import AtDesk, school_with_team, tell
from tests.at_school import signed_in_pupil
from tests.doors.test_desk import open_notes

ABOUT_LANE = "he shouted and locked the door"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def as_drawn_by(app: Flask, desk: AtDesk, staff_id: str) -> str:
    """My notes of Amina where this adult drew her pictures."""
    with app.app_context(), writing(Store.LEARNING) as session:
        whose = (Pupil.school_id == desk.id, Pupil.id == desk.school.amina)
        session.execute(update(Pupil).where(*whose).values(pictures_by=staff_id))
    browser = app.test_client()
    signed_in_pupil(browser, desk.school.amina)
    return open_notes(browser, desk.school.amina)


def test_what_is_kept_from_one_is_not_shown_by_pictures_of_another_who_could_not_open_it(
    app: Flask, desk: AtDesk
) -> None:
    """The DSL it is about could be the teacher who drew them, by a link of the DSL's making."""
    tell(app, desk, words=ABOUT_LANE, about=(desk.school.lane,), to=(desk.head,))
    tell(app, desk, words="somebody writes to me", to=(desk.head,))
    by_teacher = as_drawn_by(app, desk, desk.school.okafor)
    assert ABOUT_LANE not in by_teacher
    assert "somebody writes to me" in by_teacher
    assert ABOUT_LANE in as_drawn_by(app, desk, desk.head)
    assert ABOUT_LANE not in as_drawn_by(app, desk, desk.school.lane)


def test_what_was_sent_to_who_drew_the_pictures_is_shown(app: Flask, desk: AtDesk) -> None:
    tell(app, desk, words=ABOUT_LANE, about=(desk.school.lane,), to=(desk.school.okafor,))
    assert ABOUT_LANE in as_drawn_by(app, desk, desk.school.okafor)


def test_who_has_left_could_open_nothing(app: Flask, desk: AtDesk) -> None:
    tell(app, desk, words=ABOUT_LANE, about=(desk.school.lane,), to=(desk.head,))
    with app.app_context():
        shown = queries.notes.notes(desk.id, desk.school.amina, [ids.new_id()])
        assert [one for one in shown if ABOUT_LANE in str(one.said)] == []
        assert queries.notes.notes(desk.id, desk.school.amina, [desk.head]) != []
