"""Over the school's network: who comes in how, by which name, and whose word counts for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from app import create_app
from app.base import clock as school_clock
from app.base.database import Store, engine_of
from app.health.network import NAME, OPEN
from app.people.actions import sign_ins
from app.people.rights import May
from app.people.rules import Role
from app.prepare import Prepared
from app.web.guards import Door
from tests.at_desk import go_on
from tests.at_school import wording
from tests.conftest import ContractClient
from tests.founded import PASSWORD, TOKEN, Founded, found_oak_lane, post
from tests.stepped import code_now

pytestmark = pytest.mark.usefixtures("clock")

AWAY = "192.168.1.20"
PROXY = ip_network("10.0.0.2")
HOME = "https://catkin.oak.school"
NEEDS_TLS = "This page needs TLS"
OPEN_TO_ALL = {"public", "pupil", "family", "workshop"}
"""The doors that say that they answer over plain HTTP."""
SPOOFED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "localhost",
    "X-Real-IP": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;proto=https;host=localhost",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Protocol": "ssl",
    "Front-End-Https": "on",
}

Made = Callable[..., Flask]


@pytest.fixture
def made(prepared: Prepared) -> Iterator[Made]:
    """Makes a Catkin with these settings of the network."""
    apps: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = create_app(
            replace(prepared, settings=replace(prepared.settings, **settings)), testing=True
        )
        app.test_client_class = ContractClient
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()


def at(browser: FlaskClient, address: str) -> FlaskClient:
    """The same browser, on a computer with this address."""
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def cookies_of(answer: TestResponse) -> dict[str, Any]:
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return dict(found)


def test_every_door_says_whether_it_answers_over_plain_http(app: Flask) -> None:
    doors = [one for one in app.blueprints.values() if isinstance(one, Door)]
    assert len(doors) == len(app.blueprints)
    assert {one.name for one in doors if one.over_plain_http} == OPEN_TO_ALL


def test_a_door_that_says_nothing_answers_no_listener(app: Flask) -> None:
    door = Door("planted", __name__)
    door.opens("/planted", may=May.READ_ANYWHERE)(planted)
    app.register_blueprint(door)
    app.add_url_rule("/loose", "loose", planted)
    app.extensions["catkin_admits"]["loose"] = frozenset({Role.NOBODY})
    for path in ("/planted", "/loose"):
        assert NEEDS_TLS in at(app.test_client(), AWAY).get(path).text
        assert app.test_client().get(path).text == "secret"


def test_what_to_type_stands_whole_and_tells_a_stranger_no_folder(school: Founded) -> None:
    page = at(school.app.test_client(), AWAY).get("/staff/sign-in")
    assert "<span>.venv/bin/python -m app tls</span>" in page.text
    assert "-m app tls (with the DATA_DIR and KEYS_DIR that Catkin was started with)" in (
        wording(page)
    )
    assert str(school.app.extensions["catkin"].folders.data) not in page.text


def planted() -> Response:
    return Response("secret", content_type="text/plain")


def test_all_that_was_sent_stands_on_the_page_but_no_password(school: Founded) -> None:
    sent = {"note": "Wednesday", "password": "three odd brass whistles"}
    page = at(school.adult("DSL"), AWAY).post("/concerns/7/note", data=sent).text
    assert "It stands below" in page
    assert "Wednesday" in page
    assert "whistles" not in page


def test_every_page_of_adults_is_closed_to_the_plain_network_whoever_asks(school: Founded) -> None:
    """Each address and method, to nobody and to adults who are signed in, with and without."""
    browsers = [school.app.test_client(), school.adult("DSL"), school.adult(Role.TEACHER)]
    tried = 0
    for rule in school.app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in {*OPEN_TO_ALL, "static"}:
            continue
        _, path = rule.build(dict.fromkeys(rule.arguments, "7")) or (0, "")
        assert path
        for method in (rule.methods or set()) - {"HEAD"}:
            for browser in browsers:
                answer = at(browser, AWAY).open(path, method=method, headers=SPOOFED)
                assert answer.status_code == 403, f"{method} {path}: {answer.status}"
                assert method == "OPTIONS" or NEEDS_TLS in answer.text
                assert "Lane" not in answer.text, "the page names nobody"
                tried += 1
    assert tried > 200


def test_pupils_families_and_halls_come_in_over_plain_http(school: Founded) -> None:
    for path in ("/", "/sign-in", "/tell", "/families/join", "/workshop", "/help", "/privacy"):
        assert at(school.app.test_client(), AWAY).get(path).status_code in {200, 303}, path
    assert at(school.pupil("Amina"), AWAY).get("/map").status_code == 200


def test_a_child_tells_over_plain_http(school: Founded) -> None:
    child = at(school.pupil("Amina"), AWAY)
    receipt = go_on(child, child.get("/tell"), "Just talk to me")
    assert "Thank you for telling us, Amina" in wording(receipt)


def test_that_the_network_can_listen_is_red_for_the_team_and_moves_with_no_telling(
    made: Made,
) -> None:
    school = found_oak_lane(made(host="0.0.0.0"))
    dsl, technician = school.adult("DSL"), school.adult(Role.TECHNICIAN)
    teacher = school.adult(Role.TEACHER)
    before = technician.get("/health")
    red = f'<p class="note urgent" role="status">.*<b>{OPEN}</b>'
    assert re.search(red, dsl.get("/concerns").text)
    assert OPEN not in teacher.get("/concerns").text, "who sees no concerns cannot mend it either"
    assert f"Mend {NAME} {OPEN}" in wording(before)
    go_on(child := at(school.pupil("Amina"), AWAY), child.get("/tell"), "Just talk to me")
    assert re.search(red, dsl.get("/concerns").text)
    assert wording(technician.get("/health")) == wording(before)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"host": "0.0.0.0", "demo": True},
        {"host": "0.0.0.0", "trusted_proxy": PROXY, "public_url": HOME},
    ],
)
def test_where_nobody_can_listen_nothing_is_red(made: Made, settings: dict[str, Any]) -> None:
    school = found_oak_lane(made(**settings))
    assert OPEN not in school.adult("DSL").get("/concerns").text
    assert f"Working {NAME}" in wording(school.adult(Role.TECHNICIAN).get("/health"))


def test_what_an_adult_sent_is_shown_again_but_never_a_password(school: Founded) -> None:
    typed = {"note": "She said it again today.", "password": "three red kettles are mine"}
    page = at(school.adult("DSL"), AWAY).post("/concerns/C-AAAAA/note", data=typed)
    assert page.status_code == 403
    assert "What you sent was not saved" in wording(page)
    assert "She said it again today." in page.text
    assert "kettles" not in page.text


SOMEBODY_ELSE: tuple[dict[str, Any], ...] = (
    {"headers": SPOOFED},
    {"headers": {"X-Forwarded-For": AWAY}},
    {"headers": {"Via": "1.1 somebody"}},
    {"headers": {"Host": "catkin.oak.school"}},
    {"headers": {"Host": "127.0.0.1.evil.example"}},
    {"headers": {"Host": "localhost@evil.example"}},
    {"environ_base": {"REMOTE_ADDR": "::ffff:192.168.1.20"}},
    {"environ_base": {"REMOTE_ADDR": ""}},
)


def test_this_computer_is_itself_by_its_own_name_and_with_nobody_between(
    client: FlaskClient,
) -> None:
    assert "password" in client.get("/staff/sign-in").text
    for asking in SOMEBODY_ELSE:
        assert NEEDS_TLS in client.get("/staff/sign-in", **asking).text, asking


def test_somebody_behind_an_unknown_proxy_reads_how_to_name_it(client: FlaskClient) -> None:
    assert "TRUSTED_PROXY" in client.get("/today", headers={"X-Forwarded-For": AWAY}).text
    assert "TRUSTED_PROXY" not in at(client, AWAY).get("/today").text


def test_whoever_came_by_the_wrong_way_is_shown_the_right_one(made: Made) -> None:
    app = made(public_url=HOME)
    page = at(app.test_client(), AWAY).get("/today", headers={"Host": "catkin.oak.school"})
    assert page.status_code == 403
    assert f'href="{HOME}/staff/sign-in"' in page.text


def behind(app: Flask, *, peer: str = "10.0.0.2", **said: str) -> TestResponse:
    """The staff's door, asked for by a machine that says these things of whom it asks for."""
    headers = {name.replace("_", "-"): value for name, value in said.items()}
    return at(app.test_client(), peer).get("/staff/sign-in", headers=headers)


