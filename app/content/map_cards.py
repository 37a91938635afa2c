"""The drawing of a story's map: a card for each scene, with its moves as the arrows' labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Final

from app.content.layers import Arrow, Layout, lay_out
from app.content.outline import MoveOutline, SceneOutline, StoryOutline
from app.content.skins import APPS

WIDTH, GAP, EDGE = 292, 130, 60
"""Of a card, of the space between two columns, and round the whole map."""
ON_A_SHEET: Final = 3
"""Columns on one printed sheet."""
_PAD, _LINE = 14, 17
_LETTERS: Final = {"name": 25, "told": 38, "mark": 34, "label": 31, "note": 38}
"""How many letters fit on a card's line, in each of its sizes."""
_SHORT: Final = {"name": 2, "told": 2}
"""Lines after which words are cut short: they stand in full under the map."""
_ARRIVING, _LOST = 9, 13


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words; `kind` names how it looks."""

    x: float
    y: float
    kind: str
    words: str


@dataclass(slots=True)
class Card:
    """A scene's box with all that stands in it; `doors` are the heights its arrows start from."""

    scene: SceneOutline
    lines: list[Words] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    doors: list[float] = field(default_factory=list)
    height: float = 0
    x: float = 0
    y: float = 0
    kind: str = ""

    def write(self, kind: str, text: str) -> None:
        """Words in as many lines as they need."""
        lines = wrap(text, _LETTERS[kind]) or [text]
        most = _SHORT.get(kind, len(lines))
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1].rstrip('.,;:!?')} …"]
        for line in lines:
            self.height += _LINE
            self.lines.append(Words(_PAD, self.height, kind, line))


@dataclass(frozen=True, slots=True)
class Drawn:
    """An arrow: its path, and how it looks."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of the map, with the windows through which it is printed."""

    cards: tuple[Card, ...]
    arrows: tuple[Drawn, ...]
    astray: tuple[Words, ...]
    """What stands where an arrow leads to no scene."""
    size: tuple[float, float, float, float]
    sheets: tuple[tuple[float, float, float, float], ...]


def marks_of(story: StoryOutline, scene: SceneOutline) -> list[str]:
    """What is special about a scene, in words."""
    endings = zip(scene.endings, scene.closes, strict=False)
    ends = "; ".join(kind + (f" if {when[0]}" if when else "") for kind, when in endings)
    guest = scene.skin not in ("", story.skin)
    found = (
        ("Starts here", story.start is not None and story.start[0] == scene.id),
        (f"Ends: {ends}", scene.ends),
        ("A grown-up hears", scene.grown_up),
        ("Says: not your fault", scene.not_your_fault),
        ("Back to here is offered by name", scene.rewind_here),
        (f"Guest app: {APPS.get(scene.skin, scene.skin)}", guest),
    )
    return [words for words, so in found if so]


def changes_in_words(move: MoveOutline) -> str:
    """What is remembered of a move."""
    signs = {"set": "{0}: yes", "clear": "{0}: no", "add": "{0} {1:+d}"}
    return ", ".join(signs[one.key].format(one.name, one.number) for one in move.changes)


def draw_cards(story: StoryOutline) -> Drawing:
    """The cards of a story in columns by depth, and its moves as arrows between them."""
    cards = [_card(n, story, scene) for n, scene in enumerate(story.scenes, 1)]
    keys = [str(n) for n in range(len(cards))]
    first = {card.scene.id: key for key, card in reversed([*zip(keys, cards, strict=True)])}
    moves = [
        (key, n, move, first.get(move.to[0]) if move.to else None)
        for key, card in zip(keys, cards, strict=True)
        for n, move in enumerate(card.scene.moves)
    ]
    start = first.get(story.start[0]) if story.start else None
    heights = {key: card.height for key, card in zip(keys, cards, strict=True)}
    layout = lay_out(heights, [(key, to) for key, _, _, to in moves if to], start)
    for key, card in zip(keys, cards, strict=True):
        card.x = layout.depth[key] * (WIDTH + GAP)
        card.y = layout.middle[key] - card.height / 2
    by_key = dict(zip(keys, cards, strict=True))
    doors = {(key, n): by_key[key].y + by_key[key].doors[n] for key, n, _, _ in moves}
    ways = [(key, n, to, move.risk) for key, n, move, to in moves if to]
    arriving = _arriving(layout, by_key, [((key, to), risky) for key, _, to, risky in ways])
    arrows = [
        Drawn(_path(layout, by_key, (key, to), (doors[key, n], arriving[(key, to), risky])), kind)
        for key, n, to, risky in ways
        for kind in ("risky" if risky else "safe",)
    ]
    lost = [(by_key[key].x + WIDTH, doors[key, n], move) for key, n, move, to in moves if not to]
    arrows += [Drawn(f"M{x} {y:.0f}h40", "astray") for x, y, _ in lost]
    astray = [Words(x + 12, y - 8, "astray", _lost(move)) for x, y, move in lost]
    return Drawing(tuple(cards), tuple(arrows), tuple(astray), *_windows(cards, layout))


