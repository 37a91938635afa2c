"""The shapes of the files: which keys there are and what each holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.content.problems import Findings
from app.content.values import Band, BoxPicture, Ending, Letter, Part, TilePicture, Verb
from app.content.yaml_lines import Path, Tree

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
DottedId = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Version = Annotated[int, Field(ge=1)]
Condition = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Spoken = Annotated[dict[Key, Text], Field(min_length=1, max_length=2)]
"""One speaker and the words; perhaps with a `when`."""


class Shape(BaseModel):
    """Nothing unknown, nothing guessed: a key that is not listed is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CastShape(Shape):
    name: Title
    is_: Part = Field(alias="is")


class ClaimShape(Shape):
    id: Slug
    holds: bool
    looks: Text


class FeedbackShape(Shape):
    think: Text | None = None
    why: Text | None = None
    do: Text | None = None
    did: Text | None = None
    fact: Text | None = None


class KeptShape(Shape):
    is_: Literal["fact", "count"] = Field(alias="is")
    max: Annotated[int, Field(ge=1, le=99)] | None = None
    means: Text
    blocks: Key | None = None
    empties: bool = False


class ToldShape(Shape):
    say: Text
    when: Condition | None = None


class CloseShape(Shape):
    kind: Ending
    when: Condition | None = None


class MoveShape(Shape):
    do: Verb
    when: Condition | None = None
    set: list[Key] = []
    clear: list[Key] = []
    add: dict[Key, Annotated[int, Field(ge=-9, le=9)]] = {}
    label: Text
    picture: TilePicture | None = None
    risk: bool = False
    misconception: Slug | None = None
    adult: bool | None = None
    reply: list[Spoken] = []
    feedback: FeedbackShape = FeedbackShape()
    to: Key


class SceneShape(Shape):
    id: Key
    skin: str | None = None
    picture: BoxPicture | None = None
    rewind_here: bool = False
    tell: list[ToldShape] = []
    show: list[Spoken] = []
    moves: list[MoveShape] = []
    not_your_fault: bool = False
    grown_up: bool = False
    ending: list[CloseShape] = []
    door: Text | None = None


class StoryShape(Shape):
    format: Literal["catkin/story@1"]
    id: Slug
    version: Version
    title: Title
    band: Band
    letter: Letter
    skin: str
    app: Title
    minutes: Annotated[int, Field(ge=1, le=10)]
    objectives: Annotated[list[DottedId], Field(min_length=1)]
    ends_with: Literal["tell"] | None = None
    claims: list[ClaimShape] = []
    cast: dict[Key, CastShape]
    memory: dict[Key, KeptShape] = {}
    start: Key
    draft: bool = False
    scenes: Annotated[list[SceneShape], Field(min_length=1)]


class WordShape(Shape):
    word: Title
    means: Text


class LessonHead(Shape):
    format: Literal["catkin/lesson@1"]
    id: Slug
    version: Version
    title: Title
    band: Band
    letter: Letter
    friend: Literal["sloe", "moss", "aster", "rowan", "tansy"]
    minutes: Annotated[int, Field(ge=1, le=20)]
    objectives: Annotated[list[DottedId], Field(min_length=1)]
    reviews: Annotated[list[DottedId], Field(min_length=1)]
    story: Slug
    misconceptions: list[Slug]
    words: list[WordShape]
    draft: bool = False


class MetaShape(Shape):
    """Where the rows come from and when that was looked at; a row may have its own."""

    checked: date
    source: Note


class ScoredMeta(MetaShape):
    """Of rows that are scored, and only where they are verified."""

    verified: bool


class MisconceptionsMeta(ScoredMeta):
    """`verified` is about the correction; whether pupils really think so is another matter."""

    belief_verified: bool


class ScoredShape(Shape):
    """A row that says for itself where it differs from the head of its file."""

    source: Note | None = None
    checked: date | None = None
    verified: bool | None = None


class ObjectiveShape(ScoredShape):
    id: DottedId
    bands: Annotated[list[Band], Field(min_length=1)]
    pupil: Text
    teacher: Text
    evidences: list[Title]
    moves: list[Verb]


class ObjectivesShape(Shape):
    """The rows are looked at one by one, so that a faulty one does not hide the rest."""

    meta: ScoredMeta
    objectives: list[Any]


