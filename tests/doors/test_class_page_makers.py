"""Who makes what lets a pupil in: the adults of the class and the team, and not the office."""

from __future__ import annotations

import re

from app.people.rules import Role
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
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


def test_the_office_says_no_yes_to_my_notes(school: Founded) -> None:
    """Whoever says yes could read along: the adults of the class and the team alone."""
    amina, there = school.pupil("Amina"), f"/class/{school.hazel}"
    post(amina, "/notes/ask", page="/notes")
    for who, told in ((Role.OFFICE, False), (Role.TEACHER, True)):
        assert ("let-in/" in school.adult(who).get(there).text) is told
    ask = re.findall(r"/let-in/(\w+)", school.adult(Role.TEACHER).get(there).text)[0]
    post(school.adult(Role.OFFICE), f"{there}/let-in/{ask}", page=there)
    assert "let-in/" in school.adult(Role.TEACHER).get(there).text, "nobody has said yes"
    post(school.adult(Role.TEACHER), f"{there}/let-in/{ask}", page=there)
    assert "let-in/" not in school.adult(Role.TEACHER).get(there).text


def test_notes_that_an_adult_opened_show_nothing_that_is_kept_from_anybody(
    school: Founded,
) -> None:
    """Whoever it is about could say yes under another account."""
    with school.app.app_context():
        for words, about in (("kept from one", school.adults[Role.HEAD]), ("from nobody", "")):
            told = Told(words=words, about=(about,) if about else ())
            telling = Telling(words, told, school.pupils["Amina"], school.hazel)
            file_concern(school.id, telling)
    amina, there = school.pupil("Amina"), f"/class/{school.hazel}"
    post(amina, "/notes/ask", page="/notes")
    teacher = school.adult(Role.TEACHER)
    ask = re.findall(r"/let-in/(\w+)", teacher.get(there).text)[0]
    post(teacher, f"{there}/let-in/{ask}", page=there)
    post(amina, "/notes/come-in", page="/notes")
    seen = wording(amina.get("/notes"))
    assert "from nobody" in seen
    assert "kept from one" not in seen
