"""What pupils are told outside lessons: short sentences, short words, little at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from app.content.reading import GATES, too_hard
from app.learning.rules import LETTERS
from app.people.actions.sign_ins import all_out
from app.people.pictures import PICTURES
from app.people.queries import classes, staff
from app.people.rules import Role
from tests.contracts.browsers import press_pictures
from tests.contracts.two_schools import DONE, DOOR, LESSON, LET_IN, QUIZ, World
from tests.contracts.words_of import buttons_of, pieces_of, running_words_of

STEPS = ("/tell", "/tell/feel", "/tell/who", "/tell/about")
PAGES = (
    *((who, step) for who in (Role.PUPIL, DOOR, Role.NOBODY) for step in STEPS),
    *((Role.PUPIL, f"/notes{page}") for page in ("", "/pictures", "/added", "/still-reading")),
    (Role.PUPIL, "/notes/{reference}/add"),
    *((who, "/notes") for who in (DONE, Role.PUPIL)),
    *((who, "/map") for who in (DONE, Role.PUPIL)),
    (Role.PUPIL, "/still-here"),
    *((who, "/sign-in") for who in (DOOR, Role.NOBODY)),
    (Role.NOBODY, "/sign-in?left=time"),
    (DOOR, "/sign-in/names"),
    (DOOR, "/sign-in/{pupil_id}"),
    (DOOR, "/sign-in/{pupil_id}?again=yes"),
    *((who, "/sign-in/{pupil_id}/waiting") for who in (DOOR, LET_IN)),
    (Role.NOBODY, "/card/{token}"),
    (Role.NOBODY, "/card/never-was"),
    (Role.PUPIL, "/nowhere"),
)
PLAYED = (
    (DONE, f"/lesson/{LESSON}"),
    *((who, "/what-i-can-do") for who in (DONE, Role.PUPIL)),
    *((DONE, path) for path in (f"/quiz/{QUIZ}/after", "/certificate")),
    *((Role.PUPIL, path) for path in (f"/lesson/{LESSON}/1", f"/quiz/{QUIZ}/play")),
    *((DONE, f"/quiz/{QUIZ}{page}") for page in ("", "/play")),
    *((DONE, f"/lesson/{LESSON}/{page}") for page in (*range(1, 9), "done")),
)
"""Here the text is the lesson's, and measured as such; the buttons are ours."""


def shown(world: World, who: str, path: str) -> TestResponse:
    named = world.here.named | {"token": world.here.named["pupil.card token"]}
    page = world.browser(who).get(path.format(**named))
    assert page.status_code in {200, 404}, f"{path}: {page.status}"
    return page


def names_of(world: World) -> list[str]:
    """What counts as a name: people, classes, the five letters, and pages called by name."""
    here = world.here
    with world.app.app_context():
        adults = [adult.known_as for adult in staff.adults(here.id)]
        rooms = [room.name for room in classes.classes(here.id)]
    return [
        *sorted(adults, key=len, reverse=True),
        *rooms,
        *LETTERS.values(),
        "My notes",
        "Childline",
    ]


def faults(world: World, pieces: list[str]) -> Iterator[str]:
    """What is too hard; a name is one word, however the school writes it."""
    names = names_of(world)
    for piece in pieces:
        short = piece
        for name in names:
            short = short.replace(name, "Amina")
        for fault in too_hard(short, "tell", names):
            yield f"{fault} in “{piece}”"


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_for_pupils_is_easy_to_read(world: World, who: str, path: str) -> None:
    assert list(faults(world, pieces_of(shown(world, who, path).text))) == []


@pytest.mark.parametrize(("who", "path"), [*PAGES, *PLAYED])
def test_every_button_for_pupils_is_easy_to_read(world: World, who: str, path: str) -> None:
    says = buttons_of(shown(world, who, path).text)
    assert says
    assert list(faults(world, says)) == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", [Role.PUPIL, DOOR])
def test_a_step_of_telling_has_few_words(world: World, who: str, step: str) -> None:
    text = shown(world, who, step).text
    for name in names_of(world):
        text = text.replace(name, "Amina")
    assert 0 < running_words_of(text) <= GATES["tell"].screen


def test_the_receipt_is_easy_to_read_with_and_without_a_name(world: World) -> None:
    for who in (Role.PUPIL, DOOR):
        sent = {
            "csrf_token": world.here.form_tokens[who],
            "once": f"pressed by {who}",
            "step": "who",
            "to": world.here.adults[Role.TEACHER],
            "send": "yes",
        }
        browser = world.browser(who)
        page = browser.get(browser.post("/tell/who", data=sent).location)
        assert "Thank you for telling us" in page.text
        assert list(faults(world, pieces_of(page.text))) == []
        assert list(faults(world, buttons_of(page.text))) == []


def test_what_a_pupil_reads_when_the_class_is_closed_is_easy(world: World) -> None:
    here = world.here
    with world.app.app_context():
        all_out(here.id, here.classes[0])
    for who, path in ((DOOR, "/sign-in/closed"), (Role.NOBODY, "/card/{token}")):
        page = shown(world, who, path)
        assert "closed now" in page.text
        assert list(faults(world, pieces_of(page.text))) == []


def press_again_and_again(world: World, path: str) -> Iterator[TestResponse]:
    """The pages of a child who does not find the three pictures: each miss, and each rest."""
    browser, token = world.browser(DOOR), world.here.form_tokens[DOOR]
    for _miss in range(16):
        page = press_pictures(browser, path, PICTURES[:3], token)
        yield browser.get(page.location) if page.status_code == 303 else page


def test_missing_ones_pictures_is_said_in_easy_words(world: World) -> None:
    said = set()
    for page in press_again_and_again(world, f"/sign-in/{world.here.pupils[1]}"):
        assert list(faults(world, pieces_of(page.text))) == []
        said |= set(pieces_of(page.text))
    assert {"Let's try again."} <= said
    assert any("need a rest" in piece for piece in said)


FORMS = {
    "/sign-in": ({"word": "", "number": ""}, {"word": "otter", "number": "1"}),
    "/notes/{reference}/add": ({"words": ""}, {"words": "x" * 500_001}),
}


@pytest.mark.parametrize("path", FORMS)
def test_a_fault_is_said_to_a_pupil_in_easy_words(world: World, path: str) -> None:
    who = Role.NOBODY if path == "/sign-in" else Role.PUPIL
    for given in FORMS[path]:
        for token in (world.here.form_tokens[who], "stale"):
            address = path.format(**world.here.named)
            page = world.browser(who).post(address, data={"csrf_token": token, **given})
            assert page.status_code == 200
            assert list(faults(world, pieces_of(page.text))) == []


@pytest.mark.parametrize("step", STEPS)
def test_an_old_step_of_telling_says_so_in_easy_words(world: World, step: str) -> None:
    page = world.browser(DOOR).post(step, data={"csrf_token": "stale", "words": "hm"})
    assert "This page got old" in page.text
    assert list(faults(world, pieces_of(page.text))) == []


def test_guessing_codes_is_answered_in_easy_words(world: World) -> None:
    sent = {"csrf_token": world.here.form_tokens[Role.NOBODY], "word": "otter", "number": "0000"}
    answers = [world.browser(Role.NOBODY).post("/sign-in", data=sent) for _ in range(200)]
    assert answers[-1].status_code == 429
    assert list(faults(world, pieces_of(answers[-1].text))) == []
