"""How the scenes of a story hang together: each has a way out, and no way comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.content.outline import MoveOutline, SceneOutline, StoryOutline
from app.content.problems import Findings


@dataclass(slots=True)
class Graph:
    """The scenes by id, and the problems of how they hang together."""

    story: StoryOutline
    findings: Findings
    scenes: dict[str, SceneOutline] = field(default_factory=dict)

    def check(self) -> bool:
        """Whether it can be played through."""
        self._gather()
        start = self._start()
        for scene in self.story.scenes:
            self._check_exits(scene)
        return start is not None and self._loop_free(start)

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
        if scene.ends and not scene.closes:
            self.findings.add(scene.line, f"{scene.id} ends in no way", "write sunny or helped")
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
