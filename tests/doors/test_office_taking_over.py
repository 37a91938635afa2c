"""The pages of people give nobody another adult's account, nor a role of one's own choosing."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.people.rules import Role
from tests.at_school import press, wording
from tests.doors.test_office_people import LINK, add, addresses
from tests.founded import Founded, add_adult, post
from tests.stepped import set_up_by_page


def test_who_comes_to_see_concerns_starts_afresh_by_a_link_that_is_shown_once(
    school: Founded, client: FlaskClient
) -> None:
    dsl = school.adult("DSL")
    teacher, there = school.adult(Role.TEACHER), f"/people/{school.adults[Role.TEACHER]}"
    assert "the old password and links end" in wording(dsl.get(f"{there}/roles"))
    page = post(dsl, f"{there}/roles", {"roles": ["teacher", "deputy"]}, page=there)
    assert "Ngozi Okafor now sees concerns, and starts afresh." in wording(page)
    assert teacher.get("/today").status_code == 303
    link = LINK.search(page.text)
    assert link is not None
    joining = client.get(link[1])
    assert "You see concerns in this school. So passwords and links from before have ended" in (
        wording(joining)
    )
    typed = {"password": "four blue spoons"}
    set_up_by_page(client, press(client, joining, "Set my password and sign in", **typed))
    assert client.get("/concerns").status_code == 200


def test_the_first_link_of_who_sees_concerns_speaks_of_no_password_from_before(
    school: Founded, client: FlaskClient
) -> None:
    there = f"/people/{add_adult(school, 'Una Reid', Role.DEPUTY)}"
    link = LINK.search(post(school.adult("DSL"), f"{there}/link", page=there).text)
    assert link is not None
    joining = wording(client.get(link[1]))
    assert "You see concerns in this school." in joining
    assert "from before" not in joining


def test_who_joins_without_seeing_concerns_reads_nothing_of_them(
    school: Founded, client: FlaskClient
) -> None:
    link = LINK.search(add(school.adult("DSL")))
    assert link is not None
    assert "concerns" not in wording(client.get(link[1]))


def test_the_office_is_offered_no_link_for_an_adult_who_has_joined(school: Founded) -> None:
    office = school.adult(Role.OFFICE)
    joined = f"/people/{school.adults[Role.TEACHER]}"
    assert "Make a new link" not in office.get(joined).text
    newcomer = f"/people/{add_adult(school, 'Una Reid', Role.TEACHER)}"
    assert "Make a new link" in office.get(newcomer).text
    page = post(office, f"{joined}/link", page=joined)
    assert "This adult has joined." in page.text
    assert LINK.search(page.text) is None
    mine = {"name": "Ngozi Okafor", "known_as": "Mrs O", "email": "mine@example.uk"}
    assert "This adult has joined." in post(office, f"{joined}/details", mine, page=joined).text
    assert "mine@example.uk" not in addresses(school)


def test_the_office_gives_itself_no_role(school: Founded) -> None:
    office, there = school.adult(Role.OFFICE), f"/people/{school.adults[Role.OFFICE]}"
    page = post(office, f"{there}/roles", {"roles": ["office", "teacher"]}, page=there)
    assert "You cannot give yourself a role." in page.text
