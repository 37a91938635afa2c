"""The ways through a story: every scene reached, every way out, a grown-up on every way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.content.outline import MoveOutline, SceneOutline, StoryOutline
from app.content.problems import Findings

Hears = Callable[[SceneOutline, MoveOutline | None], bool]


@dataclass(slots=True)
class Graph:
    """The scenes by id, and the problems of how they hang together."""

    story: StoryOutline
    findings: Findings
    scenes: dict[str, SceneOutline] = field(default_factory=dict)

    def check(self) -> None:
        self._gather()
        start = self._start()
        for scene in self.story.scenes:
            self._check_exits(scene)
        if start is None:
            return
        self._check_reached(start)
        if self._loop_free(start):
            self._check_grown_up(start)
            self._check_not_your_fault(start)

    def _gather(self) -> None:
        for scene in self.story.scenes:
            if scene.id and scene.id in self.scenes:
                what = f"two scenes are called {scene.id}"
                self.findings.add(scene.line, what, "give one of them another id")
            self.scenes.setdefault(scene.id, scene)

    def _start(self) -> SceneOutline | None:
        if self.story.start is None:
            return None
        name, line = self.story.start
        if name not in self.scenes:
            self.findings.add(line, f"there is no scene {name} to start with", "name a scene")
        return self.scenes.get(name)

    def _check_exits(self, scene: SceneOutline) -> None:
        if scene.ends and scene.moves:
            self.findings.add(scene.line, "an ending with moves", "keep the ending or the moves")
        if not scene.ends and not scene.moves:
            what = f"{scene.id} is a dead end"
            self.findings.add(scene.line, what, "give it moves, or an ending and a door")
        for move in scene.moves:
            if move.to is not None and move.to[0] not in self.scenes:
                self.findings.add(move.to[1], f"there is no scene {move.to[0]}", "mend `to`")

    def _next(self, scene: SceneOutline) -> list[tuple[MoveOutline, SceneOutline]]:
        ways = []
        for move in scene.moves:
            to = self.scenes.get(move.to[0]) if move.to else None
            if to is not None:
                ways.append((move, to))
        return ways

    def _check_reached(self, start: SceneOutline) -> None:
        reached, waiting = {start.id}, [start]
        while waiting:
            for _, to in self._next(waiting.pop()):
                if to.id not in reached:
                    reached.add(to.id)
                    waiting.append(to)
        for scene in self.scenes.values():
            if scene.id not in reached:
                what = f"no move leads to {scene.id}"
                self.findings.add(scene.line, what, "lead there or take it out")

    def _loop_free(self, start: SceneOutline) -> bool:
        """Whether no way comes back to where it was; each move that does is a problem."""
        free, done, on_way = True, set[str](), {start.id}
        stack = [(start, iter(self._next(start)))]
        while stack:
            scene, ways = stack[-1]
            step = next(ways, None)
            if step is None:
                stack.pop()
                on_way.discard(scene.id)
                done.add(scene.id)
                continue
            move, to = step
            if to.id in on_way:
                free = False
                line = move.to[1] if move.to else move.line
                self.findings.add(line, f"a loop back to {to.id}", "lead onwards")
            elif to.id not in done:
                on_way.add(to.id)
                stack.append((to, iter(self._next(to))))
        return free

    def _check_grown_up(self, start: SceneOutline) -> None:
        if self.story.ends_with is None:
            return
        way = self._way_without(start, _grown_up_hears)
        if way:
            mend = "add a tell or ask move that every way takes, or mark a scene `grown_up: true`"
            what = f"no grown-up is told on the way {' > '.join(way)}"
            self.findings.add(self.story.ends_with[1], what, mend)

    def _check_not_your_fault(self, start: SceneOutline) -> None:
        if self.story.letter not in ("M", "T"):
            return
        way = self._way_without(start, lambda scene, move: move is None and scene.not_your_fault)
        if way:
            what = f"“not your fault” is not heard on the way {' > '.join(way)}"
            line = self.scenes[way[-1]].line
            self.findings.add(line, what, "mark a scene that says so `not_your_fault: true`")

    def _way_without(self, start: SceneOutline, hears: Hears) -> list[str]:
        """The scenes of some way to an ending on which `hears` is never true; empty if none."""
        if hears(start, None):
            return []
        seen, waiting = {start.id}, [(start, [start.id])]
        while waiting:
            scene, way = waiting.pop()
            if scene.ends:
                return way
            for move, to in self._next(scene):
                if to.id in seen or hears(scene, move) or hears(to, None):
                    continue
                seen.add(to.id)
                waiting.append((to, [*way, to.id]))
        return []


def _grown_up_hears(scene: SceneOutline, move: MoveOutline | None) -> bool:
    return scene.grown_up if move is None else move.reaches_adult