def test_the_word_of_the_trusted_proxy_counts(made: Made) -> None:
    app = made(trusted_proxy=PROXY)
    over_tls = behind(app, X_Forwarded_For=AWAY, X_Forwarded_Proto="https")
    assert over_tls.status_code == 200
    assert "Strict-Transport-Security" not in over_tls.headers, "localhost is each computer’s own"
    assert list(cookies_of(over_tls)) == ["__Host-catkin"]
    assert behind(app, X_Forwarded_For=AWAY, X_Forwarded_Proto="http").status_code == 403
    assert behind(app, X_Forwarded_For=AWAY).status_code == 403


def test_of_a_chain_the_last_hop_alone_is_believed(made: Made) -> None:
    app = made(trusted_proxy=PROXY)
    proto = behind(app, X_Forwarded_For=f"127.0.0.1, {AWAY}", X_Forwarded_Proto="https, http")
    assert proto.status_code == 403
    seen: list[str | None] = []
    app.before_request_funcs[None].append(lambda: seen.append(asked_by()))
    for said in (f"127.0.0.1, {AWAY}", f"8.8.8.8,{AWAY}:51234", AWAY):
        behind(app, X_Forwarded_For=said, X_Forwarded_Proto="https")
    behind(app, X_Forwarded_For="[fd00::9]:443", X_Forwarded_Proto="https")
    behind(app, X_Forwarded_For="unknown", X_Forwarded_Proto="https")
    assert seen == [AWAY, AWAY, AWAY, "fd00::9", ""]


