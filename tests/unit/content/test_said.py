"""Text-speak as Listen says it: every short form of the library in full."""

from __future__ import annotations

import re

import pytest

from app.content.said import said_in_full
from app.content.wordlists import entries
from tests.quick import content

SHORT = re.compile(rf"(?<![\w'-])(?:{'|'.join(entries('textspeak'))}|\d)(?![\w'-])", re.IGNORECASE)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2 many eyes Aarav. ur wasted on them", "to many eyes Aarav. your wasted on them"),
        ("4 u champ!! what team r u on?", "for you champ!! what team are you on?"),
        ("gr8. dont bring ur dad", "great. don't bring your dad"),
        ("no 1 says no 2 gold!!", "no one says no to gold!!"),
        ("Ur so good", "your so good"),
        ("see you sat Tomos!", "see you Saturday Tomos!"),
    ],
)
def test_short_forms_are_written_out(written: str, said: str) -> None:
    assert said_in_full(written) == said


@pytest.mark.parametrize(
    "words", ["20 frogs sat on 42 pads", "Frostbyte_11 has u-turns", "our fur"]
)
def test_what_only_looks_short_is_left(words: str) -> None:
    assert said_in_full(words) == words


@pytest.mark.parametrize("short", entries("textspeak"))
def test_every_short_form_that_the_check_knows_can_be_said(short: str) -> None:
    assert not SHORT.search(said_in_full(short))


def test_no_player_of_the_library_is_read_out_in_text_speak() -> None:
    lines = {
        line.words
        for story in content().quizzes.values()
        for scene in story.scenes.values()
        for line in (*scene.show, *(said for move in scene.moves for said in move.reply))
        if line.is_ == "unknown"
    }
    assert len([words for words in lines if SHORT.search(words)]) > 20
    assert [words for words in lines if SHORT.search(said_in_full(words))] == []
