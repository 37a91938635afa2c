"""Where I am signed in: each sign-in in two words, ended from elsewhere; and my password."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.people.devices import BROWSERS, MACHINES, in_two_words
from tests.at_school import PASSWORD, AtSchool, press, signed_in_adult, small_school, wording
from tests.doors.test_stolen_cookie import MAC, moved

OKAFOR = "okafor@example.sch.uk"
NEW = "four blue spoons"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
HERE = "/my-sign-ins"


@pytest.fixture
def here(app: Flask) -> AtSchool:
    return small_school(app)


def browser(app: Flask, says: str) -> FlaskClient:
    client = moved(app.test_client(), {"User-Agent": says})
    assert signed_in_adult(client).location == "/today"
    return client


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (f"{WINDOWS} Edg/131.0", "Edge on Windows"),
        (MAC, "Safari on Mac"),
        ("Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) Safari/604.1", "Safari on iPad"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) CriOS/123.0 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/131.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0", "Firefox on Linux"),
        ("curl/8", "a browser"),
        ("", "a browser"),
        ("<script>Windows</script>", "a browser on Windows"),
    ],
)  # fmt: skip
def test_a_browser_and_its_machine_in_two_words(says: str, words: str) -> None:
    assert in_two_words(says) == words


def test_no_word_is_the_browsers_own() -> None:
    names = {name for _, name in BROWSERS} | {name for _, name in MACHINES} | {"a browser"}
    assert set(in_two_words("Chrome/ Windows " * 50).split(" on ")) <= names


def test_each_sign_in_is_listed_and_another_is_ended_from_here(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    at_home, at_school = browser(app, MAC), browser(app, WINDOWS)
    clock.shift(timedelta(minutes=2))
    page = at_school.get(HERE)
    assert "Safari on Mac" in wording(page)
    assert "Chrome on Windows" in wording(page)
    assert wording(page).count("This one") == 1
    done = press(at_school, page, "End it: Safari on Mac, since 10:00 today")
    assert "That sign-in has ended." in wording(at_school.get(done.location))
    assert at_home.get("/today").status_code == 303
    assert "Safari on Mac" not in wording(at_school.get(HERE))
    assert "End all others" not in wording(at_school.get(HERE))


def test_all_others_end_and_this_one_stays(app: Flask, here: AtSchool) -> None:
    others = [browser(app, MAC), browser(app, MAC)]
    mine = browser(app, WINDOWS)
    lane = app.test_client()
    signed_in_adult(lane, f"lane.{OKAFOR}")
    press(mine, mine.get(HERE), "End all others")
    assert [other.get("/today").status_code for other in others] == [303, 303]
    assert mine.get("/today").status_code == lane.get("/today").status_code == 200


def test_nobody_ends_the_sign_in_of_another(app: Flask, here: AtSchool) -> None:
    okafor, lane = browser(app, MAC), app.test_client()
    signed_in_adult(lane, f"lane.{OKAFOR}")
    spare = browser(app, WINDOWS)
    page = okafor.get(HERE)
    which = page.text.split('name="which" value="')[1].split('"')[0]
    token = lane.get(HERE).text.split('name="csrf_token" value="')[1].split('"')[0]
    lane.post(f"{HERE}/end", data={"csrf_token": token, "which": which})
    assert spare.get("/today").status_code == 200


def test_a_sign_in_that_was_left_is_not_listed(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    browser(app, MAC)
    clock.shift(timedelta(minutes=16))
    assert "Safari on Mac" not in wording(browser(app, WINDOWS).get(HERE))


def test_a_new_password_ends_every_other_sign_in(app: Flask, here: AtSchool) -> None:
    other, mine = browser(app, MAC), browser(app, WINDOWS)
    before = mine.get_cookie("catkin")
    done = press(
        mine, mine.get(HERE), "Change my password", password_now=PASSWORD, password_new=NEW
    )
    assert "Your password is changed" in wording(mine.get(done.location))
    assert other.get("/today").status_code == 303
    assert before is not None
    stolen = moved(app.test_client(), {"User-Agent": WINDOWS})
    stolen.set_cookie("catkin", before.value)
    assert stolen.get("/today").status_code == 303, "the cookie from before is no sign-in either"
    fresh = app.test_client()
    assert signed_in_adult(fresh).status_code == 200
    page = press(fresh, fresh.get("/staff/sign-in"), "Sign in", email=OKAFOR, password=NEW)
    assert page.location == "/today"


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("seven77", "Use 8 characters or more."),
        ("password1", "This one is on the common list."),
        ("Oak Lane Primary", "Others could guess this one: it is the school's name, yours"),
        ("x" * 1001 + "y", "Use up to 1000 characters."),
        ("", "Type a new password."),
    ],
)
def test_a_password_that_anybody_would_try_is_refused_and_shown_nowhere(
    app: Flask, here: AtSchool, new: str, says: str
) -> None:
    mine = browser(app, WINDOWS)
    sent = {"password_now": PASSWORD, "password_new": new}
    page = press(mine, mine.get(HERE), "Change my password", **sent)
    assert says in wording(page).replace("’", "'")
    assert not new or f'value="{new}"' not in page.text
    assert PASSWORD not in page.text
    assert signed_in_adult(app.test_client()).location == "/today"


@pytest.mark.parametrize("new", ["aaaa bbbb", "correct horse battery staple " * 3, "пароль-пароль"])
def test_no_composition_is_asked_for_and_a_long_one_is_welcome(
    app: Flask, here: AtSchool, new: str
) -> None:
    mine = browser(app, WINDOWS)
    sent = {"password_now": PASSWORD, "password_new": new}
    assert press(mine, mine.get(HERE), "Change my password", **sent).status_code == 303


def test_a_screen_left_open_gives_nobody_the_account(
    app: Flask, here: AtSchool, clock: time_machine.Traveller
) -> None:
    mine = browser(app, WINDOWS)
    for _ in range(5):
        sent = {"password_now": "not this one", "password_new": NEW}
        page = press(mine, mine.get(HERE), "Change my password", **sent)
        assert "That is not your password." in wording(page)
    assert "Try again at 10:01." in wording(page)
    resting = press(
        mine, mine.get(HERE), "Change my password", password_now=PASSWORD, password_new=NEW
    )
    assert "Try again at 10:01." in wording(resting)
    clock.shift(timedelta(minutes=1))
    assert signed_in_adult(app.test_client()).location == "/today"
