"""The Health page, and the red line where no message is sent: plain, and moved by no concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from app.base import ids
from app.people.rules import Role
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.mail import check_mail, send_next
from app.safeguarding.rules import Told
from tests.at_school import TEN, wording
from tests.founded import Founded
from tests.mail_server import Post, mail_server

NOBODY_WRITES = "No message is sent. Look here at 8:45 and at 15:30, each school day."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def post(app: Flask, school: Founded) -> Iterator[Post]:
    """A mail server that the school's Catkin was started with."""
    with mail_server() as there:
        prepared = app.extensions["catkin"]
        settings = replace(prepared.settings, mail=there.as_setting())
        app.extensions["catkin"] = replace(prepared, settings=settings)
        yield there


def tell(school: Founded, **told: tuple[str, ...]) -> None:
    telling = Telling(ids.new_token(), Told(words="x", **told), school.pupils["Amina"])
    with school.app.app_context():
        file_concern(school.id, telling)


def check(school: Founded, post: Post) -> None:
    with school.app.app_context():
        check_mail(school.id, post.as_setting())


def test_without_a_mail_server_it_is_said_in_red_when_to_look(school: Founded) -> None:
    concerns, people = (school.adult("DSL").get(path) for path in ("/concerns", "/people"))
    assert NOBODY_WRITES in wording(concerns)
    assert "looks at Today at 8:45 and at 15:30, each school day." in wording(people)
    for page in (concerns, people):
        assert '<p class="note urgent" role="status">' in page.text
    assert "Look E-mail No message is sent" in wording(school.adult(Role.OFFICE).get("/health"))


def test_what_is_to_be_typed_names_the_folders_of_this_catkin(school: Founded, post: Post) -> None:
    folders = school.app.extensions["catkin"].folders
    given = f"DATA_DIR={folders.data} KEYS_DIR={folders.keys} .venv/bin/python -m app"
    page = wording(school.adult(Role.TECHNICIAN).get("/health"))
    assert f"with the command {given} doctor: folders" in page
    assert f"Make one now: {given} data backup" in page
    assert f"{given} data drill" in wording(school.adult("DSL").get("/concerns/works"))
    assert f"{given} data verify --head" in wording(school.adult("DSL").get("/concerns/proof"))


def test_how_mail_works_stands_on_all_three_pages(
    school: Founded, post: Post, clock: time_machine.Traveller
) -> None:
    dsl = school.adult("DSL")
    for path in ("/concerns", "/people"):
        assert "Perhaps no message is sent. The mail server has not been tried yet." in wording(
            dsl.get(path)
        )
    assert "Look E-mail The mail server was not tried lately." in wording(dsl.get("/health"))
    check(school, post)
    for path in ("/concerns", "/people"):
        page = dsl.get(path)
        assert "A message tells you that something waits, and nothing more." in wording(page)
        assert "No message is sent" not in wording(page)
    assert "Working E-mail" in wording(dsl.get("/health"))
    post.fault = "greeting"
    check(school, post)
    said = "No message is sent just now. No mail server could be reached. Look here at 8:45"
    assert said in wording(dsl.get("/concerns"))
    assert "Mend E-mail No mail server could be reached." in wording(dsl.get("/health"))


def test_only_its_reader_learns_that_a_message_did_not_arrive(school: Founded, post: Post) -> None:
    check(school, post)
    post.refuses = ("dsl@oaklane.sch.uk",)
    tell(school)
    with school.app.app_context():
        while send_next(school.id, post.as_setting()) is not None:
            pass
    said = "The last message to you did not arrive. The mail server refused the address"
    assert said in wording(school.adult("DSL").get("/concerns"))
    assert said not in wording(school.adult(Role.HEAD).get("/concerns"))


@pytest.mark.parametrize("path", ["/health", "/people"])
def test_whoever_it_is_about_sees_the_same_page_as_if_nobody_had_told(
    school: Founded, post: Post, path: str
) -> None:
    """Whatever becomes of the letters to others."""
    check(school, post)
    head = school.adult(Role.HEAD)
    before = wording(head.get(path))
    tell(school, about=(school.adults[Role.HEAD],))
    for fault in ("greeting", "address", ""):
        post.fault = fault
        with school.app.app_context():
            send_next(school.id, post.as_setting())
        assert wording(head.get(path)) == before


@pytest.mark.parametrize("role", ["DSL", Role.OFFICE, Role.TECHNICIAN])
def test_who_looks_after_the_machine_sees_health_in_the_side(school: Founded, role: str) -> None:
    page = school.adult(role).get("/health")
    assert page.status_code == 200
    assert 'href="/health" aria-current="page"' in page.text
    said = wording(page)
    assert "Working Three adults 3 adults can see concerns" in said
    assert "Mend Backup There is no backup" in said, "what was never done is never called fine"
    assert "All working" not in said
