"""The reading gate: syllables, grades and what is too hard for whom."""

from __future__ import annotations

import pytest

from app.content.reading import measure, sentences_in, too_hard
from app.content.syllables import syllables

COUNTED = """
cat 1|people 2|idea 3|area 3|every 2|garden 2|running 2|beautiful 3|caterpillar 4|imagine 3
little 2|table 2|middle 2|trouble 2|houses 2|cakes 1|hoped 1|painted 2|playing 2|crying 2
tickled 2|settled 2|bottle 2|handles 2|secret 2|worry 2|blocked 1|muted 2|trusted 2|somewhere 2
leave 1|prizes 2|games 1|umbrella 3|adventure 3|dangerous 3|copied 2|flies 1|photographer 4
university 5|impossible 4|grandad 2|playground 2|moving 2|eleven 3|scared 1|sharing 2|juice 1
fruit 1|bruise 1|quiet 2|grown-up 2|grown-ups 2|Amina's 3|didn't 2|you're 1|unsafe 2|police 2
"""


@pytest.mark.parametrize("counted", COUNTED.replace("\n", "|").strip("|").split("|"))
def test_a_word_is_counted_as_it_is_said(counted: str) -> None:
    word, count = counted.split()
    assert syllables(word) == int(count)


def test_the_grade_is_flesch_and_kincaids_with_names_left_out() -> None:
    reading = measure("Zara pops a balloon. The cow sees Biryani.", ["Zara"])
    # Counted by hand: pops a balloon / the cow sees: 6 words, 7 syllables, 2 sentences.
    assert (reading.sentences, reading.words, reading.syllables) == (2, 8, 7)
    assert reading.fk == pytest.approx(0.39 * 3 + 11.8 * 7 / 6 - 15.59)
    assert reading.longest == 4
    assert reading.mean == 4


def test_a_capital_in_mid_sentence_is_a_name_but_not_after_a_quotation_mark() -> None:
    (first, second) = sentences_in('Then Gerald said, "Hop in." I hop.')
    assert first.counted == ("Then", "said", "Hop", "in")
    assert second.counted == ("I", "hop")


def test_slots_are_not_the_writers_words() -> None:
    assert measure("You can tell {trusted_adults} now.").words == 4


def test_a_line_end_and_a_mark_inside_quotation_marks_end_a_sentence() -> None:
    assert measure('"Stop!" says Gran.\nTell me').sentences == 3
    assert measure("").sentences == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three four five six seven eight nine ten eleven.", "a sentence of 11 words"),
        ("It is a refrigerator.", "the long word “refrigerator”"),
        ("We go. " * 21, "42 words on a screen"),
    ],
)
def test_the_tell_form_keeps_to_the_youngest_readers(text: str, words: str) -> None:
    assert any(words in found for found in too_hard(text, "tell"))


def test_a_long_name_or_a_grown_up_is_not_too_hard_for_the_tell_form() -> None:
    assert too_hard("Tell a grown-up or Mr Bankole-Zielinski. Ask Biryani.", "tell") == ()


def test_a_long_text_is_graded_as_a_whole_and_a_short_one_is_not() -> None:
    hard = "Parents discover hidden settings. "
    assert not any("grade" in found for found in too_hard(hard * 10, "7-9"))
    assert any("grade" in found for found in too_hard(hard * 30, "7-9"))
