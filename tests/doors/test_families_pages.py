"""What families read: ages on their day, talk cards, how to block, and the agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base.database import Store, file_of
from app.content.catalogue import Catalogue
from app.people.actions.family_codes import new_family_code
from tests.at_desk import school_with_team
from tests.at_school import TEN, press, wording

OWN = "Phones sleep in <b>Gran’s</b> kitchen, Amina & all"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    desk, browser = school_with_team(app), app.test_client()
    with app.app_context():
        code = new_family_code(desk.id)
    browser.get(f"/families/join/{code.word}-{code.number}")
    return browser


@pytest.fixture
def known(app: Flask) -> Catalogue:
    found: Catalogue = app.extensions["catkin"].catalogue
    return found


def verdicts(page: TestResponse) -> dict[str, str]:
    """By service: the word of its verdict."""
    rows = re.findall(r"<b>([^<]+)</b> [^<]*<u>.*?</i>([^<]+)</span></summary>", page.text)
    return dict(rows)


def test_the_whole_register_is_shown_each_with_its_word_shape_date_and_reason(
    phone: FlaskClient, known: Catalogue
) -> None:
    page = phone.get("/families/ages?age=9")
    found = verdicts(page)
    assert set(found) == {rule.service for rule in known.ages.values()}
    assert set(found.values()) == {"Not yet", "With you", "Yes", "Ask"}
    assert found["TikTok"] == "Not yet"
    assert found["YouTube Kids"] == "With you"
    assert found["Telegram"] == "Ask"
    for word in ("not-yet", "with-you", "yes", "ask"):
        assert f'class="verdict {word}"' in page.text
    dated = len(re.findall(r"(?:Checked|Looked at) 20 November 2026\.", page.text))
    assert dated > len(found)
    assert "recalled" not in wording(page)
    assert "Do not use in a scored question" not in wording(page)


def test_the_age_goes_up_and_down_within_a_primary_school(phone: FlaskClient) -> None:
    assert 'role="group">9</b>' in phone.get("/families/ages").text
    for asked, shown in (("4", 4), ("11", 11), ("3", 4), ("99", 11), ("x", 9), ("-1", 4)):
        page = phone.get(f"/families/ages?age={asked}")
        assert f'role="group">{shown}</b>' in page.text, asked
        ways = set(re.findall(r"[?&;]age=(\d+)", page.text))
        assert {int(one) for one in ways} <= {shown - 1, shown, shown + 1}
        assert all(4 <= int(one) <= 11 for one in ways)
    minecraft = [verdicts(phone.get(f"/families/ages?age={n}"))["Minecraft"] for n in (5, 9)]
    assert minecraft == ["Not yet", "With you"]


@pytest.mark.parametrize("typed", ["tick tock", "TIK TOK", "tik-tok", "Tîktök", "titkok"])
def test_a_service_is_found_as_families_write_it(phone: FlaskClient, typed: str) -> None:
    page = phone.get("/families/ages", query_string={"q": typed, "age": "8"})
    assert list(verdicts(page)) == ["TikTok"]
    assert 'name="age" value="8"' in page.text


def test_what_is_not_in_the_register_is_said_to_be_unknown(phone: FlaskClient) -> None:
    for typed in ("lego", "<script>alert(1)</script>", "x" * 5000, "\u202e?", "!!!"):
        page = phone.get("/families/ages", query_string={"q": typed})
        assert verdicts(page) == {}, typed
        assert "<script>alert" not in page.text
    assert "We have not looked at “lego”." in wording(phone.get("/families/ages?q=lego"))


def test_the_law_that_is_planned_is_told_with_its_day_and_changes_nothing_yet(
    phone: FlaskClient,
) -> None:
    said = wording(phone.get("/families/ages"))
    assert "The law is going to change. See what is planned." in said
    assert "Announced on 15 June 2026. Not in force yet. Expected in spring 2027." in said
    assert "For TikTok, Snapchat, YouTube, Instagram, Facebook, X. Not for WhatsApp" in said


def test_what_is_past_its_date_is_no_longer_said_as_true(
    phone: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2027, 2, 1, 10, tzinfo=UTC))
    page = phone.get("/families/ages")
    assert set(verdicts(page).values()) == {"Ask"}
    said = wording(page)
    assert "This may have changed since we looked. Check the age in the app itself." in said
    assert "This may have changed since. Look at the government’s own page." in said
    assert "13 or older" not in said


def test_the_labels_of_games_and_films_are_explained_from_the_register(
    phone: FlaskClient, known: Catalogue, clock: time_machine.Traveller
) -> None:
    films, pegi = known.age_facts.films, known.age_facts.pegi
    assert films is not None
    assert pegi is not None
    said = wording(phone.get("/families/ages"))
    assert pegi.meaning in said
    for label, says in films.labels.items():
        assert f"{label}{says[:1].upper()}{says[1:]}." in said.replace(" ", "") or says[1:] in said
    clock.move_to(datetime(2027, 12, 1, 10, tzinfo=UTC))
    later = wording(phone.get("/families/ages"))
    assert pegi.meaning not in later
    assert "These may have changed since we looked." in later


def test_a_card_for_each_letter_and_age_can_be_leafed_through(
    phone: FlaskClient, known: Catalogue
) -> None:
    seen = set()
    for band in ("5-7", "7-9", "9-11"):
        path = f"/families/talk?band={band}&card=S"
        for _letter in "SMART":
            page = phone.get(path)
            (card,) = [
                c
                for c in known.for_families.cards
                if f"“{c.ask}”" in page.text.replace("&#39;", "'")
            ]
            assert card.band == band
            assert all(words in wording(page) for words in (card.listen_for, card.say, card.do))
            seen.add((card.letter, card.band))
            path = re.findall(r'href="(/families/talk\?[^"]+)">Next card', page.text)[0]
            path = path.replace("&amp;", "&")
        assert path.endswith("card=S")
    assert len(seen) == 15
    assert phone.get("/families/talk?band=nobodys&card=%00").status_code == 200
    assert phone.get("/families/talk/print").text.count('class="slip"') == 15
    assert phone.get("/families/talk/print?band=5-7").text.count('class="slip"') == 5


def test_another_card_each_night_and_each_in_its_turn(known: Catalogue) -> None:
    start = date(2026, 11, 16).toordinal()
    nights = [known.for_families.tonight(date.fromordinal(start + n)) for n in range(15)]
    assert set(nights) == set(known.for_families.cards)
    assert len({card.band for card in nights[:3] if card}) == 3


def test_only_what_is_confirmed_is_told_as_a_step(
    phone: FlaskClient, known: Catalogue, clock: time_machine.Traveller
) -> None:
    assert known.blocking is not None
    day = date(2026, 11, 16)
    page = phone.get("/families/block-and-report")
    said = wording(page)
    assert said.count("and not confirmed.") == said.count("Check on the service’s own page.") > 3
    for one in known.blocking.services.values():
        assert one.name in said
        assert (one.steps_on(day) is not None) == (
            one.report[1:] in said and one.verified and one.steps_verified
        )
    for truth in known.blocking.truths.values():
        assert (truth.words in said) == truth.verified
    clock.move_to(datetime(2027, 11, 21, 10, tzinfo=UTC))
    assert "Block Profile" not in wording(phone.get("/families/block-and-report"))


def fill(phone: FlaskClient, says: str) -> TestResponse:
    return press(phone, phone.get("/families/agreement"), "Show the sheet", own_S=says)


def test_our_own_words_come_onto_the_sheet_and_back_into_the_box_and_nowhere_else(
    app: Flask, phone: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    sheet = fill(phone, OWN)
    assert sheet.status_code == 200
    assert OWN in wording(sheet)
    assert "<b>Gran" not in sheet.text
    assert "Amina" not in sheet.request.url
    again = press(phone, sheet, "Change our words")
    assert (
        'value="Phones sleep in &lt;b&gt;Gran’s&lt;/b&gt; kitchen, Amina &amp; all"' in again.text
    )
    assert "Amina" not in wording(phone.get("/families/agreement/sheet"))
    for store in Store:
        assert (
            b"Phones sleep"
            not in file_of(app.extensions["catkin"].folders.data, store).read_bytes()
        )
    assert "Phones sleep" not in caplog.text
    assert all("Phones" not in str(cookie) for cookie in sheet.headers.getlist("Set-Cookie"))


def test_words_that_do_not_fit_stay_in_their_box(phone: FlaskClient) -> None:
    page = fill(phone, "otter " * 40)
    assert "This does not fit on the sheet." in wording(page)
    assert ("otter " * 40).strip() in page.text


def test_the_empty_sheet_has_every_promise_and_the_number_of_the_register(
    phone: FlaskClient, known: Catalogue
) -> None:
    said = wording(phone.get("/families/agreement/sheet"))
    agreement = known.for_families.agreement
    assert agreement is not None
    for clause in agreement.clauses:
        assert clause.child in said
        assert clause.grown_up in said
    assert known.helplines["childline"].number in said
    assert said.count("Room for our own rule") == 5
