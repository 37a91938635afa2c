"""Who leaves is out with the next request; a role that is given or taken counts with the next."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.base import clock, ids
from app.base.database import Store, writing
from app.people.actions import staff
from app.people.rules import Role
from app.people.tables import SignInCard, StaffRole
from tests.at_desk import AtDesk, adult_browser, school_with_team, tell
from tests.at_school import card_for, press, signed_in_adult, wording
from tests.founded import Founded, post

LANE, HEAD = "lane.okafor@example.sch.uk", "marsh@example.sch.uk"
NOTE = "Spoke to children’s services at ten."


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    """With a deputy, so that somebody of the team may leave."""
    here = school_with_team(app)
    with app.app_context(), writing(Store.LEARNING) as session:
        moment = clock.now()
        more = {"staff_id": here.school.okafor, "school_id": here.id, "granted_at": moment}
        session.add(StaffRole(**more, role=Role.DEPUTY.value))
    return here


def leaves(app: Flask, desk: AtDesk, whom: str) -> None:
    with app.app_context():
        staff.end_account(desk.id, desk.head, whom)


def test_the_open_tab_of_a_leaver_opens_and_keeps_nothing(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    assert page.status_code == 200
    leaves(app, desk, desk.school.lane)
    for path in (f"/concerns/{reference}", "/concerns", "/today", "/people", "/my-sign-ins"):
        assert lane.get(path).status_code == 303
    answer = press(lane, page, "Save the note", note=NOTE)
    assert "/staff/sign-in" in (answer.location or "")
    with lane.session_transaction() as session:
        assert "unsent" not in session
    signed_in_adult(lane, LANE)
    assert lane.get("/today").status_code == 303
    head = adult_browser(app, HEAD)
    assert NOTE not in wording(head.get(f"/concerns/{reference}"))


def test_a_leavers_link_for_a_new_password_opens_nothing(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        link = staff.make_link(desk.id, desk.head, desk.school.lane)
    assert app.test_client().get(f"/staff/join/{link.token}").status_code == 200
    leaves(app, desk, desk.school.lane)
    assert app.test_client().get(f"/staff/join/{link.token}").status_code == 404


def test_the_team_reads_how_many_cards_a_leaver_could_have_kept(app: Flask, desk: AtDesk) -> None:
    there = f"/people/{desk.school.okafor}/end"
    head = adult_browser(app, HEAD)
    assert "sign-in card" not in wording(head.get(there))
    token = card_for(app, desk.school, desk.school.finn)
    assert "printed 1 sign-in card that still works." in wording(head.get(there))
    with app.app_context(), writing(Store.LEARNING) as session:
        card = session.get(SignInCard, ids.fingerprint(token))
        assert card is not None
        card.ended_at = card.made_at
    assert "sign-in card" not in wording(head.get(there))


LIVE = ("/today", "/my-class", "/lessons/t-79/board/1", "/workshops", "/my-sign-ins", "/kept")
"""Pages that stay open: on a board, in a hall, on a desk."""


@pytest.mark.parametrize("path", LIVE)
def test_a_board_that_stands_open_shows_a_leaver_nothing(school: Founded, path: str) -> None:
    teacher = school.adult(Role.TEACHER)
    assert teacher.get(path).status_code in {200, 303}
    with school.app.app_context():
        staff.end_account(school.id, school.adults["DSL"], school.adults[Role.TEACHER])
    answer = teacher.get(path)
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/staff/sign-in")


def test_a_workshop_in_the_hall_moves_for_no_leaver(school: Founded) -> None:
    teacher = school.adult(Role.TEACHER)
    there = post(teacher, "/workshops/begin", page="/workshops").location
    assert there is not None
    page = teacher.get(there)
    assert page.status_code == 200
    with school.app.app_context():
        staff.end_account(school.id, school.adults["DSL"], school.adults[Role.TEACHER])
    for path in (there, f"{there}/board", f"{there}/now"):
        assert teacher.get(path).status_code == 303
    press(teacher, page, "End the workshop")
    assert school.adult("DSL").get(f"{there}/now").status_code == 200


TEAM_PAGES = ("/concerns/proof", "/concerns/review", "/concerns/works", "/people")


def test_a_role_that_is_taken_is_gone_with_the_next_request(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    for path in TEAM_PAGES:
        assert lane.get(path).status_code == 200
    with app.app_context():
        staff.change_roles(desk.id, desk.head, desk.school.lane, [Role.TEACHER])
    for path in TEAM_PAGES:
        assert lane.get(path).status_code == 403
    assert lane.get(f"/concerns/{reference}").status_code == 404
    assert press(lane, page, "Save the note", note=NOTE).status_code == 404
    assert "No concerns today." in wording(lane.get("/concerns"))
    head = adult_browser(app, HEAD)
    assert NOTE not in wording(head.get(f"/concerns/{reference}"))


@pytest.mark.parametrize(
    ("role", "path"),
    [(Role.OFFICE, "/people"), (Role.OFFICE, "/health"), (Role.TECHNICIAN, "/health")],
)
def test_the_same_for_the_office_and_the_technician(school: Founded, role: Role, path: str) -> None:
    browser = school.adult(role)
    assert browser.get(path).status_code == 200
    with school.app.app_context():
        whose = (school.id, school.adults["DSL"], school.adults[role])
        staff.change_roles(*whose, [Role.TEACHING_ASSISTANT])
        assert browser.get(path).status_code == 403
        staff.change_roles(*whose, [role])
    assert browser.get(path).status_code == 200


def test_who_is_given_a_role_that_sees_concerns_signs_in_anew_before_seeing_one(
    school: Founded,
) -> None:
    teacher = school.adult(Role.TEACHER)
    assert teacher.get("/concerns").status_code == 200
    with school.app.app_context():
        whose = (school.id, school.adults["DSL"], school.adults[Role.TEACHER])
        staff.change_roles(*whose, [Role.TEACHER, Role.DEPUTY])
    for path in ("/concerns", "/concerns/proof", "/today"):
        assert teacher.get(path).status_code == 303
    assert school.adult(Role.TEACHER).get("/concerns/proof").status_code == 200
