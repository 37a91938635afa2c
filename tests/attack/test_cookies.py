"""A cookie that this Catkin did not give, or gave to somebody else before: nobody, and no fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

from app.base import ids
from app.base.database import Store, writing
from app.people import passwords
from app.people.rules import Role
from app.people.tables import Staff
from tests.contracts.browsers import press_pictures
from tests.contracts.two_schools import DOOR, PASSWORD, TOKEN, World

PAGES = ("/", "/map", "/today", "/concerns", "/notes", "/tell", "/sign-in", "/sign-in/names")
OURS = "catkin"


def of_another_key(world: World, content: dict[str, object], key: bytes) -> str:
    """A cookie as another installation would sign it."""
    other = Flask("elsewhere")
    other.secret_key = key
    serializer = SecureCookieSessionInterface().get_signing_serializer(other)
    assert serializer is not None
    return str(serializer.dumps(content))


def bad_cookies(world: World) -> Iterator[tuple[str, str]]:
    """Each with what was done to it."""
    good = world.here.cookies[Role.DSL]
    body, when, mark = good.rsplit(".", 2)
    other = world.here.cookies[Role.HEAD].rsplit(".", 2)
    yield "nothing", ""
    yield "dots", "..."
    for cut in (1, len(body) // 2, len(body), len(good) - len(mark), len(good) - 1):
        yield f"cut at {cut}", good[:cut]
    for place in range(0, len(good), len(good) // 12):
        turned = "A" if good[place] != "A" else "B"
        yield f"a letter at {place}", good[:place] + turned + good[place + 1 :]
    yield "the body of another", f"{other[0]}.{when}.{mark}"
    yield "the mark of another", f"{body}.{when}.{other[2]}"
    yield "another time", f"{body}.{other[1][:-1]}A.{mark}"
    yield "twice", f"{good}.{good}"
    yield "no mark", f"{body}.{when}."
    yield "8 KB more", good + "A" * 8_000
    yield "64 KB", "A" * 64_000
    yield "a bomb", ".eJ" + "A" * 20_000
    yield "NUL and signs", "\x00\x01%00%0d%0a"
    yield "no ASCII", "kätzchen🐸"
    with world.browser(Role.DSL).session_transaction() as session:
        content = dict(session)
    yield "of another installation", of_another_key(world, content, b"k" * 32)
    yield "with a key of noughts", of_another_key(world, content, bytes(32))
    yield "with a likely key", of_another_key(world, content, b"secret")


def with_cookie(world: World, value: str) -> FlaskClient:
    """A browser that sends these bytes, as they are."""
    browser = world.app.test_client(use_cookies=False)
    browser.environ_base["HTTP_COOKIE"] = f"{OURS}={value}".encode().decode("latin-1")
    return browser


def sees(browser: FlaskClient) -> list[tuple[int, str | None]]:
    """What comes of each page: enough to tell somebody from nobody."""
    answers = [browser.get(path) for path in PAGES]
    return [(a.status_code, (a.location or "").partition("?")[0]) for a in answers]


def test_a_cookie_that_is_not_ours_is_nobodys(world: World) -> None:
    nobody = sees(world.app.test_client())
    tried = list(bad_cookies(world))
    for what, value in tried:
        browser = with_cookie(world, value)
        assert sees(browser) == nobody, what
        for path in PAGES[:4]:
            assert world.here.mark not in browser.get(path).text, what
    assert len(tried) > 25
    assert sees(with_cookie(world, world.here.cookies[Role.DSL])) != nobody


def test_of_two_cookies_neither_makes_anybody_of_a_bad_one(world: World) -> None:
    """A page of another port may set one with the same name."""
    browser = world.app.test_client(use_cookies=False)
    bad = world.here.cookies[Role.DSL][:-2] + "AA"
    browser.environ_base["HTTP_COOKIE"] = f"{OURS}={bad}; {OURS}={bad}; x={'y' * 4000}"
    assert sees(browser) == sees(world.app.test_client())


def staff_sign_in(world: World, browser: FlaskClient) -> None:
    """A teacher, who has a password and needs no code."""
    with world.app.app_context(), writing(Store.LEARNING) as session:
        teacher = session.get_one(Staff, world.here.adults[Role.TEACHER])
        teacher.password, email = passwords.keep(PASSWORD), teacher.email
    token = TOKEN.search(browser.get("/staff/sign-in").text)
    assert token is not None
    account = {"csrf_token": token[1], "email": email, "password": PASSWORD}
    assert browser.post("/staff/sign-in", data=account).location == "/today"


def pupil_sign_in(world: World, browser: FlaskClient) -> None:
    pupil = world.here.pupils[0]
    pressed = press_pictures(
        browser, f"/sign-in/{pupil}", world.here.pictures[pupil], world.here.form_tokens[DOOR]
    )
    assert pressed.location == "/map"


@pytest.mark.parametrize(
    ("before", "sign_in", "page"),
    [(Role.NOBODY, staff_sign_in, "/today"), (DOOR, pupil_sign_in, "/map")],
)
def test_a_cookie_put_there_before_signs_nobody_in(
    world: World, before: str, sign_in: object, page: str
) -> None:
    """The attacker has a copy of the cookie with which somebody then signs in, and out."""
    browser, copy = world.browser(before), world.browser(before)
    sign_in(world, browser)  # type: ignore[operator]
    assert browser.get(page).status_code == 200
    assert copy.get(page).status_code == 303
    given = browser.get_cookie(OURS)
    assert given is not None
    assert given.value != world.here.cookies[before]
    for tried in ("", "None", ids.fingerprint(given.value), world.here.adults[Role.DSL]):
        with copy.session_transaction() as session:
            session["_user_id"] = tried  # Even signed by our own key, no id is a sign-in.
        assert copy.get(page).status_code == 303


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(world: World) -> None:
    browser = world.browser(Role.NOBODY)
    held = []
    for _ in range(3):
        staff_sign_in(world, browser)
        cookie = browser.get_cookie(OURS)
        assert cookie is not None
        held.append(cookie.value)
        if len(held) > 1:
            assert with_cookie(world, held[-2]).get("/today").status_code == 303
    assert len(set(held)) == 3
