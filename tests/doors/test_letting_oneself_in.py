"""Nobody whom the words name lets themselves in, or decides while another could."""

from __future__ import annotations

import pytest
from flask import Flask

from app.base import clock, ids
from app.base.database import Store, writing
from app.people.actions.links import wait_for_no_word
from app.people.actions.staff import Details
from app.people.queries import staff
from app.people.rules import Adult, Role
from app.people.tables import Staff, StaffRole
from app.safeguarding.actions import team
from app.safeguarding.actions.holds import let_go_where_too_few
from app.safeguarding.queries.team import team_lines
from tests.at_desk import AtDesk, adult_browser, go_on, school_with_team, tell
from tests.at_school import press, wording
from tests.doors.test_kept_from import CHAIR, HEAD, LANE, sees


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def known(desk: AtDesk, staff_id: str) -> Adult:
    found = staff.adult(desk.id, staff_id)
    assert found is not None
    return found


@pytest.fixture
def ruth(app: Flask, desk: AtDesk) -> str:
    """A deputy beside the three."""
    ruth, moment = ids.new_id(), clock.now()
    named = {"name": "Ruth Adeyemi", "known_as": "Miss Adeyemi", "email": "ruth@example.sch.uk"}
    with app.app_context(), writing(Store.LEARNING) as session:
        here = {"school_id": desk.id, "made_at": moment, "signed_in_first": moment}
        session.add(Staff(id=ruth, **named, **here))
        session.flush()
        held = {"role": Role.DEPUTY.value, "school_id": desk.id, "granted_at": moment}
        session.add(StaffRole(staff_id=ruth, **held))
    return ruth


def test_who_is_named_and_sees_it_decides_nothing_while_another_could(
    app: Flask, desk: AtDesk
) -> None:
    reference = tell(app, desk, words="miss marsh hurt me and mr lane saw it", to=())
    head = adult_browser(app, HEAD)
    page = head.get(f"/concerns/{reference}")
    seer = head if page.status_code == 200 else adult_browser(app, LANE)
    page = seer.get(f"/concerns/{reference}")
    closing = {"done": "d", "decision": "n", "reason": "She lies.", "outcome": "o"}
    for button, typed in (
        ("Send the answer", {"answer": "You must not say so."}),
        ("Share", {"with_id": desk.school.okafor, "reason": "Asked."}),
        ("Close this concern", {**closing, "child_told": "yes"}),
    ):
        refused = press(seer, page, button, **typed)
        assert refused.status_code == 200
        assert "Another member of the team must do this" in wording(refused), button
        assert all(one in refused.text for one in typed.values()), "what was typed is kept"
    assert press(seer, page, "Save the note", note="I was there.").status_code == 303
    chair = adult_browser(app, CHAIR)
    page = chair.get(f"/concerns/{reference}")
    assert press(chair, page, "Close this concern", **closing, child_told="yes").status_code == 303


@pytest.mark.parametrize("ends", [True, False])
def test_who_takes_another_out_of_the_team_is_let_go_last(
    app: Flask, desk: AtDesk, ruth: str, ends: bool
) -> None:
    reference = tell(app, desk, words="mrs marsh hits me and miss adeyemi laughs")
    with app.app_context():
        if ends:
            team.end_account(desk.id, desk.head, known(desk, desk.school.lane))
        else:
            team.change_roles(desk.id, desk.head, desk.school.lane, [Role.TEACHER])
        assert (
            team_lines(desk.id)[0].says
            == "Ada Marsh took from Peter Lane what sees concerns (DSL)."
        )
        let_go_where_too_few(desk.id)
    assert not sees(app, desk, desk.head, reference)
    assert sees(app, desk, ruth, reference), "two see it"


def test_who_becomes_the_last_in_the_order_is_let_go_last(
    app: Flask, desk: AtDesk, ruth: str
) -> None:
    lane = desk.school.lane
    with app.app_context():
        team.change_roles(desk.id, lane, lane, [Role.CHAIR])
    reference = tell(app, desk, words="mr lane, miss adeyemi and mrs marsh were mean")
    assert not sees(app, desk, lane, reference)
    assert sees(app, desk, desk.head, reference)


@pytest.mark.parametrize(
    ("name", "known_as"),
    [("ruth  Adéyemi", "Ms Ray"), ("Ruby Adeyemi", "miss adeyemi"), ("Ola Zug", "Mx Zug")],
)
def test_who_is_added_again_under_a_leavers_name_does_not_see_what_is_about_them(
    app: Flask, desk: AtDesk, ruth: str, name: str, known_as: str
) -> None:
    about = tell(app, desk, about=(ruth,))
    named = tell(app, desk, words="miss adeyemi kicked me")
    other = tell(app, desk, words="somebody kicked me")
    added = Details(name, known_as, "new@example.sch.uk")
    with app.app_context():
        team.end_account(desk.id, desk.head, known(desk, ruth))
        again = team.add_adult(desk.id, desk.head, added, roles=[Role.DEPUTY]).staff_id
        wait_for_no_word_of(desk, again)
    is_another = name == "Ola Zug"
    assert sees(app, desk, again, about) is is_another
    assert sees(app, desk, again, named) is is_another
    assert sees(app, desk, again, other)
    if not is_another:
        lane = adult_browser(app, LANE)
        page = lane.get(f"/concerns/{about}")
        assert "Has the name of somebody who left and whom it is about" in wording(page)
        go_on(lane, page, "Let them see it", with_id=again, reason="Her sister.")
        assert sees(app, desk, again, about)


def wait_for_no_word_of(desk: AtDesk, staff_id: str) -> None:
    with writing(Store.LEARNING) as session:
        wait_for_no_word(session, desk.id, staff_id)
        session.get_one(Staff, staff_id).signed_in_first = clock.now()


def test_who_changed_the_team_sees_it_where_nobody_else_could(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, words="mrs marsh and mr boateng hurt me")
    with app.app_context():
        team.change_roles(desk.id, desk.head, desk.head, [Role.HEAD, Role.DEPUTY])
        let_go_where_too_few(desk.id)
    assert sees(app, desk, desk.school.lane, reference)
    assert sees(app, desk, desk.head, reference) != sees(app, desk, desk.chair, reference)