class MisconceptionShape(ScoredShape):
    id: Slug
    bands: Annotated[list[Band], Field(min_length=1)]
    letter: Letter
    sentence: Text
    correction: Text
    reteach: Text
    about: DottedId


class MisconceptionsShape(Shape):
    meta: MisconceptionsMeta
    misconceptions: list[Any]


class HelplineShape(Shape):
    id: Slug
    name: Text
    contact: Text
    purpose: Text = Field(alias="for")
    show_to: list[Literal["pupil5-7", "pupil7-9", "pupil9-11", "parent", "staff"]]
    hours: Note | None = None
    nations: list[Text] = []
    not_for: Note | None = None
    privacy: Note | None = None
    how: Note | None = None
    note: Note | None = None
    scotland: Note | None = None
    source: Note
    checked: date
    verified: bool
    hours_verified: bool


class LocalLineShape(HelplineShape):
    """A line of one nation, under whose name it stands."""

    purpose: Text = Field("", alias="for")
    show_to: list[Literal["pupil5-7", "pupil7-9", "pupil9-11", "parent", "staff"]] = []
    hours_verified: bool = False


class HelplinesShape(Shape):
    principles: list[Note] = []
    services: list[HelplineShape]
    nations: dict[str, list[dict[str, Any]]] = {}
    avoid_or_update: list[Note] = []


class WordGroupShape(Shape):
    """Words that a child may pick when telling."""

    id: Slug
    heading: Title
    words: Annotated[list[Title], Field(min_length=2)]


S = TypeVar("S", bound=Shape)

_MENDS: Final = {
    "missing": ("`{key}` is missing", "add it"),
    "extra_forbidden": ("`{key}` is not a key of this version", "mend its spelling or take it out"),
    "string_too_short": ("`{key}` is empty", "write it or take it out"),
    "string_too_long": ("`{key}` is longer than {max_length} letters", "make it shorter"),
    "bool_type": ("`{key}` is neither true nor false", "write true or false"),
    "int_type": ("`{key}` is not a whole number", "write a whole number"),
    "list_type": ("`{key}` is not a list", "put each one on its own line after a dash"),
    "dict_type": ("`{key}` is not made of keys", "write `key: words`"),
    "model_type": ("`{key}` is not made of keys", "write `key: words`"),
    "too_short": ("`{key}` has nothing in it", "add at least {min_length}"),
    "too_long": ("`{key}` holds more than {max_length}", "give each one a dash of its own"),
    "date_type": ("`{key}` is not a date", "write it like 2026-11-20"),
    "greater_than_equal": ("`{key}` is too small", "write {ge} or more"),
    "less_than_equal": ("`{key}` is too big", "write {le} or less"),
    "literal_error": ("`{key}` is “{given}”", "write one of {expected}"),
    "string_pattern_mismatch": (
        "“{given}” is not an id",
        "use small letters and numbers, joined as in the other ids",
    ),
}


def fit(shape: type[S], tree: Tree, at: Path, findings: Findings) -> S | None:
    """The values at a path in their shape; None, with every misfit named, if they do not fit."""
    value = tree.value
    for step in at:
        value = value[step]
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = (*at, *(step for step in detail["loc"] if step != "[key]"))
            findings.add(tree.line(*path), *_sentence(path, dict(detail)))
        return None


def _sentence(path: Path, detail: dict[str, Any]) -> tuple[str, str]:
    """What is wrong and how to mend it, for one of pydantic's errors."""
    key, given = _name(path), detail.get("input")
    kind = str(detail["type"])
    if kind == "string_type":
        return _not_words(key, given)
    if kind not in _MENDS:
        return f"`{key}` does not fit: {detail['msg']}", "look at another file of this kind"
    what, mend = _MENDS[kind]
    words = {"key": key, "given": str(given)[:40], **detail.get("ctx", {})}
    return what.format(**words), mend.format(**words)


def _not_words(key: str, given: object) -> tuple[str, str]:
    if given is None:
        return f"`{key}` is empty", "write it or take it out"
    if isinstance(given, dict | list):
        return (
            f"`{key}` is not plain words",
            "put quotes round words that hold a colon or begin with a brace",
        )
    return f"`{key}` is {str(given).lower()}, which is not words", "put quotes round it"


def _name(path: Path) -> str:
    """The last named step; for an item of a list, which one it is."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return "the file"
    if isinstance(path[-1], int):
        return f"{names[-1]} {path[-1] + 1}"
    return names[-1]
