"""Each rule of what a story remembers, broken in a small good one that remembers."""

from __future__ import annotations

from typing import Any

import pytest

from app.content.catalogue import read_catalogue

STORY = """\
format: catkin/story@1
id: t-79-small
version: 1
title: The Small Frog
band: 7-9
letter: T
skin: lobby
app: Pond Hoppers
minutes: 5
objectives: [tell.block, tell.helpers]
ends_with: tell
cast:
  frost: {name: Frostbyte_11, is: unknown}
  gran: {name: Gran, is: grown-up}
memory:
  town: {is: fact, means: Frostbyte knows the town}
  kept: {is: fact, means: a picture is kept}
  slips: {is: count, max: 2, means: risky moves so far}
start: pond
scenes:
  - id: pond
    tell:
      - Iona plays.
    show:
      - frost: where do u live?
    moves:
      - do: reply
        label: By the canal
        risk: true
        misconception: m-secret
        set: [town]
        add: {slips: 1}
        feedback: {think: It is a fun game., why: But it helps people find you., do: Stop and tell.}
        to: rain
      - do: proof
        label: Picture the words
        set: [kept]
        reply:
          - app: Click.
        feedback: {did: You kept it., fact: A picture helps a grown-up help.}
        to: rain
  - id: rain
    tell:
      - It rains.
    show:
      - frost: see u by the canal!
        when: town
      - frost: where r u?
        when: not town
    moves:
      - do: reply
        label: Hello
        risk: true
        misconception: m-secret
        add: {slips: 1}
        feedback: {think: It is a fun game., why: But it goes on., do: Stop and tell.}
        to: dry
      - do: block
        label: Block Frostbyte
        feedback: {did: They cannot write now., fact: Nobody is told who did it.}
        to: dry
      - do: leave
        label: Swim off
        when: town and not kept
        feedback: {did: You left., fact: You can leave at any time.}
        to: dry
  - id: dry
    not_your_fault: true
    tell:
      - say: Gran has the picture. It is not your fault.
        when: kept
      - say: Gran has a towel. It is not your fault.
        when: not kept
    moves:
      - do: tell
        label: Tell Gran
        reply:
          - gran: Thank you. They know the town.
            when: town
        feedback: {did: Gran knows., fact: Small worries count too.}
        to: tea
      - do: ask
        label: Gran, is this odd?
        feedback: {did: You asked., fact: Asking is telling too.}
        to: tea
  - id: tea
    ending:
      - {kind: sunny, when: slips == 0}
      - {kind: helped}
    tell:
      - They have tea.
    door: Who would you tell? {trusted_adults}
"""

# What stands there, the fault put in its place, words of the problem, lines below the start.
FAULTS: list[tuple[str, str, str, int | str]] = [
    ("when: not kept", "when: not kpet", "`memory` knows no kpet", 0),
    ("when: not kept", "when: kept >= 1", "kept is a fact and has no number", 0),
    ("when: slips == 0", "when: slips", "slips is a count", 0),
    ("when: not kept", "when: not", "a name is missing at the end", 0),
    ("when: not kept", "when: kept; town", "“;” is no part of a condition", 0),
    ("set: [kept]", "set: [kpet]", "`memory` knows no kpet", 0),
    ("set: [kept]", "set: [slips]", "slips is a count", 0),
    ("add: {slips: 1}", "add: {town: 1}", "town is a fact", 0),
    ("add: {slips: 1}", "add: {slips: many}", "`slips` is not a whole number", 0),
    ("set: [kept]", "sets: [kept]", "`sets` is not a key", 0),
    ("{is: count, max: 2,", "{is: count,", "the count slips has no `max`", 0),
    ("{is: fact, means: a", "{is: fact, max: 3, means: a", "`max` at the fact kept", 0),
    ("{is: fact, means: a", "{is: thing, means: a", "`is` is “thing”", 0),
    (", means: a picture is kept", "", "`means` is missing", 0),
    ("  kept: {is", "  not: {is: fact, means: no}\n  kept: {is", "is a word of conditions", 0),
    ("        set: [kept]\n", "", "nothing sets kept", "  kept:"),
    ("when: town and not kept", "when: town and kept", "“town and kept” is never true", 0),
    (
        "{kind: helped}",
        "{kind: helped, when: slips >= 1 and slips == 2}",
        "tea has no ending",
        "- id: tea",
    ),
    ("when: slips == 0", "when: slips <= 2", "“slips <= 2” is always true", 0),
    # Another sentence, that is not true of anybody.
    (
        "      - say: Gran has a",
        "      - say: Hm.\n        when: slips > 2\n      - say: Gran has a",
        "never true",
        1,
    ),
    ("do: ask\n", "do: ask\n        when: kept\n", "1 moves in dry when", "- id: dry"),
    ("do: tell\n", "do: leave\n", "no grown-up is told on the way pond > rain > dry", "ends_with"),
    (
        "      - They have tea.",
        "      - say: Tea.\n        when: kept",
        "nothing is told or shown in tea",
        "- id: tea",
    ),
    (
        "      - It rains.",
        "      - It rains. "
        + "It is wet. " * 12
        + "\n      - say: "
        + "It is cold. " * 12
        + "\n        when: town",
        "words on one screen",
        "- id: rain",
    ),
]


