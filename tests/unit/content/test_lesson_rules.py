"""Each rule of a lesson, broken in a small good one."""

from __future__ import annotations

from typing import Any

import pytest

FAULTS: list[tuple[str, str, str, int | str]] = [
    ("---\nformat", "format", "the head is missing", 0),
    ("minutes: 15\n", "minutes: 15\ncolour: red\n", "`colour` is not a key", 1),
    ("friend: tansy", "friend: moss", "moss is not the friend of T", 0),
    ("reviews: [meet.secrets]", "reviews: [meet.secret]", "did you mean meet.secrets?", 0),
    ("story: t-79-small\nmis", "story: t-79-smal\nmis", "there is no quiz", 0),
    (
        "misconceptions: [t-once]",
        "misconceptions: [t-once, m-secret]",
        "no reteach for m-secret",
        0,
    ),
    ("## idea: Keep it first", "## idee: Keep it first", "no card is a “idee”", 0),
    ("## idea: Keep it first", "## Keep it first", "starts no card", 0),
    ("## rehearse: Say it", "## idea: Say it", "0 cards of the kind “rehearse”", "## carry"),
    ("## carry: Your people\n", "", "7 cards", -3),
    ("story: t-79-small\n\nIona", "\nIona", "the play card names no story", -1),
    ("story: t-79-small\n\nIona", "story: t-79-big\n\nIona", "the card plays t-79-big", 0),
    ("art: a drip on a twig", "story: t-79-small", "`story` belongs to the play card", 0),
    ("art: a drip on a twig", "art: a drip\nart: a twig", "`art` is written twice", 1),
    ("Help her.", "Help her colour <i>it</i>.", "is HTML", 0),
    (
        "? Who can help with a worry secret? (meet.secrets)",
        "Who can help?",
        "without a question",
        1,
    ),
    ("What now? (tell.helpers)", "What now?", "names no objective", 0),
    (
        "What now? (tell.helpers)",
        "What now? (meet.secrets)",
        "not among the lesson's objectives",
        0,
    ),
    ("( ) Give up !t-once", "( ) Give up", "the slip names no misconception", 0),
    ("(*) Tell again", "(*) Tell again !t-once", "a good answer names a misconception", 0),
    ("(*) Tell again", "( ) Tell again !t-once", "no good answer", -3),
    ("( ) Give up !t-once", "(*) Give up", "no slip to learn from", -1),
    ("> Yes. Again is fine.\n", "", "the answer has no feedback", -1),
    ("Iona has a frog.", "> Iona has a frog.", "feedback without an answer", 0),
    ("[[proof]]", "[[prof]]", "“prof” is not among the lesson's words", 0),
    ("[[proof]]", "proof", "the word “proof” is never opened", "- {word: proof"),
    ("{trusted_adults}\n", "", "the last card names no trusted adults", -1),
    ("# Teacher notes", "## talk: Notes", "no teacher notes", 0),
    ("- t-once Practise", "Practise", "no reteach for t-once", "misconceptions:"),
    ("> Yes. Again is fine.", "> Well done.", "is a judgement", 0),
    ("> Yes. Now it is quiet.", "> A. B. C. D.", "feedback of 4 sentences", 0),
    ("most pupils can", "most pupils recognize and", "American spelling", 0),
    ("They mend the **roof**.", "It has 40 rules.", "“40” is a number in figures", 0),
    ("art: a drip on a twig", "art: 2 drips on a twig", "“2” is a number in figures", 0),
    ("They mend the **roof**.", "It is your **fault**.", "blames the child", 0),
    ("> Yes. Mum wants to know.", "> I won't tell anyone.", "keeps a secret", 0),
    ("What makes it easy to tell?", "Is it fun? " * 30, "words on one screen", -1),
    (
        "## remember: Two old cards",
        "Hello.\n## remember: Two old cards",
        "words before the first",
        0,
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "words", "below"), FAULTS, ids=lambda value: str(value)[:30]
)
def test_a_fault_in_a_lesson_is_named_with_its_line(
    desk: Any, old: str, new: str, words: str, below: int | str
) -> None:
    line = desk.plant(desk.LESSON, old, new, below)
    found = [p for p in desk.problems() if words in f"{p.what}, {p.mend}"]
    assert (desk.LESSON, line) in [(p.file, p.line) for p in found], desk.problems()


def test_a_lesson_has_no_more_new_words_than_its_band_can_learn(desk: Any) -> None:
    more = "".join(f"  - {{word: w{i}, means: A word.}}\n" for i in range(5))
    desk.plant(desk.LESSON, "---\n## remember", f"{more}---\n## remember")
    assert any(p.what == "6 new words" for p in desk.problems())


def test_a_whole_lesson_that_reads_too_hard_is_refused_though_each_sentence_is_short(
    desk: Any,
) -> None:
    hard = "\n".join(["Parents discover hidden settings because tablets remember passwords."] * 8)
    desk.plant(desk.LESSON, "Say it to your partner.", hard)
    desk.plant(desk.LESSON, "What makes it easy to tell?", hard)
    assert any("read at grade" in p.what for p in desk.problems())


def test_the_band_of_the_head_is_that_of_the_folder(desk: Any) -> None:
    text = (desk.root / desk.LESSON).read_text()
    desk.write("lessons/9-11/tell.md", text.replace("id: t-79", "id: t-80"))
    assert [p.what for p in desk.problems()] == ["the band 7-9 in the folder 9-11"]


def test_two_lessons_may_not_share_an_id(desk: Any) -> None:
    desk.write("lessons/7-9/zwei.md", (desk.root / desk.LESSON).read_text())
    (problem,) = desk.problems()
    assert (problem.file, problem.line) == ("lessons/7-9/zwei.md", 3)


def test_a_file_in_the_wrong_place_or_with_the_wrong_ending_is_not_silently_left_out(
    desk: Any,
) -> None:
    desk.write("lessons/7-9/new.txt", "Hello")
    desk.write("quizzes/6-8/new.yaml", "a: b")
    desk.write("quizzes/7-9/.hidden", "left by a desktop")
    assert {p.file for p in desk.problems()} == {"lessons/7-9/new.txt", "quizzes/6-8"}
