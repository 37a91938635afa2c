"""A quiz file: read, checked, and built as a Story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from app.content.conditions import Test, parse
from app.content.ids import Ids
from app.content.longhand import write_out
from app.content.outline import outline_of
from app.content.problems import Findings
from app.content.registers import Registers
from app.content.shapes import FeedbackShape, MoveShape, SceneShape, StoryShape, fit
from app.content.source import edition_of
from app.content.story_checks import StoryCheck
from app.content.story_values import (
    Claim,
    Close,
    Feedback,
    Kept,
    Line,
    Move,
    Scene,
    Speaker,
    Story,
    Told,
)
from app.content.untouched import refuse_untouched
from app.content.values import Verb
from app.content.yaml_lines import Tree, read_yaml

_APP: Final = "app"
"""The speaker that every story has without naming it: its own app."""


def read_story(text: str, path: str, registers: Registers, findings: Findings) -> Story | None:
    """The story; None, with every problem found, if there is one."""
    tree = read_yaml(text, findings)
    if tree is None:
        return None
    write_out(tree, findings)
    shape = fit(StoryShape, tree, (), findings)
    outline = outline_of(tree)
    StoryCheck(outline, Ids(registers, outline.band), findings).run()
    if shape is not None:
        _check_claims(shape, tree, findings)
        _check_screen(shape, tree, findings)
        _check_pictures(shape, tree, findings)
        if not shape.draft:
            refuse_untouched(text, findings)
    if shape is None or findings.problems:
        return None
    return replace(_Builder(shape, registers).story(path), edition=edition_of(text))


def _check_claims(shape: StoryShape, tree: Tree, findings: Findings) -> None:
    line = tree.line("claims")
    if not shape.claims:
        if shape.letter == "R":
            mend = "say which things it tells, and which of them hold"
            findings.add(tree.line("letter"), "a Reliable story without `claims`", mend)
        return
    ids = [claim.id for claim in shape.claims]
    for n, claim in enumerate(ids):
        if claim in ids[:n]:
            findings.add(tree.line("claims", n), f"two claims called {claim}", "rename one of them")
    if shape.letter != "R":
        findings.add(line, "`claims` belong to Reliable stories", "take them out")
    if 2 * sum(claim.holds for claim in shape.claims) != len(shape.claims):
        findings.add(line, "not half of the claims hold", "half are true and half are not")


def _check_screen(shape: StoryShape, tree: Tree, findings: Findings) -> None:
    """What a fact does to the screen is for facts, and for somebody of the cast."""
    for name, kept in shape.memory.items():
        line = tree.line("memory", name)
        if kept.is_ == "count" and (kept.blocks or kept.empties):
            what = f"the count {name} blocks nobody and empties nothing"
            findings.add(line, what, "take that out, or make it a fact")
        if kept.blocks and kept.blocks not in shape.cast:
            what, mend = f"{kept.blocks} is not in the cast", "name a speaker of the cast"
            findings.add(line, what, mend)


def _check_pictures(shape: StoryShape, tree: Tree, findings: Findings) -> None:
    """Only a box that pops up has a picture, and only the youngest have tiles."""
    for i, scene in enumerate(shape.scenes):
        if scene.picture is not None and (scene.skin or shape.skin) != "popup":
            line = tree.line("scenes", i, "picture")
            findings.add(line, "`picture` is for the skin popup", "take it out")
        for n, move in enumerate(scene.moves):
            if move.picture is not None and shape.band != "5-7":
                line = tree.line("scenes", i, "moves", n, "picture")
                findings.add(line, "only 5-7 has tiles with a `picture`", "take it out")


@dataclass(frozen=True, slots=True)
class _Builder:
    shape: StoryShape
    registers: Registers

    def story(self, path: str) -> Story:
        shape = self.shape
        return Story(
            id=shape.id,
            version=shape.version,
            title=shape.title,
            band=shape.band,
            letter=shape.letter,
            skin=shape.skin,
            app=shape.app,
            minutes=shape.minutes,
            objectives=tuple(shape.objectives),
            ends_with=shape.ends_with,
            cast=MappingProxyType(self._cast()),
            start=shape.start,
            scenes=MappingProxyType({scene.id: self._scene(scene) for scene in shape.scenes}),
            path=path,
            claims=tuple(Claim(c.id, c.holds, c.looks) for c in shape.claims),
            memory=MappingProxyType(self._memory()),
            draft=shape.draft,
        )

    def _cast(self) -> dict[str, Speaker]:
        cast = {key: Speaker(key, who.name, who.is_) for key, who in self.shape.cast.items()}
        cast.setdefault(_APP, Speaker(_APP, self.shape.app, "app"))
        return cast

    def _memory(self) -> dict[str, Kept]:
        return {
            name: Kept(name, kept.max or 1, kept.means, kept.blocks or "", kept.empties)
            for name, kept in self.shape.memory.items()
        }

    def _scene(self, scene: SceneShape) -> Scene:
        return Scene(
            id=scene.id,
            tell=tuple(Told(one.say, _test(one.when)) for one in scene.tell),
            show=self._lines(scene.show),
            moves=tuple(self._move(i, move) for i, move in enumerate(scene.moves, 1)),
            not_your_fault=scene.not_your_fault,
            grown_up=scene.grown_up,
            closes=tuple(Close(one.kind, _test(one.when)) for one in scene.ending),
            door=scene.door,
            skin=scene.skin or self.shape.skin,
            rewind_here=scene.rewind_here,
            picture=scene.picture or "none",
        )

    def _move(self, number: int, move: MoveShape) -> Move:
        return Move(
            number=number,
            do=move.do,
            label=move.label,
            risk=move.risk,
            misconception=move.misconception,
            objectives=self._evidenced(move.do, move.misconception),
            reply=self._lines(move.reply),
            feedback=_feedback(move.feedback),
            to=move.to,
            adult=move.do == "tell" or (move.do == "ask" and move.adult is not False),
            when=_test(move.when),
            picture=move.picture,
            changes=tuple(self._changes(move)),
        )

    def _changes(self, move: MoveShape) -> Iterator[tuple[Kept, int, bool]]:
        memory = self._memory()
        yield from ((memory[name], 1, False) for name in move.set)
        yield from ((memory[name], 0, False) for name in move.clear)
        yield from ((memory[name], number, True) for name, number in move.add.items())

    def _evidenced(self, do: Verb, misconception: str | None) -> tuple[str, ...]:
        """A slip counts against what its misconception is about; a safe move for what it does."""
        if misconception is not None:
            slip = (self.registers.misconceptions or {}).get(misconception)
            return (slip.about,) if slip else ()
        known = self.registers.objectives or {}
        return tuple(
            name for name in self.shape.objectives if name in known and do in known[name].moves
        )

    def _lines(self, spoken: list[dict[str, str]]) -> tuple[Line, ...]:
        cast: Mapping[str, Speaker] = self._cast()
        return tuple(
            Line(speaker, cast[speaker].name, cast[speaker].is_, words, _test(line.get("when")))
            for line in spoken
            for speaker, words in line.items()
            if speaker != "when"
        )


def _test(when: str | None) -> Test | None:
    return None if when is None else parse(when)


def _feedback(found: FeedbackShape) -> Feedback:
    return Feedback(found.think, found.why, found.do, found.did, found.fact)
