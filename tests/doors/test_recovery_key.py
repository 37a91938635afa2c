"""The page of the recovery key: for two roles, behind the password, shown once, typed back."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock, ids, recovery, sealing
from app.base.database import Store, file_of
from app.base.recovered import papers_of
from app.people.actions.sign_ins import step_up
from app.people.rules import GRANTABLE, SAFEGUARDING_TEAM, Role
from app.safeguarding import queries
from tests.at_school import press, wording
from tests.founded import PASSWORD, Founded, add_adult
from tests.parsed import tree_of

SHOW, PRINTED = "Show the paper", "It is printed"
YES = "Yes, it counts"
UNPRINTED = "No recovery key has been printed."


def words_on(page: TestResponse) -> list[str]:
    (listed,) = tree_of(page.text).iter("ol")
    return ["".join(word.itertext()).strip() for word in listed.iter("li")]


def shown(browser: FlaskClient) -> TestResponse:
    return press(browser, browser.get("/recovery-key"), SHOW, password=PASSWORD)


def the_head(school: Founded, role: Role = Role.HEAD) -> FlaskClient:
    """The head (or another), who has typed the password just now."""
    head = school.adult(role)
    with head.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with school.app.app_context():
        step_up(school.id, mine, clock.now())
    return head


def asked_for(page: TestResponse) -> int:
    found = re.search(r"Word (\d+) on the paper", wording(page))
    assert found is not None
    return int(found[1])


def the_paper(school: Founded) -> queries.paper.Paper | None:
    with school.app.app_context():
        return queries.paper.newest(school.id)


@pytest.mark.parametrize("role", GRANTABLE)
def test_the_team_comes_to_it_and_the_dsl_and_the_head_print_it(
    school: Founded, role: Role
) -> None:
    if role not in school.adults:
        school.adults[role] = add_adult(school, f"{role.title()} Grey", role)
    admitted = role in {Role.DSL, Role.HEAD}
    answer = school.adult(role).get("/recovery-key")
    assert (answer.status_code == 200) == (role in SAFEGUARDING_TEAM), answer.status_code
    assert (SHOW in wording(answer)) == admitted


def test_it_is_made_behind_the_password_and_counts_once_a_word_is_typed_back(
    school: Founded,
) -> None:
    dsl = school.adult("DSL")
    page = dsl.get("/recovery-key")
    assert UNPRINTED in wording(page)
    assert "Type your password." in wording(press(dsl, page, SHOW, password=""))
    wrong = press(dsl, page, SHOW, password="four green kettles")
    assert "That did not work. Type your password again." in wording(wrong)
    assert list(tree_of(wrong.text).iter("ol")) == []
    paper = shown(dsl)
    words = words_on(paper)
    assert len(recovery.bits_of(" ".join(words))) == 16
    assert paper.headers["Cache-Control"] == "no-store"
    assert "Oak Lane Primary" in wording(paper)
    assert "Paper 1, Monday 16 November 2026" in wording(paper)
    assert all(part in wording(paper) for part in ("Kept where", "By whom"))
    assert "Keep the older paper" not in wording(paper), "there is none"
    assert "on Windows: run.cmd data restore BACKUP --paper" in wording(paper)
    assert "<svg" in paper.text.split('class="square"')[1][:40]
    assert the_paper(school) is None, "seen is not printed"
    number = asked_for(paper)
    other = words[number % 17]
    again = press(dsl, paper, PRINTED, word=other)
    assert "That is not the word. Look at its number on the paper." in wording(again)
    assert the_paper(school) is None
    seen = set(re.findall(r"[a-z]+", again.text.casefold().partition("<main")[2]))
    assert sum(word != other and word in seen for word in words) < 5, "shown once"
    done = press(dsl, again, PRINTED, word=f" {words[number - 1].upper()}  ")
    assert done.location == "/recovery-key"
    assert "Paper 1 was printed on Monday 16 November." in wording(dsl.get("/recovery-key"))
    newest = the_paper(school)
    assert newest is not None
    assert newest.public == sealing.public_of(
        recovery.private_of(recovery.bits_of(" ".join(words)))
    )


def printed_by(browser: FlaskClient) -> str:
    page = shown(browser)
    words = words_on(page)
    assert press(browser, page, PRINTED, word=words[asked_for(page) - 1]).status_code == 303
    return " ".join(words)


def test_another_paper_takes_the_place_of_the_one_before(school: Founded) -> None:
    dsl = school.adult("DSL")
    printed_by(dsl)
    page = dsl.get("/recovery-key")
    assert "The older paper works on until another member of the team says yes" in wording(page)
    assert "The old paper then opens only older backups." in wording(page)
    assert "rotate-key" in wording(page), "a stolen one with an old backup still has the old key"
    page = press(dsl, page, SHOW)
    assert "password" not in wording(page), "it was typed a moment ago"
    assert "The one before it counts too, until a second person says yes" in wording(page)
    words = words_on(page)
    press(dsl, page, PRINTED, word=words[asked_for(page) - 1])
    news = "printed a new recovery key on Monday 16 November."
    head, chair = school.adult(Role.HEAD), school.adult(Role.CHAIR)
    mine = dsl.get("/recovery-key")
    assert "Another member of the team opens this page" in wording(mine)
    assert YES not in wording(mine)
    for path in ("/concerns", "/recovery-key"):
        for browser in (dsl, head, chair):
            assert news in wording(browser.get(path)), path
    assert news not in wording(school.adult(Role.TEACHER).get("/concerns"))
    slow = the_head(school)
    theirs, late = chair.get("/recovery-key"), slow.get("/recovery-key")
    assert "Show the paper" not in wording(theirs)
    assert "That did not work." in wording(press(chair, theirs, YES, password="four kettles"))
    assert news in wording(chair.get("/concerns"))
    chair = the_head(school, Role.CHAIR)
    assert press(chair, chair.get("/recovery-key"), YES).location == "/recovery-key"
    for path in ("/concerns", "/recovery-key"):
        assert news not in wording(head.get(path)), path
    assert "waits for nobody" in wording(press(slow, late, YES))
    papers = papers_of(
        file_of(school.app.extensions["catkin"].folders.data, Store.SAFEGUARDING), "it"
    )
    assert [paper.version for paper in papers] == [1, 2]


def test_of_two_who_print_at_once_one_is_told_to_tear_it_up(school: Founded) -> None:
    dsl, head = school.adult("DSL"), the_head(school)
    first, second = shown(dsl), shown(head)
    press(dsl, first, PRINTED, word=words_on(first)[asked_for(first) - 1])
    late = press(head, second, PRINTED, word=words_on(second)[asked_for(second) - 1])
    assert "Somebody else made a recovery key meanwhile. Tear this paper up." in wording(late)
    newest = the_paper(school)
    assert newest is not None
    assert newest.version == 1


def test_a_page_of_somebody_else_or_of_yesterday_counts_for_nothing(
    school: Founded, clock: time_machine.Traveller
) -> None:
    dsl, head = school.adult("DSL"), the_head(school)
    page = shown(dsl)
    word = words_on(page)[asked_for(page) - 1]
    lent = re.search(r'name="paper" value="([0-9a-f]+)"', page.text)
    assert lent is not None
    mine = shown(head)
    for paper in (lent[1], "00", "not even hex"):
        refused = press(head, mine, PRINTED, word=word, paper=paper)
        assert "That paper was made too long ago." in wording(refused)
    for _ in range(13):  # Somebody who sits there, so that the sign-in does not end.
        clock.shift(600)
        dsl.get("/people")
    assert "made too long ago" in wording(press(dsl, page, PRINTED, word=word))
    assert the_paper(school) is None


def test_with_a_key_away_no_paper_is_shown(school: Founded, app: Flask) -> None:
    app.extensions["catkin"].keys.file(f"school-{school.id}-1").unlink()
    page = shown(school.adult("DSL"))
    assert "The keys are not all in their place" in wording(page)
    assert list(tree_of(page.text).iter("ol")) == []


def test_that_none_was_printed_is_said_where_it_is_seen(school: Founded) -> None:
    dsl, office, teacher = (school.adult(role) for role in ("DSL", Role.OFFICE, Role.TEACHER))
    for path in ("/ready", "/concerns", "/health"):
        assert UNPRINTED.rstrip(".") in wording(dsl.get(path)), path
        assert 'href="/recovery-key"' in dsl.get(path).text, path
    for path in ("/ready", "/health"):
        assert UNPRINTED.rstrip(".") in wording(office.get(path)), path
        assert 'href="/recovery-key"' not in office.get(path).text, path
    assert UNPRINTED not in wording(teacher.get("/concerns"))
    printed_by(dsl)
    for path in ("/ready", "/concerns", "/health"):
        assert UNPRINTED.rstrip(".") not in wording(dsl.get(path)), path
    assert "A recovery key was printed on 16 November 2026." in wording(dsl.get("/health"))
