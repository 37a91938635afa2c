"""Who makes what lets a pupil in: the adults of the class and the team, and not the office."""

from __future__ import annotations

import re

from app.people.rules import Role
from tests.at_school import wording
from tests.founded import Founded, post

NOT_YOURS = "Only the adults of the class and the safeguarding team"


def test_the_office_draws_no_pictures_and_makes_no_cards(school: Founded) -> None:
    office, there = school.adult(Role.OFFICE), f"/class/{school.hazel}"
    page = office.get(there)
    assert "New pictures for" not in page.text
    assert "Print cards" not in page.text
    for made in ("pictures", "cards"):
        answer = post(office, f"{there}/{made}", {"pupil": [school.pupils["Amina"]]}, page=there)
        assert NOT_YOURS in wording(answer)
        assert "slip card" not in answer.text
    assert "pictures were drawn" not in school.adult("DSL").get("/today").text


def test_the_office_still_works_the_door_of_every_class(school: Founded) -> None:
    office, there = school.adult(Role.OFFICE), f"/class/{school.elder}"
    assert post(office, f"{there}/open", page=there).status_code == 303
    assert "The class is open." in wording(office.get(there))


def test_somebody_in_the_office_who_works_with_the_class_makes_slips(school: Founded) -> None:
    me, there = school.adults[Role.OFFICE], f"/class/{school.hazel}"
    dsl, keys = school.adult("DSL"), {"roles": ["office", "teaching assistant"]}
    post(dsl, f"/people/{me}/roles", keys, page=f"/people/{me}")
    hazel = {"name": "Hazel", "years": ["4"], "adults": [me]}
    post(dsl, f"/classes/{school.hazel}/change", hazel)
    assert "Print cards" in school.adult(Role.OFFICE).get(there).text


def test_the_team_reads_on_today_that_pictures_were_replaced(school: Founded) -> None:
    for role in (Role.TEACHER, "DSL", Role.CHAIR):
        browser, there = school.adult(role), f"/class/{school.hazel}"
        amina = {"pupil": [school.pupils["Amina"]]}
        slips = post(browser, f"{there}/pictures", amina, page=there)
        assert len(re.findall(r'class="of">(\w+)<', slips.text)) == 3
    said = wording(school.adult(Role.HEAD).get("/today"))
    for name in ("Ngozi Okafor", "Peter Lane", "Imran Sheikh"):
        assert f"New pictures were drawn for a pupil of Hazel by {name}." in said
