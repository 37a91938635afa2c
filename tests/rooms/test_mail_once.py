"""The outbox: nothing of forty concerns is in a letter, and a letter that goes twice is known."""

from __future__ import annotations

import re
from email import message_from_string

import pytest
import time_machine

from app.base import ids
from app.people.queries import pupils
from app.safeguarding.actions import mail
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import FEELINGS, HAPPENED, Told
from app.serve.postman import Postman
from tests.founded import Founded
from tests.letters import TEAM, gone_to, tell
from tests.mail_server import Post

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


def test_the_letters_of_forty_concerns_say_nothing_of_any(
    school: Founded, post: Post, postman: Postman, clock: time_machine.Traveller
) -> None:
    secrets = [*HAPPENED.values(), *(feeling for feeling in FEELINGS if len(feeling) > 3)]
    for number in range(40):
        shown = sorted(school.pupils)[number % len(school.pupils)]
        words = f"canary{number}magpie {ids.new_token()}"
        told = Told(
            happened=(list(HAPPENED)[number % len(HAPPENED)],),
            feelings=(list(FEELINGS)[number % len(FEELINGS)],),
            words=words,
        )
        with school.app.app_context():
            telling = Telling(ids.new_token(), told, school.pupils[shown], school.hazel)
            secrets += [*words.split(), shown, file_concern(school.id, telling)]
        postman.round()
        clock.shift(601)
    with school.app.app_context():
        names = pupils.names(school.id, school.pupils.values()).values()
    secrets += [part for name in names for part in name.split()] + ["Hazel", school.hazel]
    assert len(post.letters) == 40 * len(TEAM)
    for to, text in post.letters:
        letter = message_from_string(text)
        assert set(letter.keys()) == HEADERS
        assert to in TEAM
        shown = f"{letter['Subject']} {letter.get_payload()} {letter['From']}".lower()
        assert [one for one in secrets if one.lower() in shown] == []
    texts = {re.sub(r"(?m)^(To|Date|Message-ID): .*$", "", text) for _, text in post.letters}
    assert len(texts) == 1, "word for word the same to everybody, whatever waits"


def test_where_catkin_is_killed_between_sending_and_noting_it_goes_twice_by_one_name(
    school: Founded, post: Post, postman: Postman,
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Killed(BaseException):
        """Nothing runs after it: as SIGKILL."""

    def killed(*_: object) -> None:
        raise Killed

    tell(school)
    with monkeypatch.context() as patched:
        patched.setattr(mail, "_end", killed)
        with pytest.raises(Killed):
            postman.round()
    ((twice, first),) = post.letters
    started_again = Postman(postman.app, postman.server)
    clock.shift(61)
    started_again.round()
    again = dict(post.letters[1:])
    assert set(again) == TEAM, "never lost"
    assert name_of(again[twice]) == name_of(first), "and known as the same"
    assert len({name_of(text) for text in again.values()}) == len(TEAM)
    post.letters.clear()
    for _ in range(3):
        clock.shift(6000)
        started_again.round()
    assert gone_to(post) == set(), "a drained outbox sends nothing"
    tell(school)
    started_again.round()
    assert name_of(dict(post.letters)[twice]) != name_of(first), "what is new has its own name"


def name_of(text: str) -> str:
    name = message_from_string(text)["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@oaklane\.sch\.uk>", name)
    return str(name)
