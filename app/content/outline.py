"""A story as far as it can be made out, so that one slip of the pen hides no other problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from app.content.values import BANDS, VERBS, Band, Letter
from app.content.yaml_lines import Path, Tree

Numbered = tuple[str, int]
Spoken = tuple[str, str, int]
"""Speaker key, words, line."""


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

    @property
    def reaches_adult(self) -> bool:
        return self.do == "tell" or (self.do == "ask" and self.adult is not False)


@dataclass(frozen=True, slots=True)
class SceneOutline:
    id: str
    line: int
    tell: tuple[Numbered, ...]
    show: tuple[Spoken, ...]
    moves: tuple[MoveOutline, ...]
    not_your_fault: bool
    grown_up: bool
    ends: bool
    door: Numbered | None


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
            _scene(tree, ("scenes", i), scene)
            for i, scene in enumerate(scenes if isinstance(scenes, list) else ())
            if isinstance(scene, dict)
        ),
    )


def _scene(tree: Tree, path: Path, scene: dict[str, Any]) -> SceneOutline:
    moves = scene.get("moves")
    return SceneOutline(
        id=str(scene.get("id", "")),
        line=tree.line(*path),
        tell=tuple(_texts(tree, (*path, "tell"), scene.get("tell"))),
        show=tuple(_spoken(tree, (*path, "show"), scene.get("show"))),
        moves=tuple(
            _move(tree, (*path, "moves", i), move)
            for i, move in enumerate(moves if isinstance(moves, list) else ())
            if isinstance(move, dict)
        ),
        not_your_fault=scene.get("not_your_fault") is True,
        grown_up=scene.get("grown_up") is True,
        ends="ending" in scene,
        door=_words(tree, path, scene, "door"),
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
    )


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
            if isinstance(words, str) and words.strip():
                yield speaker, words.strip(), tree.line(*path, i, speaker)


def _cast(tree: Tree, cast: object) -> Iterator[tuple[str, tuple[str, str, int]]]:
    for key, member in cast.items() if isinstance(cast, dict) else ():
        if isinstance(member, dict):
            name, part = str(member.get("name", "")), str(member.get("is", ""))
            yield key, (name, part, tree.line("cast", key))
