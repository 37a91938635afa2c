"""What a story remembers: every name known, every condition readable, every fact of use later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.content.conditions import ConditionFault, Remembers, Test, parse
from app.content.outline import Change, Numbered, SceneOutline, StoryOutline
from app.content.problems import Findings

_TAKEN: Final = frozenset({"and", "or", "not", "when"})
LATER: Final = 2
"""How many names must be read two scenes on or more: a story's memory is to pay off."""


SHORT: Final = 4
"""With so few scenes nothing can come back much later."""


@dataclass(slots=True)
class MemoryCheck:
    """The names of one story, and its conditions parsed."""

    story: StoryOutline
    findings: Findings
    tests: dict[Numbered, Test] = field(default_factory=dict)
    sound: bool = True
    """Whether every name and condition can be used."""

    def check(self) -> None:
        for name, kept in self.story.memory.items():
            if name in _TAKEN:
                self._refuse(kept.line, f"`{name}` is a word of conditions", "call it otherwise")
            if kept.is_ == "count" and kept.most is None:
                self._refuse(kept.line, f"the count {name} has no `max`", "say where it stops")
            if kept.is_ == "fact" and kept.most is not None:
                self._refuse(kept.line, f"`max` at the fact {name}", "take it out, or write count")
        for scene in self.story.scenes:
            for when in scene.conditions:
                self._read(when)
            for move in scene.moves:
                for change in move.changes:
                    self._check_change(change)

    def check_use(self) -> None:
        """Every name is set, and read in a later scene; some of them much later."""
        after = Following(self.story)
        far = 0
        for name, kept in self.story.memory.items():
            makers = [(s, m) for s in self.story.scenes for m in s.moves if _sets(m.changes, name)]
            if not makers:
                self.findings.add(kept.line, f"nothing sets {name}", "set it, or take it out")
                continue
            readers = {s.id for s in self.story.scenes if name in self._read_in(s)}
            reached = [steps for _s, m in makers if m.to for steps in after.steps(m.to[0], readers)]
            if not reached:
                what = f"{name} is set and never read in a later scene"
                self.findings.add(kept.line, what, "let a later line or move depend on it")
            far += max(reached, default=0) >= LATER
        if len(self.story.scenes) > SHORT and len(self.story.memory) < LATER:
            what = f"the story remembers {len(self.story.memory)} things"
            mend = f"let it remember {LATER} facts at least, for lines that come two scenes later"
            self.findings.add(self.story.line, what, mend)
        elif self.story.memory and far < min(LATER, len(self.story.memory)):
            line = min(kept.line for kept in self.story.memory.values())
            what = f"{far} of the names in `memory` are read two scenes on"
            self.findings.add(line, what, f"let {LATER} of them come back two scenes later or more")

    def _read_in(self, scene: SceneOutline) -> set[str]:
        found = [self.tests[when] for when in scene.conditions if when in self.tests]
        return {ask.name for test in found for ask in test.asks()}

    def _read(self, when: Numbered) -> None:
        text, line = when
        try:
            test = parse(text)
        except ConditionFault as fault:
            self._refuse(line, fault.what, fault.mend)
            return
        self.tests[when] = test
        for ask in test.asks():
            self._check_ask(ask, line)

    def _check_ask(self, ask: Remembers, line: int) -> None:
        kept = self.story.memory.get(ask.name)
        if kept is None:
            self._refuse(line, f"`memory` knows no {ask.name}", "mend its spelling, or declare it")
        elif kept.is_ == "fact" and ask.sign:
            self._refuse(line, f"{ask.name} is a fact and has no number", "write its name alone")
        elif kept.is_ == "count" and not ask.sign:
            mend = f"compare it, as {ask.name} >= 1"
            self._refuse(line, f"{ask.name} is a count", mend)

    def _check_change(self, change: Change) -> None:
        kept, count = self.story.memory.get(change.name), change.key == "add"
        if kept is None:
            what, mend = f"`memory` knows no {change.name}", "mend its spelling, or declare it"
            self._refuse(change.line, what, mend)
        elif count != (kept.is_ == "count"):
            mend = "facts are set and cleared, counts are added to"
            self._refuse(change.line, f"{change.name} is a {kept.is_}", mend)

    def _refuse(self, line: int, what: str, mend: str) -> None:
        self.sound = False
        self.findings.add(line, what, mend)


def _sets(changes: tuple[Change, ...], name: str) -> bool:
    return any(change.name == name and change.key != "clear" for change in changes)


@dataclass(slots=True)
class Following:
    """Which scenes come after which, in a story without loops."""

    story: StoryOutline

    def steps(self, first: str, wanted: set[str]) -> Iterator[int]:
        """For each wanted scene from `first` on: over how many moves it is reached at most."""
        scenes = {scene.id: scene for scene in self.story.scenes}
        far: dict[str, int] = {first: 1}
        waiting = [first]
        while waiting:
            at = waiting.pop()
            for move in scenes[at].moves if at in scenes else ():
                if move.to and far.get(move.to[0], 0) <= far[at]:
                    far[move.to[0]] = far[at] + 1
                    waiting.append(move.to[0])
        yield from (steps for scene, steps in far.items() if scene in wanted)
