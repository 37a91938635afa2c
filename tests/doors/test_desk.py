"""The desk: read, answered, seen by the child; and nothing for whom it is about."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.base.database import Store, writing
from app.people.tables import Pupil
from app.prepare import Prepared
from app.safeguarding.words import key_name
from tests.at_desk import WORDS, AtDesk, adult_browser, go_on, school_with_team, tell
from tests.at_school import THREE, press, signed_in_pupil, wording

OKAFOR, LANE = "okafor@example.sch.uk", "lane.okafor@example.sch.uk"
HEAD = "marsh@example.sch.uk"
NAUGHTY = ("a" * 10_000, "🐸👩‍👩‍👧", "\u202eمرحبا", "a\u200bb", "a\x00b", "<b>x</b>&amp;")


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


def open_notes(browser: FlaskClient, pupil: str) -> str:
    """My notes, after the three pictures again."""
    page = browser.get("/notes")
    for picture in THREE:
        page = press(browser, page, picture)
    assert page.location == "/notes"
    return wording(browser.get("/notes"))


def test_told_read_answered_and_seen_by_the_child(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk, to=(desk.school.okafor,))
    okafor = adult_browser(app, OKAFOR)
    assert reference in wording(okafor.get("/today"))
    page = okafor.get(f"/concerns/{reference}")
    assert WORDS in wording(page)
    go_on(okafor, page, "Send the answer", answer="I will find you at lunch.")
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    seen = open_notes(amina, desk.school.amina)
    assert "Ngozi Okafor has read it" in seen
    assert "I will find you at lunch." in seen


def test_my_notes_hides_after_a_minute_and_asks_for_the_pictures_again(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    tell(app, desk)
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    assert WORDS not in wording(amina.get("/notes"))
    assert WORDS in open_notes(amina, desk.school.amina)
    clock.shift(50)
    assert WORDS not in wording(amina.get("/notes/still-reading"))
    assert WORDS in wording(amina.get("/notes"))
    clock.shift(61)
    assert WORDS not in wording(amina.get("/notes"))


def test_a_child_adds_to_what_they_told(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    page = amina.get(f"/notes/{reference}/add")
    empty = press(amina, page, "Send it", words="")
    assert "Write a word or two first." in wording(empty)
    assert press(amina, page, "Send it", words="And again today.").location == "/notes/added"
    lane = adult_browser(app, LANE)
    assert "And again today." in wording(lane.get(f"/concerns/{reference}"))


def test_a_pupil_cannot_add_to_what_another_told(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    browser = app.test_client()
    assert browser.get(f"/notes/{reference}/add").status_code == 303


def test_for_the_adult_it_is_about_the_concern_does_not_exist(app: Flask, desk: AtDesk) -> None:
    lane = adult_browser(app, LANE)
    before = wording(lane.get("/today")), wording(lane.get("/concerns"))
    reference = tell(app, desk, about=(desk.school.lane,))
    assert (wording(lane.get("/today")), wording(lane.get("/concerns"))) == before
    mine, nobodys = lane.get(f"/concerns/{reference}"), lane.get("/concerns/C-22222")
    assert mine.status_code == nobodys.status_code == 404
    assert wording(mine) == wording(nobodys)
    assert reference in wording(adult_browser(app, HEAD).get("/concerns"))


def test_a_teacher_cannot_open_what_was_not_sent_to_them(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    okafor = adult_browser(app, OKAFOR)
    assert okafor.get(f"/concerns/{reference}").status_code == 404
    for act in ("spoken", "note", "answer"):
        assert okafor.post(f"/concerns/{reference}/{act}").status_code == 404
    for act in ("share", "close", "reopen"):
        assert okafor.post(f"/concerns/{reference}/{act}").status_code == 403


def test_sharing_closing_and_opening_again(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    refused = press(lane, page, "Share", with_id="", reason="")
    assert "Choose an adult." in wording(refused)
    go_on(lane, page, "Share", with_id=desk.school.okafor, reason="Teaches her.")
    assert adult_browser(app, OKAFOR).get(f"/concerns/{reference}").status_code == 200
    half = press(lane, lane.get(f"/concerns/{reference}"), "Close this concern", done="Spoke.")
    assert "Write what was decided." in wording(half)
    assert "Spoke." in half.text
    summary = half.text.partition('class="faults"')[2].partition("<section")[0]
    for field in ("decision", "reason", "outcome", "child_told"):
        assert f'href="#close-{field}"' in summary
    whole = {"done": "Spoke.", "decision": "None.", "reason": "Safe.", "outcome": "Settled."}
    closed = go_on(lane, half, "Close this concern", **whole, child_told="yes")
    assert "Closed" in wording(closed)
    assert reference not in wording(lane.get("/concerns"))
    assert reference in wording(lane.get("/concerns?show=closed"))
    again = go_on(lane, closed, "Open it again", reason="More was said.")
    assert "More was said." in wording(again)


def test_a_double_click_on_an_answer_answers_once(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    for _ in range(2):
        press(lane, page, "Send the answer", answer="Coming.")
    assert wording(lane.get(f"/concerns/{reference}")).count("Coming.") == 1


@pytest.mark.parametrize("text", NAUGHTY)
def test_any_text_in_a_note_is_kept_and_shown_as_text(app: Flask, desk: AtDesk, text: str) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    after = go_on(lane, page, "Save the note", note=text)
    assert after.status_code == 200
    assert text.replace("\x00", "\N{REPLACEMENT CHARACTER}") in wording(after)


def test_a_stale_page_keeps_the_note_that_was_typed(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    answer = lane.post(
        f"/concerns/{reference}/note", data={"note": "Long note.", "csrf_token": "x"}
    )
    assert "Long note." in answer.text
    assert "Press the button again" in wording(answer)


def test_without_the_key_the_desk_says_what_to_do_and_keeps_what_was_typed(
    app: Flask, prepared: Prepared, desk: AtDesk, tmp_path: Path
) -> None:
    reference = tell(app, desk, to=(desk.school.okafor,))
    lane = adult_browser(app, LANE)
    page = lane.get(f"/concerns/{reference}")
    prepared.keys.file(key_name(desk.id, 1)).rename(tmp_path / "away")
    locked = press(lane, page, "Save the note", note="Half a page.")
    assert "cannot be read just now" in wording(locked)
    assert "Half a page." in locked.text
    assert WORDS not in locked.text
    assert "Nobody named" not in wording(locked)
    assert "Sealed. It cannot be read just now." in wording(locked)
    assert "Concerns cannot be read just now" in wording(lane.get("/today"))
    (tmp_path / "away").rename(prepared.keys.file(key_name(desk.id, 1)))
    assert WORDS in wording(lane.get(f"/concerns/{reference}"))


def test_history_counts_only_what_this_viewer_may_see(app: Flask, desk: AtDesk) -> None:
    tell(app, desk)
    reference = tell(app, desk, to=(desk.school.okafor,))
    seen_by = {
        email: wording(adult_browser(app, email).get(f"/concerns/{reference}"))
        for email in (OKAFOR, LANE)
    }
    assert "Earlier concerns you can see: 0" in seen_by[OKAFOR]
    assert "Earlier concerns you can see: 1" in seen_by[LANE]


def test_my_notes_hides_what_is_about_the_adult_who_drew_the_pictures(
    app: Flask, desk: AtDesk
) -> None:
    okafor = desk.school.okafor
    tell(app, desk, words="about another", about=(desk.head,), to=(okafor,))
    tell(app, desk, words="about the one who drew them", about=(okafor,))
    with app.app_context(), writing(Store.LEARNING) as session:
        pupil = session.get(Pupil, desk.school.amina)
        assert pupil is not None
        pupil.pictures_by = okafor
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    seen = open_notes(amina, desk.school.amina)
    assert "about another" in seen
    assert "about the one who drew them" not in seen


def test_hidden_notes_stay_hidden_for_an_old_cookie(app: Flask, desk: AtDesk) -> None:
    tell(app, desk)
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    open_notes(amina, desk.school.amina)
    page = amina.get("/notes")
    cookie = amina.get_cookie("catkin")
    assert cookie is not None
    press(amina, page, "Hide my notes")
    amina.set_cookie("catkin", cookie.value)
    assert WORDS not in wording(amina.get("/notes"))


def test_the_queue_goes_by_what_is_due_next_and_what_is_urgent_and_unread_comes_first(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    read = tell(app, desk, happened=("stranger", "secret"))
    lane = adult_browser(app, LANE)
    lane.get(f"/concerns/{read}")
    go_on(lane, lane.get(f"/concerns/{read}"), "Save what was said", with_whom="Amina", said="x")
    overdue = tell(app, desk, happened=("unkind",))
    clock.shift(timedelta(days=3))
    later = tell(app, desk, happened=("unkind",))
    now = tell(app, desk, happened=("stranger", "secret"))
    lane = adult_browser(app, LANE)
    page = lane.get("/concerns").text
    order = sorted((now, overdue, later, read), key=page.index)
    # Read, but urgent: to speak with the child is due since it was told.
    assert order == [now, read, overdue, later]


def test_what_a_child_added_to_is_said_to_be_that_and_comes_first(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    older, reference = tell(app, desk), tell(app, desk)
    lane = adult_browser(app, LANE)
    lane.get(f"/concerns/{reference}")
    page = wording(lane.get("/concerns"))
    assert "1New to you" in page
    assert "Same day" in page, "how soon to read it, and no date"
    assert "Concerns1 new to you" in page
    amina = app.test_client()
    signed_in_pupil(amina, desk.school.amina)
    clock.shift(5)
    press(amina, amina.get(f"/notes/{reference}/add"), "Send it", words="And again.")
    page, today = lane.get("/concerns").text, lane.get("/today").text
    assert page.count("The child added to it") == today.count("The child added to it") == 1
    for shown in (page, today):
        assert shown.index(reference) < shown.index(older)
    assert "Read what was added" in page
    lane.get(f"/concerns/{reference}")
    assert "The child added to it" not in lane.get("/concerns").text


def test_an_open_concern_is_covered_with_one_press(app: Flask, desk: AtDesk) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    answer = press(lane, lane.get(f"/concerns/{reference}"), "Cover and leave")
    assert answer.location == "/concerns"
    assert "Amina" not in lane.get("/concerns").text


@pytest.mark.parametrize("page", ["", "/keeping"])
def test_covered_it_asks_for_the_password_again(app: Flask, desk: AtDesk, page: str) -> None:
    reference = tell(app, desk)
    lane = adult_browser(app, LANE)
    press(lane, lane.get(f"/concerns/{reference}{page}"), "Cover and leave")
    back = lane.get(f"/concerns/{reference}{page}").text
    assert "Sign in again to open" in back
    assert "Amina" not in back
