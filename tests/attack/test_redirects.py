"""Nobody is led away from Catkin: not by an address in a parameter, not by a host in a header."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.test import TestResponse

from app.people.rules import Role
from app.web.guards import safe_path
from tests.contracts.forms_seen import Form
from tests.contracts.two_schools import World

EVIL = "evil.example"
ELSEWHERE = (
    f"https://{EVIL}",
    f"HTTPS://{EVIL}/",
    f"http:{EVIL}",
    f"http:/{EVIL}",
    f"http:///{EVIL}",
    f"//{EVIL}",
    f"///{EVIL}",
    f"////{EVIL}/%2f..",
    f"/\\{EVIL}",
    f"\\/{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"/\n/{EVIL}",
    f"\t//{EVIL}",
    f" //{EVIL}",
    f"\x00//{EVIL}",
    f"\x01https://{EVIL}",
    f"/\r\nLocation: https://{EVIL}",
    f"/\r\n\r\n<script>{EVIL}</script>",
    f"https://localhost@{EVIL}",
    f"//localhost@{EVIL}",
    f"//localhost:80@{EVIL}",
    f"//{EVIL}#localhost",
    f"//{EVIL}\\@localhost",
    f"https://localhost.{EVIL}",
    f"//{EVIL}:80/today",
    f"/%09/{EVIL}",
    f"/%2f{EVIL}",
    f"/%5c{EVIL}",
    f"/.{EVIL}",
    f"/..//{EVIL}",
    f"/./\\{EVIL}",
    f"/today/..//{EVIL}",
    f"javascript:alert('{EVIL}')",
    f"jAvAsCrIpT:alert('{EVIL}')",
    f"java\nscript:alert('{EVIL}')",
    f"data:text/html,<script>location='//{EVIL}'</script>",
    f"vbscript:{EVIL}",
    f"blob:https://{EVIL}",
    f"ftp://{EVIL}",
    f"mailto:{EVIL}",
    f"//[::1]@{EVIL}",
    f"//{EVIL}。",
    f"／／{EVIL}",
    f"/﹨{EVIL}",
    f"//\u202e{EVIL}",
    "//xn--vil-9la.example",
    "//[",
    "https://[::1",
    "?",
    "",
)
NAMES = (
    "after",
    "next",
    "url",
    "to",
    "return",
    "return_to",
    "redirect",
    "goto",
    "back",
    "continue",
)
LEADS = re.compile(r'\b(?:href|src|action|formaction|content)="([^"]*)"')
HOSTS = (
    {"Host": EVIL},
    {"Host": f'localhost"><script>{EVIL}'},
    {
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Server": EVIL,
        "X-Host": EVIL,
        "X-HTTP-Host-Override": EVIL,
        "Forwarded": f"host={EVIL};proto=https",
        "X-Forwarded-Proto": f"https://{EVIL}",
        "X-Forwarded-Prefix": f"//{EVIL}",
        "X-Original-URL": f"//{EVIL}",
        "X-Rewrite-URL": f"//{EVIL}",
        "Referer": f"https://{EVIL}/",
        "Origin": f"https://{EVIL}",
    },
)
SHOWS_ITS_ADDRESS = {
    "office.people",
    "office.person",
    "office.new_link",
    "office.add_adult",
    "office.family_code",
    "office.class_names",
    "teacher.draw_pictures",
    "teacher.print_cards",
    "teacher.workshop",
    "teacher.workshop_board",
    "teacher.workshop_now",
}
"""Pages to print or to put on the board: they say the address at which they were opened."""


def as_browsers_read_it(address: str) -> str:
    """Where an address leads: browsers drop control characters and turn backslashes round."""
    bare = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33))))).replace("\\", "/")
    return urljoin("http://localhost/somewhere/here", bare)


def leads_away(address: str) -> bool:
    """Whether a browser would leave Catkin for it."""
    try:
        there = urlsplit(as_browsers_read_it(address))
    except ValueError:
        return False  # An address that is none leads nowhere.
    return (there.scheme, there.netloc) != ("http", "localhost")


def away(answer: TestResponse) -> list[str]:
    """Each address of an answer that leads away by something that was sent."""
    found = [answer.headers.get("Location", ""), answer.headers.get("Refresh", "")]
    found += LEADS.findall(answer.text) if answer.mimetype == "text/html" else []
    return [one for one in found if EVIL in one and leads_away(one)]


def test_the_corpus_leads_away_as_browsers_read_it() -> None:
    """Or the tests below could not fail."""
    assert sum(map(leads_away, ELSEWHERE)) > 25
    assert not leads_away("/today")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_address_that_leads_away_is_a_path_of_ours(address: str) -> None:
    path = safe_path(address)
    assert path is None or not leads_away(path)


def sends_on(world: World, form: Form) -> bool:
    """Whether a form goes on to where the address says."""
    return press_with(world, form, {"after": "/help"}).location == "/help"


def press_with(world: World, form: Form, query: dict[str, Any]) -> TestResponse:
    """Press a form whose address says more than it should."""
    sent = form.sent() | ({"after": query["after"]} if "after" in form.sent() else {})
    answer = world.browser(form.who).post(
        form.action.partition("?")[0], query_string=query, data=sent
    )
    world.kept.put_back()
    return answer


def test_where_a_form_goes_on_to_what_was_asked_for_it_stays_in_catkin(
    world: World, forms: list[Form]
) -> None:
    sending = [form for form in forms if sends_on(world, form)]
    assert {"teacher.show_names", "teacher.cover_names", "teacher.open_class"} <= {
        form.endpoint for form in sending
    }
    for form in sending:
        for address in ELSEWHERE:
            answer = press_with(world, form, {"after": address})
            assert answer.status_code == 303
            assert not leads_away(answer.location), f"{form.endpoint}: {address!r}"


def test_signing_in_leads_nowhere_else(world: World, forms: list[Form]) -> None:
    (form,) = (form for form in forms if form.endpoint == "teacher.sign_in")
    account = {"email": world.here.email, "password": "three red kettles"}
    for address in ELSEWHERE:
        answer = world.browser(form.who).post(
            form.action, query_string={"after": address}, data=form.sent(**account)
        )
        assert answer.status_code == 303
        assert not leads_away(answer.location), address
        world.kept.put_back()


def test_no_form_and_no_page_follows_an_address_of_any_name(
    world: World, forms: list[Form]
) -> None:
    for address in (f"https://{EVIL}", f"/\\{EVIL}"):
        query = dict.fromkeys(NAMES, address)
        for form in forms:
            assert away(press_with(world, form, query)) == [], form.endpoint
        for rule in world.rules():
            path = world.address(rule, world.here)
            for who in (Role.NOBODY, Role.DSL):
                answer = world.browser(who).open(path, query_string=query)
                assert away(answer) == [], rule.rule
        world.kept.put_back()


@pytest.mark.parametrize("headers", HOSTS)
def test_no_header_changes_where_a_form_or_a_page_leads(
    world: World, forms: list[Form], headers: dict[str, str]
) -> None:
    plain = {"Host": "localhost"} | headers
    for form in forms:
        answer = world.browser(form.who).post(form.action, data=form.sent(), headers=plain)
        assert EVIL not in (answer.location or ""), form.endpoint
        assert may_show(answer, form.endpoint, headers), form.endpoint
        world.kept.put_back()
    for rule in world.rules():
        for who in (Role.DSL, Role.PUPIL, Role.NOBODY):
            path = world.address(rule, world.here)
            answer = world.browser(who).get(path, headers=plain)
            assert EVIL not in (answer.location or ""), rule.rule
            assert may_show(answer, rule.endpoint, headers), f"{rule.rule} as {who}"
    world.kept.put_back()


def may_show(answer: TestResponse, endpoint: str, headers: dict[str, str]) -> bool:
    """Whether what a header said stands on no page but those that say their own address."""
    if EVIL not in answer.text.replace("\n", ""):
        return True
    return "Host" in headers and "<script>evil" not in answer.text and endpoint in SHOWS_ITS_ADDRESS