def asked_by() -> str | None:
    from flask import request

    return request.remote_addr


def test_nobody_elses_word_counts(made: Made) -> None:
    app = made(trusted_proxy=PROXY)
    for peer in (AWAY, "10.0.0.3", "127.0.0.1", "::ffff:10.0.0.3"):
        answer = behind(app, peer=peer, X_Forwarded_For="127.0.0.1", X_Forwarded_Proto="https")
        assert answer.status_code == 403, peer
        assert "__Host-" not in str(answer.headers)


def test_a_trusted_proxy_that_says_nothing_is_not_this_computer(made: Made) -> None:
    """Many a proxy on the same machine asks as 127.0.0.1, for all who ask it."""
    app = made(trusted_proxy=ip_network("127.0.0.1"))
    assert behind(app, peer="127.0.0.1").status_code == 403
    through = {"X_Forwarded_For": "127.0.0.1", "X_Forwarded_Proto": "http"}
    assert behind(app, peer="127.0.0.1", **through).status_code == 403


def test_the_name_that_a_trusted_proxy_was_asked_by_counts(made: Made) -> None:
    app = made(trusted_proxy=PROXY, public_url=HOME)
    said = {"X_Forwarded_For": AWAY, "X_Forwarded_Proto": "https"}
    asked = behind(app, X_Forwarded_Host="catkin.oak.school", **said)
    assert asked.status_code == 200
    assert asked.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert behind(app, X_Forwarded_Host="evil.example", **said).status_code == 400


OTHER_NAMES = (
    "evil.example",
    "catkin.oak.school.evil.example",
    "catkin.oak.school:8443",
    "xcatkin.oak.school",
    "catkin.oak.school@evil.example",
    "evil.example\\@catkin.oak.school",
    "[::1",
    "192.0.2.77",
    "0.0.0.0",
    "<script>",
)


def test_any_other_name_gets_a_plain_page_that_repeats_nothing(made: Made) -> None:
    app = made(public_url=HOME)
    browser = app.test_client()
    still = f"{app.static_url_path}/css/base.css"
    for host in OTHER_NAMES:
        for path in ("/", "/sign-in", "/staff/sign-in", "/nowhere", "/healthz", still):
            answer = browser.get(path, headers={"Host": host})
            assert answer.status_code == 400, f"{host} {path}"
            assert "Location" not in answer.headers
            assert "evil" not in answer.text
            assert "8443" not in answer.text
            assert f'<a href="{HOME}">' in answer.text
        assert browser.post("/tell", data={"words": "x"}, headers={"Host": host}).status_code == 400


def test_the_schools_name_and_the_computers_own_are_answered(made: Made) -> None:
    browser = made(public_url=HOME).test_client()
    for host in ("catkin.oak.school", "CATKIN.oak.school", "localhost:8000", "[::1]:8000"):
        assert browser.get("/help", headers={"Host": host}).status_code == 200, host


