"""Where each card of a map lies: columns by depth, few crossings, arrows that pass between cards.

A small layered layout. An arrow over several columns gets a lane in each of those between, which
is placed like a very thin card, so that it never runs behind one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

Lane = tuple[str, str, int]
"""From where, to where, and in which column."""
Place = str | Lane
Arrow = tuple[str, str]

SWEEPS: Final = 12
CARD_GAP, LANE_GAP, LANE_HEIGHT = 30.0, 10.0, 4.0


@dataclass(slots=True)
class Layout:
    """The columns with what stands in each, and the middle of each of those, from 0 down."""

    depth: dict[str, int]
    back: set[Arrow]
    """Arrows that lead back to where their way came from, which no sound story has."""
    columns: list[list[Place]] = field(default_factory=list)
    middle: dict[Place, float] = field(default_factory=dict)

    def lanes(self, arrow: Arrow) -> list[float]:
        """The middles of the lanes on an arrow's way, from left to right."""
        start, end = self.depth[arrow[0]], self.depth[arrow[1]]
        return [self.middle[(*arrow, column)] for column in range(start + 1, end)]


def lay_out(heights: Mapping[str, float], arrows: Iterable[Arrow], start: str | None) -> Layout:
    """A place for every card; `heights` names them in the order of the file."""
    known = list(dict.fromkeys(a for a in arrows if a[0] in heights and a[1] in heights))
    names = sorted(heights, key=lambda name: name != start)
    back = _leading_back(names, known)
    forward = [arrow for arrow in known if arrow not in back]
    layout = Layout(_depths(names, forward), back)
    beside = _fill(layout, names, forward)
    _order(layout, beside)
    _settle(layout, beside, heights)
    return layout


def _leading_back(names: Sequence[str], arrows: Sequence[Arrow]) -> set[Arrow]:
    after = _after(arrows)
    found, done = set[Arrow](), set[str]()
    for first in names:
        stack, on_way = [(first, iter(after[first]))] if first not in done else [], [first]
        while stack:
            at, ways = stack[-1]
            to = next(ways, None)
            if to is None:
                stack.pop()
                done.add(on_way.pop())
            elif to in on_way:
                found.add((at, to))
            elif to not in done:
                stack.append((to, iter(after[to])))
                on_way.append(to)
    return found


def _depths(names: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """The most arrows that lead to each: every arrow points to the right."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        moved = [arrow for arrow in arrows if depth[arrow[1]] <= depth[arrow[0]]]
        for before, to in moved:
            depth[to] = max(depth[to], depth[before] + 1)
        if not moved:
            break
    return depth


def _after(arrows: Iterable[Arrow]) -> dict[str, list[str]]:
    after = defaultdict[str, list[str]](list)
    for before, to in arrows:
        after[before].append(to)
    return after


Beside = dict[Place, tuple[list[Place], list[Place]]]
"""Of each place, what an arrow joins it to in the column before, and in the column after."""


def _fill(layout: Layout, names: Sequence[str], arrows: Sequence[Arrow]) -> Beside:
    layout.columns = [[] for _ in range(max(layout.depth.values(), default=0) + 1)]
    for name in names:
        layout.columns[layout.depth[name]].append(name)
    beside: Beside = defaultdict(lambda: ([], []))
    for before, to in arrows:
        way: list[Place] = [before]
        for column in range(layout.depth[before] + 1, layout.depth[to]):
            lane = (before, to, column)
            layout.columns[column].append(lane)
            way.append(lane)
        way.append(to)
        for left, right in pairwise(way):
            beside[left][1].append(right)
            beside[right][0].append(left)
    return beside


def _order(layout: Layout, beside: Beside) -> None:
    """Sort each column by what it is joined to, to and fro; the best order of all is kept."""
    best, fewest = [list(column) for column in layout.columns], _crossings(layout, beside)
    for sweep in range(SWEEPS):
        side = sweep % 2
        columns = layout.columns if side == 0 else layout.columns[::-1]
        for column in columns:
            rank = {place: n for other in layout.columns for n, place in enumerate(other)}
            means = {p: _mean([rank[q] for q in beside[p][side]], rank[p]) for p in column}
            column.sort(key=means.__getitem__)
        crossings = _crossings(layout, beside)
        if crossings < fewest:
            best, fewest = [list(column) for column in layout.columns], crossings
    layout.columns = best


def _crossings(layout: Layout, beside: Beside) -> int:
    count = 0
    for column, following in pairwise(layout.columns):
        rank = {place: n for n, place in enumerate(following)}
        ends = [rank[to] for place in column for to in sorted(beside[place][1], key=rank.get)]  # type: ignore[arg-type]
        count += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
    return count


def _settle(layout: Layout, beside: Beside, heights: Mapping[str, float]) -> None:
    """Move each as near to its neighbours' middle as the others of its column let it."""
    tall = {place: heights.get(str(place), LANE_HEIGHT) for c in layout.columns for place in c}
    for column in layout.columns:
        at = 0.0
        for above, place in zip([None, *column], column, strict=False):
            at += _apart(above, place, tall) if above is not None else 0.0
            layout.middle[place] = at
    for sweep in range(SWEEPS):
        side = sweep % 2
        for column in layout.columns if side == 0 else layout.columns[::-1]:
            middle = layout.middle
            wanted = [_mean([middle[q] for q in beside[p][side]], middle[p]) for p in column]
            middle.update(zip(column, _spread(column, wanted, tall), strict=True))
    top = min((layout.middle[p] - tall[p] / 2 for p in layout.middle), default=0.0)
    layout.middle = {place: at - top for place, at in layout.middle.items()}


def _spread(
    column: Sequence[Place], wanted: Sequence[float], tall: Mapping[Place, float]
) -> list[float]:
    """The middles nearest to those wanted, in least squares, that keep order and distance."""
    shifts, sum_ = list[float](), 0.0
    for n, place in enumerate(column):
        sum_ += _apart(column[n - 1], place, tall) if n else 0.0
        shifts.append(sum_)
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, shifts, strict=True):
        pool = (want - shift, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, count = pools.pop()
            both = count + pool[1]
            pool = ((mean * count + pool[0] * pool[1]) / both, both)
        pools.append(pool)
    levels = [mean for mean, count in pools for _ in range(count)]
    return [level + shift for level, shift in zip(levels, shifts, strict=True)]


def _apart(above: Place, below: Place, tall: Mapping[Place, float]) -> float:
    gap = CARD_GAP if isinstance(above, str) and isinstance(below, str) else LANE_GAP
    return (tall[above] + tall[below]) / 2 + gap


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
