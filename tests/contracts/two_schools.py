"""Two schools in the middle of a morning: every role, a class, a concern, all kinds of links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.base import clock, ids
from app.people.actions import classes, let_in, pupils, sign_ins, staff
from app.people.actions.classes import ClassDetails
from app.people.actions.schools import FirstAccount, NewSchool, found_school
from app.people.actions.staff import Details
from app.people.names import read_list
from app.people.pictures import draw, kept_form
from app.people.queries import classes as known_classes
from app.people.queries import let_in as asks
from app.people.queries import pupils as known_pupils
from app.people.queries import sign_ins as known_sign_ins
from app.people.queries import staff as known_staff
from app.people.rules import GRANTABLE, Role
from app.people.viewers import StaffHere
from app.safeguarding.actions import handle, make_school_key
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.queries import desk
from app.safeguarding.rules import Closing, Told
from tests.contracts.kept import Kept

MONDAY_AT_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
HOURS = (time(8, 45), time(15, 30))
PASSWORD = "three red kettles"
ADULTS = (*GRANTABLE, Role.COVER)
ROLES = (Role.NOBODY, Role.PUPIL, *ADULTS)
LESSON, QUIZ = "t-79", "t-79-block-it"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

DOOR = "at the door"
"""Nobody yet, on a device that holds the class's pass and has asked to be let in."""
DONE = "done"
"""A pupil who has finished the lesson and the quiz."""


@dataclass
class Life:
    """What is going on in one school: the ids of all that an address can name."""

    id: str
    mark: str
    """Stands in the name of every person, class and password of this school."""
    adults: dict[str, str] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    pupils: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """By the name of a path parameter (and, where it matters, its endpoint): an id that is here."""
    words: str = ""
    """What the child told."""
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """The app with both schools in it."""

    app: Flask
    here: Life
    there: Life
    kept: Kept

    def browser(self, who: str, life: Life | None = None) -> FlaskClient:
        """A browser of somebody: a role, or one of the other pupils; fresh, whatever went on."""
        browser = self.app.test_client()
        cookie = (life or self.here).cookies[who]
        browser.set_cookie("catkin", cookie)
        return browser

    def address(self, rule: Rule, life: Life) -> str:
        """A rule's address with ids of this school."""
        named = {
            name: life.named.get(f"{rule.endpoint} {name}") or life.named[name]
            for name in rule.arguments
        }
        _, path = rule.build(named)  # type: ignore[misc]
        return str(path)

    def rules(self) -> list[Rule]:
        """Every route but the files of static/."""
        rules = (rule for rule in self.app.url_map.iter_rules() if rule.endpoint != "static")
        return sorted(rules, key=lambda rule: str(rule.endpoint))


@contextmanager
def in_the_morning() -> Iterator[None]:
    """Monday, ten o'clock, and it stays ten o'clock."""
    with time_machine.travel(MONDAY_AT_TEN, tick=False):
        yield


def build_world(app: Flask, folder: Path) -> World:
    """Both schools; nothing in one knows of the other."""
    here = live(app, "Larch")
    there = live(app, "Rowan")
    return World(app, here, there, Kept(folder))


def live(app: Flask, mark: str) -> Life:
    """Found a school and let a morning happen in it."""
    life = Life(ids.new_id(), mark)
    with app.app_context():
        _found(life)
        _open_classes(app, life)
        _tell(life)
        tokens = _sign_everybody_in(life)
    _keep_cookies(app, life, tokens)
    return life


def _found(life: Life) -> None:
    make_school_key(life.id)
    mail = life.mark.lower()
    first = FirstAccount(f"Peter {life.mark}", f"Mr {life.mark}", f"dsl@{mail}.sch.uk", PASSWORD)
    new = NewSchool(f"{life.mark} Primary", "England", *HOURS, "the same school day")
    life.adults[Role.DSL] = found_school(life.id, new, first)
    for number, role in enumerate(r for r in ADULTS if r is not Role.DSL):
        name = f"{'ABCDEFGH'[number]}da {life.mark}"
        details = Details(name, f"Mx {name}", f"{number}@{mail}.sch.uk")
        link = staff.add_adult(life.id, life.adults[Role.DSL], details, roles=[role])
        life.adults[role] = link.staff_id
    newcomer = Details(f"New {life.mark}", f"Ms {life.mark}", f"new@{mail}.sch.uk")
    link = staff.add_adult(life.id, life.adults[Role.DSL], newcomer, roles=[Role.TEACHER])
    life.named |= {"staff_id": link.staff_id, "teacher.join token": link.token}


def _open_classes(app: Flask, life: Life) -> None:
    near = tuple(life.adults[role] for role in (Role.TEACHER, Role.TEACHING_ASSISTANT, Role.COVER))
    add = partial(classes.add_class, life.id)
    life.classes = [
        add(ClassDetails(f"{life.mark}{n}", (year,), near)) for n, year in enumerate("43")
    ]
    names = [line.name for line in read_list(f"Amina {life.mark}\nFinn {life.mark}") if line.name]
    pupils.add_pupils(life.id, life.classes[0], names)
    life.pupils = [p.id for p in known_pupils.pupils_of(life.id, life.classes[0])]
    key = app.extensions["catkin"].keys.read("pictures")
    kept = {p: kept_form(key, life.id, p, draw()) for p in life.pupils}
    sign_ins.keep_pictures(life.id, kept)
    card = sign_ins.make_cards(life.id, life.pupils[:1], clock.now())[life.pupils[0]]
    life.named |= {
        "class_id": life.classes[0],
        "pupil_id": life.pupils[0],
        "pupil.card token": card,
        "lesson_id": LESSON,
        "quiz_id": QUIZ,
        "number": "1",
    }


