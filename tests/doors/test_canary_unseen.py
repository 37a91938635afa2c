"""Nobody sees that canaries fly, and what children tell moves no word of what is said of them."""

from __future__ import annotations

from flask import Flask

from app.base import ids
from app.base.database import db
from app.people.rules import Role
from app.safeguarding import queries
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from app.safeguarding.tables import Concern, Mail
from app.serve.postman import Postman
from tests.at_school import wording
from tests.doors.test_canary import flown, mailed
from tests.founded import Founded, post


def canaries(school: Founded, number: int) -> None:
    for _ in range(number):
        telling = Telling(ids.new_token(), Told(words="canary"), canary=True)
        with school.app.app_context():
            file_concern(school.id, telling)


NOT_ASKED = {"/staff/sign-in", "/sign-in", "/set-up", "/credits/licences.txt", "/my-sign-ins"}
"""The last lists the sign-ins that this test itself makes."""


def everything_seen(school: Founded, *known: str) -> dict[str, str]:
    """Every page that opens by its address alone, and some of concerns, as adults see them."""
    rules = [str(r) for r in school.app.url_map.iter_rules() if "GET" in (r.methods or ())]
    plain = [rule for rule in rules if "<" not in rule and "static" not in rule]
    found = {}
    for who, browser in (
        ("DSL", school.adult("DSL")),
        ("teacher", school.adult(Role.TEACHER)),
        ("pupil", school.pupil("Amina")),
    ):
        if who != "pupil":
            post(browser, "/names/show", page="/today")
        for path in ("/notes",) if who == "pupil" else (*plain, "/concerns?show=closed", *known):
            if path in NOT_ASKED:
                continue
            answer = browser.get(path)
            text = answer.text if answer.mimetype != "text/html" else wording(answer)
            found[f"{who} {path}"] = f"{answer.status_code} {text}"
    return found


def test_no_page_shows_that_canaries_fly(school: Founded, app: Flask) -> None:
    telling = Telling(ids.new_token(), Told(words="real"), school.pupils["Amina"], school.hazel)
    with app.app_context():
        real = file_concern(school.id, telling)
    known = (f"/concerns/{real}", "/concerns/C-22222")
    before = everything_seen(school, *known)
    canaries(school, 3)
    with app.app_context():
        flying = db.session.query(Concern).filter_by(school_id=school.id, canary=True)
        last = flying.first()
        assert last is not None
        nobodys = f"/concerns/{last.reference}"
        assert queries.notes.note(school.id, last.reference, None) is None, "nor by My notes"
    after = everything_seen(school, *known)
    assert after == before
    assert sum(page.startswith("200") for page in after.values()) > 30
    dsl = school.adult("DSL")
    assert dsl.get(nobodys).status_code == dsl.get("/concerns/C-22222").status_code == 404


def test_nobody_is_written_to_for_a_canary(school: Founded) -> None:
    with mailed(school) as there:
        canaries(school, 2)
        Postman(school.app, there.as_setting()).round()
        assert there.letters == []
        with school.app.app_context():
            assert db.session.query(Mail).filter_by(school_id=school.id).count() == 0


def test_what_children_tell_moves_no_word_of_the_panel(school: Founded) -> None:
    flown(school)
    head = school.adult(Role.HEAD)
    before = [wording(head.get(path)) for path in ("/concerns", "/concerns/works", "/health")]
    told = Told(words="x", about=(school.adults[Role.HEAD],))
    with school.app.app_context():
        file_concern(school.id, Telling(ids.new_token(), told, school.pupils["Amina"]))
    after = [wording(head.get(path)) for path in ("/concerns", "/concerns/works", "/health")]
    assert after == before
