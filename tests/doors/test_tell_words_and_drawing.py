"""Step 2 beyond typing: words to pick, without a script; drawings, of which nothing is trusted."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.content.catalogue import Catalogue
from app.content.reading import too_hard
from app.safeguarding import queries
from app.safeguarding.drawing import MOST
from app.safeguarding.words import Spoken
from tests.at_desk import WORDS, AtDesk, adult_browser, go_on, school_with_team, viewer
from tests.at_school import THREE, press, signed_in_pupil, wording
from tests.contracts.words_of import pieces_of
from tests.quick import nowhere_to_keep
from tests.unit.test_drawing import HOSTILE

LANE = "lane.okafor@example.sch.uk"
LINES = "0 123 45 234 67 345 89;2 321 210"
PATHS = ('stroke="#16302b" d="M123 45L234 67L345 89"', 'd="M321 210L321 210"')
STROKE = "1 10 20 30 40"
TOO_MUCH = ";".join([STROKE] * 2000)
LOST = "We could not keep a drawing."
LOST_AT_DESK = "could not be kept"
NOT_SENT = {**HOSTILE}
NOT_SENT.pop("half a letter")  # Nothing that a browser sends; the contract of bad input does.


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def amina(client: FlaskClient, desk: AtDesk) -> FlaskClient:
    signed_in_pupil(client, desk.school.amina)
    return client


def all_kept(app: Flask, desk: AtDesk) -> list[tuple[str, Spoken]]:
    lane = viewer(app, desk, desk.school.lane)
    found = []
    with app.app_context():
        for one in queries.desk.concerns(desk.id, lane):
            kept = queries.desk.said(desk.id, one)[0].spoken
            assert kept is not None
            found.append((one.reference, kept))
    return found


def the_one(app: Flask, desk: AtDesk) -> Spoken:
    ((_, kept),) = all_kept(app, desk)
    return kept


def at_desk(app: Flask, desk: AtDesk) -> TestResponse:
    ((reference, _),) = all_kept(app, desk)
    return adult_browser(app, LANE).get(f"/concerns/{reference}")


def told(amina: FlaskClient, **typed: object) -> TestResponse:
    """From step 2 to the receipt, by way of step 3."""
    page = go_on(amina, amina.get("/tell/feel"), "Next", words=WORDS, feelings=["sad"], **typed)
    return go_on(amina, page, "Send it")


def test_every_word_of_the_list_is_a_box_in_a_group_with_its_name(
    amina: FlaskClient, read_once: Catalogue
) -> None:
    page = amina.get("/tell/feel")
    assert "<details" in page.text
    assert "Give me some words" in wording(page)
    for group in read_once.tell_words.values():
        assert f"<legend><h2>{group.heading}</h2></legend>" in page.text
        for word in group.words:
            assert f'type="checkbox" name="chosen" value="{word}"' in page.text


def test_words_that_are_picked_are_kept_apart_from_what_is_typed(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    receipt = told(amina, chosen=["asked", "a game"])
    assert "Words I picked: a game, asked" in wording(receipt)
    kept = the_one(app, desk)
    assert (kept.words, kept.chosen) == (WORDS, ("a game", "asked"))
    assert "Words chosen from the list: a game, asked" in wording(at_desk(app, desk))


def test_picked_words_alone_are_something_said(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    press(amina, amina.get("/tell/feel"), "Just talk to me", chosen=["at home"])
    assert "No words" not in wording(at_desk(app, desk))


def test_a_word_that_is_not_on_the_list_is_not_the_childs(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    told(amina, chosen=["a game", "he hurt me", "<script>", "A GAME"])
    assert the_one(app, desk).chosen == ("a game",)


def test_back_and_next_keep_words_and_drawing_and_unticking_takes_a_word_back(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell/feel")
    page = go_on(amina, page, "Next", words=WORDS, chosen=["a game", "sent"], drawing=LINES)
    page = go_on(amina, page, "Back")
    assert f'name="drawing" value="{LINES}"' in page.text
    assert 'value="sent" checked' in page.text
    assert '<details class="bank" open>' in page.text
    page = go_on(amina, page, "Next", words=WORDS, chosen=["sent"], drawing=LINES)
    go_on(amina, page, "Send it")
    kept = the_one(app, desk)
    assert (kept.words, kept.chosen, kept.drawing) == (WORDS, ("sent",), LINES)


def test_a_drawing_is_shown_to_the_child_and_at_the_desk(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    receipt = told(amina, drawing=LINES)
    page = amina.get("/notes")
    for picture in THREE:
        page = press(amina, page, picture)
    notes = amina.get(page.location)
    concern = at_desk(app, desk)
    for shown, name in (
        (receipt, "My drawing"),
        (notes, "My drawing"),
        (concern, "Drawing by the child"),
    ):
        assert f'role="img" aria-label="{name}"' in shown.text
        assert [path for path in PATHS if path not in shown.text] == []


def test_a_drawing_alone_is_something_said(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    press(amina, amina.get("/tell/feel"), "Just talk to me", drawing=LINES)
    assert "No words" not in wording(at_desk(app, desk))


def test_a_drawing_that_was_wiped_is_gone(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", drawing=LINES)
    page = go_on(amina, page, "Back")
    go_on(amina, go_on(amina, page, "Next", drawing=""), "Send it")
    assert (the_one(app, desk).drawing, the_one(app, desk).drawing_lost) == ("", False)


@pytest.mark.parametrize("says", ["Next", "Just talk to me"])
@pytest.mark.parametrize("drawing", NOT_SENT.values(), ids=NOT_SENT.keys())
def test_what_is_no_drawing_refuses_no_telling_and_goes_no_further(
    app: Flask,
    amina: FlaskClient,
    desk: AtDesk,
    caplog: pytest.LogCaptureFixture,
    drawing: str,
    says: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    given = {"words": WORDS, "feelings": ["sad"], "chosen": ["a game"], "drawing": drawing}
    page = go_on(amina, amina.get("/tell/feel"), says, **given)
    receipt = page if says != "Next" else go_on(amina, page, "Send it")
    assert "Thank you for telling us" in wording(receipt)
    assert LOST in wording(receipt)
    kept = the_one(app, desk)
    assert (kept.words, kept.feelings, kept.chosen) == (WORDS, ("sad",), ("a game",))
    assert (kept.drawing, kept.drawing_lost) == ("", True)
    concern = at_desk(app, desk)
    assert LOST_AT_DESK in wording(concern)
    for page in (receipt, concern):
        assert "<script>alert" not in page.text
        assert "onload" not in page.text
        assert "Drawing by the child" not in page.text
    assert drawing[:60] not in caplog.text


@pytest.mark.parametrize("drawing", [LINES, "no drawing"])
def test_what_the_receipt_says_of_them_is_easy_to_read(
    amina: FlaskClient, desk: AtDesk, drawing: str
) -> None:
    receipt = told(amina, drawing=drawing, chosen=["a game", "asked", "at home"])
    names = ("Ngozi Okafor", "Peter Lane", "Ada Marsh", "Sam Boateng", "Childline", "My notes")
    pieces = pieces_of(receipt.text)
    assert any("Words I picked" in piece for piece in pieces)
    assert (LOST in " ".join(pieces)) == (drawing != LINES)
    hard = [(piece, fault) for piece in pieces for fault in too_hard(piece, "tell", names)]
    assert [one for one in hard if "Sent to" not in one[0]] == []


def test_one_that_cannot_be_read_leaves_the_one_before(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", drawing=LINES)
    page = go_on(amina, page, "Back")
    page = go_on(amina, page, "Next", drawing="0 NaN 1")
    page = go_on(amina, page, "Back")
    page = go_on(amina, page, "Next", drawing=LINES)
    go_on(amina, page, "Send it")
    kept = the_one(app, desk)
    assert (kept.drawing, kept.drawing_lost) == (LINES, True)


def test_one_drawn_anew_stands_in_for_the_one_that_was_lost(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", drawing="0 NaN 1")
    page = go_on(amina, page, "Back")
    go_on(amina, go_on(amina, page, "Next", drawing=LINES), "Send it")
    kept = the_one(app, desk)
    assert (kept.drawing, kept.drawing_lost) == (LINES, False)


def test_a_drawing_that_is_too_big_says_so_and_keeps_everything_else(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell/feel")
    given = {"words": WORDS, "feelings": ["sad"], "chosen": ["a game"], "drawing": TOO_MUCH}
    again = press(amina, page, "Next", **given)
    assert again.status_code == 200
    assert "Your drawing is too big. Undo a little." in wording(again)
    assert WORDS in wording(again)
    assert 'value="sad" checked' in again.text
    assert 'value="a game" checked' in again.text
    fits = again.text.partition('name="drawing" value="')[2].partition('"')[0]
    assert TOO_MUCH.startswith(fits)
    assert MOST - len(STROKE) <= len(fits) <= MOST
    left = fits.rpartition(";")[0]  # Undo a little.
    page = go_on(amina, again, "Next", **{**given, "drawing": left})
    assert "Who would you like to tell?" in wording(page)
    go_on(amina, page, "Send it")
    kept = the_one(app, desk)
    assert (kept.words, kept.drawing, kept.drawing_lost) == (WORDS, left, False)


def test_whoever_undoes_nothing_still_goes_on_and_the_record_says_so(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    again = press(amina, amina.get("/tell/feel"), "Next", words=WORDS, drawing=TOO_MUCH)
    page = go_on(amina, again, "Next", words=WORDS)
    go_on(amina, page, "Send it")
    kept = the_one(app, desk)
    assert kept.drawing
    assert kept.drawing_lost


def test_even_then_just_talk_to_me_sends_at_once_with_what_fits(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    receipt = go_on(
        amina, amina.get("/tell/feel"), "Just talk to me", words=WORDS, drawing=TOO_MUCH
    )
    assert LOST in wording(receipt)
    kept = the_one(app, desk)
    assert kept.words == WORDS
    assert kept.drawing_lost
    assert TOO_MUCH.startswith(kept.drawing)
    assert kept.drawing


def test_a_stale_page_keeps_words_and_drawing(amina: FlaskClient, desk: AtDesk) -> None:
    sent = {"csrf_token": "old", "step": "feel", "chosen": "a game", "drawing": LINES, "go": "who"}
    answer = amina.post("/tell/feel", data=sent)
    assert "All you said is here" in wording(answer)
    assert f'name="drawing" value="{LINES}"' in answer.text
    assert 'value="a game" checked' in answer.text


def test_hiding_lets_words_and_drawing_go(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", chosen=["a game"], drawing=LINES)
    press(amina, go_on(amina, page, "Back"), "Hide this")
    page = amina.get("/tell/feel")
    assert 'name="drawing" value=""' in page.text
    assert "checked" not in page.text
    assert all_kept(app, desk) == []


def test_a_drawing_that_cannot_be_saved_waits_on_the_page_unseen(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell/feel")
    given = {"words": WORDS, "chosen": ["a game", "sent"], "drawing": LINES}
    with nowhere_to_keep(app):
        answer = press(amina, page, "Just talk to me", **given)
    assert "Not sent yet" in wording(answer)
    assert LINES not in wording(answer)
    press(amina, answer, "Try again", words=WORDS)
    kept = the_one(app, desk)
    assert (kept.words, kept.chosen, kept.drawing) == (WORDS, ("a game", "sent"), LINES)


def test_no_stroke_is_in_an_address_a_header_or_the_cookie(
    amina: FlaskClient, desk: AtDesk
) -> None:
    answer = press(amina, amina.get("/tell/feel"), "Next", drawing="0 543 210;1 432 101")
    cookie = amina.get_cookie("catkin")
    assert cookie is not None
    assert len(cookie.value) < 1000
    assert "543" not in f"{answer.location}"
    assert "543 210" not in str(answer.headers)


def test_an_adult_it_is_about_sees_no_drawing(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", drawing=LINES)
    page = go_on(amina, page, "Send it", is_about="yes")
    go_on(amina, page, "Send it", about=[desk.school.lane])
    head = viewer(app, desk, desk.head)
    with app.app_context():
        (one,) = queries.desk.concerns(desk.id, head)
    assert adult_browser(app, LANE).get(f"/concerns/{one.reference}").status_code == 404
    assert (
        PATHS[0]
        in adult_browser(app, "marsh@example.sch.uk").get(f"/concerns/{one.reference}").text
    )
