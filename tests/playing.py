"""A school to play in: one class, its pupils, and small pieces of content."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from werkzeug.test import TestResponse

from app.base.database import Store, connect_stores, engine_of, file_of, writing
from app.content.catalogue import Catalogue
from app.content.story_values import Close, Feedback, Moment, Move, Scene, Story, Told
from app.content.values import Card, Lesson, Option, Question
from app.people.actions.sign_ins import begin_for_pupil
from app.people.tables import Pupil, School, SchoolClass, Staff, StaffRole
from tests.quick import content, first_start

MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
SCHOOL = "school"
CLASS = "hazel"
PUPILS = ("amina", "ben", "chidi")


def add_school(
    school_id: str = SCHOOL, class_id: str = CLASS, pupils: tuple[str, ...] = PUPILS
) -> None:
    """A school with its class of Year 4, in the app at hand; ids say who is who."""
    with writing(Store.LEARNING) as session:
        session.add(
            School(
                id=school_id,
                name=f"{school_id} primary",
                nation="England",
                day_starts=time(8, 30),
                day_ends=time(15, 30),
                made_at=MONDAY,
            )
        )
        session.flush()
        session.add(
            SchoolClass(
                id=class_id,
                school_id=school_id,
                name=class_id.title(),
                years="4",
                code_word=class_id,
                code_number="1234",
                made_at=MONDAY,
            )
        )
        session.flush()
        session.add_all(_pupil(school_id, class_id, pupil) for pupil in pupils)


def _pupil(school_id: str, class_id: str, pupil_id: str) -> Pupil:
    return Pupil(
        id=pupil_id,
        school_id=school_id,
        class_id=class_id,
        given_name=pupil_id.title(),
        family_name="Tester",
        shown_name=pupil_id.title(),
        avatar="fox",
        made_at=MONDAY,
    )


def add_adult(school_id: str, known_as: str, role: str) -> None:
    """An adult of the school, by the name that pupils use."""
    staff_id = f"{school_id} {known_as}"
    with writing(Store.LEARNING) as session:
        session.add(
            Staff(
                id=staff_id,
                school_id=school_id,
                name=known_as,
                known_as=known_as,
                email=f"{staff_id}@example.test",
                made_at=MONDAY,
            )
        )
        session.flush()
        session.add(StaffRole(staff_id=staff_id, role=role, school_id=school_id, granted_at=MONDAY))


@contextmanager
def store_in(folder: Path) -> Iterator[Flask]:
    """The learning store alone, in a folder, with the school in it."""
    shutil.copy(file_of(first_start().folders.data, Store.LEARNING), folder)
    app = Flask("rooms")
    connect_stores(app, folder)
    with app.app_context():
        add_school()
        yield app
        for store in Store:
            engine_of(store).dispose()


def tell_alone() -> Catalogue:
    """The content with nothing but the Tell lesson for 7 to 9 and Block it as its story."""
    shipped, story = content(), "t-79-block-it"
    lesson = replace(shipped.lessons["t-79"], story=story)
    quizzes = {story: shipped.quizzes[story]}
    return replace(shipped, lessons={lesson.id: lesson}, quizzes=quizzes, age_quiz=None)


def sign_in(client: FlaskClient, pupil_id: str, school_id: str = SCHOOL) -> None:
    """Give a browser the sign-in of a pupil."""
    with client.application.app_context():
        token = begin_for_pupil(school_id, pupil_id, datetime.now(UTC))
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the first form in main: its token and its step."""
    main = page.text.partition("<main")[2]
    form = re.search(r"<form.*?</form>", main, re.DOTALL)
    assert form, "the page has no form"
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def press(client: FlaskClient, url: str, /, **given: object) -> TestResponse:
    """Open a page and send its first form, with these choices."""
    return client.post(url, data={**hidden(client.get(url)), **given})


def question(number: int, objective: str = "safe.password") -> Question:
    """Two options: 1 is a slip, 2 is good."""
    return Question(
        number=number,
        text=f"Question {number}?",
        objective=objective,
        options=(
            Option(1, "Share it", good=False, misconception="s-code-share", feedback="Look again."),
            Option(2, "Keep it", good=True, misconception=None, feedback="Yes."),
        ),
    )


def card(number: int, *questions: Question) -> Card:
    """A card with these questions."""
    return Card(number, "check", f"Card {number}", "", Markup("<p>Hop.</p>"), questions, None, ())


