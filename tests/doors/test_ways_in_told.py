"""Every new way in is told to its adult and the team, and ends the sign-ins that were open."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.base import clock as times
from app.base.database import Store, writing
from app.people.actions import second_step, staff
from app.people.queries.staff import team_notices
from app.people.tables import Invitation
from tests.at_desk import AtDesk, covered_browser, school_with_team, tell
from tests.at_school import PASSWORD, press, signed_in_adult, wording
from tests.doors.test_second_step import OKAFOR, on_paper, sets_up

LANE = "lane.okafor@example.sch.uk"
NEW = "four blue spoons"


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


def heard(app: Flask, desk: AtDesk, staff_id: str) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(one.says, one.red) for one in team_notices(desk.id, staff_id)]


def test_new_codes_end_every_other_sign_in_and_are_told(app: Flask, desk: AtDesk) -> None:
    other, head = covered_browser(app, LANE), covered_browser(app, "marsh@example.sch.uk")
    mine = covered_browser(app, LANE)
    page = press(mine, mine.get("/staff/account/codes"), "Show new codes", password=PASSWORD)
    assert "Recovery codes for Catkin" in wording(page)
    assert other.get("/today").status_code == 303
    assert mine.get("/today").status_code == head.get("/today").status_code == 200
    for adult in (desk.school.lane, desk.head, desk.chair):
        assert heard(app, desk, adult) == [("Peter Lane made new recovery codes.", False)]


def test_another_phone_ends_every_other_whole_sign_in(app: Flask, desk: AtDesk) -> None:
    other, head = covered_browser(app, LANE), covered_browser(app, "marsh@example.sch.uk")
    mine = covered_browser(app, LANE)
    assert other.get("/today").status_code == 200
    answer = press(mine, mine.get("/staff/account/phone"), "Go on to the square", password=PASSWORD)
    sets_up(mine, mine.get(answer.location))
    assert other.get("/today").status_code == 303
    assert mine.get("/today").status_code == head.get("/today").status_code == 200


def test_a_first_app_is_told_to_its_adult_and_the_team(app: Flask, desk: AtDesk) -> None:
    """It is whoever's comes first: the adult hears of it also where it was somebody else's."""
    reference = tell(app, desk, to=(desk.school.okafor,))
    client = app.test_client()
    signed_in_adult(client, OKAFOR)
    page = client.get(f"/concerns/{reference}")
    answer = client.get(press(client, page, "Open the concern", password=PASSWORD).location)
    sets_up(client, client.get(answer.location))
    for adult in (desk.school.okafor, desk.school.lane, desk.head):
        assert heard(app, desk, adult) == [("Ngozi Okafor set up sign-in codes on a phone.", False)]
    assert "set up sign-in codes on a phone" in wording(client.get("/today"))


def test_a_code_from_paper_is_told_to_its_adult_alone(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, times.now())
    before = len(heard(app, desk, desk.head))
    on_paper(app.test_client(), "AAAA-AAAA-AAAA-AAAA")
    assert len(heard(app, desk, desk.school.lane)) == before
    assert on_paper(app.test_client(), codes[0]).location == "/today"
    says, red = heard(app, desk, desk.school.lane)[0]
    assert re.match(r"A recovery code of yours was used at 10:00\. Was it not you\?", says)
    assert not red
    assert len(heard(app, desk, desk.head)) == before


def test_another_password_ends_a_link_that_nobody_used(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        link = staff.make_link(desk.id, desk.school.lane, desk.school.okafor)
    path = f"/staff/join/{link.token}"
    assert "Set my password" in wording(app.test_client().get(path))
    mine = covered_browser(app, OKAFOR)
    sent = {"password_now": PASSWORD, "password_new": NEW}
    press(mine, mine.get("/my-sign-ins"), "Change my password", **sent)
    assert "Set my password" not in wording(app.test_client().get(path))
    with app.app_context(), writing(Store.LEARNING) as session:
        left = select(func.count()).select_from(Invitation).where(Invitation.school_id == desk.id)
        assert session.scalar(left.where(Invitation.used_at.is_(None))) == 0
