"""What the story format knows and this version does not play: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.content.problems import Findings
from app.content.yaml_lines import Path, Tree

APPS: Final = {"lobby": "Pond Hoppers"}
"""The skins that are drawn, each with its app in the bible."""

_UNTIL: Final = "take it out until stories remember"
_STORY: Final = {"memory": ("memory is not played yet", _UNTIL)}
_SCENE: Final = {
    "skin": ("a guest app in a scene is not drawn yet", "keep the story in its own app"),
    "rewind_here": ("rewinding is not played yet", "take it out until stories can be rewound"),
    "when": ("conditions are not played yet", _UNTIL),
}
_MOVE: Final = {
    "when": ("conditions are not played yet", _UNTIL),
    "set": ("`set` is memory, which is not played yet", _UNTIL),
    "clear": ("`clear` is memory, which is not played yet", _UNTIL),
    "add": ("`add` is memory, which is not played yet", _UNTIL),
}
_LINE: Final = {"when": ("conditions are not played yet", _UNTIL)}


def refuse_unplayed(tree: Tree, findings: Findings) -> None:
    """Takes what is not played out of the tree, with a problem for each."""
    story = tree.value
    if not isinstance(story, dict):
        return
    _refuse(story, (), _STORY, tree, findings)
    _refuse_skin(story, tree, findings)
    for path, scene in _dicts(story.get("scenes"), ("scenes",)):
        _refuse(scene, path, _SCENE, tree, findings)
        _plain_ending(scene, path, tree, findings)
        _plain_lines(scene, path, tree, findings)
        for at, move in _dicts(scene.get("moves"), (*path, "moves")):
            _refuse(move, at, _MOVE, tree, findings)
            _plain_lines(move, at, tree, findings)


def _refuse(
    found: dict[str, Any],
    path: Path,
    names: dict[str, tuple[str, str]],
    tree: Tree,
    findings: Findings,
) -> None:
    for key in [key for key in names if key in found]:
        del found[key]
        findings.add(tree.line(*path, key), *names[key])


def _refuse_skin(story: dict[str, Any], tree: Tree, findings: Findings) -> None:
    skin, app = story.get("skin"), story.get("app")
    if not isinstance(skin, str):
        return
    if skin not in APPS:
        drawn = " or ".join(APPS)
        findings.add(tree.line("skin"), f"the skin {skin} is not drawn yet", f"use {drawn}")
    elif isinstance(app, str) and app != APPS[skin]:
        mend = f"write {APPS[skin]}"
        findings.add(tree.line("app"), f"{app} is not the app of the skin {skin}", mend)


def _plain_ending(scene: dict[str, Any], path: Path, tree: Tree, findings: Findings) -> None:
    """An ending may be a word, or a list of one; a choice between several needs memory."""
    ending = scene.get("ending")
    if not isinstance(ending, list):
        return
    if len(ending) > 1:
        what = "several endings to one scene are not played yet"
        findings.add(tree.line(*path, "ending"), what, "keep one until stories remember")
    first = ending[0] if ending else None
    if isinstance(first, dict):
        at = (*path, "ending", 0)
        if "when" in first and len(ending) == 1:
            findings.add(tree.line(*at, "when"), *_LINE["when"])
        unknown = set(first) - {"kind", "when"}
        for key in sorted(unknown):
            what = f"`{key}` is not a key of an ending"
            findings.add(tree.line(*at, key), what, "keep only `kind`")
        first = first.get("kind")
    scene["ending"] = first


def _plain_lines(found: dict[str, Any], path: Path, tree: Tree, findings: Findings) -> None:
    """Lines without their conditions; `say: words` without one is just words."""
    for key in ("tell", "show", "reply"):
        for at, line in _dicts(found.get(key), (*path, key)):
            _refuse(line, at, _LINE, tree, findings)
            if key == "tell" and set(line) == {"say"}:
                found[key][at[-1]] = line["say"]


def _dicts(values: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for i, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, dict):
            yield (*path, i), value
