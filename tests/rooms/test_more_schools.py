"""More than one school on one Catkin: made by command, and what is unique among them all."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask

from app.base.demo_mark import put_mark
from app.base.errors import CannotStart, Refused
from app.cli import run_command
from app.people.actions import classes, family_codes, staff
from app.people.actions.classes import ClassDetails
from app.people.actions.schools import add_school
from app.people.actions.staff import AddressInUse, Details
from app.people.codes import Code
from app.people.queries import classes as known_classes
from app.people.queries import families as families_known
from app.people.queries import schools
from app.people.queries import staff as known_staff
from app.people.rules import Role, team_state
from app.prepare import Prepared
from app.safeguarding.queries import keys
from tests.founded import OAK_LANE, Founded, post
from tests.stepped import set_up_by_page

ADD = ["school", "add", "Ash Hill", "--nation", "Wales", "--adult", "Ada Marsh"]
ASH = "ash-hill"
EMAIL = "ada@ashhill.sch.uk"
LINK = re.compile(r"^http://127\.0\.0\.1:8000(/staff/join/\S+)$", re.MULTILINE)


@pytest.fixture
def here(school: Founded, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> Founded:
    """Oak Lane, and its folders for a command."""
    monkeypatch.setenv("DATA_DIR", str(prepared.folders.data))
    monkeypatch.setenv("KEYS_DIR", str(prepared.folders.keys))
    return school


def private_keys(prepared: Prepared) -> set[str]:
    return {path.name for path in prepared.folders.keys.iterdir()}


def all_schools(app: Flask) -> list[str]:
    with app.app_context():
        return schools.all_schools()


def second(app: Flask) -> str:
    """A second school past the command: Ash Hill; the id of its DSL."""
    ash = replace(OAK_LANE, name="Ash Hill")
    with app.app_context():
        return add_school(ASH, ash, Details("Ada Marsh", "Ms Marsh", EMAIL)).staff_id


def test_a_further_school_is_made_by_command_with_keys_of_its_own(
    here: Founded, app: Flask, prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    before = private_keys(prepared)
    assert run_command([*ADD, "--email", EMAIL.upper()]) == 0
    link = LINK.search(capsys.readouterr().out)
    assert link is not None
    (ash,) = (one for one in all_schools(app) if one != here.id)
    with app.app_context():
        facts, (ada,) = schools.the_school(ash), known_staff.adults(ash)
        assert (facts.name, facts.nation, facts.day) == ("Ash Hill", "Wales", OAK_LANE_DAY)
        assert (ada.email, ada.roles, ada.signed_in_once) == (EMAIL, (Role.DSL,), False)
        assert keys.reading_works(ash)
    new = private_keys(prepared) - before
    assert len(new) == 2
    assert all(ash in name and here.id not in name for name in new)
    joins(app, link[1], ash)
    assert run_command(["school", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Ash Hill (Wales): 1 adult, 0 pupils",
        "Oak Lane Primary (England): 6 adults, 5 pupils",
    ]


def joins(app: Flask, link: str, school_id: str) -> None:
    """The link lets its adult in, once, and counts among the team from then on."""
    browser, password = app.test_client(), {"password": "four brown teapots"}
    set_up_by_page(browser, post(browser, link, password))
    assert "Oak Lane" not in browser.get("/people").text
    assert app.test_client().get(link).status_code == 404
    with app.app_context():
        assert len(team_state(known_staff.adults(school_id)).ready) == 1


OAK_LANE_DAY = schools.SchoolDay(OAK_LANE.day_starts, OAK_LANE.day_ends)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--email", "dsl@oaklane.sch.uk"], "That address is in use. No school was made."),
        (["--email", "ada at ash hill"], "Write the whole e-mail address"),
        (["--email", EMAIL, "--ends", "8:00"], "School ends after it starts"),
        (["--email", EMAIL, "--starts", "early"], "“early” is no time"),
        ([], "Give --email"),
    ],
)
def test_what_cannot_be_leaves_no_school_and_no_key(
    here: Founded, app: Flask, prepared: Prepared, given: list[str], says: str
) -> None:
    before = private_keys(prepared)
    with pytest.raises(CannotStart, match=re.escape(says)):
        run_command([*ADD, *given])
    assert all_schools(app) == [here.id]
    assert private_keys(prepared) == before


def test_who_sits_at_the_terminal_is_asked_for_what_was_not_given(
    here: Founded, app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    answers = iter([" Ada  Marsh ", EMAIL])
    monkeypatch.setattr("builtins.input", lambda _says: next(answers))
    assert run_command(ADD[:5]) == 0
    assert "Ada Marsh joins by this link" in capsys.readouterr().out
    assert len(all_schools(app)) == 2


def test_the_demo_stays_one_school(here: Founded, app: Flask, prepared: Prepared) -> None:
    put_mark(prepared.folders.data)
    with pytest.raises(CannotStart, match="The demo has one school"):
        run_command([*ADD, "--email", EMAIL])
    assert all_schools(app) == [here.id]


def test_the_pages_set_up_no_second_school(here: Founded, app: Flask) -> None:
    for browser in (app.test_client(), here.adult("DSL")):
        assert browser.get("/set-up").status_code == 404
        assert post(browser, "/set-up", page="/sign-in").status_code == 404
    assert all_schools(app) == [here.id]


def at_once(app: Flask, *actions: Callable[[], object]) -> list[object]:
    """Do all of these at the same moment; what came of each."""
    start, came = threading.Barrier(len(actions)), list[object]()

    def do(action: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                came.append(action())
            except Refused as problem:
                came.append(problem)

    threads = [threading.Thread(target=do, args=(one,)) for one in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_an_e_mail_address_is_one_account_of_one_school_even_for_two_at_once(
    school: Founded, app: Flask
) -> None:
    ada = second(app)
    new = Details("Sam Bell", "Mr Bell", "sam@trust.sch.uk")

    def added(school_id: str, by: str) -> Callable[[], object]:
        return lambda: staff.add_adult(school_id, by, new, roles=[Role.COVER])

    came = at_once(app, added(school.id, school.adults["DSL"]), added(ASH, ada))
    assert [type(one) for one in came].count(AddressInUse) == 1
    with app.app_context():
        held = [one for at in (school.id, ASH) for one in known_staff.adults(at)]
    assert [one.email for one in held].count(new.email) == 1


def test_a_code_opens_one_class_of_one_school_even_for_two_drawn_at_once(
    school: Founded, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = second(app)
    drawn = dict[int, int]()

    def always_the_same_first() -> Code:
        mine = threading.get_ident()
        drawn[mine] = drawn.get(mine, 0) + 1
        return Code("fern", f"48{drawn[mine]}1")

    for room in (classes, family_codes):
        monkeypatch.setattr(room, "draw_code", always_the_same_first)
    details = ClassDetails("Fern", ("4",), ())
    at_once(
        app,
        lambda: classes.add_class(school.id, details, by=school.adults["DSL"]),
        lambda: classes.add_class(ASH, details, by=ada),
    )
    drawn.clear()
    at_once(
        app,
        lambda: family_codes.new_family_code(school.id),
        lambda: family_codes.new_family_code(ASH),
    )
    with app.app_context():
        rooms = [one for at in (school.id, ASH) for one in known_classes.classes(at)]
        families = {families_known.code_of(at) for at in (school.id, ASH)}
    assert sorted(one.code_number for one in rooms if one.code_word == "fern") == ["4811", "4821"]
    assert families == {Code("fern", "4811"), Code("fern", "4821")}
