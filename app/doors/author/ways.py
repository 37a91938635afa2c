"""How to get to a scene: the moves that lead there, for each way the scene may look."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from app.content.conditions import Memory
from app.content.story_values import Moment, Move, Story

MOST_LOOKS: Final = 8
"""Looks of one scene that are offered; a long memory would make hundreds."""
MOST_STATES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Look:
    """A scene as somebody meets it, and the shortest way there."""

    scene: str
    moves: tuple[Move, ...]
    remembers: tuple[str, ...]
    """What is so by then, in the words of the story's `memory`."""


def looks_of(story: Story) -> dict[str, list[Look]]:
    """The looks of each scene, those that are reached soonest first."""
    found: dict[str, list[Look]] = {name: [] for name in story.scenes}
    seen, shown = set[tuple[str, tuple[int, ...]]](), set[tuple[str, object]]()
    waiting = deque[tuple[str, Memory, tuple[Move, ...]]]([(story.start, story.at_first, ())])
    while waiting and len(seen) < MOST_STATES:
        name, memory, way = waiting.popleft()
        if (name, tuple(memory.values())) in seen:
            continue
        seen.add((name, tuple(memory.values())))
        moment = story.scenes[name].seen_with(memory)
        if (name, _face(moment)) not in shown and len(found[name]) < MOST_LOOKS:
            shown.add((name, _face(moment)))
            found[name].append(Look(name, way, _in_words(story, memory)))
        waiting.extend((move.to, move.after(memory), (*way, move)) for move in moment.moves)
    return found


def _face(moment: Moment) -> object:
    """What a pupil sees of a moment."""
    lines = tuple((line.name, line.words) for line in moment.show)
    return moment.tell, lines, tuple(move.number for move in moment.moves), moment.ending


def _in_words(story: Story, memory: Memory) -> tuple[str, ...]:
    known = ((story.memory[name], value) for name, value in memory.items() if value)
    return tuple(kept.means + (f": {value}" if kept.most > 1 else "") for kept, value in known)
