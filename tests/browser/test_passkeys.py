"""A passkey at the school's own name over TLS, by keyboard alone, with a device of software."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_checks import LAPTOP, PHONE, against_wcag, on_each, sideways
from tests.browser.test_over_tls import over_tls, trusting
from tests.founded import PASSWORD
from tests.ground.over_tls import NAME, Place
from tests.stepped import code_now

__all__ = ["over_tls", "trusting"]
pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def context(trusting: Browser, over_tls: Place) -> Iterator[BrowserContext]:
    context = trusting.new_context(base_url=f"https://{NAME}:{over_tls.port}")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def with_a_device(page: Page) -> tuple[CDPSession, str]:
    """Give the browser of a page a device that says yes."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    device = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return line, device["authenticatorId"]


def types(page: Page, label: str, text: str) -> None:
    """Come to a field with Tab, and type."""
    reaches(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def reaches(page: Page, there: object, *, most: int = 40) -> None:
    """Press Tab until this has the focus."""
    for _ in range(most):
        if there.evaluate("it => it === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
    raise AssertionError("no way there by Tab")


def presses(page: Page, says: str) -> None:
    reaches(page, page.get_by_role("button", name=says, exact=True))
    page.keyboard.press("Enter")


def is_for_everybody(page: Page) -> None:
    for size in on_each(page, (LAPTOP, PHONE)):
        assert [*sideways(page), *against_wcag(page)] == [], (page.url, size)


def gives_password(page: Page) -> None:
    page.goto("/staff/sign-in")
    types(page, "Email", "dsl@oaklane.sch.uk")
    types(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/code**")


def signs_out(page: Page) -> None:
    with page.expect_navigation():
        presses(page, "Sign out")


def adds_a_passkey(page: Page) -> None:
    page.goto("/staff/account/passkeys")
    types(page, "Your password", PASSWORD)
    presses(page, "Go on to my passkeys")
    page.wait_for_url("/staff/passkeys")
    types(page, "What do you call this device?", "My laptop")
    presses(page, "Add a passkey")


def test_a_passkey_is_added_and_signs_in_by_keyboard_alone(context: BrowserContext) -> None:
    page = context.new_page()
    line, device = with_a_device(page)
    gives_password(page)
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    types(page, "Code from your app", code_now())
    page.keyboard.press("Enter")
    page.wait_for_url("/today")
    adds_a_passkey(page)
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert kept["rpId"] == NAME
    types(page, "What do you call this device?", "The same again")
    presses(page, "Add a passkey")
    expect(page.get_by_text("This device has a passkey of yours already.")).to_be_visible()
    is_for_everybody(page)
    signs_out(page)
    gives_password(page)
    is_for_everybody(page)
    presses(page, "Use a passkey")
    page.wait_for_url("/today")
    page.goto("/staff/account")
    is_for_everybody(page)
    expect(page.get_by_text("My laptop")).to_be_visible()
    expect(page.get_by_text("Last used")).to_be_visible()


def test_a_device_that_says_no_leaves_the_code(context: BrowserContext) -> None:
    page = context.new_page()
    line, device = with_a_device(page)
    gives_password(page)
    types(page, "Code from your app", code_now())
    page.keyboard.press("Enter")
    page.wait_for_url("/today")
    adds_a_passkey(page)
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    signs_out(page)
    told = {"authenticatorId": device, "isUserVerified": False}
    line.send("WebAuthn.setUserVerified", told)
    gives_password(page)
    presses(page, "Use a passkey")
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_focused()
    types(page, "Code from your app", code_now(ahead=1))
    page.keyboard.press("Enter")
    page.wait_for_url("/today")


def test_without_scripts_nothing_is_offered_that_cannot_work(
    trusting: Browser, over_tls: Place
) -> None:
    home = f"https://{NAME}:{over_tls.port}"
    context = trusting.new_context(base_url=home, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/staff/sign-in")
    page.get_by_label("Email").fill("dsl@oaklane.sch.uk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your app").fill(code_now())
    page.get_by_role("button", name="Go on").click()
    page.goto("/staff/account/passkeys")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on to my passkeys").click()
    expect(page.get_by_text("This browser can make no passkey")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    context.close()