def _tell(life: Life) -> None:
    life.words = f"I am from {life.mark} and he said keep quiet"
    told = Told(happened=("secret",), words=life.words, to=tuple(life.adults.values()))
    telling = Telling(
        once=ids.new_token(), told=told, pupil_id=life.pupils[0], class_id=life.classes[0]
    )
    life.named["reference"] = file_concern(life.id, telling)
    over = replace(telling, once=ids.new_token())
    life.named["desk.reopen reference"] = file_concern(life.id, over)


def _close_one(life: Life, token: str) -> None:
    dsl = known_sign_ins.signed_in(ids.fingerprint(token))
    assert isinstance(dsl, StaffHere)
    facts = desk.concern(life.id, dsl, life.named["desk.reopen reference"])
    assert facts is not None
    closing = Closing("We met", "No more to do", "It stopped", "All well", child_told=True)
    handle.close(life.id, facts, closing, by=handle.By(dsl.id, ids.new_token()))


def _sign_everybody_in(life: Life) -> dict[str, str]:
    now, begin = clock.now(), sign_ins.begin_for_staff
    tokens = {role: begin(life.id, adult, now) for role, adult in life.adults.items()}
    tokens[Role.PUPIL] = sign_ins.begin_for_pupil(life.id, life.pupils[0], now)
    tokens[DONE] = sign_ins.begin_for_pupil(life.id, life.pupils[1], now)
    notices = known_staff.team_notices(life.id, life.adults[Role.DSL])
    life.named["notice_id"] = str(notices[0].id)
    _close_one(life, tokens[Role.DSL])
    return tokens


def _keep_cookies(app: Flask, life: Life, tokens: dict[str, str]) -> None:
    for who in (*tokens, DOOR, Role.NOBODY):
        browser = app.test_client()
        with browser.session_transaction() as session:
            if who in tokens:
                session |= {"_user_id": tokens[who], "_fresh": True}
                session |= _opened(life, tokens[who], who)
        page = browser.get("/sign-in" if who in (DOOR, Role.NOBODY) else _own_page(who))
        token = TOKEN.search(page.text)
        assert token, who
        if who == DOOR:
            _come_to_the_door(browser, life, token[1])
        if who in (Role.PUPIL, DONE):
            for piece in (f"/lesson/{LESSON}", f"/quiz/{QUIZ}"):
                browser.post(piece, data={"csrf_token": token[1], "runs": "0"})
        if who == DONE:
            play_through(browser, app, token[1])
        cookie = browser.get_cookie("catkin")
        assert cookie is not None
        life.cookies[who] = cookie.value


def _own_page(who: str) -> str:
    return "/map" if who in (Role.PUPIL, DONE) else "/today"


def _opened(life: Life, token: str, who: str) -> dict[str, Any]:
    """My notes stand open, and a receipt can be looked at."""
    if who != Role.PUPIL:
        return {}
    now = clock.now().timestamp()
    return {
        "notes": {"sign_in": ids.fingerprint(token), "until": now + 60},
        "sent": {"reference": life.named["reference"], "at": now},
    }


def _come_to_the_door(browser: FlaskClient, life: Life, token: str) -> None:
    with browser.application.app_context():
        facts = known_classes.class_(life.id, life.classes[0])
        assert facts is not None
    code = {"word": facts.code_word, "number": facts.code_number}
    assert browser.post("/sign-in", data={"csrf_token": token, **code}).status_code == 303
    with browser.application.app_context():
        asked = let_in.ask(life.id, life.pupils[0], "door", clock.now())
        waiting = _asks(life)
    life.named |= {"ask_id": waiting, "let_in_id": waiting}
    with browser.session_transaction() as session:
        session["asked_from"] = asked


def _asks(life: Life) -> str:
    return asks.waiting(life.id, life.classes[0])[0].id


def play_through(browser: FlaskClient, app: Flask, token: str) -> None:
    """Finish the lesson and the quiz with good answers."""
    pieces = app.extensions["catkin"].catalogue
    for card in pieces.lessons[LESSON].cards:
        url = f"/lesson/{LESSON}/{card.number}"
        for question in card.questions:
            good = next(option.number for option in question.options if option.good)
            _press(browser, url, token, question=question.number, choice=good)
        _press(browser, url, token, do="next")
    url, scenes = f"/quiz/{QUIZ}/play", pieces.quizzes[QUIZ].scenes
    at = pieces.quizzes[QUIZ].start
    while scenes[at].moves:
        move = next(one for one in scenes[at].moves if not one.risk)
        _press(browser, url, token, choice=move.number)
        at = move.to
    _press(browser, url, token)
    assert browser.get(f"/lesson/{LESSON}/done").status_code == 200


def _press(browser: FlaskClient, url: str, token: str, **given: object) -> None:
    step = re.search(r'name="step" value="(\d+)"', browser.get(url).text)
    data = {"csrf_token": token, "step": step[1] if step else "0", **given}
    assert browser.post(url, data=data).status_code == 303
