"""The browsers of a school's morning: signed in, at the door, half-way through, done."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.base import clock, ids
from app.content.story_values import Story
from app.content.values import Lesson
from app.learning import actions
from app.learning.actions import Seen
from app.learning.queries import newest_run
from app.learning.rules import Piece, mark_option
from app.learning.runs import place_of
from app.people.actions import let_in, sign_ins
from app.people.queries import classes as known_classes
from app.people.queries import let_in as asks
from app.people.rules import Role
from app.web.parts import catalogue
from app.workshops.queries import workshop
from tests.contracts.two_schools import (
    BACK,
    DONE,
    DOOR,
    HALF,
    LESSON,
    LET_IN,
    PASSWORD,
    QUIZ,
    TOKEN,
    Life,
)
from tests.stepped import give_code

AT_THE_DOOR = (DOOR, LET_IN)
PUPILS = (Role.PUPIL, DONE)


def keep_cookies(app: Flask, life: Life, tokens: dict[str, str]) -> None:
    """Let everybody come as far as they are, and keep the cookie each browser then holds."""
    for who in (*tokens, Role.NOBODY, Role.FAMILY, LET_IN, DOOR):
        browser = app.test_client()
        if who in tokens:
            with browser.session_transaction() as session:
                if who == HALF:
                    session["half_sign_in"] = tokens[who]
                else:
                    session |= {"_user_id": tokens[who], "_fresh": True}
        _come_so_far(browser, life, who, _token_of(browser, who, tokens))
        token, cookie = _token_of(browser, who, tokens), browser.get_cookie("catkin")
        assert cookie is not None
        life.cookies[who], life.form_tokens[who] = cookie.value, token


def _token_of(browser: FlaskClient, who: str, tokens: dict[str, str]) -> str:
    """What the forms of this browser carry."""
    own = "/map" if who in PUPILS else "/today" if _works_here(who, tokens) else "/sign-in"
    token = TOKEN.search(browser.get("/staff/code" if who == HALF else own).text)
    assert token is not None, who
    return token[1]


def _works_here(who: str, adults: Collection[str]) -> bool:
    """The trust lead has no page but everybody's."""
    return who in adults and who != Role.TRUST_LEAD


def _come_so_far(browser: FlaskClient, life: Life, who: str, token: str) -> None:
    if who == Role.FAMILY:
        assert browser.get(f"/families/join/{life.named['family.come_in code']}").status_code == 303
        held = browser.get_cookie("catkin-family", path="/families")
        assert held is not None
        life.family_code = held.value
    if who in AT_THE_DOOR:
        _come_to_the_door(browser, life, token)
        _ask(browser, life, f"/sign-in/{life.pupils[0]}/ask", token, yes=who == LET_IN)
    if who == Role.NOBODY:
        _join_the_workshop(browser, life, token)
    if who in PUPILS:
        for piece in (f"/lesson/{LESSON}", f"/quiz/{QUIZ}"):
            browser.post(piece, data={"csrf_token": token, "runs": "0"})
    if who == Role.PUPIL:
        _open_notes(browser, life.pictures[life.pupils[0]], token)
        tell_at_once(browser, token)
    if who == BACK:
        _write_too_late(browser, life, token)
    elif _works_here(who, life.adults):
        _open_everything(browser, life, token)
    if who == DONE:
        play_through(browser, life, token)
        _ask(browser, life, "/notes/ask", token, yes=True)


def _open_everything(browser: FlaskClient, life: Life, token: str) -> None:
    """Lift the cover, and confirm the password: what is closed to all has tests of its own."""
    assert browser.post("/names/show", data={"csrf_token": token}).status_code == 303
    with browser.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with browser.application.app_context():
        sign_ins.step_up(life.id, mine, clock.now())


def _open_notes(browser: FlaskClient, three: tuple[str, ...], token: str) -> None:
    """Press the three pictures before My notes."""
    pressed = press_pictures(browser, "/notes/pictures", three, token)
    assert (pressed.status_code, pressed.location) == (303, "/notes")


def press_pictures(
    browser: FlaskClient, url: str, three: tuple[str, ...], token: str
) -> TestResponse:
    """Press pictures one after the other; the answer to the last."""
    page = browser.get(url)
    for picture in three:
        so_far = page.text.partition('name="so_far" value="')[2].partition('"')[0]
        sent = {"csrf_token": token, "so_far": so_far, "picture": picture}
        page = browser.post(url, data=sent)
    return page