def _card(number: int, story: StoryOutline, scene: SceneOutline) -> Card:
    card = Card(scene, height=8, kind="ending" if scene.ends else "")
    card.write("name", f"{number} {scene.id.replace('_', ' ')}")
    for line in (*scene.tell, *scene.show)[:1]:
        card.write("told", line.words)
    for mark in marks_of(story, scene):
        card.write("mark", mark)
    asked = dict.fromkeys(line.when[0] for line in (*scene.tell, *scene.show) if line.when)
    if asked:
        card.write("note", f"Lines ask: {'; '.join(asked)}")
    for move in scene.moves:
        _move(card, move)
    card.height += 12
    return card


def _move(card: Card, move: MoveOutline) -> None:
    card.height += 8
    card.rules.append(card.height)
    card.height += 3
    card.doors.append(card.height + _LINE - 5)
    card.write("label", f"{move.do.capitalize()}: {move.label[0] if move.label else '…'}")
    for words in _notes(move):
        card.write("note", words)


def _notes(move: MoveOutline) -> Iterator[str]:
    if move.risk:
        yield f"Risky: {move.misconception[0] if move.misconception else 'no misconception'}"
    if move.when:
        yield f"Only if {move.when[0]}"
    if move.changes:
        yield f"Remembers {changes_in_words(move)}"
    asked = dict.fromkeys(line.when[0] for line in move.reply if line.when)
    if asked:
        yield f"Reply asks: {'; '.join(asked)}"


def _lost(move: MoveOutline) -> str:
    """Where a move to no scene would lead, as far as it fits between two columns."""
    to = move.to[0] if move.to else "nowhere"
    return to if len(to) <= _LOST else f"{to[: _LOST - 1]}…"


def _arriving(
    layout: Layout, cards: dict[str, Card], ways: list[tuple[Arrow, bool]]
) -> dict[tuple[Arrow, bool], float]:
    """The height at which arrows reach their card, risky ones apart: in order, none crossing."""
    comes: dict[str, list[tuple[float, tuple[Arrow, bool]]]] = {}
    for arrow, risky in dict.fromkeys(ways):
        lanes = [] if arrow in layout.back else layout.lanes(arrow)
        height = lanes[-1] if lanes else cards[arrow[0]].y + cards[arrow[0]].height / 2
        comes.setdefault(arrow[1], []).append((height, (arrow, risky)))
    return {
        way: cards[to].y + min(20 + n * _ARRIVING, cards[to].height - 8)
        for to, found in comes.items()
        for n, (_, way) in enumerate(sorted(found))
    }


def _path(
    layout: Layout, cards: dict[str, Card], arrow: Arrow, heights: tuple[float, float]
) -> str:
    """From a move's label to its scene, through the lanes of the columns between."""
    start, end = heights
    x, until = cards[arrow[0]].x + WIDTH, cards[arrow[1]].x - 9
    if arrow in layout.back:
        return f"M{x} {start:.0f}h24V-24H{until - 24}V{end:.0f}h24"
    path = f"M{x} {start:.0f}"
    for n, lane in enumerate(layout.lanes(arrow), layout.depth[arrow[0]] + 1):
        left = n * (WIDTH + GAP) - 10
        path += _bend(x, start, left, lane) + f"H{left + WIDTH + 20}"
        x, start = left + WIDTH + 20, lane
    return path + _bend(x, start, until, end)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"C{middle:.0f} {y:.0f} {middle:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"


def _windows(
    cards: list[Card], layout: Layout
) -> tuple[tuple[float, float, float, float], tuple[tuple[float, float, float, float], ...]]:
    columns = max(len(layout.columns), 1)
    top = -EDGE if layout.back else -16
    height = max((card.y + card.height for card in cards), default=0) + 16 - top
    width = columns * (WIDTH + GAP) - GAP
    sheet = ON_A_SHEET * (WIDTH + GAP)
    sheets = [(n * sheet - GAP / 2, top, sheet, height) for n in range(-(-columns // ON_A_SHEET))]
    return (-EDGE, top, width + 2 * EDGE, height), tuple(sheets)
