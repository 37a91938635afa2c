"""A small school for the tests of signing in: two classes, three pupils, two adults, a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.base.database import Store, writing
from app.people import passwords
from app.people.actions import slips_and_cards
from app.people.pictures import kept_form
from app.people.tables import ClassStaff, Pupil, School, SchoolClass, Staff, StaffRole
from app.safeguarding.actions.keep_keys import make_school_key
from tests.parsed import tree_of
from tests.stepped import give_code, set_up

TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
"""A Monday morning in school hours."""
EVENING = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
THREE = ("kite", "cake", "sock")
OTHER = ("moon", "fish", "bell")
PASSWORD = "seven green tractors"


@dataclass(frozen=True)
class AtSchool:
    """The ids of everything in the small school."""

    school: str
    hazel: str
    fern: str
    amina: str
    finn: str
    zara: str
    okafor: str
    lane: str


def small_school(
    app: Flask, *, email: str = "okafor@example.sch.uk", number: str = "4821"
) -> AtSchool:
    """Hazel (Amina with pictures, Finn without) and Fern (Zara); Mrs Okafor teaches Hazel."""
    here = AtSchool(*(ids.new_id() for _ in range(8)))
    kept = kept_form(app.extensions["catkin"].keys.read("pictures"), here.school, here.amina, THREE)
    with app.app_context():
        make_school_key(here.school)
        moment, password = clock.now(), passwords.keep(PASSWORD)
        with writing(Store.LEARNING) as session:
            session.add(
                School(
                    id=here.school,
                    name="Oak Lane Primary",
                    nation="England",
                    day_starts=time(8, 45),
                    day_ends=time(15, 30),
                    read_within=None,
                    made_at=moment,
                )
            )
            session.flush()
            for class_id, name, word in (
                (here.hazel, "Hazel", "otter"),
                (here.fern, "Fern", "wren"),
            ):
                session.add(
                    SchoolClass(
                        id=class_id,
                        school_id=here.school,
                        name=name,
                        years="4",
                        code_word=word,
                        code_number=number,
                        made_at=moment,
                    )
                )
            for staff_id, name, mail, role in (
                (here.okafor, "Ngozi Okafor", email, "teacher"),
                (here.lane, "Peter Lane", f"lane.{email}", "DSL"),
            ):
                session.add(
                    Staff(
                        id=staff_id,
                        school_id=here.school,
                        name=name,
                        known_as=name,
                        email=mail,
                        password=password,
                        made_at=moment,
                    )
                )
                session.flush()
                session.add(
                    StaffRole(
                        staff_id=staff_id, role=role, school_id=here.school, granted_at=moment
                    )
                )
            session.flush()
            session.add(
                ClassStaff(class_id=here.hazel, staff_id=here.okafor, school_id=here.school)
            )
            for pupil_id, name, class_id, pictures in (
                (here.amina, "Amina", here.hazel, kept),
                (here.finn, "Finn", here.hazel, None),
                (here.zara, "Zara", here.fern, None),
            ):
                session.add(
                    Pupil(
                        id=pupil_id,
                        school_id=here.school,
                        class_id=class_id,
                        given_name=name,
                        family_name="Khan",
                        shown_name=name,
                        avatar="fox",
                        pictures=pictures,
                        pictures_by=here.okafor if pictures else None,
                        made_at=moment,
                    )
                )
    set_up(app, here.school, here.lane)
    return here


def wording(page: TestResponse) -> str:
    """What a page says, as one line."""
    return " ".join("".join(tree_of(page.text).itertext()).split())


def press(client: FlaskClient, page: TestResponse, says: str, **typed: Any) -> TestResponse:
    """Press the button that says this, with its form's hidden fields and what was typed."""
    tree = tree_of(page.text)
    beside = [button for button in tree.iter("button") if button.get("form")]
    for form in tree.iter("form"):
        its = [button for button in beside if button.get("form") == form.get("id")]
        for button in (*form.iter("button"), *its):
            if "".join(button.itertext()).strip() == says:
                return client.post(form.get("action", ""), data=_fields(form, button) | typed)
    raise AssertionError(f"no button says {says!r}: {wording(page)}")


def _fields(form: Element, button: Element) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for field in form.iter("input"):
        if field.get("type") == "hidden":
            sent.setdefault(field.get("name", ""), []).append(field.get("value", ""))
    if button.get("name"):
        sent[button.get("name", "")] = button.get("value", "")
    return sent


def at_the_names(client: FlaskClient, *, word: str = "otter", number: str = "4821") -> TestResponse:
    """Type a class code and follow to wherever it leads."""
    answer = press(client, client.get("/sign-in"), "Find my class", word=word, number=number)
    return client.get(answer.location) if answer.status_code == 303 else answer


def tap(client: FlaskClient, pupil: str, pictures: tuple[str, ...]) -> TestResponse:
    """Tap pictures one after another; the answer to the last tap."""
    page = client.get(f"/sign-in/{pupil}")
    for picture in pictures:
        page = press(client, page, picture)
    return page


def signed_in_pupil(client: FlaskClient, pupil: str) -> None:
    """Sign Amina in with her pictures."""
    at_the_names(client)
    assert tap(client, pupil, THREE).location == "/map"


def signed_in_adult(client: FlaskClient, email: str = "okafor@example.sch.uk") -> TestResponse:
    """Sign an adult in."""
    page = client.get("/staff/sign-in")
    return give_code(client, press(client, page, "Sign in", email=email, password=PASSWORD))


def card_for(app: Flask, here: AtSchool, pupil: str) -> str:
    """A new card of a pupil: its token."""
    with app.app_context():
        made = slips_and_cards.make_cards(here.school, [pupil], clock.now(), by=here.okafor)
    return made[pupil]