def test_the_computers_own_numbers_are_answered_too(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.network.own_addresses", lambda: ["192.0.2.77", "fd00::77"])
    browser = made(public_url=HOME).test_client()
    for host in ("192.0.2.77:8000", "[fd00::77]", "[fd00:0::77]:8000"):
        assert browser.get("/help", headers={"Host": host}).status_code == 200
    assert browser.get("/help", headers={"Host": "192.0.2.78"}).status_code == 400


def test_paper_and_square_codes_carry_the_public_address_whatever_was_asked_for(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("app.web.squares.segno.make", note_and_make(drawn))
    school = found_oak_lane(made(public_url=HOME))
    teacher, dsl = school.adult(Role.TEACHER), school.adult("DSL")
    named = {"pupil": list(school.pupils.values())}
    page = f"/class/{school.hazel}"
    slips = post(teacher, f"{page}/pictures", {**named, "once": "1"}, page=page)
    assert slips.text.count(f"Open <strong>{HOME}/</strong>") == len(school.pupils)
    cards = post(teacher, f"{page}/cards", {**named, "once": "2"}, page=page)
    code = post(dsl, "/family-code/new", page="/family-code")
    family = dsl.get("/family-code")
    assert f"at {HOME}/families." in wording(family)
    begun = post(teacher, "/workshops/begin", page="/workshops")
    board = teacher.get(begun.location)
    link = post(dsl, f"/people/{school.adults[Role.OFFICE]}/link",
                page=f"/people/{school.adults[Role.OFFICE]}")  # fmt: skip
    assert f"{HOME}/staff/join/" in link.text
    assert code.status_code in {200, 303}
    assert len(drawn) >= len(school.pupils) + 2
    assert {re.match(r"https?://[^/]*", one)[0] for one in drawn} == {HOME}  # type: ignore[index]
    for answer in (slips, cards, family, board, link):
        assert "localhost" not in answer.text
        assert "this computer only" not in answer.text


def note_and_make(drawn: list[str]) -> Callable[..., Any]:
    import segno

    real = segno.make

    def make(link: str, **how: Any) -> Any:
        drawn.append(link)
        return real(link, **how)

    return make


def test_over_tls_each_cookie_is_one_that_nobody_else_can_give(made: Made) -> None:
    school = found_oak_lane(made())
    browser = at(school.app.test_client(), AWAY)
    post(school.adult("DSL"), "/family-code/new", page="/family-code")
    page = browser.get("/staff/sign-in", base_url=HOME)
    (cookie,) = cookies_of(page).values()
    assert cookie.key == "__Host-catkin"
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    plain = cookies_of(school.app.test_client().get("/staff/sign-in"))
    assert list(plain) == ["catkin"]
    assert not plain["catkin"]["secure"]
    device = made_device_cookie(school)
    assert device.key == "__Host-catkin-device"
    assert (device["secure"], device["path"], device["domain"]) == (True, "/", "")
    family = made_family_cookie(school, browser)
    assert family.key == "__Host-catkin-family"
    assert (family["secure"], family["path"], family["domain"]) == (True, "/", "")


def made_device_cookie(school: Founded) -> Any:
    from app.people.queries.classes import classes

    with school.app.app_context():
        first = classes(school.id)[0]
    browser = at(school.app.test_client(), AWAY)
    page = browser.get("/sign-in", base_url=HOME)
    token = TOKEN.search(page.text)
    assert token
    sent = {"csrf_token": token[1], "word": first.code_word, "number": first.code_number}
    come = browser.post(
        "/sign-in", base_url=HOME, headers={"Referer": f"{HOME}/sign-in"}, data=sent
    )
    return cookies_of(come)["__Host-catkin-device"]


def made_family_cookie(school: Founded, browser: FlaskClient) -> Any:
    from app.people.queries.families import code_of

    with school.app.app_context():
        code = code_of(school.id)
    assert code
    come = browser.get(f"/families/join/{code.word}-{code.number}", base_url=HOME)
    assert come.status_code == 303
    assert browser.get("/families", base_url=HOME).status_code == 200
    return cookies_of(come)["__Host-catkin-family"]


def test_a_sign_in_from_before_tls_does_not_come_along(school: Founded) -> None:
    """Nor can one that somebody planted over plain HTTP."""
    with school.app.app_context():
        token = sign_ins.begin_for_staff(
            school.id, school.adults["DSL"], school_clock.now(), second_step=True
        )
    browser = school.app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    assert browser.get("/today").status_code == 200
    over_tls = browser.get("/today", base_url="https://localhost")
    assert over_tls.status_code == 303
    assert over_tls.location.startswith("/staff/sign-in")


def test_forms_are_sent_over_tls_from_the_network(school: Founded) -> None:
    browser = at(school.app.test_client(), AWAY)
    page = browser.get("/staff/sign-in", base_url=HOME)
    token = TOKEN.search(page.text)
    assert token
    sent = {"csrf_token": token[1], "email": "dsl@oaklane.sch.uk", "password": PASSWORD}
    answer = browser.post("/staff/sign-in", data=sent, base_url=HOME)
    assert answer.status_code == 303
    assert not answer.location.startswith("http:")
    page = browser.get(answer.location, base_url=HOME)
    token = TOKEN.search(page.text)
    assert token
    sent = {"csrf_token": token[1], "code": code_now()}
    assert browser.post(answer.location, data=sent, base_url=HOME).status_code == 303
    assert browser.get("/concerns", base_url=HOME).status_code == 200


def test_the_demo_may_be_looked_at_from_the_network(made: Made) -> None:
    assert at(made(demo=True).test_client(), AWAY).get("/staff/sign-in").status_code == 200
