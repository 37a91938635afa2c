"""A browser that trusts the school's authority, at the school's own name: forms, cookies, referrer.

The way in is a real one, with a certificate that `tls` made and the name in the address bar.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Playwright, Request

from tests.browser.conftest import CHROMIUMS, PATIENCE, QUIET
from tests.founded import PASSWORD
from tests.ground.over_tls import NAME, Place, founded_in, served_over_tls
from tests.stepped import code_now

pytestmark = pytest.mark.browser


@pytest.fixture
def over_tls(tmp_path: Path) -> Iterator[Place]:
    with founded_in(tmp_path), served_over_tls(tmp_path) as place:
        yield place


@pytest.fixture
def trusting(playwright: Playwright, over_tls: Place, tmp_path: Path) -> Iterator[Browser]:
    """A browser for which the name is this computer, and this one certificate is right."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: looked for {', '.join(CHROMIUMS)}")
    (made,) = (tmp_path / "keys-tls").glob("server-*.pem")
    key = x509.load_pem_x509_certificate(made.read_bytes()).public_key()
    held = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(held).digest()).decode()
    browser = playwright.chromium.launch(
        executable_path=found,
        args=[
            *QUIET,
            f"--host-resolver-rules=MAP {NAME} {over_tls.host}",
            f"--ignore-certificate-errors-spki-list={pin}",
        ],
    )
    yield browser
    browser.close()


def test_an_adult_signs_in_at_the_schools_own_name(over_tls: Place, trusting: Browser) -> None:
    home = f"https://{NAME}:{over_tls.port}"
    context = trusting.new_context()
    context.set_default_timeout(PATIENCE)
    page, sent, elsewhere = context.new_page(), list[Request](), list[str]()
    context.on("request", lambda request: note(request, home, sent, elsewhere))
    page.goto(f"{home}/staff/sign-in")
    page.locator("input[name=email]").fill("dsl@oaklane.sch.uk")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{home}/staff/code**")
    page.locator("main input[name=code]").fill(code_now())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{home}/today")
    (post,) = sent
    assert post.headers["referer"] == f"{home}/staff/sign-in"
    assert post.headers["origin"] == home, "no page of ours hides where a form comes from"
    assert page.evaluate("() => window.isSecureContext"), "what passkeys and Clear-Site-Data need"
    cookies = context.cookies()
    names = {cookie["name"] for cookie in cookies}
    assert names == {"__Host-catkin", "__Host-catkin-staff-device"}
    for cookie in cookies:
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", NAME)
    page.goto(f"{home}/concerns")
    page.get_by_role("button", name="Show").first.click()
    assert page.get_by_text("No concerns today.").is_visible()
    page.get_by_role("button", name="Sign out").click()
    assert page.url.startswith(home)
    page.goto(f"{home}/concerns")
    assert page.url.startswith(f"{home}/staff/sign-in")
    assert elsewhere == []
    context.close()


def note(request: Request, home: str, sent: list[Request], elsewhere: list[str]) -> None:
    if request.method == "POST" and request.url.endswith("/staff/sign-in"):
        sent.append(request)
    if not request.url.startswith(f"{home}/"):
        elsewhere.append(request.url)
