"""A story as far as it can be made out, so that one slip of the pen hides no other problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from app.content.values import BANDS, VERBS, Band, Letter
from app.content.yaml_lines import Path, Tree

Numbered = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line with its speaker's key, "" for the storyteller; `when` as it is written."""

    speaker: str
    words: str
    line: int
    when: Numbered | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a move does to one name of the memory; `key` is set, clear or add."""

    key: str
    name: str
    number: int
    line: int


@dataclass(frozen=True, slots=True)
class KeptOutline:
    is_: str
    most: int | None
    means: Numbered | None
    line: int


@dataclass(frozen=True, slots=True)
class MoveOutline:
    line: int
    do: str
    label: Numbered | None
    risk: bool
    misconception: Numbered | None
    adult: Any
    """As written: None where it is left out."""
    reply: tuple[Spoken, ...]
    feedback: dict[str, Numbered]
    to: Numbered | None
    when: Numbered | None
    changes: tuple[Change, ...]

    @property
    def reaches_adult(self) -> bool:
        return self.do == "tell" or (self.do == "ask" and self.adult is not False)


@dataclass(frozen=True, slots=True)
class SceneOutline:
    id: str
    line: int
    tell: tuple[Spoken, ...]
    show: tuple[Spoken, ...]
    moves: tuple[MoveOutline, ...]
    not_your_fault: bool
    grown_up: bool
    ends: bool
    closes: tuple[Numbered | None, ...]
    """The `when` of each way to end, in order."""
    door: Numbered | None
    skin: str
    """A guest's, or the story's own."""
    endings: tuple[str, ...] = ()
    """How it ends, one for each of `closes`."""
    rewind_here: bool = False

    @property
    def conditions(self) -> Iterator[Numbered]:
        """Everything that is asked of the memory in this scene."""
        lines = [*self.tell, *self.show, *(line for move in self.moves for line in move.reply)]
        yield from (line.when for line in lines if line.when)
        yield from (move.when for move in self.moves if move.when)
        yield from (when for when in self.closes if when)


@dataclass(frozen=True, slots=True)
class StoryOutline:
    id: str | None
    line: int
    title: Numbered | None
    band: Band
    """9-11, the widest, where the file does not say."""
    letter: Letter | None
    objectives: tuple[Numbered, ...]
    ends_with: Numbered | None
    cast: dict[str, tuple[str, str, int]]
    """Speaker key to name, part and line."""
    start: Numbered | None
    scenes: tuple[SceneOutline, ...]
    memory: dict[str, KeptOutline]
    skin: str = ""


def outline_of(tree: Tree) -> StoryOutline:
    story = tree.value if isinstance(tree.value, dict) else {}
    band, letter = story.get("band"), story.get("letter")
    scenes = story.get("scenes")
    return StoryOutline(
        id=story.get("id") if isinstance(story.get("id"), str) else None,
        line=tree.line("id"),
        title=_words(tree, (), story, "title"),
        band=band if band in BANDS else "9-11",
        letter=letter if letter in get_args(Letter) else None,
        objectives=tuple(_texts(tree, ("objectives",), story.get("objectives"))),
        ends_with=_words(tree, (), story, "ends_with"),
        cast=dict(_cast(tree, story.get("cast"))),
        start=_words(tree, (), story, "start"),
        scenes=tuple(
            _scene(tree, ("scenes", i), scene, story.get("skin"))
            for i, scene in enumerate(scenes if isinstance(scenes, list) else ())
            if isinstance(scene, dict)
        ),
        memory=dict(_memory(tree, story.get("memory"))),
        skin=str(story.get("skin") or ""),
    )


def _memory(tree: Tree, memory: object) -> Iterator[tuple[str, KeptOutline]]:
    for name, kept in memory.items() if isinstance(memory, dict) else ():
        if isinstance(kept, dict):
            most, at = kept.get("max"), ("memory", name)
            yield (
                name,
                KeptOutline(
                    is_=str(kept.get("is", "")),
                    most=most if isinstance(most, int) else None,
                    means=_words(tree, at, kept, "means"),
                    line=tree.line(*at),
                ),
            )


def _scene(tree: Tree, path: Path, scene: dict[str, Any], skin: object) -> SceneOutline:
    moves = scene.get("moves")
    return SceneOutline(
        id=str(scene.get("id", "")),
        line=tree.line(*path),
        tell=tuple(_told(tree, (*path, "tell"), scene.get("tell"))),
        show=tuple(_spoken(tree, (*path, "show"), scene.get("show"))),
        moves=tuple(
            _move(tree, (*path, "moves", i), move)
            for i, move in enumerate(moves if isinstance(moves, list) else ())
            if isinstance(move, dict)
        ),
        not_your_fault=scene.get("not_your_fault") is True,
        grown_up=scene.get("grown_up") is True,
        ends="ending" in scene,
        closes=tuple(_closes(tree, (*path, "ending"), scene.get("ending"))),
        door=_words(tree, path, scene, "door"),
        skin=str(scene.get("skin") or skin or ""),
        endings=tuple(_endings(scene.get("ending"))),
        rewind_here=scene.get("rewind_here") is True,
    )


def _move(tree: Tree, path: Path, move: dict[str, Any]) -> MoveOutline:
    found, at = move.get("feedback"), (*path, "feedback")
    feedback = found if isinstance(found, dict) else {}
    parts = {key: _words(tree, at, feedback, key) for key in feedback}
    return MoveOutline(
        line=tree.line(*path),
        do=str(move.get("do", "")) if move.get("do") in VERBS else "",
        label=_words(tree, path, move, "label"),
        risk=move.get("risk") is True,
        misconception=_words(tree, path, move, "misconception"),
        adult=move.get("adult"),
        reply=tuple(_spoken(tree, (*path, "reply"), move.get("reply"))),
        feedback={key: part for key, part in parts.items() if part is not None},
        to=_words(tree, path, move, "to"),
        when=_words(tree, path, move, "when"),
        changes=tuple(_changes(tree, path, move)),
    )


def _changes(tree: Tree, path: Path, move: dict[str, Any]) -> Iterator[Change]:
    for key in ("set", "clear"):
        for name, line in _texts(tree, (*path, key), move.get(key)):
            yield Change(key, name, int(key == "set"), line)
    added = move.get("add")
    for name, number in added.items() if isinstance(added, dict) else ():
        if isinstance(number, int):
            yield Change("add", name, number, tree.line(*path, "add", name))


def _closes(tree: Tree, path: Path, values: object) -> Iterator[Numbered | None]:
    for i, value in enumerate(values if isinstance(values, list) else ()):
        yield _words(tree, (*path, i), value, "when") if isinstance(value, dict) else None


def _endings(values: object) -> Iterator[str]:
    for value in values if isinstance(values, list) else ():
        yield str(value.get("kind", "")) if isinstance(value, dict) else ""


def _told(tree: Tree, path: Path, values: object) -> Iterator[Spoken]:
    for i, value in enumerate(values if isinstance(values, list) else ()):
        found = _words(tree, (*path, i), value, "say") if isinstance(value, dict) else None
        if found:
            yield Spoken("", *found, _words(tree, (*path, i), value, "when"))


def _words(tree: Tree, path: Path, found: dict[str, Any], key: str) -> Numbered | None:
    words = found.get(key)
    if not isinstance(words, str) or not words.strip():
        return None
    return words.strip(), tree.line(*path, key)


def _texts(tree: Tree, path: Path, values: object) -> Iterator[Numbered]:
    for i, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str) and value.strip():
            yield value.strip(), tree.line(*path, i)


def _spoken(tree: Tree, path: Path, values: object) -> Iterator[Spoken]:
    for i, value in enumerate(values if isinstance(values, list) else ()):
        for speaker, words in value.items() if isinstance(value, dict) else ():
            if speaker != "when" and isinstance(words, str) and words.strip():
                line, when = tree.line(*path, i, speaker), _words(tree, (*path, i), value, "when")
                yield Spoken(speaker, words.strip(), line, when)


def _cast(tree: Tree, cast: object) -> Iterator[tuple[str, tuple[str, str, int]]]:
    for key, member in cast.items() if isinstance(cast, dict) else ():
        if isinstance(member, dict):
            name, part = str(member.get("name", "")), str(member.get("is", ""))
            yield key, (name, part, tree.line("cast", key))
