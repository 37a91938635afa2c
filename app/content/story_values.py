"""Stories as frozen values: scenes and moves, and a scene as one player meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from app.content.conditions import Memory, Test, from_words
from app.content.values import Band, BoxPicture, Ending, Letter, Part, TilePicture, Verb


@dataclass(frozen=True, slots=True)
class Speaker:
    key: str
    name: str
    is_: Part


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that a story remembers; a fact is 0 or 1, a count stops at `most`."""

    name: str
    most: int
    means: str
    """For teachers, and for the screen's “What it knows”."""
    blocks: str = ""
    """The speaker whom the screen shows blocked once it is so."""
    empties: bool = False
    """Whether the chat on the screen is gone once it is so."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the storyteller; without a `when` it is always told."""

    words: str
    when: Test | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says or an app shows."""

    speaker_key: str
    name: str
    is_: Part
    words: str
    when: Test | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Risky: think, why, do. Safe: did, fact. The rest is None."""

    think: str | None = None
    why: str | None = None
    do: str | None = None
    did: str | None = None
    fact: str | None = None

    @property
    def says(self) -> list[str]:
        """Its parts in their order; one that ends with a comma goes on into the next."""
        said: list[str] = []
        for part in (self.think, self.why, self.do, self.did, self.fact):
            if part and said and said[-1].endswith(","):
                said[-1] += f" {part}"
            elif part:
                said.append(part)
        return said


@dataclass(frozen=True, slots=True)
class Move:
    """A button; `adult` says that it reaches a grown-up, `objectives` what it counts towards."""

    number: int
    """Its place in the file: the same whatever else is offered."""
    do: Verb
    label: str
    risk: bool
    misconception: str | None
    objectives: tuple[str, ...]
    reply: tuple[Line, ...]
    feedback: Feedback
    to: str
    adult: bool
    when: Test | None = None
    picture: TilePicture | None = None
    """For the youngest: what is drawn on its tile, where its verb alone would mislead."""
    changes: tuple[tuple[Kept, int, bool], ...] = ()
    """What is remembered of it: a number, and whether it is added to what was there."""

    def after(self, memory: Memory) -> Memory:
        """What is remembered once the move is made."""
        found = dict(memory)
        for kept, number, adds in self.changes:
            value = (found.get(kept.name, 0) if adds else 0) + number
            found[kept.name] = max(0, min(value, kept.most))
        return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Close:
    """One way in which a story may end; the first that is so is the one."""

    kind: Ending
    when: Test | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A scene as one player meets it: what is so for them, and the moves they are offered."""

    id: str
    skin: str
    tell: tuple[str, ...]
    show: tuple[Line, ...]
    moves: tuple[Move, ...]
    not_your_fault: bool
    ending: Ending | None
    door: str | None
    memory: Memory
    picture: BoxPicture = "none"


@dataclass(frozen=True, slots=True)
class Scene:
    id: str
    tell: tuple[Told, ...]
    show: tuple[Line, ...]
    moves: tuple[Move, ...]
    not_your_fault: bool
    grown_up: bool
    closes: tuple[Close, ...]
    door: str | None
    skin: str
    """The app on the screen: the story's own, or a guest's."""
    rewind_here: bool = False
    picture: BoxPicture = "none"
    """What is drawn in a box that pops up."""

    @property
    def ends(self) -> bool:
        """Whether the story ends here."""
        return bool(self.closes)

    def seen_with(self, memory: Memory) -> Moment:
        """The scene for a player of whom this is remembered."""
        ending = next((one.kind for one in self.closes if _is_so(one.when, memory)), None)
        return Moment(
            id=self.id,
            skin=self.skin,
            tell=tuple(line.words for line in self.tell if _is_so(line.when, memory)),
            show=tuple(line for line in self.show if _is_so(line.when, memory)),
            moves=tuple(
                replace(move, reply=tuple(x for x in move.reply if _is_so(x.when, memory)))
                for move in self.moves
                if _is_so(move.when, memory)
            ),
            not_your_fault=self.not_your_fault,
            ending=ending,
            door=self.door,
            memory=memory,
            picture=self.picture,
        )


def _is_so(when: Test | None, memory: Memory) -> bool:
    return when is None or when.holds(memory)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a Reliable story says, whether it holds, and how it looks."""

    id: str
    holds: bool
    looks: str


@dataclass(frozen=True, slots=True)
class Story:
    id: str
    version: int
    title: str
    band: Band
    letter: Letter
    skin: str
    app: str
    minutes: int
    objectives: tuple[str, ...]
    ends_with: Literal["tell"] | None
    cast: Mapping[str, Speaker]
    start: str
    scenes: Mapping[str, Scene]
    path: str
    claims: tuple[Claim, ...] = ()
    memory: Mapping[str, Kept] = field(default_factory=dict)
    edition: str = field(default="", compare=False)
    draft: bool = False

    @property
    def at_first(self) -> Memory:
        """What is remembered before the first move: nothing."""
        return MappingProxyType(dict.fromkeys(self.memory, 0))

    def recalls(self, words: str) -> Memory:
        """What was kept with a move; a name that the story does not know is left out."""
        kept = from_words(words)
        return MappingProxyType({name: kept.get(name, 0) for name in self.memory})
