"""What the small good files become."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from app.content.catalogue import read_catalogue
from app.content.slots import UNSURE, fill, register_slots
from app.content.story_values import Feedback, Line
from app.content.values import Word


def test_a_story_becomes_scenes_in_the_order_of_the_file(desk: Any) -> None:
    story = read_catalogue(desk.root).quizzes["t-79-small"]
    assert list(story.scenes) == ["pond", "dry", "tea"]
    assert story.path == desk.STORY
    pond = story.scenes["pond"]
    assert pond.show == (Line("frost", "Frostbyte_11", "unknown", "ur good. where do u live?"),)
    slip, block = pond.moves
    assert slip.reply == (Line("app", "Pond Hoppers", "app", "Plop!"),)
    assert (slip.number, slip.risk, slip.adult, slip.to) == (1, True, False, "dry")
    assert block.feedback == Feedback(
        did="Frostbyte cannot write to you now.", fact="A player is not told who did it."
    )


def test_a_slip_counts_against_what_it_misses_and_a_safe_move_for_what_it_does(desk: Any) -> None:
    scenes = read_catalogue(desk.root).quizzes["t-79-small"].scenes
    slip, block = scenes["pond"].moves
    tell, ask = scenes["dry"].moves
    assert slip.objectives == ("meet.secrets",)
    assert block.objectives == ("tell.block",)
    assert tell.objectives == ask.objectives == ("tell.helpers",)
    assert tell.adult
    assert ask.adult


def test_a_lesson_becomes_eight_cards(desk: Any) -> None:
    lesson = read_catalogue(desk.root).lessons["t-79"]
    assert [card.number for card in lesson.cards] == list(range(1, 9))
    remember, story, idea, play = lesson.cards[:4]
    assert remember.art == "Tansy with two cards"
    question = remember.questions[0]
    assert (question.number, question.objective) == (1, "meet.secrets")
    slip, good = question.options
    assert (slip.number, slip.good, slip.misconception) == (1, False, "m-secret")
    assert slip.feedback == "You like to keep your word. But a worry secret is for telling."
    assert (good.number, good.good, good.misconception) == (2, True, None)
    assert story.html == (
        "<p>A drip lands on Tansy. She tells Aster.</p>\n"
        "<p>They mend the <strong>roof</strong>.</p>"
    )
    assert idea.words == (Word("proof", "A picture of the words."),)
    assert "<ol>\n<li>Keep <dfn>proof</dfn>.</li>" in idea.html
    assert idea.html.endswith("</ol>\n<p>It is not your fault.</p>")
    assert play.story == lesson.story == "t-79-small"
    assert "<li>Practise" in lesson.teacher_notes_html


def test_lessons_and_quizzes_are_found_by_band_and_id(desk: Any) -> None:
    catalogue = read_catalogue(desk.root)
    assert [lesson.id for lesson in catalogue.lessons_for("7-9")] == ["t-79"]
    assert [quiz.id for quiz in catalogue.quizzes_for("7-9")] == ["t-79-small"]
    assert catalogue.lessons_for("5-7") == catalogue.quizzes_for("9-11") == ()


def test_nobody_can_change_a_lesson_once_it_is_read(desk: Any) -> None:
    catalogue = read_catalogue(desk.root)
    with pytest.raises(FrozenInstanceError):
        catalogue.lessons["t-79"].title = "Mine"  # type: ignore[misc]
    with pytest.raises(TypeError):
        catalogue.quizzes["t-79-small"].scenes["new"] = None  # type: ignore[index]


def test_an_age_is_named_only_while_it_is_confirmed_and_fresh(desk: Any) -> None:
    catalogue = read_catalogue(desk.root)
    slots = register_slots(catalogue, date(2027, 1, 31))
    assert slots["age_rule:pixelpond"] == "13 or older"
    assert slots["age_rule:rumour"] == slots["age_rule:steam"] == UNSURE
    assert slots["childline"] == "0800 1111"
    assert register_slots(catalogue, date(2027, 2, 1))["age_rule:pixelpond"] == UNSURE


def test_slots_are_filled_and_an_unfilled_one_is_an_error() -> None:
    assert fill("Ask {trusted_adults}.", {"trusted_adults": "Mrs Tan"}) == "Ask Mrs Tan."
    with pytest.raises(KeyError):
        fill("Ask {trusted_adults}.", {})


def test_what_a_school_types_into_a_slot_is_never_html() -> None:
    slots = {"trusted_adults": "<script>{childline}</script>", "childline": "1"}
    filled = fill(Markup("<p>{trusted_adults}</p>"), slots)
    assert filled == "<p>&lt;script&gt;{childline}&lt;/script&gt;</p>"
    assert isinstance(filled, Markup)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("about: meet.secrets", "about: meet.secret", "there is no objective meet.secret"),
        ("- id: m-secret", "- id: t-once", "the id t-once is used twice"),
        ("  letter: M\n", "", "`letter` is missing"),
        ('bands: ["7-9"]', "bands: [b]", "“b”"),
    ],
)
def test_a_fault_in_a_register_is_named(desk: Any, old: str, new: str, words: str) -> None:
    desk.plant("lessons/facts/misconceptions.yaml", old, new)
    found = [p for p in desk.problems() if words in p.what]
    assert [p.file for p in found] == ["lessons/facts/misconceptions.yaml"], desk.problems()


def test_a_problem_is_told_as_file_line_what_and_how_to_mend_it(desk: Any) -> None:
    line = desk.plant(desk.STORY, "do: block", "do: hug")
    text = str(desk.problems()[0])
    assert text.startswith(f"quizzes/7-9/small.yaml:{line}: `do` is “hug”, write one of 'reply'")


def test_feedback_that_ends_with_a_comma_goes_on_in_one_sentence() -> None:
    risky = Feedback(think="You are kind,", why="but it is a trick.", do="Stop.")
    assert risky.says == ["You are kind, but it is a trick.", "Stop."]
    assert Feedback(did="You kept it.", fact="It helps.").says == ["You kept it.", "It helps."]
