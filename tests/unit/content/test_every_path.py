"""Every story that ships, played along every path: each state that a player can come to."""

from __future__ import annotations

import pytest

from app.content.story_values import Moment, Story
from app.doors.pupil.tablet import in_the_room, placed, tablet_after
from tests.playing import shortest_ways
from tests.quick import content

STORIES = content().quizzes
FEWEST, MOST = 2, 5


def states_of(story: Story) -> dict[tuple[str, tuple[tuple[str, int], ...]], Moment]:
    """Each moment a player can come to, by its scene and what is remembered."""
    first = story.scenes[story.start].seen_with(story.at_first)
    found, waiting = {}, [first]
    while waiting:
        here = waiting.pop()
        state = (here.id, tuple(sorted(here.memory.items())))
        if state in found:
            continue
        found[state] = here
        for move in here.moves:
            waiting.append(story.scenes[move.to].seen_with(move.after(here.memory)))
    return found


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.id)
def test_every_moment_can_be_played_on_and_some_of_it_safely(story: Story) -> None:
    for here in states_of(story).values():
        assert here.tell or here.show, here
        if here.ending:
            assert here.moves == ()
            assert here.door
            continue
        assert FEWEST <= len(here.moves) <= MOST, here
        assert any(not move.risk for move in here.moves), here
        labels = [move.label for move in here.moves]
        assert len(set(labels)) == len(labels), here


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.id)
def test_every_move_of_every_moment_has_one_button(story: Story) -> None:
    for here in states_of(story).values():
        buttons = [move.number for moves in placed(here).values() for move in moves]
        assert sorted(buttons) == sorted(move.number for move in here.moves)


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.id)
def test_what_an_app_answers_is_seen_or_heard_after_every_move(story: Story) -> None:
    ways = shortest_ways(story)
    assert {move.number for way in ways for _, move in way}
    for way in ways:
        _, last = way[-1]
        shown = [message.words for message in tablet_after(story, way).newest]
        heard = [line.words for line in in_the_room(story, last)]
        for line in last.reply:
            assert line.words in (*shown, *heard), (way[-1][0].id, last.label)


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.id)
def test_whoever_plays_twice_meets_other_words(story: Story) -> None:
    """What is remembered changes at least three scenes after the first."""
    words: dict[str, set[tuple[str, ...]]] = {}
    for here in states_of(story).values():
        said = (*here.tell, *(line.words for line in here.show), *(m.label for m in here.moves))
        words.setdefault(here.id, set()).add(said)
    if story.memory:
        assert sum(len(met) > 1 for met in words.values()) >= 3
