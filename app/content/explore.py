"""Every state of a story, played: what may be pressed there, what is so, who has been told."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.content.conditions import Memory, Test
from app.content.outline import MoveOutline, Numbered, SceneOutline, Spoken, StoryOutline
from app.content.problems import Findings

MOST_STATES: Final = 50_000
FEWEST_MOVES, MOST_MOVES = 2, 5
ABSOLVES: Final = ("M", "T")
"""The letters whose stories always say that it is not the child's fault."""


SAYS_SO: Final = re.compile(r"\bfault\b|\bon them\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class State:
    """Where a player may stand, with what is remembered of the way there."""

    scene: str
    memory: tuple[int, ...]
    told: bool
    """Whether a grown-up has heard."""
    heard: bool
    """Whether “not your fault” was heard."""


@dataclass(slots=True)
class Explorer:
    """Plays a story that has no loop and only conditions that can be read."""

    story: StoryOutline
    tests: dict[Numbered, Test]
    findings: Findings
    came_from: dict[State, State | None] = field(default_factory=dict)
    truths: dict[Numbered, set[bool]] = field(default_factory=dict)
    fullest: dict[str, tuple[Spoken, ...]] = field(default_factory=dict)
    """Of each scene, the most that one player sees there."""
    _scenes: dict[str, SceneOutline] = field(default_factory=dict)
    _names: tuple[str, ...] = ()

    def run(self, start: str) -> None:
        self._scenes = {scene.id: scene for scene in reversed(self.story.scenes)}
        self._names = tuple(self.story.memory)
        first = self._arrive(start, (0,) * len(self._names), told=False, heard=False)
        self.came_from[first] = None
        waiting = deque([first])
        while waiting:
            here = waiting.popleft()
            for state in self._look(here):
                if state not in self.came_from:
                    self.came_from[state] = here
                    waiting.append(state)
            if len(self.came_from) > MOST_STATES:
                what = f"the story has more than {MOST_STATES:,} states"
                self.findings.add(self.story.line, what, "remember fewer things, or smaller counts")
                return
        self._check_reached()
        self._check_conditions()

    def _arrive(self, scene: str, memory: tuple[int, ...], *, told: bool, heard: bool) -> State:
        at = self._scenes[scene]
        return State(scene, memory, told or at.grown_up, heard or at.not_your_fault)

    def _look(self, here: State) -> Iterator[State]:
        """What stands there, what is wrong with it, and where its moves lead."""
        scene, memory = self._scenes[here.scene], dict(zip(self._names, here.memory, strict=True))
        seen = tuple(x for x in (*scene.tell, *scene.show) if self._is_so(x.when, memory))
        if _words(seen) >= _words(self.fullest.get(scene.id, ())):
            self.fullest[scene.id] = seen
        if not seen:
            self._refuse(scene.line, f"nothing is told or shown in {scene.id}", here, "tell more")
        if scene.not_your_fault and not any(SAYS_SO.search(line.words) for line in seen):
            what = f"nothing in {scene.id} says that it is not their fault"
            self._refuse(scene.line, what, here, "say it in a line that is always told")
        if scene.ends:
            self._end(scene, here, memory)
            return
        offered = [move for move in scene.moves if self._is_so(move.when, memory)]
        self._check_offer(scene, offered, here)
        for move in offered:
            for line in move.reply:
                self._is_so(line.when, memory)
            if move.to and move.to[0] in self._scenes:
                told = here.told or move.reaches_adult
                after = self._after(move, here.memory)
                yield self._arrive(move.to[0], after, told=told, heard=here.heard)

    def _is_so(self, when: Numbered | None, memory: Memory) -> bool:
        if when is None:
            return True
        so = self.tests[when].holds(memory)
        self.truths.setdefault(when, set()).add(so)
        return so

    def _after(self, move: MoveOutline, memory: tuple[int, ...]) -> tuple[int, ...]:
        found = list(memory)
        for change in move.changes:
            at, kept = self._names.index(change.name), self.story.memory[change.name]
            value = found[at] + change.number if change.key == "add" else change.number
            found[at] = max(0, min(value, kept.most or 1))
        return tuple(found)

    def _check_offer(self, scene: SceneOutline, offered: list[MoveOutline], here: State) -> None:
        if not scene.moves:
            return
        if not FEWEST_MOVES <= len(offered) <= MOST_MOVES:
            what = f"{len(offered)} moves in {scene.id}"
            self._refuse(scene.line, what, here, "give two to five")
        labels = [move.label[0] for move in offered if move.label]
        for label in {label for label in labels if labels.count(label) > 1}:
            what = f"two moves called “{label}” in {scene.id}"
            self._refuse(scene.line, what, here, "call each by what it does")
        if all(move.risk for move in offered):
            what = f"no safe move in {scene.id}"
            self._refuse(scene.line, what, here, "there is always a way out: add one")

    def _end(self, scene: SceneOutline, here: State, memory: Memory) -> None:
        closes = [self._is_so(when, memory) for when in scene.closes]
        if not any(closes):
            what = f"{scene.id} has no ending"
            self._refuse(scene.line, what, here, "let the last one have no `when`")
        if not here.told:
            line = self.story.ends_with[1] if self.story.ends_with else self.story.line
            mend = "every way takes a tell or ask, or a scene with "
            what = f"no grown-up is told on the way {self._way(here)}"
            self._once(line, what, mend + "`grown_up: true`", ("told",))
        if self.story.letter in ABSOLVES and not here.heard:
            what = f"“not your fault” is not heard on the way {self._way(here)}"
            mend = "mark a scene that says so `not_your_fault: true`"
            self._once(scene.line, what, mend, ("heard",))

    def _way(self, here: State) -> str:
        way: list[str] = []
        at: State | None = here
        while at is not None:
            way.append(at.scene)
            at = self.came_from[at]
        return " > ".join(reversed(way))

    def _check_reached(self) -> None:
        reached = {state.scene for state in self.came_from}
        for scene in self.story.scenes:
            if scene.id not in reached:
                what = f"no way leads to {scene.id}"
                self.findings.add(scene.line, what, "let a move that is offered lead there")

    def _check_conditions(self) -> None:
        for (text, line), seen in self.truths.items():
            if len(seen) == 1:
                word = "always" if True in seen else "never"
                what = f"“{text}” is {word} true here"
                self.findings.add(line, what, "take it out, or let something change it")

    _said: set[tuple[object, ...]] = field(default_factory=set)

    def _refuse(self, line: int, what: str, here: State, mend: str) -> None:
        """Once for each scene: the other states in which it is so are the same fault."""
        facts = [n for n, value in zip(self._names, here.memory, strict=True) if value]
        so = f" when {' and '.join(facts)}" if facts else ""
        self._once(line, what + so, mend, (line, mend))

    def _once(self, line: int, what: str, mend: str, key: tuple[object, ...]) -> None:
        if key not in self._said:
            self._said.add(key)
            self.findings.add(line, what, mend)


def _words(lines: tuple[Spoken, ...]) -> int:
    return sum(len(line.words.split()) for line in lines)