def tell_at_once(browser: FlaskClient, token: str, **said: object) -> TestResponse:
    """Press "Just talk to me"; this browser then holds a receipt."""
    once = browser.get("/tell").text.partition('name="once" value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "once": once, "step": "happened", "send": "talk"}
    answer = browser.post("/tell", data=sent | said)
    assert (answer.status_code, answer.location) == (303, "/tell/sent")
    return answer


def _write_too_late(browser: FlaskClient, life: Life, token: str) -> None:
    """Send a form after the sign-in has ended, and sign in again."""
    with browser.session_transaction() as session:
        mine = ids.fingerprint(session["_user_id"])
    with browser.application.app_context():
        sign_ins.end_sign_in(life.id, mine)
    late = {"csrf_token": token, "years": "3"}
    assert browser.post("/concerns/review/years", data=late).status_code == 303
    account = {"csrf_token": token, "email": life.email, "password": PASSWORD}
    answer = give_code(browser, browser.post("/staff/sign-in", data=account))
    assert (answer.status_code, answer.location) == (303, "/today")


def _come_to_the_door(browser: FlaskClient, life: Life, token: str) -> None:
    with browser.application.app_context():
        facts = known_classes.class_(life.id, life.classes[0])
        assert facts is not None
    code = {"word": facts.code_word, "number": facts.code_number}
    assert browser.post("/sign-in", data={"csrf_token": token, **code}).status_code == 303


def _join_the_workshop(browser: FlaskClient, life: Life, token: str) -> None:
    """A phone in the hall, which is nobody's in particular."""
    with browser.application.app_context():
        facts = workshop(life.id, life.named["workshop_id"])
        assert facts is not None
    code = {"word": facts.word, "number": facts.number}
    sent = browser.post("/workshop", data={"csrf_token": token, **code})
    assert sent.location == "/workshop/now"


def _ask(browser: FlaskClient, life: Life, url: str, token: str, *, yes: bool) -> None:
    """Ask the teacher on this device; and have been let in, or wait still."""
    assert browser.post(url, data={"csrf_token": token}).status_code == 303
    with browser.application.app_context():
        (asking,) = asks.waiting(life.id, life.classes[0])
        if yes:
            let_in.let_in(life.id, asking.id, life.adults[Role.TEACHER], clock.now())
    life.named |= {"ask_id": asking.id, "let_in_id": asking.id}


def play_through(browser: FlaskClient, life: Life, token: str) -> None:
    """Finish every lesson and quiz of the band with good answers; QUIZ comes last."""
    with browser.application.app_context():
        known = catalogue()
        for lesson in known.lessons_for("7-9"):
            if lesson.id != LESSON:
                _has_learnt(life, lesson)
        for story in known.quizzes_for("7-9"):
            if story.id != QUIZ:
                _has_played(life, story)
    _learn(browser, known.lessons[LESSON], token)
    _play(browser, known.quizzes[QUIZ], token)


def _begun(life: Life, piece: Piece) -> Callable[[], Seen]:
    """Begin a piece past its pages; what its next page would be."""
    whose = (life.id, life.pupils[1])
    actions.begin(*whose, piece=piece, runs_seen=0, moment=clock.now())

    def seen() -> Seen:
        run = newest_run(*whose, piece.id)
        assert run is not None
        return Seen(run, run.step)

    return seen


def _has_learnt(life: Life, lesson: Lesson) -> None:
    seen = _begun(life, lesson)
    for card in lesson.cards:
        for question in card.questions:
            marked = mark_option(question, next(one for one in question.options if one.good))
            place = place_of(card, question)
            actions.answer_question(life.id, seen(), place=place, marked=marked, moment=clock.now())
        if card is not lesson.cards[-1]:
            actions.turn_card(life.id, seen(), to=card.number + 1)
    assert actions.finish(life.id, seen(), moment=clock.now())


def _has_played(life: Life, story: Story) -> None:
    seen = _begun(life, story)
    moment = story.scenes[story.start].seen_with(story.at_first)
    while moment.moves:
        move = next(one for one in moment.moves if not one.risk)
        assert actions.make_move(life.id, seen(), story=story, move=move, moment=clock.now())
        moment = story.scenes[move.to].seen_with(move.after(moment.memory))


def _learn(browser: FlaskClient, lesson: Lesson, token: str) -> None:
    _press(browser, f"/lesson/{lesson.id}", token, runs=0)
    for card in lesson.cards:
        url = f"/lesson/{lesson.id}/{card.number}"
        for question in card.questions:
            good = next(option.number for option in question.options if option.good)
            _press(browser, url, token, question=question.number, choice=good)
        _press(browser, url, token, do="next")


def _play(browser: FlaskClient, story: Story, token: str) -> None:
    _press(browser, f"/quiz/{story.id}", token, runs=0)
    moment = story.scenes[story.start].seen_with(story.at_first)
    while moment.moves:
        move = next(one for one in moment.moves if not one.risk)
        _press(browser, f"/quiz/{story.id}/play", token, choice=move.number)
        moment = story.scenes[move.to].seen_with(move.after(moment.memory))


def _press(browser: FlaskClient, url: str, token: str, **given: object) -> None:
    step = re.search(r'name="step" value="(\d+)"', browser.get(url).text)
    data = {"csrf_token": token, "step": step[1] if step else "0", **given}
    assert browser.post(url, data=data).status_code == 303
