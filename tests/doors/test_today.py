"""Today: covered until somebody asks, then what needs me, where the class is, what to teach."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base import clock as the_clock
from app.base import ids
from app.base.database import Store, writing
from app.doors.teacher.today import greeting
from app.learning.tables import Progress
from app.people.actions import let_in
from app.people.actions.notices import tell_team
from app.safeguarding.actions.handle import open_concern
from app.safeguarding.queries import desk as desk_queries
from tests.at_desk import (
    AtDesk,
    adult_browser,
    covered_browser,
    school_with_team,
    tell,
    viewer,
)
from tests.at_school import TEN, press, wording
from tests.quick import content
from tests.stepped import counts_as_given

OKAFOR, LANE = "okafor@example.sch.uk", "lane.okafor@example.sch.uk"
NAMES = ("Amina", "Finn", "Khan", "av-fox", ">AK<")


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    """A school in which Amina has told her teacher, and waits at the door."""
    desk = school_with_team(app)
    tell(app, desk, to=(desk.school.okafor,))
    with app.app_context():
        let_in.ask(desk.id, desk.school.amina, "door", the_clock.now())
    return desk


@pytest.fixture
def teacher(app: Flask, desk: AtDesk) -> FlaskClient:
    return covered_browser(app, OKAFOR)


def places(desk: AtDesk) -> tuple[str, ...]:
    hazel = desk.school.hazel
    return "/today", "/concerns", f"/class/{hazel}/progress"


def test_nothing_about_a_child_stands_on_a_covered_page(teacher: FlaskClient, desk: AtDesk) -> None:
    for place in places(desk):
        text = teacher.get(place).text
        # An id names a child too: it stands beside the name at the pupils' own door.
        for name in (*NAMES, desk.school.amina, "Act now", "C-", "new to you"):
            assert name not in text, (place, name)
    assert "Concerns are covered." in wording(teacher.get("/today"))
    assert "Pupil 1" in wording(teacher.get(places(desk)[2]))


def test_without_a_concern_a_covered_page_is_the_same_as_with_one(
    app: Flask, teacher: FlaskClient, desk: AtDesk
) -> None:
    before = [wording(teacher.get(place)) for place in places(desk)]
    tell(app, desk, to=(desk.school.okafor,))
    assert [wording(teacher.get(place)) for place in places(desk)] == before


@pytest.mark.parametrize("place", ["/today", "/concerns"])
def test_a_password_alone_names_no_child_who_told(teacher: FlaskClient, place: str) -> None:
    press(teacher, teacher.get(place), "Show")
    shown = wording(teacher.get(place))
    assert "Open it to see the name" in shown
    assert "Amina Khan" not in shown


def test_show_lifts_the_cover_for_two_minutes_and_cover_names_puts_it_back(
    app: Flask, teacher: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    with teacher.session_transaction() as session:
        counts_as_given(app, desk.id, ids.fingerprint(session["_user_id"]))
    press(teacher, teacher.get("/today"), "Show")
    shown = teacher.get("/today")
    assert "Amina Khan" in wording(shown)
    assert "1 new to you" in wording(shown)
    assert 'content="121; url=/today?' in shown.text
    clock.shift(119)
    assert "Amina Khan" in wording(teacher.get("/today"))
    clock.shift(2)
    assert "Amina" not in teacher.get("/today").text
    press(teacher, teacher.get("/today"), "Show")
    press(teacher, teacher.get("/today"), "Cover names")
    assert "Amina" not in teacher.get("/today").text


def test_show_on_another_page_comes_back_to_it(teacher: FlaskClient, desk: AtDesk) -> None:
    grid = places(desk)[2]
    answer = press(teacher, teacher.get(grid), "Show names")
    assert answer.location == grid
    assert "Amina" in wording(teacher.get(grid))


def test_the_cover_is_lifted_in_one_browser_alone(
    app: Flask, teacher: FlaskClient, desk: AtDesk
) -> None:
    press(teacher, teacher.get("/today"), "Show")
    assert "Amina" not in covered_browser(app, OKAFOR).get("/today").text


def test_a_stale_press_lifts_nothing(teacher: FlaskClient, desk: AtDesk) -> None:
    teacher.post("/names/show", data={"csrf_token": "x"})
    assert "Amina" not in teacher.get("/today").text


def test_whoever_waits_at_the_door_can_be_let_in_from_today(app: Flask, desk: AtDesk) -> None:
    teacher = adult_browser(app, OKAFOR)
    press(teacher, teacher.get("/today"), "Let Amina in")
    assert "asks to come in" not in wording(teacher.get("/today"))


def test_many_words_about_the_team_leave_the_concerns_in_sight(app: Flask, desk: AtDesk) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        for number in range(5):
            tell_team(session, desk.id, f"Word {number}.")
    page = adult_browser(app, LANE).get("/today").text
    first, rest = page[: page.index("<details")], page[page.index("<details") :]
    assert "Word 4." in first
    assert "Word 2." not in first
    assert "3 more to read" in rest
    assert "Word 0." in rest
    assert rest.index("Word 0.") < rest.index("</details>")


def test_fewer_than_eight_pupils_are_too_few_to_say(app: Flask, desk: AtDesk) -> None:
    assert "Too few to say." in wording(adult_browser(app, OKAFOR).get("/today"))


@pytest.mark.parametrize(
    ("name", "hour", "says"),
    [
        ("Ngozi Okafor", 8, "Good morning, Ngozi"),
        ("Ngozi Okafor", 12, "Good afternoon, Ngozi"),
        ("Mrs. Okafor", 17, "Good evening, Mrs. Okafor"),
    ],
)
def test_today_greets_as_people_do(name: str, hour: int, says: str) -> None:
    assert greeting(name, TEN.replace(hour=hour)) == says


def test_today_says_at_a_glance_where_the_class_is(teacher: FlaskClient, desk: AtDesk) -> None:
    says = wording(teacher.get("/today"))
    assert "Good morning, Ngozi" in says
    assert "Hazel class, Year 4." in says
    assert "Class code: otter 4821" in says
    assert "0 of 2 have answered" in says


def test_who_has_not_begun_could_use_a_hand_once_half_the_class_has(
    app: Flask, desk: AtDesk
) -> None:
    teacher = adult_browser(app, OKAFOR)
    assert "Has not answered yet" not in wording(teacher.get("/today"))
    with app.app_context(), writing(Store.LEARNING) as session:
        session.add(
            Progress(
                school_id=desk.id,
                pupil_id=desk.school.amina,
                objective="tell.again",
                good=1,
                slips=0,
                last_at=the_clock.now(),
            )
        )
    says = wording(teacher.get("/today"))
    assert "1 of 2 have answered" in says
    assert "Has not answered yet" in says
    assert "View Finn:" in says
    assert "View Amina:" not in says
    press(teacher, teacher.get("/today"), "Cover names")
    assert "Finn" not in wording(teacher.get("/today"))


def test_today_names_a_lesson_to_teach_next_and_its_notes_can_be_read(
    teacher: FlaskClient, desk: AtDesk
) -> None:
    named = re.search(r'/lessons/([a-z0-9-]+)"', teacher.get("/today").text)
    assert named is not None
    assert named[1] in content().lessons
    assert "By the end most pupils can say" in wording(teacher.get("/lessons/t-79"))
    assert teacher.get("/lessons/nowhere").status_code == 404


def test_my_class_leads_to_the_one_class_and_several_are_a_list(
    app: Flask, teacher: FlaskClient, desk: AtDesk
) -> None:
    assert teacher.get("/my-class").location == f"/class/{desk.school.hazel}"
    assert "You do not work with a class." in wording(adult_browser(app, LANE).get("/my-class"))


def test_the_queue_says_who_has_it_and_what_comes_next(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    before = wording(lane.get("/concerns"))
    assert "Nobody yet" in before
    assert "Read it" in before
    reference = lane.get("/concerns").text.partition('href="/concerns/C-')[2][:5]
    lane.get(f"/concerns/C-{reference}")
    after = wording(lane.get("/concerns"))
    assert "Peter LaneOpened it" in after
    assert "Speak with the child" in after


def test_what_nobody_has_read_stands_before_what_was_read_long_ago(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    for hours in range(4):
        clock.shift(timedelta(hours=1))
        read = tell(app, desk, happened=("secret",), words=f"Number {hours}.")
        with app.app_context():
            facts = desk_queries.concern(desk.id, viewer(app, desk, desk.school.lane), read)
            assert facts is not None
            open_concern(desk.id, facts, desk.school.lane)
    clock.shift(timedelta(days=1))
    unread = tell(app, desk, happened=(), words="Is this all right?")
    shown = adult_browser(app, LANE).get("/today").text
    assert f"/concerns/{unread}" in shown
    assert f"/concerns/{read}" not in shown, "what was read stands behind “All”"
