"""The second step: codes good once, half a sign-in that opens nothing, codes on paper, setting up.

What half a sign-in reaches at every page is in tests/contracts/test_half_signed_in.py.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from app.base.database import Store, writing
from app.people.actions import second_step, staff
from app.people.actions.links import close_every_way_in
from app.people.queries.staff import team_notices
from app.people.rules import Role
from app.people.tables import RecoveryCode, SecondStep
from tests.at_desk import WORDS, AtDesk, adult_browser, school_with_team, tell
from tests.at_school import PASSWORD, TEN, press, signed_in_adult, wording
from tests.stepped import code_now

LANE, OKAFOR = "lane.okafor@example.sch.uk", "okafor@example.sch.uk"
NO = "That did not work."
EVERY = {"every_school": "a test looks at all of them"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(clock: time_machine.Traveller, app: Flask) -> AtDesk:
    return school_with_team(app)


def half(client: FlaskClient, email: str = LANE) -> TestResponse:
    """The page after the password; typed, unless this browser has given it already."""
    answer = client.get("/staff/sign-in")
    if answer.status_code == 200:
        answer = press(client, answer, "Sign in", email=email, password=PASSWORD)
    return client.get(answer.location)


def gives(client: FlaskClient, code: str, email: str = LANE) -> TestResponse:
    """Sign in with the password and this code."""
    return press(client, half(client, email), "Go on", code=code)


def on_paper(client: FlaskClient, code: str) -> TestResponse:
    """Sign in with the password and this recovery code."""
    half(client)
    return press(client, client.get("/staff/recovery-code"), "Go on", code=code)


def secret_on(page: TestResponse) -> str:
    shown = re.search(r'class="secret".*?</p>', page.text, re.DOTALL)
    assert shown is not None, wording(page)
    return "".join(re.findall(r"<span>(\w{4})</span>", shown[0]))


def sets_up(client: FlaskClient, page: TestResponse) -> tuple[str, list[str]]:
    """Take the secret from the page and give its first code: the secret, the recovery codes."""
    secret = secret_on(page)
    now = datetime.fromtimestamp(time.time(), UTC)
    page = press(client, page, "Switch it on", code=pyotp.TOTP(secret).at(now))
    codes = re.findall(r"<code>([A-Z2-9-]{19})</code>", page.text)
    assert len(set(codes)) == 10, wording(page)
    return secret, codes


def forget_all(app: Flask) -> None:
    """As after an update from a Catkin without second steps."""
    with app.app_context(), writing(Store.LEARNING) as session:
        session.execute(delete(SecondStep).execution_options(**EVERY))


def kept(app: Flask, table: type, staff_id: str) -> int:
    with app.app_context(), writing(Store.LEARNING) as session:
        counted = select(func.count()).select_from(table).where(table.staff_id == staff_id)  # type: ignore[attr-defined]
        return session.scalar(counted.execution_options(**EVERY)) or 0


def test_a_code_after_the_password_and_each_once(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client, other = app.test_client(), app.test_client()
    assert "Code from your app" in wording(half(client))
    assert client.get("/today").location == "/staff/sign-in?after=/today"
    code = code_now()
    assert gives(client, f" {code[:3]} {code[3:]}").location == "/today"
    assert "Peter Lane" in wording(client.get("/today"))
    assert NO in wording(gives(other, code))
    clock.shift(timedelta(seconds=30))
    assert NO in wording(gives(other, code))
    assert gives(other, code_now()).location == "/today"


@pytest.mark.parametrize(("ahead", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(app: Flask, desk: AtDesk, ahead: int, fits: bool) -> None:
    answer = gives(app.test_client(), code_now(ahead=ahead))
    assert (answer.location == "/today") == fits


def test_a_code_used_ahead_ends_those_before_it(app: Flask, desk: AtDesk) -> None:
    assert gives(app.test_client(), code_now(ahead=1)).location == "/today"
    assert NO in wording(gives(app.test_client(), code_now()))


def test_one_code_typed_twice_at_once_lets_one_in(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        sealed = second_step.found.step(desk.id, desk.school.lane)
        assert sealed is not None
        tries = [second_step._spend(desk.id, desk.school.lane, sealed.sealed, 7) for _ in "12"]
    assert tries == [True, False]


def test_misses_rest_and_then_no_code_is_looked_at(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    for _ in range(5):
        page = gives(client, "000000")
    assert "Try again at 10:01" in wording(page)
    assert NO in wording(gives(client, code_now()))
    assert NO in wording(gives(app.test_client(), code_now())), "by account, not by browser"
    clock.shift(timedelta(seconds=31))
    assert gives(client, code_now()).location == "/today"


def test_misses_of_a_code_are_not_forgotten_for_a_right_password(app: Flask, desk: AtDesk) -> None:
    for _ in range(5):
        page = gives(app.test_client(), "000000")
    assert "Try again at" in wording(page)


def test_a_wrong_password_never_comes_to_the_code(app: Flask, desk: AtDesk) -> None:
    pages = []
    for email in (LANE, OKAFOR, "nobody@example.sch.uk"):
        client = app.test_client()
        page = client.get("/staff/sign-in")
        answer = press(client, page, "Sign in", email=email, password="not this one")
        assert answer.status_code == 200
        assert client.get("/staff/code").location == "/staff/sign-in"
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(email, "")))
    assert len(set(pages)) == 1


def test_half_a_sign_in_ends_by_itself_and_by_hand(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client = app.test_client()
    press(client, half(client), "Sign in as somebody else")
    assert client.get("/staff/code").location == "/staff/sign-in"
    half(client)
    clock.shift(timedelta(minutes=30))
    assert client.get("/staff/code").location == "/staff/sign-in"


def test_a_recovery_code_is_good_once_however_it_is_typed(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
        others = second_step.new_codes(desk.id, desk.head, TEN)
    client = app.test_client()
    typed = f"  {codes[0].replace('-', ' ').lower()} "
    assert on_paper(client, typed).location == "/today"
    assert "9 recovery codes left" in wording(client.get("/staff/account"))
    assert NO in wording(on_paper(app.test_client(), codes[0]))
    assert NO in wording(on_paper(app.test_client(), others[0])), "somebody else's"


def test_the_team_sets_up_first_and_reaches_nothing_else(app: Flask, desk: AtDesk) -> None:
    forget_all(app)
    client = app.test_client()
    assert "Set up your code" in wording(half(client))
    for path in ("/today", "/people", "/concerns", "/staff/account", "/recovery-key", "/kept"):
        assert client.get(path).location == f"/staff/sign-in?after={path}"
    answer = client.get("/staff/sign-in?after=/people")
    assert answer.location == "/staff/second-step?after=/people"
    assert client.get("/staff/code").location == "/staff/second-step?after=/today"
    page = press(client, client.get(answer.location), "Switch it on", code="000000")
    assert NO in wording(page)
    sets_up(client, page)
    assert "Peter Lane" in wording(client.get("/people"))


def test_the_secret_lies_nowhere_in_clear_and_is_shown_no_more(
    app: Flask, desk: AtDesk, caplog: pytest.LogCaptureFixture
) -> None:
    forget_all(app)
    client = app.test_client()
    secret, codes = sets_up(client, half(client))
    raw = pyotp.TOTP(secret).byte_secret()
    data = app.extensions["catkin"].folders.data
    files = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    for hidden in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert hidden.encode() not in files
        assert hidden not in caplog.text
    assert raw not in files
    assert raw.hex().encode() not in files
    for path in ("/staff/account", "/staff/account/codes", "/staff/account/phone", "/today"):
        page = client.get(path)
        assert not any(hidden in page.text for hidden in (secret, *codes)), path
    client.post("/staff/sign-out")


def test_setting_up_ends_every_other_sign_in_and_begins_another(app: Flask, desk: AtDesk) -> None:
    elsewhere, client = app.test_client(), app.test_client()
    signed_in_adult(elsewhere, OKAFOR)
    signed_in_adult(client, OKAFOR)
    with client.session_transaction() as session:
        before = session["_user_id"]
    page = client.get("/staff/account/phone")
    answer = press(client, page, "Go on to the square", password=PASSWORD)
    sets_up(client, client.get(answer.location))
    with client.session_transaction() as session:
        assert session["_user_id"] != before
    assert client.get("/today").status_code == 200
    assert elsewhere.get("/today").status_code == 303


def test_a_teacher_sets_up_before_a_concern_and_is_asked_from_then_on(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    reference = tell(app, desk, to=(desk.school.okafor,))
    client = app.test_client()
    assert signed_in_adult(client, OKAFOR).location == "/today"
    page = client.get(f"/concerns/{reference}")
    assert "Next you set up a code" in wording(page)
    answer = press(client, page, "Open the concern", password=PASSWORD)
    answer = client.get(answer.location)
    assert answer.location == f"/staff/second-step?after=/concerns/{reference}"
    note = {"note": "Seen."}
    sent = client.post(f"/concerns/{reference}/note", data=note)
    assert WORDS[:20] not in sent.text
    secret, _ = sets_up(client, client.get(answer.location))
    assert WORDS[:20] in client.get(f"/concerns/{reference}").text
    clock.shift(timedelta(minutes=1))
    other = app.test_client()
    code = pyotp.TOTP(secret).at(TEN + timedelta(minutes=1))
    assert "Code from your app" in wording(half(other, OKAFOR))
    assert gives(other, code, OKAFOR).location == "/today"


def test_another_phone_and_new_codes_ask_for_password_and_code(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    client = adult_browser(app, LANE)
    clock.shift(timedelta(minutes=11))
    assert client.get("/staff/second-step").location == "/staff/account/phone"
    page = client.get("/staff/account/codes")
    page = press(client, page, "Show new codes", password="not this", code=code_now())
    assert "Type your password again" in wording(page)
    page = press(client, page, "Show new codes", password=PASSWORD, code="000000")
    assert NO in wording(page)
    page = press(client, page, "Show new codes", password=PASSWORD, code=code_now())
    old = re.findall(r"<code>([A-Z2-9-]{19})</code>", page.text)
    clock.shift(timedelta(minutes=11))
    page = client.get("/staff/account/phone")
    answer = press(client, page, "Go on to the square", password=PASSWORD, code=old[0])
    _, new = sets_up(client, client.get(answer.location))
    clock.shift(timedelta(minutes=1))
    assert NO in wording(gives(app.test_client(), code_now())), "the phone before"
    assert NO in wording(on_paper(app.test_client(), old[1]))
    assert on_paper(app.test_client(), new[1]).location == "/today"
    with app.app_context():
        told = [notice.says for notice in team_notices(desk.id, desk.head)]
    assert told == [
        "Peter Lane moved sign-in codes to another phone.",
        "Peter Lane made new recovery codes.",
    ]


def test_forgetting_ends_sign_ins_and_codes_of_that_adult_alone(app: Flask, desk: AtDesk) -> None:
    lane, head = adult_browser(app, LANE), adult_browser(app, "marsh@example.sch.uk")
    waits = app.test_client()
    half(waits)
    with app.app_context():
        second_step.new_codes(desk.id, desk.school.lane, TEN)
        with writing(Store.LEARNING) as session:
            close_every_way_in(session, desk.id, desk.school.lane, TEN)
    assert lane.get("/today").status_code == 303
    assert head.get("/today").status_code == 200
    assert waits.get("/staff/code").location == "/staff/sign-in"
    assert kept(app, SecondStep, desk.school.lane) == kept(app, RecoveryCode, desk.school.lane) == 0


def test_a_leaver_loses_it_and_so_does_who_comes_to_see_concerns(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        second_step.new_codes(desk.id, desk.school.okafor, TEN)
        staff.change_roles(desk.id, desk.school.lane, desk.school.okafor, [Role.DEPUTY])
        assert kept(app, RecoveryCode, desk.school.okafor) == 0
        second_step.new_codes(desk.id, desk.school.okafor, TEN)
        staff.end_account(desk.id, desk.school.lane, desk.school.okafor)
    assert kept(app, RecoveryCode, desk.school.okafor) == 0
    assert kept(app, SecondStep, desk.school.okafor) == 0


def test_a_clock_that_goes_back_opens_nothing(
    app: Flask, desk: AtDesk, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
    used = code_now()
    assert gives(app.test_client(), used).location == "/today"
    waits = app.test_client()
    half(waits)
    clock.move_to(TEN - timedelta(hours=1))
    assert waits.get("/staff/code").location == "/staff/sign-in"
    page = gives(app.test_client(), code_now())
    assert "On Catkin’s computer it is Monday 16 November, 9:00" in wording(page)
    assert on_paper(app.test_client(), codes[0]).location == "/today"
    clock.move_to(TEN)
    assert NO in wording(gives(app.test_client(), used))


def test_without_the_key_paper_alone_lets_in(app: Flask, desk: AtDesk) -> None:
    with app.app_context():
        codes = second_step.new_codes(desk.id, desk.school.lane, TEN)
    file = app.extensions["catkin"].keys.file("pictures")
    aside = file.rename(file.with_suffix(".aside"))
    client = app.test_client()
    assert "put the keys folder back" in wording(half(client))
    for _ in range(6):
        assert NO in wording(gives(client, code_now()))
    assert on_paper(client, codes[0]).location == "/today"
    assert "No code from your app works just now" in wording(client.get("/staff/account"))
    signed_in_adult(client, OKAFOR)
    answer = press(
        client, client.get("/staff/account/phone"), "Go on to the square", password=PASSWORD
    )
    assert "cannot be set up just now" in wording(client.get(answer.location))
    aside.rename(file)
    assert gives(app.test_client(), code_now()).location == "/today"


def test_a_secret_put_in_another_adults_row_opens_nothing(app: Flask, desk: AtDesk) -> None:
    """Whoever can write to the database cannot give a head their own phone."""
    with app.app_context(), writing(Store.LEARNING) as session:
        mine = second_step.found.step(desk.id, desk.school.lane)
        assert mine is not None
        session.execute(
            update(SecondStep)
            .where(SecondStep.staff_id == desk.head)
            .values(sealed=mine.sealed)
            .execution_options(**EVERY)
        )
    assert NO in wording(gives(app.test_client(), code_now(), "marsh@example.sch.uk"))
