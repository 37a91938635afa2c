"""The words to pick when telling: any word that leads, asks or is too hard is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app.content.catalogue import read_catalogue
from app.content.tell_words import MOST_WORDS, faults_of
from app.content.values import WordGroup

FILE = "lessons/facts/tell-words.yaml"
LEADS = [
    "touched me",
    "he hurt me",
    "my uncle",
    "Daddy",
    "a bad man",
    "a stranger",
    "kissed",
    "private parts",
    "no clothes on",
    "in bed",
    "made me",
    "our secret",
    "promised",
    "my fault",
    "bullied",
    "sexy",
    "your teacher",
    "HE",
    "tou\u200bched",
]
ASKS = ["who hurt?", "did he ask", "was it scary", "is someone unkind", "why", "scary, isn't it"]


@pytest.mark.parametrize("word", LEADS)
def test_a_word_that_leads_is_refused(desk: Any, word: str) -> None:
    desk.plant(FILE, "at school", f'"{word}"')
    found = [p.what for p in desk.problems() if p.file == FILE]
    assert any("leads" in what or "hidden character" in what for what in found), found


@pytest.mark.parametrize("word", ASKS)
def test_a_word_that_asks_is_refused(desk: Any, word: str) -> None:
    line = desk.plant(FILE, "at school", f'"{word}"', -2)
    assert (FILE, line) in [
        (p.file, p.line) for p in desk.problems() if "a question can lead" in p.what
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("at school", "at school when it rains", "says too much at once"),
        ("at school", "at the refrigerator", "too hard for 5-7"),
        ("at school", "at home", "stands here twice"),
        ("nice", "At Home", "stands here twice"),
        ("not sure", "unkind", "no way out"),
        (", somewhere else", "", "no way out"),
        ("heading: Where", "heading: Where did he go", "leads"),
        ("at school", "on an iPad", "is a real brand"),
        ("at school", "my color", "American spelling"),
        ("at school", "a naughty one", "is not said to a child"),
        ("id: how", "id: where", "is used twice"),
        ("[at home, at school, somewhere else]", "at home", "is not a list"),
    ],
)
def test_a_fault_in_the_list_is_named(desk: Any, old: str, new: str, what: str) -> None:
    desk.plant(FILE, old, new)
    assert any(what in p.what for p in desk.problems() if p.file == FILE), desk.problems()


def test_everyday_words_pass_and_come_in_their_order(desk: Any) -> None:
    assert desk.problems() == []
    words = read_catalogue(desk.root).tell_words
    assert list(words) == ["where", "how"]
    assert words["where"] == WordGroup("where", "Where", ("at home", "at school", "somewhere else"))


@pytest.mark.parametrize("word", ["did something else", "someone I don’t know", "hurt", "scary"])
def test_a_word_of_any_day_has_no_fault(word: str) -> None:
    assert list(faults_of(word)) == []
    assert len(word.split()) <= MOST_WORDS
