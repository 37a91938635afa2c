"""A cache between the school and a browser gets nothing of anybody, whatever it asks for.

That no page may be stored is asked of every answer in these tests by their client; here it is asked
in the ways of caches: with conditions, with ranges, under names that look like files.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.rules import Role
from tests.contracts.two_schools import ROLES, World

LATE = "Tue, 01 Jan 2999 00:00:00 GMT"
ASKED = {
    "If-None-Match": '*, "a", W/"b"',
    "If-Modified-Since": LATE,
    "If-Range": LATE,
    "Range": "bytes=0-20",
    "Cache-Control": "only-if-cached, max-stale=999999",
}
RANGES = (
    "bytes=0-0,1-1,2-2",
    "bytes=-1",
    "bytes=99999999-",
    "bytes=5-1",
    "magpie=0-1",
    "bytes=a-b",
)
TAILS = (
    "/x.css",
    "/.css",
    ".css",
    ";x.css",
    "%2fx.css",
    "%00.css",
    "%3fx.css",
    "%23.png",
    "/..%2fx.js",
)
KEEPS = ("Last-Modified", "ETag", "Expires", "Accept-Ranges", "Content-Range", "Age")


def is_whole_and_for_once(answer: TestResponse) -> bool:
    """Whether an answer is the page itself, with nothing by which a cache could keep it."""
    kept = [name for name in KEEPS if name in answer.headers]
    return answer.status_code not in {206, 304, 416} and not kept


@pytest.mark.parametrize("who", ROLES)
def test_no_page_answers_a_condition_or_a_range(world: World, who: Role) -> None:
    for rule in world.rules():
        if "GET" not in (rule.methods or ()):
            continue
        answer = world.browser(who).get(world.address(rule, world.here), headers=ASKED)
        place = f"{rule.rule} as {who}: {answer.status} {answer.headers}"
        assert is_whole_and_for_once(answer), place
        assert answer.headers["Cache-Control"] == "no-store", place
        if "Set-Cookie" in answer.headers:
            assert "Cookie" in answer.headers.get("Vary", ""), place
    world.kept.put_back()


class SharedCache:
    """A cache as a school's proxy has one: it keeps what it may, under the address alone."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def ask(self, browser: FlaskClient, path: str) -> str:
        """What comes of an address, for somebody with or without a cookie."""
        if path not in self.kept:
            answer = browser.get(path, buffered=True)
            says = answer.headers.get("Cache-Control", "")
            if "no-store" in says or "private" in says or "Set-Cookie" in answer.headers:
                return answer.text
            self.kept[path] = answer.text
        return self.kept[path]


def test_a_shared_cache_holds_nothing_of_anybody(world: World) -> None:
    """Not under a name that looks like a picture either."""
    cache, static = SharedCache(), world.app.static_url_path or ""
    pages = ["/", "/today", "/people", "/map", "/notes", "/concerns", "/classes", "/family-code"]
    pages.append(f"/concerns/{world.here.named['reference']}")
    for who in (Role.DSL, Role.PUPIL):
        for path in pages:
            for tail in ("", *(TAILS if path != "/" else ()), "?x.css"):
                cache.ask(world.browser(who), path + tail)
            cache.ask(world.browser(who), f"{static}/..{path}")
            cache.ask(world.browser(who), f"{static}/%2e%2e{path}")
    assert cache.kept == {}
    nobody = world.app.test_client()
    for path in pages:
        assert world.here.mark not in cache.ask(nobody, path)
    cache.ask(nobody, f"{static}/css/base.css")
    assert len(cache.kept) == 1, "a cache that keeps nothing would prove nothing"


def test_no_tail_makes_a_page_of_an_address(world: World) -> None:
    for who in (Role.DSL, Role.PUPIL):
        for path in ("/today", "/map", "/people", "/concerns"):
            for tail in TAILS:
                answer = world.browser(who).get(path + tail)
                assert answer.status_code in {303, 308, 403, 404}, path + tail
                assert world.here.mark not in answer.text.partition("<main")[2], path + tail


def test_static_files_are_the_same_for_everybody_and_may_be_asked_for_in_any_way(
    world: World,
) -> None:
    path = f"{world.app.static_url_path}/css/base.css"
    first = world.browser(Role.DSL).get(path, buffered=True)
    assert "Set-Cookie" not in first.headers
    assert first.headers["ETag"]
    known = {"If-None-Match": first.headers["ETag"]}
    again = world.app.test_client().get(path, headers=known, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    for asked in RANGES:
        answer = world.app.test_client().get(path, headers={"Range": asked}, buffered=True)
        assert answer.status_code in {200, 206, 416}, asked
        assert "Set-Cookie" not in answer.headers