@pytest.fixture
def remembering(desk: Any) -> Any:
    desk.write(desk.STORY, STORY)
    assert desk.problems() == []
    return desk


@pytest.mark.parametrize(
    ("old", "new", "words", "below"), FAULTS, ids=lambda value: str(value)[:30]
)
def test_a_fault_is_named_with_its_line(
    remembering: Any, old: str, new: str, words: str, below: int | str
) -> None:
    line = remembering.plant(remembering.STORY, old, new, below)
    found = [(p.line, p.what) for p in remembering.problems()]
    assert any(words in what and at == line for at, what in found), (line, found)


def test_screens_that_nobody_sees_at_once_are_not_added_up(remembering: Any) -> None:
    for says in ("when: kept", "when: not kept"):
        remembering.plant(
            remembering.STORY,
            "      - It rains.",
            f"      - It rains.\n      - say: {'It is wet. ' * 13}\n        {says}",
        )
    assert remembering.problems() == []


def test_a_fact_that_is_only_read_at_once_is_of_no_use(remembering: Any) -> None:
    text = STORY.replace("        when: kept\n      - say: Gran has a", "      - say: Gran has a")
    text = text.replace("        when: not kept\n", "").replace(
        "        when: town and not kept\n", ""
    )
    remembering.write(remembering.STORY, text)
    found = [problem.what for problem in remembering.problems()]
    assert "kept is set and never read in a later scene" in found


def test_facts_come_back_two_scenes_on(remembering: Any) -> None:
    text = STORY.replace("when: slips == 0", "when: town").replace("        add: {slips: 1}\n", "")
    text = text.replace("  slips: {is: count, max: 2, means: risky moves so far}\n", "")
    text = text.replace(
        "            when: town\n        feedback: {did: Gran", "        feedback: {did: Gran"
    )
    text = text.replace("{kind: sunny, when: town}", "{kind: sunny}").replace(
        "      - {kind: helped}\n", ""
    )
    remembering.write(remembering.STORY, text)
    found = [problem.what for problem in remembering.problems()]
    assert found == ["1 of the names in `memory` are read two scenes on"]


def test_a_player_meets_what_is_true_of_them(remembering: Any) -> None:
    story = read_catalogue(remembering.root).quizzes["t-79-small"]
    told, careful = story.scenes["pond"].seen_with(story.at_first).moves
    after_telling, after_care = told.after(story.at_first), careful.after(story.at_first)
    assert dict(after_telling) == {"town": 1, "kept": 0, "slips": 1}
    rain = story.scenes["rain"]
    assert [line.words for line in rain.seen_with(after_telling).show] == ["see u by the canal!"]
    assert [line.words for line in rain.seen_with(after_care).show] == ["where r u?"]
    assert [move.label for move in rain.seen_with(after_telling).moves][-1] == "Swim off"
    assert [move.number for move in rain.seen_with(after_care).moves] == [1, 2]
    tell, _ask = story.scenes["dry"].seen_with(after_care).moves
    assert tell.reply == ()
    tea = story.scenes["tea"]
    assert tea.seen_with(after_care).ending == "sunny"
    assert tea.seen_with(after_telling).ending == "helped"


def test_a_count_stops_at_its_max(remembering: Any) -> None:
    story = read_catalogue(remembering.root).quizzes["t-79-small"]
    slip = story.scenes["pond"].moves[0]
    memory = story.at_first
    for _ in range(5):
        memory = slip.after(memory)
    assert memory["slips"] == 2
