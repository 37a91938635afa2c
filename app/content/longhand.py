"""What may be written short, written out; and skins that are not drawn yet, refused by name."""

from __future__ import annotations

from typing import Any

from app.content.problems import Findings
from app.content.skins import APPS
from app.content.yaml_lines import Path, Tree


def write_out(tree: Tree, findings: Findings) -> None:
    """Every told line and ending of the tree in its long form; its skins are looked at."""
    story = tree.value
    if not isinstance(story, dict):
        return
    _look_at_skin(story, (), tree, findings)
    _look_at_app(story, tree, findings)
    scenes = story.get("scenes")
    for i, scene in enumerate(scenes if isinstance(scenes, list) else ()):
        if isinstance(scene, dict):
            _look_at_skin(scene, ("scenes", i), tree, findings)
            _told(scene, ("scenes", i), tree, findings)
            _ending(scene)
            _one_speaker(scene, ("scenes", i), "show", tree, findings)
            moves = scene.get("moves")
            for n, move in enumerate(moves if isinstance(moves, list) else ()):
                if isinstance(move, dict):
                    _one_speaker(move, ("scenes", i, "moves", n), "reply", tree, findings)


def _told(scene: dict[str, Any], path: Path, tree: Tree, findings: Findings) -> None:
    lines = scene.get("tell")
    if not isinstance(lines, list):
        return
    for n, one in enumerate(lines):
        if isinstance(one, str):
            lines[n] = {"say": one}
        elif isinstance(one, dict) and len(one) == 1 and not set(one) & {"say", "when"}:
            ((begins, goes_on),) = one.items()
            what = f"a line with a colon after “{begins}”"
            findings.add(tree.line(*path, "tell", n), what, "put quotes round the whole line")
            lines[n] = {"say": f"{begins}: {goes_on}"}


def _ending(scene: dict[str, Any]) -> None:
    """An ending may be one word, or a list of words and of choices with a `when`."""
    if "ending" not in scene:
        return
    found = scene["ending"]
    listed = found if isinstance(found, list) else [found]
    scene["ending"] = [{"kind": one} if isinstance(one, str) else one for one in listed]


def _one_speaker(
    found: dict[str, Any], path: Path, key: str, tree: Tree, findings: Findings
) -> None:
    """A spoken line has one speaker, and perhaps a `when`."""
    lines = found.get(key)
    for i, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict) and len(set(line) - {"when"}) != 1:
            what, mend = "a line has one speaker", "give each speaker a dash of their own"
            findings.add(tree.line(*path, key, i), what, mend)


def _look_at_skin(found: dict[str, Any], path: Path, tree: Tree, findings: Findings) -> None:
    skin = found.get("skin")
    if isinstance(skin, str) and skin not in APPS:
        line, drawn = tree.line(*path, "skin"), " or ".join(APPS)
        findings.add(line, f"the skin {skin} is not drawn yet", f"use {drawn}")


def _look_at_app(story: dict[str, Any], tree: Tree, findings: Findings) -> None:
    skin, app = story.get("skin"), story.get("app")
    if skin in APPS and isinstance(app, str) and app != APPS[skin]:
        what, mend = f"{app} is not the app of the skin {skin}", f"write {APPS[skin]}"
        findings.add(tree.line("app"), what, mend)
