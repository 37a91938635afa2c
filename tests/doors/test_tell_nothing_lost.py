"""Whatever became of the draft or the note meanwhile: nothing that a child typed goes unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock as our_clock
from app.base.database import Store, engine_of, file_of, writing
from app.people.actions import sign_ins
from app.safeguarding import queries
from app.safeguarding.actions.drain import drain
from app.safeguarding.tables import Concern
from tests.at_desk import AtDesk, go_on, school_with_team, tell, viewer
from tests.at_school import press, signed_in_pupil, wording
from tests.quick import locked

MISSING = "Some of your words did not come"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def told(app: Flask, desk: AtDesk) -> list[tuple[str | None, str]]:
    """Whose and which words, of each concern and what was added."""
    head = viewer(app, desk, desk.head)
    with app.app_context():
        found = [
            (facts.pupil_id, said.spoken.words)
            for facts in queries.desk.concerns(desk.id, head)
            for said in queries.desk.said(desk.id, facts)
            if said.spoken is not None
        ]
    return sorted(found, key=lambda one: one[1])


def last_step(browser: FlaskClient, words: str = "he hits me") -> TestResponse:
    page = go_on(browser, browser.get("/tell"), "Next", happened=["secret"])
    return go_on(browser, page, "Next", words=words, feelings=["sad"])


def signs_in_here(app: Flask, browser: FlaskClient, desk: AtDesk, pupil_id: str) -> None:
    """Another child at the same browser, which forgets all but who is here."""
    with app.app_context():
        token = sign_ins.begin_for_pupil(desk.id, pupil_id, our_clock.now())
    with browser.session_transaction() as session:
        session["_user_id"] = token


@contextmanager
def gone(app: Flask) -> Iterator[None]:
    """The database of concerns was moved away."""
    file = file_of(app.extensions["catkin"].folders.data, Store.SAFEGUARDING)
    aside = file.with_name("aside.db")
    with app.app_context():
        engine_of(Store.SAFEGUARDING).dispose()
    file.rename(aside)
    try:
        yield
    finally:
        aside.rename(file)
        with app.app_context():
            engine_of(Store.SAFEGUARDING).dispose()


@pytest.mark.parametrize(("elsewhere", "minutes"), [("/", 0), ("/tell", 0), ("/tell?on=yes", 3)])
def test_a_page_still_brings_all_when_its_draft_went_in_another_tab(
    app: Flask,
    client: FlaskClient,
    desk: AtDesk,
    clock: time_machine.Traveller,
    elsewhere: str,
    minutes: int,
) -> None:
    page = last_step(client)
    assert "he hits me" not in page.text
    clock.shift(timedelta(minutes=minutes))
    assert "he hits me" not in client.get(elsewhere, follow_redirects=True).text
    for _ in range(2):
        receipt = go_on(client, page, "Send it", to=[desk.school.okafor])
    assert "he hits me" in wording(receipt)
    assert MISSING not in wording(receipt)
    assert told(app, desk) == [(None, "he hits me")]


def test_so_it_does_on_the_next_day(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = last_step(client)
    clock.shift(timedelta(hours=25))
    go_on(client, page, "Send it", to=[desk.school.okafor])
    assert told(app, desk) == [(None, "he hits me")]


def test_two_tabs_without_a_name_are_two_tellings(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    first, second = last_step(client, "the first"), last_step(client, "the second")
    first = go_on(client, go_on(client, first, "Back"), "Next", words="the first thing")
    for page in (first, second):
        go_on(client, page, "Send it")
    assert told(app, desk) == [(None, "the first thing"), (None, "the second")]


def test_where_something_is_missing_the_receipt_says_so_and_a_retry_too(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    page = last_step(client)
    press(client, client.get("/tell/feel?on=yes"), "Hide this")
    for _ in range(2):
        receipt = go_on(client, page, "Send it", to=[desk.school.okafor])
        assert MISSING in wording(receipt)
        assert 'href="/tell?on=yes">Say it again' in receipt.text
    assert told(app, desk) == [(None, "")]


def test_it_is_said_also_when_the_child_went_on_before_sending(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(client, client.get("/tell"), "Next", happened=["secret"])
    press(client, client.get("/tell/feel?on=yes"), "Hide this")
    page = go_on(client, page, "Next", words="he hits me")
    receipt = go_on(client, page, "Send it")
    assert MISSING in wording(receipt)
    assert told(app, desk) == [(None, "he hits me")]


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.tampers
def test_a_draft_that_cannot_be_read_at_send_is_neither_missed_nor_let_go(
    app: Flask, client: FlaskClient, desk: AtDesk, *, carried: bool
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = last_step(client)
    with gone(app):
        brings = {} if carried else {"so_far": ""}
        says = wording(go_on(client, page, "Send it", to=[desk.school.okafor], **brings))
    with app.app_context():
        drain(desk.id)
    assert told(app, desk) == [(desk.school.amina, "he hits me" if carried else "")]
    assert (MISSING in says) is not carried
    assert ("We kept your wordsThey are safe here" in says) is carried
    assert ("he hits me" in client.get("/tell/feel?on=yes").text) is not carried


def test_a_press_repeated_after_the_sign_in_ended_is_one_telling(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = last_step(client)
    press(client, page, "Send it", to=[desk.school.okafor])
    clock.shift(timedelta(hours=2))
    receipt = go_on(client, page, "Send it", to=[desk.school.okafor])
    assert told(app, desk) == [(desk.school.amina, "he hits me")]
    assert "he hits me" not in receipt.text
    assert receipt.location == "/notes/added"


def test_what_is_added_too_late_is_heard_each_time_it_says_more(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = client.get(f"/notes/{tell(app, desk, words='old')}/add")
    press(client, page, "Send it", words="and more")
    clock.shift(timedelta(hours=2))
    for words in ("and more", "and more", "and more. He hit me"):
        assert press(client, page, "Send it", words=words).location == "/notes/added"
    amina = desk.school.amina
    assert sorted(words for _, words in told(app, desk)) == [
        "and more",
        "and more. He hit me",
        "old",
    ]
    assert (amina, "and more") in told(app, desk)
    assert (None, "and more. He hit me") in told(app, desk)


def test_what_is_added_on_a_page_of_the_child_before_is_told_without_a_name(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = client.get(f"/notes/{tell(app, desk, words='old')}/add")
    signs_in_here(app, client, desk, desk.school.finn)
    assert press(client, page, "Send it", words="he comes").location == "/notes/added"
    assert (None, "he comes") in told(app, desk)


def test_what_was_said_since_is_not_swallowed_by_a_press_of_the_page_before(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = last_step(client)
    with client.session_transaction() as session:
        before = dict(session)
    press(client, page, "Send it")
    with client.session_transaction() as session:  # The answer never came.
        session.clear()
        session.update(before)
    clock.shift(5)
    go_on(client, client.get("/tell/feel?on=yes"), "Next", words="and he hit my sister")
    for _ in range(2):
        assert press(client, page, "Send it").location == "/tell/sent"
    assert [words for _, words in told(app, desk)] == ["and he hit my sister", "he hits me"]


@pytest.mark.parametrize("at", ["/tell/who", "add"])
def test_a_page_too_old_and_signed_out_keeps_the_words_on_the_screen(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller, at: str
) -> None:
    signed_in_pupil(client, desk.school.amina)
    adding = client.get(f"/notes/{tell(app, desk, words='old')}/add")
    page, words = (adding, "e" * 400_000) if at == "add" else (last_step(client), "he hits me")
    typed = {"words": "\N{EURO SIGN}" * len(words)} if at == "add" else {}
    clock.shift(timedelta(hours=2))
    again = press(client, page, "Send it", csrf_token="old", **typed)
    assert again.status_code == 200
    if at == "add":
        assert typed["words"] in again.text
    assert press(client, again, "Send it", **typed).status_code == 303
    assert (None, typed.get("words", words)) in told(app, desk)


def erase(app: Flask, desk: AtDesk, reference: str) -> None:
    with app.app_context(), writing(Store.SAFEGUARDING) as session:
        session.query(Concern).filter_by(
            school_id=desk.id, reference=reference
        ).one().state = "erased"


@pytest.mark.tampers
def test_what_is_added_to_something_that_is_gone_is_told_by_itself(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    signed_in_pupil(client, desk.school.amina)
    reference = tell(app, desk, words="old")
    page = client.get(f"/notes/{reference}/add")
    with locked(app, Store.SAFEGUARDING):
        press(client, page, "Send it", words="it waits")
    erase(app, desk, reference)
    press(client, page, "Send it", words="it comes now")
    assert client.get(f"/notes/{reference}/add").status_code == 404
    with app.app_context():
        drain(desk.id)
    amina = desk.school.amina
    assert [one for one in told(app, desk) if one[1] != "old"] == [
        (amina, "it comes now"),
        (amina, "it waits"),
    ]


@pytest.mark.tampers
def test_what_is_added_while_nobody_can_look_is_kept_once(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    signed_in_pupil(client, desk.school.amina)
    page = client.get(f"/notes/{tell(app, desk, words='old')}/add")
    press(client, page, "Send it", words="first here")
    with gone(app):
        press(client, page, "Send it", words="first here")
        press(client, page, "Send it", words="first away")
    with app.app_context():
        drain(desk.id)
    press(client, page, "Send it", words="first away")
    assert sorted(words for _, words in told(app, desk)) == ["first away", "first here", "old"]


def test_an_older_page_pressed_again_while_nobody_answers_is_one_telling(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Coordinates
) -> None:
    """Its draft was sent, and cannot be let go: the database is away."""
    signed_in_pupil(client, desk.school.amina)
    feel = go_on(client, client.get("/tell"), "Next", happened=["secret"])
    clock.shift(20)
    who = go_on(client, feel, "Next", words="he hits me", feelings=["sad"])
    clock.shift(20)
    go_on(client, feel, "Next", words="he hits me", feelings=["sad"])
    cookies = deepcopy(client._cookies)
    with locked(app, Store.SAFEGUARDING):
        for _ in range(3):
            client._cookies = deepcopy(cookies)  # The answer before never came.
            assert press(client, who, "Send it").location == "/tell/sent"
    with app.app_context():
        app.extensions["catkin_patience"].worked()
        drain(desk.id)
    assert told(app, desk) == [(desk.school.amina, "he hits me")]
