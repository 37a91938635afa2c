"""Lessons and registers as frozen values: what the rest of Catkin sees of the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from markupsafe import Markup

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
    source: str
    checked: date
    verified: bool
    """Only then it is scored."""


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
    source: str
    checked: date
    verified: bool
    """Whether the correction is; only then a slip is counted."""


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
        """The number to call, without the other ways behind it; none while it is unverified."""
        return self.contact.partition(";")[0].strip() if self.verified else ""


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
    draft: bool = False
    """Whether only its author sees it yet."""
    quiz: bool = False
