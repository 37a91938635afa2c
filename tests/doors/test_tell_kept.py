"""What a child picked or typed in Tell is never lost on the way, and never shown to the next."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.doors.pupil.brought import MOST_LETTERS
from app.safeguarding import queries
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Urgency
from app.safeguarding.words import Spoken
from tests.at_desk import WORDS, AtDesk, go_on, school_with_team, viewer
from tests.at_school import card_for, press, signed_in_pupil, wording

PICKED = ("stranger", "secret")
ASKED_BY_ITSELF = (
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/apple-touch-icon-precomposed.png",
    "/static/nothing.css",
    "/no-such-page",
    "/healthz",
)


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def amina(client: FlaskClient, desk: AtDesk) -> FlaskClient:
    signed_in_pupil(client, desk.school.amina)
    return client


def told(app: Flask, desk: AtDesk) -> list[tuple[ConcernFacts, Spoken]]:
    """All that was told, as somebody who may see it finds it."""
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        found = queries.desk.concerns(desk.id, lane)
        said = [(one, queries.desk.said(desk.id, one)[0].spoken) for one in found]
    return [(one, spoken) for one, spoken in said if spoken is not None]


def at_step_two(browser: FlaskClient) -> TestResponse:
    return go_on(browser, browser.get("/tell"), "Next", happened=list(PICKED))


@pytest.mark.parametrize("path", ASKED_BY_ITSELF)
def test_what_a_browser_asks_for_by_itself_loses_nothing(
    app: Flask, client: FlaskClient, desk: AtDesk, path: str
) -> None:
    page = at_step_two(client)
    client.get(path)
    page = go_on(client, page, "Next", feelings=["worried"], words=WORDS)
    go_on(client, page, "Send it", to=[desk.school.okafor])
    ((facts, spoken),) = told(app, desk)
    assert facts.urgency is Urgency.ACT_NOW
    assert spoken.happened == PICKED


def test_a_page_fetched_by_a_script_is_not_somebody_going_elsewhere(
    client: FlaskClient, desk: AtDesk
) -> None:
    at_step_two(client)
    client.get("/sign-in", headers={"Sec-Fetch-Mode": "cors"})
    assert 'value="secret" checked' in client.get("/tell?on=yes").text
    client.get("/sign-in", headers={"Sec-Fetch-Mode": "navigate"})
    assert "checked" not in client.get("/tell?on=yes").text


@pytest.mark.parametrize("path", ASKED_BY_ITSELF[:3])
def test_the_icons_are_there_wherever_a_browser_looks(client: FlaskClient, path: str) -> None:
    with client.get(path, follow_redirects=True) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def the_receipt(browser: FlaskClient, desk: AtDesk) -> TestResponse:
    page = go_on(browser, at_step_two(browser), "Next", words=WORDS)
    return go_on(browser, page, "Send it", to=[desk.school.okafor])


def test_what_was_hidden_on_the_receipt_is_not_shown_again_by_back(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    receipt = the_receipt(amina, desk)
    assert WORDS in wording(receipt)
    assert press(amina, receipt, "Hide this").location == "/map"
    for step in ("/tell/sent", "/tell/who?on=yes", "/tell/feel?on=yes", "/tell?on=yes"):
        assert WORDS not in wording(amina.get(step, follow_redirects=True))
    assert len(told(app, desk)) == 1


def test_hiding_a_second_telling_hides_the_receipt_of_the_first(
    amina: FlaskClient, desk: AtDesk
) -> None:
    the_receipt(amina, desk)
    press(amina, amina.get("/tell"), "Hide this")
    assert WORDS not in wording(amina.get("/tell/feel?on=yes", follow_redirects=True))


def test_a_receipt_without_a_name_is_hidden_in_the_same_way(
    client: FlaskClient, desk: AtDesk
) -> None:
    receipt = the_receipt(client, desk)
    assert press(client, receipt, "Hide this").location == "/sign-in"
    assert WORDS not in wording(client.get("/tell/who?on=yes", follow_redirects=True))


@pytest.mark.parametrize("named", [True, False], ids=["with a name", "without a name"])
def test_text_leads_back_to_the_very_step_with_everything_in_it(
    client: FlaskClient, desk: AtDesk, named: bool
) -> None:
    if named:
        signed_in_pupil(client, desk.school.amina)
    page = go_on(client, at_step_two(client), "Text", feelings=["sad"], words=WORDS)
    answer = press(client, page, "Use this", size="150")
    assert answer.location == "/tell/feel?on=yes"
    page = client.get(answer.location)
    assert 'value="sad" checked' in page.text
    assert WORDS in wording(page)
    assert 'data-size="150"' in page.text
    assert 'value="secret" checked' in go_on(client, page, "Back").text


def test_text_keeps_that_it_is_about_somebody(amina: FlaskClient, desk: AtDesk) -> None:
    picked = {"is_about": "yes", "to": [desk.school.lane]}
    page = go_on(amina, amina.get("/tell/who"), "Text", **picked)
    page = go_on(amina, page, "Use this")
    assert 'name="is_about" value="yes" checked' in page.text
    assert f'value="{desk.school.lane}" checked' in page.text


def test_a_child_without_a_name_who_opens_text_elsewhere_has_left(
    client: FlaskClient, desk: AtDesk
) -> None:
    at_step_two(client)
    client.get("/text?after=/sign-in")
    assert "checked" not in client.get("/tell?on=yes").text


def test_my_notes_keep_what_was_typed(amina: FlaskClient, desk: AtDesk) -> None:
    answer = press(amina, at_step_two(amina), "My notes", words=WORDS)
    assert answer.location == "/notes"
    assert WORDS in wording(amina.get("/tell/feel"))


def test_my_notes_pressed_when_the_sign_in_is_over_keep_it_too(
    amina: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    page = at_step_two(amina)
    clock.shift(660)
    assert WORDS in wording(go_on(amina, page, "My notes", words=WORDS))


def test_text_pressed_on_the_page_of_text_still_leads_back(
    client: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(client, at_step_two(client), "Text", words=WORDS)
    assert 'class="tool" href="/text?after=/tell/feel?on%3Dyes"' in page.text
    page = client.get("/text?after=/tell/feel?on%3Dyes")
    assert WORDS in wording(go_on(client, page, "Use this"))


@pytest.mark.parametrize("much", ["a b" * 1_300_000, "é " * 550_000, "ไ" * 420_000])
def test_just_talk_to_me_is_never_refused_for_its_size(
    app: Flask, amina: FlaskClient, desk: AtDesk, much: str
) -> None:
    receipt = go_on(amina, at_step_two(amina), "Just talk to me", words=much)
    assert "That was very long. We kept the first part." in wording(receipt)
    ((_, spoken),) = told(app, desk)
    assert spoken.words == much[:MOST_LETTERS]
    assert spoken.happened == PICKED


def test_words_that_are_too_long_stay_in_the_box_with_a_word_about_it(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    much = "x" * MOST_LETTERS + "y"
    page = press(amina, at_step_two(amina), "Next", words=much)
    assert "That was very long. We kept the first part." in wording(page)
    assert page.text.count("x") >= MOST_LETTERS
    kept = go_on(amina, page, "Next", words=much[:-1])
    assert "Who would you like to tell?" in wording(kept)
    go_on(amina, kept, "Send it")
    ((_, spoken),) = told(app, desk)
    assert spoken.words == much[:-1]


def test_the_box_takes_no_more_letters_than_are_kept(amina: FlaskClient, desk: AtDesk) -> None:
    assert f'maxlength="{MOST_LETTERS}"' in at_step_two(amina).text


def sign_out_elsewhere(browser: FlaskClient) -> None:
    """In another tab."""
    press(browser, browser.get("/map"), "Sign out")


def finn_signs_in(app: Flask, browser: FlaskClient, desk: AtDesk) -> None:
    page = browser.get(f"/card/{card_for(app, desk.school, desk.school.finn)}")
    assert press(browser, page, "Yes, I am Finn").location == "/map"


def test_a_page_from_before_signing_out_says_what_is_gone_and_leads_to_it(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = at_step_two(amina)
    sign_out_elsewhere(amina)
    page = press(amina, page, "Just talk to me", feelings=["sad"], words=WORDS)
    said = wording(page)
    assert "All you said is here" not in said
    assert "You are signed out now. We do not have your name." in said
    assert "Your words are here. Pick what happened again." in said
    assert told(app, desk) == []
    page = go_on(amina, page, "Pick what happened", feelings=["sad"], words=WORDS)
    assert "What happened?" in wording(page)
    page = go_on(amina, page, "Next", happened=list(PICKED))
    assert WORDS in wording(page)
    go_on(amina, page, "Just talk to me", feelings=["sad"], words=WORDS)
    ((facts, spoken),) = told(app, desk)
    assert facts.pupil_id is None
    assert (spoken.happened, spoken.words) == (PICKED, WORDS)


def test_a_page_of_the_last_step_does_not_say_that_the_words_are_there(
    amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, at_step_two(amina), "Next", words=WORDS)
    sign_out_elsewhere(amina)
    said = wording(press(amina, page, "Send it", to=[desk.school.okafor]))
    assert "What you picked here is still here. Tell us the rest again." in said
    assert "words are here" not in said


def test_a_page_of_one_child_is_never_told_in_the_name_of_the_next(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = at_step_two(amina)
    sign_out_elsewhere(amina)
    finn_signs_in(app, amina, desk)
    theirs = go_on(amina, amina.get("/tell/feel"), "Next", words="of the next child")
    page = press(amina, page, "Next", words=WORDS)
    assert "Someone else is signed in now. We will not use their name." in wording(page)
    page = press(amina, page, "Next", words=WORDS)
    assert "Press “Just talk to me” to send it." in wording(page)
    receipt = go_on(amina, page, "Just talk to me", words=WORDS)
    assert WORDS in wording(receipt)
    assert WORDS not in wording(amina.get("/tell/sent", follow_redirects=True))
    go_on(amina, theirs, "Send it")
    said = {spoken.words: facts.pupil_id for facts, spoken in told(app, desk)}
    assert said == {WORDS: None, "of the next child": desk.school.finn}


def test_who_it_is_about_is_asked_of_that_child_too(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, at_step_two(amina), "Next")
    sign_out_elsewhere(amina)
    finn_signs_in(app, amina, desk)
    page = press(amina, page, "Send it", is_about="yes")
    page = press(amina, page, "Send it", is_about="yes")
    assert "Who is it about?" in wording(page)
    go_on(amina, page, "Send it", about=[desk.school.lane])
    assert told(app, desk) == []


def test_a_child_who_signed_in_again_tells_in_their_own_name(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = at_step_two(amina)
    sign_out_elsewhere(amina)
    signed_in_pupil(amina, desk.school.amina)
    page = press(amina, page, "Just talk to me", words=WORDS)
    assert "This page got old. Your words are here. Pick what happened again." in wording(page)
    go_on(amina, page, "Just talk to me", words=WORDS)
    ((facts, _),) = told(app, desk)
    assert facts.pupil_id == desk.school.amina


def test_the_skip_link_inside_tell_leads_back_to_all_that_was_picked(
    client: FlaskClient, desk: AtDesk
) -> None:
    page = at_step_two(client)
    assert 'class="skip" href="/tell?on=yes"' in page.text
    assert client.get("/tell?on=yes").text.count(" checked") == len(PICKED)
