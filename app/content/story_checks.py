"""The rules of a story: moves, feedback, speakers, claims and reading level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.content.explore import Explorer
from app.content.gates import Piece, check_piece, check_screen
from app.content.graph import Graph
from app.content.ids import Ids
from app.content.memory_checks import MemoryCheck
from app.content.outline import MoveOutline, SceneOutline, Spoken, StoryOutline
from app.content.passages import Passage, Role, passage
from app.content.problems import Findings
from app.content.skins import APPS, LACKS
from app.content.wording import Lint

RISKY: Final = ("think", "why", "do")
SAFE: Final = ("did", "fact")
_ROLES: Final[dict[str, Role]] = {"unknown": "unknown", "grown-up": "grown-up"}


@dataclass(frozen=True, slots=True)
class StoryCheck:
    """One story under check."""

    story: StoryOutline
    ids: Ids
    findings: Findings

    def run(self) -> None:
        for objective, line in self.story.objectives:
            self.ids.objective(objective, line, self.findings)
        for scene in self.story.scenes:
            self._check_scene(scene)
        self._check_reading(self._play())

    def _play(self) -> dict[str, tuple[Spoken, ...]]:
        """Play every state; of each scene, the most that one player sees there."""
        memory = MemoryCheck(self.story, self.findings)
        memory.check()
        loop_free = Graph(self.story, self.findings).check()
        if not loop_free or not memory.sound or self.story.start is None:
            return {}
        memory.check_use()
        explorer = Explorer(self.story, memory.tests, self.findings)
        explorer.run(self.story.start[0])
        return explorer.fullest

    def _check_scene(self, scene: SceneOutline) -> None:
        self._check_door(scene)
        self._check_speakers(scene.show)
        for move in scene.moves:
            self._check_move(move)
            self._check_speakers(move.reply)
            if scene.show and move.do in LACKS.get(scene.skin, ()):
                what = f"{APPS[scene.skin]} has no {move.do} button"
                self.findings.add(move.line, what, "take another verb that the app has")

    def _check_door(self, scene: SceneOutline) -> None:
        add = self.findings.add
        if scene.ends and scene.door is None:
            what = f"the ending {scene.id} has no door"
            add(scene.line, what, "add `door` with {trusted_adults}")
        if scene.door is not None and not scene.ends:
            add(scene.door[1], "a door without an ending", "move it to an ending")
        elif scene.door is not None and "{trusted_adults}" not in scene.door[0]:
            add(scene.door[1], "the door names no trusted adults", "put {trusted_adults} in it")

    def _check_speakers(self, lines: tuple[Spoken, ...]) -> None:
        for one in lines:
            if one.speaker != "app" and one.speaker not in self.story.cast:
                what = f"{one.speaker} is not in the cast"
                mend = "add them, or put quotes round words with a colon"
                self.findings.add(one.line, what, mend)

    def _check_move(self, move: MoveOutline) -> None:
        add = self.findings.add
        if move.risk and move.misconception is None:
            add(move.line, "a risky move without a misconception", "add `misconception`")
        if move.misconception is not None and not move.risk:
            add(move.misconception[1], "a misconception on a safe move", "take it out, or add risk")
        if move.misconception is not None:
            self.ids.misconception(*move.misconception, self.findings)
        if move.risk and move.do == "tell":
            add(move.line, "telling is never risky", "take out `risk`, or use another verb")
        if move.adult is not None and move.do != "ask":
            add(move.line, "`adult` belongs to ask", "take it out")
        self._check_feedback(move)

    def _check_feedback(self, move: MoveOutline) -> None:
        wanted, foreign = (RISKY, SAFE) if move.risk else (SAFE, RISKY)
        kind = "risky" if move.risk else "safe"
        if not move.feedback:
            self.findings.add(move.line, "the move has no feedback", f"add {', '.join(wanted)}")
            return
        line = min(line for _, line in move.feedback.values())
        for key in wanted:
            if key not in move.feedback:
                mend = f"a {kind} move has {', '.join(wanted)}"
                self.findings.add(line, f"feedback without `{key}`", mend)
        for key in foreign:
            if key in move.feedback:
                what = f"`{key}` in the feedback of a {kind} move"
                self.findings.add(move.feedback[key][1], what, f"it has {', '.join(wanted)}")

    def _check_reading(self, fullest: dict[str, tuple[Spoken, ...]]) -> None:
        story = self.story
        names = tuple(name for name, _, _ in story.cast.values())
        passages = tuple(self._passages())
        known = self.ids.registers
        lint = Lint(story.band, known.ages, names, known.helplines)
        check_piece(Piece(story.band, names, (), passages), lint, self.findings)
        for scene in story.scenes:
            always = tuple(one for one in (*scene.tell, *scene.show) if one.when is None)
            seen = fullest.get(scene.id, always)
            screen = list(self._lines(seen))
            check_screen(screen, band=story.band, line=scene.line, findings=self.findings)

    def _passages(self) -> Iterator[Passage]:
        if self.story.title is not None:
            yield passage("label", *self.story.title)
        for name, _, line in self.story.cast.values():
            yield passage("art", name, line)
        for kept in self.story.memory.values():
            if kept.means is not None:
                yield passage("notes", *kept.means)
        for scene in self.story.scenes:
            yield from self._lines(scene.tell)
            yield from self._lines(scene.show)
            if scene.door is not None:
                yield passage("told", *scene.door)
            for move in scene.moves:
                yield from self._move_passages(move)

    def _move_passages(self, move: MoveOutline) -> Iterator[Passage]:
        if move.label is not None:
            yield passage("label", *move.label)
        yield from self._lines(move.reply)
        parts = [move.feedback[key] for key in (*RISKY, *SAFE) if key in move.feedback]
        if parts:
            yield Passage("feedback", tuple(parts))

    def _lines(self, lines: tuple[Spoken, ...]) -> Iterator[Passage]:
        for one in lines:
            _, part, _ = self.story.cast.get(one.speaker, ("", "", 0))
            role = _ROLES.get(part, "said") if one.speaker else "told"
            yield passage(role, one.words, one.line)
