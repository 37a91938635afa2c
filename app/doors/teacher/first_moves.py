"""What a class did first at each scene of a story: how many took which move, never who."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort

from app.content.story_values import Move, Scene
from app.content.values import Misconception
from app.doors.teacher.classes import class_for_me
from app.doors.teacher.door import door
from app.learning import queries as learning
from app.learning.teaching import FEWEST, SHARED
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue
from app.web.slots import filler
from app.web.viewer import the_adult


@dataclass(frozen=True, slots=True)
class MoveTaken:
    """A move, how many took it first, and what a risky one may show, in the child's words."""

    move: Move
    count: int
    idea: str


@dataclass(frozen=True, slots=True)
class SceneMet:
    """A scene in the order of the story; `met` is how many made their first move there."""

    number: int
    scene: Scene
    met: int
    moves: list[MoveTaken]

    @property
    def begins(self) -> str:
        """Its first words, by which a teacher knows it again."""
        words = [line.words for line in self.scene.tell] + [x.words for x in self.scene.show]
        return words[0]

    @property
    def too_few(self) -> bool:
        """With so few a count would say who it was."""
        return self.met < FEWEST


@dataclass(frozen=True, slots=True)
class IdeaShown:
    """A wrong idea, and how many showed it of those who met a move that may show it.

    `count` is None where too few have been there to say.
    """

    idea: Misconception
    count: int | None
    met: int

    @property
    def says(self) -> str:
        """One child alone is not shown to the class."""
        if self.count is None:
            return "Too few to say"
        return f"{self.count} of {self.met}" if self.count >= SHARED else f"0 or 1 of {self.met}"


@door.opens("/class/<class_id>/stories/<quiz_id>", may=May.SEE_CLASS)
def first_moves(class_id: str, quiz_id: str) -> str:
    """One story, scene by scene."""
    facts, known = class_for_me(class_id), catalogue()
    story = known.quizzes.get(quiz_id)
    if story is None or story.band != facts.band:
        abort(404)
    asked = (facts.school_id, facts.id, story.id, story.version, story.edition)
    counts = learning.first_moves(*asked)
    scenes = [scene for scene in story.scenes.values() if not scene.ends]
    met = [_met(number, scene, counts) for number, scene in enumerate(scenes, 1)]
    return page(
        "teacher/first-moves",
        facts=facts,
        story=story,
        scenes=met,
        ideas=_ideas(met, learning.story_ideas(*asked)),
        fewest=FEWEST,
        says=filler(the_adult().school_id),
    )


def _ideas(scenes: list[SceneMet], shown: dict[str, int]) -> list[IdeaShown]:
    """The wrong ideas that this story may show, the most common first."""
    known, met = catalogue().misconceptions, dict[str, int]()
    for scene in scenes:
        for taken in scene.moves:
            idea = taken.move.misconception or ""
            if idea in known:
                met[idea] = max(met.get(idea, 0), scene.met)
    found = [
        IdeaShown(
            known[idea],
            shown.get(idea, 0) if most >= FEWEST else None,
            max(most, shown.get(idea, 0)),
        )
        for idea, most in met.items()
    ]
    return sorted(found, key=lambda one: -(one.count or 0))


def _met(number: int, scene: Scene, counts: dict[tuple[str, int], int]) -> SceneMet:
    known = catalogue().misconceptions
    taken = []
    for move in scene.moves:
        idea = known.get(move.misconception or "")
        count = counts.get((scene.id, move.number), 0)
        taken.append(MoveTaken(move, count, idea.sentence if idea else ""))
    return SceneMet(number, scene, sum(one.count for one in taken), taken)
