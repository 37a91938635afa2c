"""How many misspelled names are found, and how many sentences are held for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.plan import PlannedAdult, read_plan
from app.people.rules import Role
from app.safeguarding.actions.named import POSTS
from app.safeguarding.everyday import SURNAMES
from app.safeguarding.naming import Person, named_in
from app.safeguarding.posts import Post
from tests.unit.naming.misspelled import misspelled, plain, sentences, surnames

HOUSE = Path(__file__).parents[3]
PIECES = (*HOUSE.glob("lessons/*-*/*.md"), *HOUSE.glob("quizzes/*-*/*.yaml"))
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
NOT_SAID = re.compile(r"^\s*[-#*\w]+:\s*|[*_{}`|<>]")


def recall(says: str, names: list[str]) -> float:
    """The share of the misspellings of these names that are found in a sentence."""
    found = [
        bool(named_in([says.format(written)], [Person("one", f"Jo {name}", f"Mrs {name}")]))
        for name in names
        for written in misspelled(plain(name))
    ]
    assert len(found) > 3000
    return sum(found) / len(found)


@pytest.mark.parametrize("says", ["then miss {} hurt me", "then mrs{} hurt me"])
def test_after_a_title_a_misspelled_surname_is_found(says: str) -> None:
    assert recall(says, surnames()) >= 0.995


def test_a_long_misspelled_surname_is_found_alone_in_small_letters() -> None:
    names = [name for name in surnames() if len(plain(name)) >= 6 and plain(name) not in SURNAMES]
    assert len(names) > 100
    assert recall("then {} hurt me", names) >= 0.99


def staff_of_the_demo() -> list[Person]:
    """The adults of the demo's school, as a child of Otter class speaks of them."""
    return [Person(one.key, one.name, one.known_as, _posts(one)) for one in read_plan(90).staff]


def _posts(adult: PlannedAdult) -> frozenset[Post]:
    of_roles = {POSTS[role] for role in adult.roles if role in POSTS}
    deputy = {Post.DEPUTY, Post.LEAD} if Role.DEPUTY in adult.roles else set()
    return frozenset(of_roles | deputy | ({Post.CLASS} if adult.key == "otter" else set()))


def taught() -> Iterator[str]:
    """The sentences of all lessons and stories."""
    for piece in PIECES:
        for sentence in SENTENCE.split(piece.read_text(encoding="utf-8")):
            said = NOT_SAID.sub(" ", sentence).strip()
            if len(said.split()) >= 3:
                yield said


def held(said: list[str]) -> float:
    """The share of these sentences in which somebody of the demo's school is named."""
    assert len(said) >= 300
    staff = staff_of_the_demo()
    return sum(bool(named_in([one], staff)) for one in said) / len(said)


def test_of_what_children_tell_hardly_any_sentence_is_held_for_nothing() -> None:
    assert held(sentences()) <= 0.005


@pytest.mark.parametrize("small", [False, True])
def test_of_what_is_taught_hardly_any_sentence_is_held_for_nothing(small: bool) -> None:
    """A few speak of a teacher, of the head, or of a Mr B of their own."""
    assert held([one.lower() if small else one for one in taught()]) <= 0.01


def test_of_two_hundred_surnames_hardly_one_is_found_in_what_children_tell() -> None:
    staff = [Person(name, f"Jo {name}", f"Mrs {name}") for name in surnames()]
    found = [name for said in sentences() for name in named_in([said], staff)]
    assert len(found) <= len(sentences()) / 100