def lesson(*cards: Card, version: int = 1) -> Lesson:
    """A lesson of these cards."""
    return Lesson(
        id="t-hop",
        version=version,
        title="Hop",
        band="7-9",
        letter="T",
        friend="tansy",
        minutes=5,
        objectives=("tell.block",),
        reviews=("safe.password",),
        story="t-pond",
        misconceptions=("s-code-share",),
        words=(),
        cards=cards,
        teacher_notes_html=Markup(""),
        path="lessons/7-9/hop.md",
    )


def move(number: int, to: str, *objectives: str, risk: bool = False) -> Move:
    """A move; a risky one shows t-block-fixes."""
    return Move(
        number=number,
        do="block",
        label=f"Move {number}",
        risk=risk,
        misconception="t-block-fixes" if risk else None,
        objectives=objectives,
        reply=(),
        feedback=Feedback(think="a", why="b", do="c") if risk else Feedback(did="d", fact="e"),
        to=to,
        adult=False,
    )


def scene(scene_id: str, *moves: Move) -> Scene:
    """A scene with these moves; an ending where there are none."""
    return Scene(
        id=scene_id,
        tell=(Told("Plop."),),
        show=(),
        moves=moves,
        not_your_fault=False,
        grown_up=False,
        closes=() if moves else (Close("sunny"),),
        door=None,
        skin="lobby",
    )


def story(*scenes: Scene, version: int = 1) -> Story:
    """A story of these scenes; it starts with the first."""
    return Story(
        id="t-pond",
        version=version,
        title="Pond",
        band="7-9",
        letter="T",
        skin="lobby",
        app="Pond Hoppers",
        minutes=5,
        objectives=("tell.block", "tell.helpers"),
        ends_with="tell",
        cast={},
        start=scenes[0].id,
        scenes={one.id: one for one in scenes},
        path="quizzes/7-9/pond.yaml",
    )


def pond() -> Story:
    """Two scenes and an ending; in each, move 1 is risky and move 2 is safe."""
    return story(
        scene("fly", move(1, "rain", "tell.block", risk=True), move(2, "rain", "tell.block")),
        scene(
            "rain",
            move(1, "home", "tell.helpers", risk=True),
            move(2, "home", "tell.helpers", "tell.block"),
        ),
        scene("home"),
    )


def shortest_ways(story: Story) -> list[list[tuple[Moment, Move]]]:
    """For each move of each scene one short way that ends with it."""
    first = story.scenes[story.start].seen_with(story.at_first)
    seen: set[tuple[str, int]] = set()
    known, waiting = set(), [(first, list[tuple[Moment, Move]]())]
    ways = []
    while waiting:
        here, way = waiting.pop(0)
        for move in here.moves:
            made = [*way, (here, move)]
            then = story.scenes[move.to].seen_with(move.after(here.memory))
            if (here.id, move.number) not in seen:
                seen.add((here.id, move.number))
                ways.append(made)
            state = (then.id, tuple(sorted(then.memory.items())))
            if state not in known:
                known.add(state)
                waiting.append((then, made))
    return ways


def ways_through(story: Story) -> Iterator[list[tuple[Moment, Move]]]:
    """Whole ways, from the start to an ending, that together make every move of every scene."""
    wanted = {(scene.id, move.number) for scene in story.scenes.values() for move in scene.moves}
    while wanted:
        here, way = story.scenes[story.start].seen_with(story.at_first), list[tuple[Moment, Move]]()
        while here.moves:
            move = _towards(story, here, wanted)
            way.append((here, move))
            wanted.discard((here.id, move.number))
            here = _then(story, here, move)
        yield way


def _towards(story: Story, here: Moment, wanted: set[tuple[str, int]]) -> Move:
    """The first move of the shortest way to one that is wanted, or else to an ending."""
    waiting, known, out = [(here, move, move) for move in here.moves], set[object](), None
    while waiting:
        moment, move, first = waiting.pop(0)
        if (moment.id, move.number) in wanted:
            return first
        then = _then(story, moment, move)
        out = out or (None if then.moves else first)
        state = (then.id, tuple(sorted(then.memory.items())))
        if state not in known:
            known.add(state)
            waiting += [(then, following, first) for following in then.moves]
    assert out, f"{story.id}: nothing leads on from {here.id}"
    return out


def _then(story: Story, here: Moment, move: Move) -> Moment:
    return story.scenes[move.to].seen_with(move.after(here.memory))
