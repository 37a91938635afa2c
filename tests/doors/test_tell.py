"""Telling from the pupil's side: one tap away, nothing required, nothing lost, sent once."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.base.database import Store, writing
from app.people.tables import School
from app.prepare import Prepared
from app.safeguarding import queries
from app.safeguarding.queries.desk import ConcernFacts, Said
from app.safeguarding.words import key_name
from tests.at_desk import WORDS, AtDesk, adult_browser, go_on, school_with_team, viewer
from tests.at_school import TEN, press, signed_in_pupil, wording
from tests.doors.test_becoming_another import LANE, becomes, link_on, makes_link
from tests.quick import nowhere_to_keep

NAUGHTY = {
    "nothing": "",
    "long": "a" * 10_000,
    "emoji": "🐸🦄👩‍👩‍👧",
    "right to left": "\u202eمرحبا",
    "zero-width": "a\u200bb\u200d",
    "NUL": "a\x00b",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
}


@pytest.fixture
def desk(app: Flask) -> AtDesk:
    return school_with_team(app)


@pytest.fixture
def amina(client: FlaskClient, desk: AtDesk) -> FlaskClient:
    signed_in_pupil(client, desk.school.amina)
    return client


def concerns(app: Flask, desk: AtDesk) -> list[tuple[ConcernFacts, list[Said]]]:
    lane = viewer(app, desk, desk.school.lane)
    with app.app_context():
        found = queries.desk.concerns(desk.id, lane)
        return [(one, queries.desk.said(desk.id, one)) for one in found]


def the_concern(app: Flask, desk: AtDesk) -> tuple[ConcernFacts, Said]:
    ((facts, said),) = concerns(app, desk)
    return facts, said[0]


def three_steps(browser: FlaskClient, desk: AtDesk, *, words: str = WORDS) -> TestResponse:
    """Through all three steps to the receipt."""
    page = go_on(browser, browser.get("/tell"), "Next", happened=["stranger", "secret"])
    page = go_on(browser, page, "Next", feelings=["worried"], words=words)
    return go_on(browser, page, "Send it", to=[desk.school.okafor])


def test_a_child_tells_in_three_steps_and_the_receipt_shows_their_words(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    receipt = three_steps(amina, desk)
    said = wording(receipt)
    for part in ("Thank you for telling us, Amina", "not your fault", "Sent to Ngozi Okafor"):
        assert part in said
    assert WORDS in said
    assert "Peter Lane" in said
    facts, kept = the_concern(app, desk)
    assert facts.pupil_id == desk.school.amina
    assert kept.spoken is not None
    assert kept.spoken.words == WORDS


def test_just_talk_to_me_sends_at_once_with_nothing_said(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    go_on(amina, amina.get("/tell"), "Just talk to me")
    _, kept = the_concern(app, desk)
    assert kept.spoken is not None
    assert (kept.spoken.happened, kept.spoken.words) == ((), "")


@pytest.mark.parametrize(
    ("hour", "says"),
    [
        (10, "They will read it within the same school day."),
        (18, "School is closed now. They will read it on the next school day."),
    ],
)
def test_no_child_is_promised_a_reader_while_school_is_closed(
    app: Flask, client: FlaskClient, desk: AtDesk, hour: int, says: str
) -> None:
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(update(School).values(read_within="the same school day"))
    with time_machine.travel(TEN.replace(hour=hour), tick=False):
        press(client, client.get("/tell"), "Just talk to me")
        assert says in wording(client.get("/tell/sent"))


@pytest.mark.parametrize("step", ["/tell", "/tell/feel", "/tell/who", "/tell/about"])
def test_just_talk_to_me_stands_on_every_step(
    app: Flask, amina: FlaskClient, desk: AtDesk, step: str
) -> None:
    assert press(amina, amina.get(step), "Just talk to me").location == "/tell/sent"
    assert len(concerns(app, desk)) == 1


def test_the_browser_keeps_no_title_that_names_the_child(amina: FlaskClient, desk: AtDesk) -> None:
    press(amina, amina.get("/tell"), "Just talk to me")
    thanks = amina.get("/tell/sent").text
    assert "Amina" in thanks
    assert "<title>Thank you - Catkin</title>" in thanks


def test_a_double_click_is_one_concern(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    page = amina.get("/tell")
    for _ in range(3):
        assert press(amina, page, "Just talk to me").location == "/tell/sent"
    assert len(concerns(app, desk)) == 1


def test_a_retry_of_the_same_page_is_one_concern_even_though_the_draft_is_gone(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["unkind"])
    for _ in range(2):
        press(amina, page, "Just talk to me", words="Help", feelings=["sad"])
    ((_, said),) = concerns(app, desk)
    assert said[0].spoken is not None
    assert said[0].spoken.happened == ("unkind",)


def test_more_words_on_a_page_whose_receipt_never_came_are_heard_too(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell/feel")
    for words in ("He shouted", "He shouted", "He shouted and hit me"):
        assert press(amina, page, "Just talk to me", words=words).location == "/tell/sent"
    kept = sorted(said[0].spoken.words for _, said in concerns(app, desk) if said[0].spoken)
    assert kept == ["He shouted", "He shouted and hit me"]


def test_two_tabs_that_say_two_things_are_both_kept(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    tabs = [go_on(amina, amina.get("/tell"), "Next", happened=["unkind"]) for _ in range(2)]
    for tab, words in zip(tabs, ("first thing", "second and worse"), strict=True):
        assert press(amina, tab, "Just talk to me", words=words).location == "/tell/sent"
    kept = {said[0].spoken.words for _, said in concerns(app, desk) if said[0].spoken}
    assert kept == {"first thing", "second and worse"}


def test_another_childs_key_never_swallows_what_is_told(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell")
    press(amina, page, "Just talk to me", once="same")
    other = app.test_client()
    press(other, other.get("/tell/feel"), "Just talk to me", once="same", words="Mine")
    assert len(concerns(app, desk)) == 2


def test_when_nobody_here_can_read_it_the_child_is_told_so(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    everybody = [desk.school.okafor, desk.school.lane, desk.head, desk.chair]
    receipt = go_on(amina, amina.get("/tell/about"), "Send it", about=everybody)
    said = wording(receipt)
    assert "No grown-up here can read it yet." in said
    assert "They come and find you" not in said
    assert "0800 1111" in said


def test_what_is_about_somebody_is_asked_even_for_just_talk_to_me(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell/who"), "Just talk to me", is_about="yes")
    assert "Not sent yet." in wording(page)
    assert concerns(app, desk) == []


def test_a_tick_that_was_taken_back_counts_no_more(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    okafor = desk.school.okafor
    page = go_on(amina, amina.get("/tell/who"), "Send it", is_about="yes", to=[okafor])
    page = go_on(amina, page, "Back", about=[okafor])
    receipt = go_on(amina, page, "Send it", to=[okafor])
    assert "Sent to Ngozi Okafor" in wording(receipt)


def test_a_page_without_the_box_never_drops_the_words(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell/feel"), "Next", words=WORDS)
    token = {"csrf_token": "", "step": "feel", "send": "talk", "once": "x"}
    press(amina, amina.get("/tell/feel"), "Back", words=WORDS)
    fields = {**token, "csrf_token": _token(page)}
    assert amina.post("/tell/feel", data=fields).status_code == 303
    _, kept = the_concern(app, desk)
    assert kept.spoken is not None
    assert kept.spoken.words == WORDS


def _token(page: TestResponse) -> str:
    return page.text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_hiding_works_on_a_stale_page_too(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    go_on(amina, amina.get("/tell/feel"), "Next", words=WORDS)
    answer = amina.post("/tell/feel", data={"csrf_token": "old", "hide": "yes", "words": WORDS})
    assert answer.location == "/map"
    assert WORDS not in wording(amina.get("/tell/feel"))


def test_the_next_child_finds_nothing_of_a_telling_without_a_name(
    app: Flask, client: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    go_on(client, client.get("/tell/feel"), "Next", words="half told")
    client.get("/sign-in")
    assert "half told" not in wording(client.get("/tell/feel"))
    receipt = go_on(client, client.get("/tell/feel"), "Just talk to me", words="all told")
    assert "all told" in wording(receipt)
    assert client.get("/tell/sent").status_code == 303
    go_on(client, client.get("/tell/feel"), "Next", words="left on the screen")
    clock.shift(121)
    assert "left on the screen" not in wording(client.get("/tell/feel"))


def test_with_the_whole_keys_folder_away_a_child_can_still_tell(
    app: Flask, prepared: Prepared, amina: FlaskClient, desk: AtDesk
) -> None:
    prepared.keys.path.rename(prepared.keys.path.with_name("away"))
    receipt = three_steps(amina, desk)
    assert "Thank you for telling us" in wording(receipt)
    prepared.keys.path.with_name("away").rename(prepared.keys.path)
    _, kept = the_concern(app, desk)
    assert kept.spoken is not None
    assert kept.spoken.words == WORDS


def test_a_telling_that_cannot_be_saved_stays_on_the_screen_and_never_says_sent(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    page = amina.get("/tell/feel")
    with nowhere_to_keep(app):
        answer = press(amina, page, "Just talk to me", words=WORDS)
    assert answer.status_code == 503
    assert "Not sent yet" in wording(answer)
    assert WORDS in wording(answer)
    assert press(amina, answer, "Try again", words=WORDS).location == "/tell/sent"
    assert len(concerns(app, desk)) == 1


def test_going_back_keeps_all_that_was_said(amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    page = go_on(amina, page, "Back", words="half a sent", feelings=["sad"])
    assert 'value="secret" checked' in page.text
    assert "half a sent" in amina.get("/tell/feel").text


def test_a_stale_page_keeps_all_that_was_said(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    answer = amina.post(
        "/tell/feel",
        data={"csrf_token": "old", "step": "feel", "words": WORDS, "feelings": "sad", "send": "x"},
    )
    assert answer.status_code == 200
    assert "All you said is here" in wording(answer)
    assert WORDS in wording(answer)
    assert concerns(app, desk) == []
    press(amina, answer, "Just talk to me", words=WORDS)
    assert len(concerns(app, desk)) == 1


def test_hiding_lets_everything_go(app: Flask, amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    assert press(amina, page, "Hide this", words=WORDS).location == "/map"
    assert "checked" not in amina.get("/tell").text
    assert WORDS not in wording(amina.get("/tell/feel"))
    assert concerns(app, desk) == []


def test_signing_out_lets_a_half_told_thing_go(amina: FlaskClient, desk: AtDesk) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    go_on(amina, page, "Next", words=WORDS)
    press(amina, amina.get("/map"), "Sign out")
    assert "checked" not in amina.get("/tell").text
    assert WORDS not in wording(amina.get("/tell/feel"))


def test_who_it_is_about_is_asked_before_sending_and_never_sees_it(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    school = desk.school
    page = go_on(amina, amina.get("/tell/who"), "Send it", is_about="yes", to=[school.lane])
    assert "Who is it about?" in wording(page)
    assert concerns(app, desk) == []
    receipt = go_on(amina, page, "Send it", about=[school.lane])
    assert "Peter Lane" not in wording(receipt)
    assert concerns(app, desk) == []
    head = viewer(app, desk, desk.head)
    with app.app_context():
        assert len(queries.desk.concerns(desk.id, head)) == 1


def test_who_came_in_by_a_link_of_whom_it_is_about_is_not_named_among_who_sees_it(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    becomes(app, link_on(makes_link(adult_browser(app, LANE), desk.head)))
    page = go_on(amina, amina.get("/tell/who"), "Send it", is_about="yes")
    page = go_on(amina, page, "Back", about=[desk.school.lane])
    assert "Who else will see it? Sam Boateng." in wording(page)


def test_a_child_can_tell_without_a_name_from_the_sign_in_page(
    app: Flask, client: FlaskClient, desk: AtDesk
) -> None:
    assert 'href="/tell"' in client.get("/sign-in").text
    receipt = go_on(client, client.get("/tell/feel"), "Just talk to me", words="Help me")
    assert "Thank you for telling us" in wording(receipt)
    facts, kept = the_concern(app, desk)
    assert facts.pupil_id is None
    assert kept.spoken is not None


def test_a_child_who_was_signed_out_by_time_can_still_send_what_they_wrote(
    app: Flask, amina: FlaskClient, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    clock.shift(660)
    press(amina, page, "Just talk to me", words=WORDS)
    facts, kept = the_concern(app, desk)
    assert facts.pupil_id is None
    assert kept.spoken is not None
    assert (kept.spoken.words, kept.spoken.happened) == (WORDS, ("secret",))
    assert kept.spoken.began_as == desk.school.amina


@pytest.mark.parametrize("words", NAUGHTY.values(), ids=NAUGHTY.keys())
def test_any_words_are_taken_and_kept_exactly(
    app: Flask, amina: FlaskClient, desk: AtDesk, words: str
) -> None:
    receipt = three_steps(amina, desk, words=words)
    assert receipt.status_code == 200
    _, kept = the_concern(app, desk)
    assert kept.spoken is not None
    assert kept.spoken.words == words


@pytest.mark.parametrize("step", ["/tell", "/tell/feel", "/tell/who", "/tell/about", "/tell/sent"])
def test_a_step_out_of_order_or_with_made_up_choices_never_breaks(
    app: Flask, amina: FlaskClient, desk: AtDesk, step: str
) -> None:
    amina.get(step)
    page = amina.get("/tell")
    answer = press(
        amina, page, "Next", happened=["made up"], step="who", to=["nobody"], about=["x"]
    )
    assert answer.status_code == 303
    go_on(amina, amina.get("/tell/who"), "Send it", to=["nobody", "../.."])
    assert len(concerns(app, desk)) == 1


def test_a_file_where_words_were_expected_is_no_trouble(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    from io import BytesIO

    page = amina.get("/tell/feel")
    answer = press(amina, page, "Just talk to me", words=(BytesIO(b"x"), "x.png"))
    assert answer.status_code == 303
    assert len(concerns(app, desk)) == 1


def test_no_word_of_the_child_is_in_an_address_or_a_cookie(
    amina: FlaskClient, desk: AtDesk
) -> None:
    page = go_on(amina, amina.get("/tell"), "Next", happened=["secret"])
    answer = press(amina, page, "Next", words="canary")
    assert "canary" not in (answer.location or "")
    import base64
    import zlib

    cookie = amina.get_cookie("catkin")
    assert cookie is not None
    body = cookie.value.lstrip(".").split(".")[0]
    plain = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    plain = zlib.decompress(plain) if cookie.value.startswith(".") else plain
    assert b"canary" not in plain
    assert b"secret" not in plain


def test_while_nobody_can_read_it_the_receipt_sends_the_child_to_a_grown_up(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    app.extensions["catkin"].keys.file(key_name(desk.id, 1)).unlink()
    said = wording(three_steps(amina, desk))
    assert "Tell a grown-up near you now too" in said
    assert "A grown-up reads it" not in said


def test_the_receipt_belongs_to_this_browser_alone(
    app: Flask, amina: FlaskClient, desk: AtDesk
) -> None:
    three_steps(amina, desk)
    assert app.test_client().get("/tell/sent").status_code == 303
    press(amina, amina.get("/map"), "Sign out")
    assert amina.get("/tell/sent").status_code == 303
