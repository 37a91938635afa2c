"""What a child says lies sealed in one file, and in no other place: no log, no cookie, no file."""

from __future__ import annotations

import base64
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient

from app.people.rules import Role
from app.safeguarding.actions import file as filing
from tests.contracts.looked_at import Pages
from tests.contracts.two_schools import DONE, DOOR, LET_IN, TOKEN, World
from tests.founded import Founded

CANARY = "magpiecanary"
WORDS = f"He said {CANARY} and I am scared"
STEPS = (
    ("/tell", {"step": "happened", "happened": ["secret"], "go": "feel"}),
    ("/tell/feel", {"step": "feel", "feelings": ["scared"], "words": WORDS, "go": "who"}),
    ("/tell/who", {"step": "who", "send": "yes"}),
)


@pytest.fixture
def heard(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[list[str]]:
    """All that was logged or printed, at any level, once the test is done with it."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    yield said
    said += [caplog.text, *capfd.readouterr()]
    everything = "".join(said) + "".join(str(record.__dict__) for record in caplog.records)
    assert CANARY not in everything


def tell(browser: FlaskClient) -> tuple[int, str]:
    """Tell in three steps; the last answer's status, and every address and cookie on the way."""
    way, status = [], 0
    for path, said in STEPS:
        page = browser.get(path)
        token, once = TOKEN.search(page.text), page.text.partition('name="once" value="')[2]
        assert token is not None
        sent = {"csrf_token": token[1], "once": once.partition('"')[0], **said}
        answer = browser.post(path, data=sent)
        status = answer.status_code
        way += [str(answer.location), str(answer.headers), str(browser.get_cookie("catkin"))]
    return status, "".join(way)


def plain_cookie(browser: FlaskClient) -> str:
    """The cookie as whoever holds it can read it."""
    cookie = browser.get_cookie("catkin")
    assert cookie is not None
    body = cookie.value.lstrip(".").partition(".")[0]
    plain = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return (zlib.decompress(plain) if cookie.value.startswith(".") else plain).decode()


def test_a_telling_leaves_no_word_in_any_log(school: Founded, heard: list[str]) -> None:
    browser = school.pupil("Amina")
    status, way = tell(browser)
    assert status == 303
    assert CANARY not in way
    assert CANARY not in plain_cookie(browser)
    assert CANARY in browser.get("/tell/sent").text


def test_a_draft_leaves_no_word_in_the_cookie_or_the_address(school: Founded) -> None:
    browser = school.pupil("Amina")
    for path, said in STEPS[:2]:
        token = TOKEN.search(browser.get(path).text)
        assert token is not None
        answer = browser.post(path, data={"csrf_token": token[1], **said})
        assert CANARY not in str(answer.headers)
    assert CANARY not in plain_cookie(browser)
    assert CANARY in browser.get("/tell/feel").text


@pytest.mark.parametrize("where", ["who_must_know", "seal_words", "_keep", "_tell_adults"])
def test_a_fault_while_keeping_a_concern_leaves_no_word_in_any_log(
    school: Founded, heard: list[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Even a fault that quotes what it was given."""

    def fail(*given: object, **_more: object) -> None:
        raise ValueError(f"could not keep {given!r} {WORDS}")

    browser = school.pupil("Amina")
    monkeypatch.setattr(filing, where, fail)
    with pytest.raises(AssertionError, match="broke"):
        tell(browser)  # The client of the tests stops at the page for a fault of ours.
    monkeypatch.undo()
    assert CANARY in browser.get("/tell/feel").text, "what was typed is still there"


def test_a_fault_in_the_database_leaves_no_word_in_any_log(
    school: Founded, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database's own errors quote the statement and what it was given."""
    browser = school.pupil("Amina")
    monkeypatch.setattr(filing, "key_of", lambda *_: None)
    with pytest.raises(AssertionError, match="broke"):
        tell(browser)


def test_nothing_in_the_data_folder_holds_a_word_that_was_told(school: Founded) -> None:
    browser = school.pupil("Amina")
    assert tell(browser)[0] == 303
    folder = school.app.extensions["catkin"].folders.data
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"learning.db", "safeguarding.db"} <= {path.name for path in files}
    for path in files:
        assert not holds(path, CANARY), path.name


def holds(path: Path, word: str) -> bool:
    """Whether a file holds a word in any form in which it could lie there open."""
    content = path.read_bytes()
    forms = [word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    forms += [base64.b64encode(f"{' ' * lead}{word}".encode())[4:-4] for lead in range(3)]
    return any(form in content for form in (*forms, quote_plus(word).encode(), word[::-1].encode()))


def test_a_word_that_lies_open_is_found(tmp_path: Path) -> None:
    """Or the test above could not fail."""
    for code in ("utf-8", "utf-16-le"):
        (tmp_path / "leak.db").write_bytes(b"\x00\x01" + WORDS.encode(code) + b"\xff")
        assert holds(tmp_path / "leak.db", CANARY)
    (tmp_path / "leak.db").write_bytes(base64.b64encode(WORDS.encode()))
    assert holds(tmp_path / "leak.db", CANARY)


def test_no_word_of_a_child_stands_on_a_page_for_anybody_but_those_it_is_for(world: World) -> None:
    """Not in a list, a count or a notice: the words are on the concern and in My notes alone."""
    for who in (Role.DSL, Role.TEACHER, Role.OFFICE, Role.HEAD):
        for path in ("/today", "/concerns", "/people", "/classes", "/staff/still-here"):
            answer = world.browser(who).get(path)
            assert world.here.words not in answer.text
    assert (
        world.here.words
        in world.browser(Role.DSL).get(f"/concerns/{world.here.named['reference']}").text
    )


@pytest.mark.parametrize("who", [Role.PUPIL, DONE, DOOR, LET_IN, Role.NOBODY])
def test_no_pupil_reads_the_full_name_of_any_pupil(world: World, pages: Pages, who: str) -> None:
    for page in pages.of(who):
        for given in ("Amina", "Finn"):
            assert f"{given} {world.here.mark}" not in page.text, page.rule.rule
