"""A story's map: one page that shows every scene, move and memory, to read and to print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from app.content.longhand import write_out
from app.content.map_cards import changes_in_words, draw_cards, marks_of
from app.content.outline import MoveOutline, SceneOutline, StoryOutline, outline_of
from app.content.problems import Findings, Problem
from app.content.registers import Registers
from app.content.stories import read_story
from app.content.story_values import Story
from app.content.yaml_lines import read_yaml

OPENS: Final = "<!doctype html>\n<!-- A story map of Catkin -->"
"""How every map begins: nothing else is ever written over by one."""
_PAGES: Final = Path(__file__).parent / "drawn"


@dataclass(frozen=True, slots=True)
class StoryMap:
    """The page, and what is to be mended in the story."""

    id: str
    html: str | None
    """None for a file that is not even YAML."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many ways lead through a story, and the moves of the shortest and the longest."""

    count: int
    fewest: int
    most: int


def map_of(text: str, path: Path, label: str, registers: Registers) -> StoryMap:
    """The map of a story's text; of a faulty one, as much as can be made out."""
    findings, unheard = Findings(label), Findings(label)
    story = read_story(text, label, registers, findings)
    problems = tuple(sorted(findings.problems))
    tree = read_yaml(text, unheard)
    if tree is None or not isinstance(tree.value, dict):
        return StoryMap(path.stem, None, problems)
    write_out(tree, unheard)
    outline = outline_of(tree)
    sentences = {row.id: row.sentence for row in (registers.misconceptions or {}).values()}
    html = _page().render(
        opens=Markup(OPENS),  # noqa: S704  # our own words
        css=Markup((_PAGES / "story-map.css").read_text("utf-8")),  # noqa: S704  # our own file
        story=outline,
        title=outline.title[0] if outline.title else path.stem,
        label=label,
        drawing=draw_cards(outline),
        scenes=list(_scenes(outline)),
        memory=list(_memory(outline)),
        ways=ways_through(story) if story else None,
        problems=problems,
        sentences=sentences,
    )
    return StoryMap(outline.id or path.stem, html, problems)


def _page() -> Template:
    pages = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template("story-map.html")


def ways_through(story: Story) -> Ways:
    """Every way from the start to an end, as the memory lets it be gone."""
    known: dict[tuple[str, tuple[int, ...]], Ways] = {}

    def onwards(scene_id: str, memory: tuple[int, ...]) -> Ways:
        here = (scene_id, memory)
        if here not in known:
            remembered = dict(zip(story.memory, memory, strict=True))
            moves = story.scenes[scene_id].seen_with(remembered).moves
            after = [onwards(m.to, tuple(m.after(remembered).values())) for m in moves]
            known[here] = Ways(
                sum(ways.count for ways in after) or 1,
                1 + min(ways.fewest for ways in after) if after else 0,
                1 + max(ways.most for ways in after) if after else 0,
            )
        return known[here]

    return onwards(story.start, tuple(story.at_first.values()))


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as a row of the written map."""

    move: MoveOutline
    to: str
    remembers: str


def _scenes(story: StoryOutline) -> Iterator[tuple[int, SceneOutline, list[str], list[MoveRow]]]:
    numbers = {scene.id: n for n, scene in reversed([*enumerate(story.scenes, 1)])}
    for n, scene in enumerate(story.scenes, 1):
        rows = [MoveRow(m, _to(m, numbers), changes_in_words(m)) for m in scene.moves]
        yield n, scene, marks_of(story, scene), rows


def _to(move: MoveOutline, numbers: dict[str, int]) -> str:
    if move.to is None:
        return "nowhere: `to` is missing"
    number = numbers.get(move.to[0])
    return f"{number} {move.to[0]}" if number else f"no scene {move.to[0]}"


def _memory(story: StoryOutline) -> Iterator[tuple[str, str, str, str, str]]:
    """Each name with what it is and means, and the scenes that change and ask it."""
    for name, kept in story.memory.items():
        what = f"a count to {kept.most}" if kept.is_ == "count" else f"a {kept.is_}"
        changed = [s.id for s in story.scenes if any(_changes(m, name) for m in s.moves)]
        asked = [s.id for s in story.scenes if any(name in c[0].split() for c in _asks(s))]
        means = kept.means[0] if kept.means else ""
        yield name, what, means, ", ".join(changed) or "nowhere", ", ".join(asked) or "nowhere"


def _changes(move: MoveOutline, name: str) -> bool:
    return any(change.name == name for change in move.changes)


def _asks(scene: SceneOutline) -> Iterator[tuple[str, int]]:
    for text, line in scene.conditions:
        yield text.replace("(", " ").replace(")", " "), line
