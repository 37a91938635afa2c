"""Whether something is there is not to be found out by asking: the answer and the work are one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.base.database import Store, writing
from app.people import passwords
from app.people.actions import sign_ins
from app.people.rules import Role
from app.people.tables import Invitation, Staff
from tests.contracts.forms_seen import Form
from tests.contracts.two_schools import (
    DOOR,
    PASSWORD,
    ROLES,
    TOKEN,
    World,
    asks_for_something_of_a_school,
)

NEVER = "never@was.sch.uk"


class Counting:
    """A hasher that counts what it is asked."""

    def __init__(self, real: Any) -> None:
        self.real, self.asked = real, 0

    def verify(self, *given: Any) -> bool:
        """Prove a password."""
        self.asked += 1
        return bool(self.real.verify(*given))

    def hash(self, text: str) -> str:
        """Keep a password."""
        self.asked += 1
        return str(self.real.hash(text))


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    passwords._nobodys()  # Made once, before anybody asks.
    counting = Counting(passwords._HASHER)
    monkeypatch.setattr(passwords, "_HASHER", counting)
    return counting


def masked(answer: TestResponse, *secrets: str) -> tuple[int, str | None, str]:
    """An answer without its tokens and without what was typed."""
    text = TOKEN.sub("", answer.text)
    text = re.sub(r'name="(once|begun|so_far|paper)" value="[^"]*"', "", text)
    for one in secrets:
        text = text.replace(one, "")
    return answer.status_code, answer.location, text


def sign_in(world: World, email: str, password: str) -> TestResponse:
    browser = world.browser(Role.NOBODY)
    sent = {"csrf_token": world.here.form_tokens[Role.NOBODY], "email": email, "password": password}
    return browser.post("/staff/sign-in", data=sent)


def accounts(world: World) -> dict[str, str]:
    """One that is, one that was, one that was only invited, one of another school, and none."""
    with world.app.app_context(), writing(Store.LEARNING) as session:
        gone = session.get(Staff, world.here.adults[Role.OFFICE])
        assert gone is not None
        gone.left_at = clock.now()
        invited = session.get(Staff, world.here.named["staff_id"])
        assert invited is not None
        return {
            "known": world.here.email,
            "left": gone.email,
            "invited": invited.email,
            "elsewhere": world.there.email,
            "unknown": NEVER,
        }


def test_a_wrong_password_tells_nothing_of_an_account(world: World, hasher: Counting) -> None:
    tried = accounts(world)
    for times in range(6):  # Into the rest that follows five misses.
        answers, work = set(), set()
        for email in tried.values():
            before = hasher.asked
            answers.add(masked(sign_in(world, email, "not this one"), email))
            work.add(hasher.asked - before)
        assert len(answers) == 1, f"try {times}"
        assert len(work) == 1, f"try {times}: {work}"
    assert sign_in(world, world.here.email, PASSWORD).status_code == 200, "resting"


def test_the_right_password_of_somebody_who_left_is_a_wrong_one(
    world: World, hasher: Counting
) -> None:
    tried = accounts(world)
    left = masked(sign_in(world, tried["left"], PASSWORD), tried["left"])
    never = masked(sign_in(world, NEVER, PASSWORD), NEVER)
    assert left == never
    assert hasher.asked == 2


def spoil(world: World, link: str) -> None:
    """Let a joining link be used."""
    with world.app.app_context(), writing(Store.LEARNING) as session:
        session.get_one(Invitation, ids.fingerprint(link)).used_at = clock.now()


def test_a_link_that_was_used_is_one_that_never_was(world: World, hasher: Counting) -> None:
    used = world.here.named["teacher.join token"]
    spoil(world, used)
    never = ids.new_token()
    for who in (Role.NOBODY, Role.DSL):
        for method in ("GET", "POST"):
            sent = {"csrf_token": world.here.form_tokens[who], "password": "four blue lanterns"}
            answers = {
                masked(
                    world.browser(who).open(
                        f"/staff/join/{one}", method=method, data=sent if method == "POST" else None
                    ),
                    one,
                )
                for one in (used, never, never[::-1])
            }
            assert len(answers) == 1, f"{method} as {who}"
    assert hasher.asked == 0


def test_a_card_that_was_ended_is_one_that_never_was(world: World) -> None:
    token = world.here.named["pupil.card token"]
    sent = {"csrf_token": world.here.form_tokens[Role.TEACHER]}
    ending = f"/class/{world.here.classes[0]}/end-card/{world.here.pupils[0]}"
    assert world.browser(Role.TEACHER).post(ending, data=sent).status_code == 303
    never = ids.new_token()
    answers = {
        masked(world.browser(Role.NOBODY).get(f"/card/{one}"), one) for one in (token, never)
    }
    assert len(answers) == 1


@pytest.mark.parametrize("address", ["/sign-in", "/families/join", "/workshop"])
def test_a_wrong_code_tells_not_which_part_was_wrong(
    world: World, forms: list[Form], address: str
) -> None:
    """A word that some class has, a number that some class has, and neither."""
    table = {
        "/sign-in": "SELECT code_word, code_number FROM school_class",
        "/families/join": "SELECT word, number FROM family_code",
        "/workshop": "SELECT code_word, code_number FROM workshop",
    }[address]
    word, number = world.kept.ask(Store.LEARNING, table)[0]
    other = f"{(int(number) + 1) % 10_000:04d}"
    (form,) = {form for form in forms if form.action == address and form.who == Role.NOBODY}
    answers = set()
    for typed in ((word, other), ("otter" if word != "otter" else "zebra", number), ("zoo", other)):
        sent = form.sent(word=typed[0], number=typed[1])
        answer = world.browser(Role.NOBODY).post(address, data=sent)
        text = masked(answer, *(f'value="{one}"' for one in typed))
        answers.add(text)
        world.kept.put_back()
    assert len(answers) == 1


@pytest.mark.parametrize("who", [*ROLES, DOOR])
def test_what_is_not_for_me_looks_like_what_never_was(world: World, who: str) -> None:
    """The next school's things, for every role; that of the own school has tests of its own."""
    for rule in filter(asks_for_something_of_a_school, world.rules()):
        if "GET" not in (rule.methods or ()):
            continue
        never = rule.build(dict.fromkeys(rule.arguments, "777777"))[1]  # type: ignore[index]
        theirs = world.address(rule, world.there)
        answers = {masked(world.browser(who).get(path), path) for path in (theirs, never)}
        assert len({(status, text) for status, _, text in answers}) == 1, f"{rule.rule} as {who}"


def newcomer(world: World) -> FlaskClient:
    """A teacher whom nobody told."""
    with world.app.app_context():
        mine = world.here.named["staff_id"]
        token = sign_ins.begin_for_staff(world.here.id, mine, clock.now())
    browser = world.app.test_client()
    with browser.session_transaction() as session:
        session |= {"_user_id": token, "_fresh": True}
    return browser


def test_a_concern_that_is_not_mine_looks_like_one_that_never_was(world: World) -> None:
    """One of this school, one of the next, and one whose reference nobody drew."""
    named, never = world.here.named, "C-22222"
    references = (named["reference"], named["due"], world.there.named["reference"], never)
    browser = newcomer(world)
    token = TOKEN.search(browser.get("/today").text)
    assert token is not None
    for rule in world.rules():
        if "reference" not in rule.arguments or rule.endpoint == "pupil.notes_add":
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answers = set()
            for one in references:
                path = rule.build({"reference": one})[1]  # type: ignore[index]
                sent = {"csrf_token": token[1]} if method == "POST" else None
                answers.add(masked(browser.open(path, method=method, data=sent), one))
            assert len(answers) == 1, f"{method} {rule.rule}"
            assert answers.pop()[0] in {403, 404}, f"{method} {rule.rule}"
