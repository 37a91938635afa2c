"""Telling while the database of concerns is away: taken, or said honestly; never a false "sent"."""

from __future__ import annotations

import shutil
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, writing
from app.content.reading import GATES, too_hard
from app.health import machine
from app.people.tables import SignIn
from app.safeguarding import queries
from app.safeguarding.actions.drain import drain
from tests.at_desk import WORDS, AtDesk, adult_browser, go_on, school_with_team, tell, viewer
from tests.at_school import press, signed_in_pupil, wording
from tests.breaking import table_away
from tests.contracts.words_of import pieces_of, running_words_of
from tests.quick import locked, nowhere_to_keep

LANE = "lane.okafor@example.sch.uk"


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def amina(client: FlaskClient, desk: AtDesk) -> FlaskClient:
    signed_in_pupil(client, desk.school.amina)
    return client


def words_told(app: Flask, desk: AtDesk) -> list[str]:
    head = viewer(app, desk, desk.head)
    with app.app_context():
        said = [
            one.spoken
            for facts in queries.desk.concerns(desk.id, head)
            for one in queries.desk.said(desk.id, facts)
        ]
    return [one.words for one in said if one is not None]


def test_a_child_tells_in_three_steps_while_the_database_is_locked(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    with locked(app, Store.SAFEGUARDING):
        page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
        page = go_on(amina, page, "Next", words=WORDS, feelings=["sad"])
        assert 'value="secret" checked' in amina.get("/tell?on=yes").text
        receipt = go_on(amina, page, "Send it", to=[desk.school.okafor])
        says = wording(receipt)
        assert "We kept your words" in says
        assert "No grown-up has it yet." in says
        assert "Tell a grown-up near you now too" in says
        assert "if you like" not in says
        assert "#i-send" not in receipt.text, "a paper plane reads as sent"
        assert "Sent to" not in says
        assert WORDS not in receipt.text
        assert words_told(app, desk) == []
    with app.app_context():
        drain(desk.id)
        ((said,),) = [note.said for note in queries.notes.notes(desk.id, desk.school.amina)]
    assert said.spoken is not None
    assert (said.spoken.words, said.spoken.happened) == (WORDS, ("secret",))
    left = (app.extensions["catkin"].folders.data / "spool").rglob("*")
    assert [path for path in left if path.is_file()] == []
    assert "checked" not in amina.get("/tell").text, "the draft went with it"


def test_the_receipt_of_what_waits_is_easy_to_read(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    with locked(app, Store.SAFEGUARDING):
        receipt = go_on(client, client.get("/tell/feel"), "Just talk to me", words=WORDS)
    part = receipt.text[receipt.text.index('<div class="q">') : receipt.text.index('class="row"')]
    faults = [fault for one in pieces_of(part) for fault in too_hard(one, "tell", ())]
    assert faults == []
    assert running_words_of(part) <= 70
    assert GATES["tell"].longest <= 10


def test_hiding_and_leaving_wait_for_no_database(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    with locked(app, Store.SAFEGUARDING):
        page = go_on(amina, page, "Back", words=WORDS)
        assert press(amina, page, "Hide this").location == "/map"
        assert WORDS not in amina.get("/tell/feel").text
    assert WORDS not in amina.get("/tell/feel").text


def test_what_is_added_while_the_database_is_away_is_taken(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get(f"/notes/{tell(app, desk)}/add")
    with locked(app, Store.SAFEGUARDING):
        assert press(amina, page, "Send it", words="and more").location == "/notes/added"
    with app.app_context():
        drain(desk.id)
    assert words_told(app, desk) == [WORDS, "and more"]


def test_where_nothing_can_be_kept_it_says_so_and_the_words_stay(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    adding = amina.get(f"/notes/{tell(app, desk)}/add")
    page = amina.get("/tell/feel")
    with nowhere_to_keep(app):
        for one, button in ((page, "Next"), (page, "Just talk to me"), (adding, "Send it")):
            answer = press(amina, one, button, words="stay here")
            assert answer.status_code == 503
            assert "Not sent yet" in wording(answer)
            assert "stay here" in wording(answer)
            assert "Try again" in wording(answer)
    assert words_told(app, desk) == [WORDS]


def test_lessons_that_are_locked_keep_no_child_from_telling(
    app: Flask, amina: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    page = amina.get("/tell/feel")
    clock.shift(120)
    with locked(app, Store.LEARNING):
        began = perf_counter()
        page = go_on(amina, page, "Next", words=WORDS)
        clock.shift(700)
        assert amina.post("/tell/who", data=_form(page.text)).location == "/tell/sent"
        assert perf_counter() - began < 3
    assert words_told(app, desk) == [WORDS]
    with app.app_context(), writing(Store.LEARNING) as session:
        assert session.query(SignIn).count() > 0


def test_who_cannot_be_looked_up_tells_without_a_name_and_adults_are_told_what_to_do(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    lane = adult_browser(app, LANE)
    assert app.test_client().get("/healthz").status_code == 200
    begun = amina.get("/tell/feel")
    with table_away(app, Store.LEARNING, "sign_in"):
        assert amina.get("/map").status_code == 503
        assert press(amina, begun, "Just talk to me", words="begun before").status_code == 303
        page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
        page = go_on(amina, page, "Next", words=WORDS)
        assert "Sent" in wording(go_on(amina, page, "Send it"))
        health = app.test_client().get("/healthz")
        assert (health.status_code, health.json["database"]) == (503, "failing")  # type: ignore[index]
        said = wording(lane.get("/concerns"))
        assert "Signing in or reading does not work just now." in said
        assert "ask every teacher to listen in person" in said
        assert "-m app doctor (with the DATA_DIR and KEYS_DIR that Catkin was started" in said
        assert str(app.extensions["catkin"].folders.data) not in said, "anybody may read it"
    assert words_told(app, desk) == [WORDS, "begun before"]
    with table_away(app, Store.LEARNING, "school"):
        assert amina.get("/tell").status_code in {200, 503}, "an honest page, and no loop"


def test_a_full_disk_that_takes_no_telling_is_said_to_whoever_watches(
    app: Flask, desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = app.extensions["catkin"].folders.data
    usage = shutil.disk_usage(data)._replace(free=1024)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path: usage)
    (data / "ballast").write_bytes(b"")
    assert app.test_client().get("/healthz").status_code == 503


def _form(text: str) -> dict[str, str]:
    import re

    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {**dict(hidden), "send": "yes"}


def test_a_burst_of_one_child_takes_one_line_that_leads_to_each(app: Flask, desk: AtDesk) -> None:
    told = [tell(app, desk) for _ in range(6)]
    lane = adult_browser(app, LANE)
    page = lane.get("/concerns")
    assert "Told 6 times" in wording(page)
    assert page.text.count("<tr>") == 2, "the heads and one line"
    assert all(f"/concerns/{reference}" in page.text for reference in told)
    assert "6Open in all" in wording(page)
    assert "All 6 concerns" in wording(lane.get("/today"))


def test_a_key_that_is_away_is_said_to_everybody_alike(app: Flask, desk: AtDesk) -> None:
    tell(app, desk, about=(desk.school.lane,))
    lane, head = adult_browser(app, LANE), adult_browser(app, "marsh@example.sch.uk")
    keys = app.extensions["catkin"].keys.path
    assert "cannot be read just now" not in wording(lane.get("/concerns"))
    keys.rename(keys.with_name("away"))
    for browser in (lane, head):
        assert "some tellings may wait, sealed" in wording(browser.get("/concerns"))
