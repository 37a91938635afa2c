"""The demo: every sign-in works at any hour, and every page says that nobody here is real."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock as clocks
from app.base import ids
from app.base.errors import CannotStart
from app.base.keys import keys_here
from app.demo.app import open_up
from app.demo.families import codes_of
from app.demo.kept import Demo, StaffSignIn, forget_demo
from app.demo.listing import listed
from app.demo.seed import seed_demo
from app.people.actions import sign_ins, slips_and_cards
from app.people.actions.family_codes import new_family_code
from app.people.pictures import kept_form
from app.people.queries import classes, pupils
from tests.at_school import OTHER, TEN, at_the_names, press, tap, wording
from tests.founded import Founded

BANNER = "This is a pretend school."
SENTENCE = "Nobody will read this. If it is real, tell a grown-up near you."
ON_TELL = f"{BANNER} {SENTENCE}"
AN_ID = re.compile(r"[0-9a-z]{16}|C-[0-9A-Z]{5}|(?<=/)\d+")
A_PIECE = re.compile(r"(?<=/)[smart]-\d+[\w-]*")
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')


@pytest.fixture
def known(demo: Flask) -> Demo:
    found: Demo = demo.extensions["catkin_demo"]
    return found


def as_adult(demo: Flask, adult: StaffSignIn) -> FlaskClient:
    """A browser in which the button of an adult was pressed."""
    browser = demo.test_client()
    answer = press(browser, browser.get("/demo"), f"Sign in as {adult.name}")
    assert answer.location == "/today", adult.name
    return browser


def as_pupil(demo: Flask, name: str) -> FlaskClient:
    browser = demo.test_client()
    assert press(browser, browser.get("/demo"), f"Sign in as {name}").location == "/map"
    return browser


def test_every_adult_signs_in_by_hand_and_by_the_button(demo: Flask, known: Demo) -> None:
    assert len(known.staff) == 8
    page = wording(demo.test_client().get("/demo"))
    for adult in known.staff:
        assert adult.email in page
        assert adult.password in page
        browser = demo.test_client()
        typed = {"email": adult.email, "password": adult.password}
        assert press(browser, browser.get("/staff/sign-in"), "Sign in", **typed).location
        assert adult.name in wording(browser.get("/today"))
        assert adult.name in wording(as_adult(demo, adult).get("/today"))


def test_every_pupil_has_the_pictures_that_the_page_shows(demo: Flask, known: Demo) -> None:
    page = demo.test_client().get("/demo").text
    with demo.app_context():
        key, moment = keys_here().read("pictures"), clocks.now()
        for one in known.classes:
            assert len(one.pupils) == 28
            for pupil in one.pupils:
                form = kept_form(key, known.school, pupil.id, pupil.pictures)
                assert sign_ins.pictures_fit(known.school, pupil.id, form, moment), pupil.name
                drawn = "".join(rf'.*?aria-label="{name}"' for name in pupil.pictures)
                assert re.search(rf'value="{pupil.id}"{drawn}', page, re.DOTALL)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=6, hours=13), timedelta(days=40)])
def test_a_pupil_of_each_class_comes_in_at_any_hour(
    demo: Flask, known: Demo, clock: time_machine.Traveller, later: timedelta
) -> None:
    """On Monday morning, on Sunday night, and on Boxing Day."""
    clock.move_to(TEN + later)
    for one in known.classes:
        browser, pupil = demo.test_client(), one.pupils[0]
        browser.get("/demo")
        with demo.app_context():
            facts = classes.class_(known.school, one.id)
        assert facts is not None
        at_the_names(browser, word=facts.code_word, number=facts.code_number)
        assert tap(browser, pupil.id, pupil.pictures).location == "/map"
        assert browser.get("/map").status_code == 200


def test_all_out_holds_until_the_next_day_or_the_next_start(
    demo: Flask, known: Demo, clock: time_machine.Traveller
) -> None:
    wren = known.classes[0]
    shut = "Somebody has pressed “All out”"
    with demo.app_context():
        clock.shift(60)
        sign_ins.all_out(known.school, wren.id)
    browser = demo.test_client()
    page = browser.get("/demo")
    assert shut in wording(page)
    answer = press(browser, page, f"Sign in as {wren.pupils[0].name}")
    assert answer.location == "/sign-in/closed"
    clock.shift(60)
    open_up(demo)
    assert shut not in wording(browser.get("/demo"))
    with demo.app_context():
        clock.shift(60)
        sign_ins.all_out(known.school, wren.id)
    clock.shift(timedelta(days=1))
    assert shut not in wording(browser.get("/demo"))


def test_every_page_that_anybody_finds_carries_the_banner(demo: Flask, known: Demo) -> None:
    demo.test_client_class = FlaskClient  # Elsewhere these pages are held to their contract.
    by_role = {adult.roles[0]: adult for adult in known.staff}
    browsers = [as_adult(demo, by_role[role]) for role in ("DSL", "teacher", "office")]
    step_up(browsers[0], known)
    browsers += [as_pupil(demo, one.pupils[2].name) for one in known.classes]
    kinds = set[str]().union(*(walk(browser) for browser in (demo.test_client(), *browsers)))
    assert len(kinds) > 30, sorted(kinds)
    wanted = {"/tell", "/lessons/…/board/…", "/concerns/…", "/quiz/…", "/certificate", "/nowhere"}
    assert wanted <= kinds, sorted(kinds)


def step_up(browser: FlaskClient, known: Demo) -> None:
    """Let names show and concerns open for this adult."""
    assert press(browser, browser.get("/today"), "Show").status_code == 303
    with browser.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with browser.application.app_context():
        sign_ins.step_up(known.school, mine, clocks.now())


def walk(browser: FlaskClient) -> set[str]:
    """Follow every link to a page of each kind; each has one banner. The kinds that were found."""
    waiting, kinds = ["/", "/today", "/map", "/nowhere", "/certificate"], set[str]()
    while waiting:
        there = waiting.pop(0).replace("&amp;", "&")
        kind = A_PIECE.sub("…", AN_ID.sub("…", there.partition("?")[0]))
        if kind in kinds:
            continue
        page = browser.get(there, follow_redirects=True)
        page.get_data()
        page.close()  # A licence is sent from its file.
        if page.mimetype == "text/html":
            assert has_banner(page), there
            kinds.add(kind)
            waiting += LINK.findall(page.text)
    return kinds


def has_banner(page: TestResponse) -> bool:
    if f'<p class="pretend tells" role="note"><span>{ON_TELL}</span></p>' in page.text:
        return page.request.path.startswith(("/tell", "/notes"))
    first = page.text.partition("<main")[0]
    return page.text.count(BANNER) == 1 and BANNER in first and 'href="/demo"' in first


def test_each_step_of_telling_and_the_receipt_say_that_nobody_reads_it(demo: Flask) -> None:
    for browser in (as_pupil(demo, "Isaac"), demo.test_client()):
        page = browser.get("/tell", follow_redirects=True)
        for says in ("Next", "Next", "It is about", "Send it"):
            assert wording(page).count(ON_TELL) == 1
            if says == "It is about":
                page = press(browser, page, "Send it", is_about="yes")
            else:
                page = press(browser, page, says)
            page = browser.get(page.location) if page.status_code == 303 else page
        assert "Thank you for telling us" in wording(page)
        assert wording(page).count(ON_TELL) == 1
    browser = as_pupil(demo, "Maryam")
    notes = browser.get("/notes", follow_redirects=True)
    assert ON_TELL not in wording(notes)


def test_what_a_visitor_changed_is_not_shown_as_it_was(demo: Flask, known: Demo) -> None:
    wren, pupil = known.classes[0], known.classes[0].pupils[4]
    with demo.app_context():
        form = kept_form(keys_here().read("pictures"), known.school, pupil.id, OTHER)
        slips_and_cards.keep_pictures(known.school, {pupil.id: form}, by=wren.teacher)
        assert pupils.kept_pictures(known.school, wren.id)[pupil.id] == form
    page = wording(demo.test_client().get("/demo"))
    assert page.count("New pictures: see the slip") == 1


def test_the_listing_names_every_way_in(demo: Flask, known: Demo) -> None:
    with demo.app_context():
        there = {one.id: (one.code_word, one.code_number) for one in classes.classes(known.school)}
    found = listed(demo.extensions["catkin"].settings, known)
    assert {one["id"]: tuple(one["code"].values()) for one in found["classes"]} == there
    assert [len(one["pupils"]) for one in found["classes"]] == [28, 28, 28]
    assert all(len(p["pictures"]) == 3 for one in found["classes"] for p in one["pupils"])
    assert {"id", "email", "password", "roles"} <= set(found["staff"][0])
    assert found["cookie"] == demo.config["SESSION_COOKIE_NAME"] != "catkin"


def test_a_demo_is_never_half_made_nor_of_another_size(demo: Flask, known: Demo) -> None:
    settings = demo.extensions["catkin"].settings
    assert seed_demo(settings) == seed_demo(settings, 84) == known
    with pytest.raises(CannotStart, match="The demo has 84 pupils. Stop it, and make it anew"):
        seed_demo(settings, 112)
    forget_demo(settings.data_dir)  # As if the machine had gone off while it was made.
    again = seed_demo(settings)
    assert again.school != known.school
    assert [[(p.name, p.pictures) for p in one.pupils] for one in again.classes] == [
        [(p.name, p.pictures) for p in one.pupils] for one in known.classes
    ]


def test_a_button_without_its_token_or_for_nobody_lets_nobody_in(demo: Flask, known: Demo) -> None:
    browser = demo.test_client()
    page = browser.get("/demo")
    for path, given in (("staff", known.staff[0].id), ("pupil", known.classes[0].pupils[0].id)):
        assert browser.post(f"/demo/{path}", data={path: given}).location == "/demo"
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        sent = {"csrf_token": token[1], path: "nobody"}
        assert browser.post(f"/demo/{path}", data=sent).location == "/demo"
    assert browser.get("/today").status_code == 303


def test_a_real_school_has_neither_the_page_nor_the_banner(client: FlaskClient) -> None:
    assert client.get("/demo").status_code == 404
    assert client.post("/demo/staff").status_code in {404, 405}
    front = client.get("/")
    assert BANNER not in front.text
    assert "127.0.0.1:8001/demo" in wording(front)
    assert "make run DEMO=1" in wording(front)


def test_the_codes_for_families_and_for_the_hall_open_what_they_say(
    demo: Flask, known: Demo
) -> None:
    with demo.app_context():
        codes = codes_of(known.school)
    assert codes.family is not None
    assert codes.workshop is not None
    shown = wording(demo.test_client().get("/demo"))
    for path, button, code, lands in (
        ("/families/join", "Come in", codes.family, "/families"),
        ("/workshop", "Join in", codes.workshop, "/workshop/now"),
    ):
        assert f"{code.word} {code.number}" in shown
        phone = demo.test_client()
        page = phone.get(path)
        came = press(phone, page, button, word=code.word, number=code.number)
        assert came.status_code == 303
        assert came.location.endswith(lands)


def test_staff_read_what_is_still_to_come_where_a_pupil_s_map_says_soon(
    demo: Flask, known: Demo
) -> None:
    for teacher, name in (("Sioned Price", "Aarav"), ("Tomasz Nowicki", "Amelia")):
        adult = next(one for one in known.staff if one.name == teacher)
        said = wording(as_adult(demo, adult).get("/lessons"))
        pupil_map = wording(as_pupil(demo, name).get("/map"))
        soon = [
            one
            for one in ("Safe", "Meeting", "Accepting", "Reliable", "Tell")
            if f"{one} Soon" in pupil_map
        ]
        told = f"Still to come for these years: {', '.join(soon)}." if soon else ""
        assert told in said
        assert bool(soon) is ("Still to come" in said) is (name == "Aarav")


def test_a_family_keeps_the_code_of_its_own_school_beside_that_of_the_demo(
    demo: Flask, known: Demo, school: Founded
) -> None:
    """Cookies know no ports: on one computer both are sent to the school and to the demo."""
    phone, names = {}, {}
    for app, school_id in ((school.app, school.id), (demo, known.school)):
        with app.app_context():
            code = new_family_code(school_id)
        phone[app] = app.test_client()
        came = phone[app].get(f"/families/join/{code.word}-{code.number}")
        names[app] = {one.partition("=")[0] for one in came.headers.getlist("Set-Cookie")}
        assert phone[app].get("/families").status_code == 200
    assert not names[school.app] & names[demo]
    assert "catkin-demo-family" in names[demo]


def test_whoever_opens_the_sign_ins_finds_a_workshop_that_goes_on(
    demo: Flask, known: Demo, clock: time_machine.Traveller
) -> None:
    with demo.app_context():
        before = codes_of(known.school).workshop
        clock.shift(timedelta(hours=5))
        assert codes_of(known.school).workshop is None
    assert "Phones cannot reach this address." in wording(demo.test_client().get("/demo"))
    with demo.app_context():
        fresh = codes_of(known.school).workshop
        assert fresh not in (None, before)
    demo.test_client().get("/demo")
    with demo.app_context():
        assert codes_of(known.school).workshop == fresh, "one at a time"
