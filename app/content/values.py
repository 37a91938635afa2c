"""Lessons, stories and registers as frozen values: what the rest of Catkin sees of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, get_args

from markupsafe import Markup

from app.content.conditions import Memory, Test, from_words

Band = Literal["5-7", "7-9", "9-11"]
Letter = Literal["S", "M", "A", "R", "T"]
Verb = Literal[
    "reply", "mute", "block", "report", "leave", "proof", "check", "accept", "refuse", "ask", "tell"
]
Part = Literal["hero", "friend", "grown-up", "unknown", "app"]
Kind = Literal["remember", "story", "idea", "play", "rehearse", "check", "talk", "carry"]
Ending = Literal["sunny", "helped"]
BoxPicture = Literal["puppy", "conker", "account", "sword", "gift", "hat", "none"]
TilePicture = Literal[
    "tap",
    "close",
    "no",
    "say",
    "hush",
    "look",
    "show",
    "wait",
    "over",
    "hide",
    "note",
    "blank",
    "flag",
]

BANDS: Final[tuple[Band, ...]] = get_args(Band)
VERBS: Final[tuple[Verb, ...]] = get_args(Verb)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Objective:
    """Something a pupil can do; a safe move whose verb is in `moves` evidences it."""

    id: str
    bands: tuple[Band, ...]
    pupil: str
    teacher: str
    evidences: tuple[str, ...]
    moves: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class Misconception:
    """What a child may believe; a slip that shows it counts against the objective `about`."""

    id: str
    bands: tuple[Band, ...]
    letter: Letter
    sentence: str
    correction: str
    reteach: str
    about: str


@dataclass(frozen=True, slots=True)
class Helpline:
    """Somewhere to get help; `show_to` holds pupil5-7, pupil7-9, pupil9-11, parent, staff."""

    id: str
    name: str
    contact: str
    purpose: str
    show_to: tuple[str, ...]
    hours: str | None
    nations: tuple[str, ...]
    note: str | None
    source: str
    checked: date
    verified: bool
    hours_verified: bool

    @property
    def number(self) -> str:
        """The number to call, without the other ways that stand behind it."""
        return self.contact.partition(";")[0].strip()


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words that a child may pick when telling, under a heading such as Where."""

    id: str
    heading: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question; a slip (`good` is False) names its misconception."""

    number: int
    text: str
    good: bool
    misconception: str | None
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    number: int
    text: str
    objective: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Word:
    word: str
    means: str


@dataclass(frozen=True, slots=True)
class Card:
    """One screen of a lesson; `art` is the picture's alt text, empty where there is none."""

    number: int
    kind: Kind
    heading: str
    art: str
    html: Markup
    questions: tuple[Question, ...]
    story: str | None
    words: tuple[Word, ...]
    label: int | None = None
    """The number on the label of a game that is drawn here."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Cards to read and to answer; `story` is empty for a quiz made from the register of ages."""

    id: str
    version: int
    title: str
    band: Band
    letter: Letter
    friend: str
    minutes: int
    objectives: tuple[str, ...]
    reviews: tuple[str, ...]
    story: str
    misconceptions: tuple[str, ...]
    words: tuple[Word, ...]
    cards: tuple[Card, ...]
    teacher_notes_html: Markup
    path: str
    edition: str = field(default="", compare=False)
    """Which text this is, to the letter; see `content.editions`."""
    quiz: bool = False


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

    @property
    def at_first(self) -> Memory:
        """What is remembered before the first move: nothing."""
        return MappingProxyType(dict.fromkeys(self.memory, 0))

    def recalls(self, words: str) -> Memory:
        """What was kept with a move; a name that the story does not know is left out."""
        kept = from_words(words)
        return MappingProxyType({name: kept.get(name, 0) for name in self.memory})
