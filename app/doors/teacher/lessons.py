"""The lessons and quizzes of the teacher's bands, and the notes to teach a lesson from."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from app.base import clock
from app.content.blocking import UNSURE
from app.content.catalogue import Catalogue
from app.content.curriculum import worked_towards
from app.content.story_values import Story
from app.content.values import BANDS, Band, Lesson, Objective
from app.doors.teacher.door import door
from app.learning.rules import LETTERS, Piece
from app.people.queries import classes
from app.people.queries.classes import ClassFacts
from app.people.rights import May
from app.people.rules import BAND_OF_YEAR, YEAR_GROUPS
from app.web.pages import page
from app.web.parts import catalogue
from app.web.slots import filler
from app.web.viewer import the_adult

TELLS = "T"
"""The letter whose lessons show staff how real services block and report."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A lesson with its story, or a story that belongs to no lesson, and what they work on."""

    piece: Piece
    is_lesson: bool
    story: Story | None
    objectives: list[Objective]


@door.opens("/lessons", may=May.TEACH)
def lessons() -> str:
    """What there is to teach: one band at a time, my own first."""
    here = the_adult()
    mine = dict.fromkeys(one.band for one in classes.classes_of(here.school_id, here.id))
    asked = request.args.get("band")
    band = next((one for one in BANDS if one == asked), next(iter(mine), BANDS[0]))
    shelf = shelf_of(catalogue(), band)
    return page(
        "teacher/lessons",
        band=band,
        bands=_bands(),
        mine=mine,
        shelf=shelf,
        letters=LETTERS,
        to_come=_to_come(shelf),
    )


def _to_come(shelf: list[OnShelf]) -> list[str]:
    """The letters that have nothing yet: pupils of the band see “Soon” on their map."""
    there = {one.piece.letter for one in shelf}
    return [name for letter, name in LETTERS.items() if letter not in there]


def _bands() -> dict[Band, str]:
    """Each band with its years, as schools say them."""
    found: dict[Band, list[str]] = {band: [] for band in BANDS}
    for year in YEAR_GROUPS:
        found[BAND_OF_YEAR[year]].append("Reception" if year == "R" else f"Year {year}")
    return {band: f"{years[0]} to {years[-1]}" for band, years in found.items()}


def shelf_of(known: Catalogue, band: Band) -> list[OnShelf]:
    """The pieces of a band in S-M-A-R-T order, each lesson with its story."""
    stories = {story.id: story for story in known.quizzes_for(band)}
    found = [_on_shelf(known, one, stories.get(one.story)) for one in known.lessons_for(band)]
    told = {one.story.id for one in found if one.story}
    found += [_on_shelf(known, one, None) for one in stories.values() if one.id not in told]
    return sorted(found, key=lambda one: list(LETTERS).index(one.piece.letter))


def _on_shelf(known: Catalogue, piece: Piece, story: Story | None) -> OnShelf:
    objectives = [known.objectives[one] for one in piece.objectives]
    return OnShelf(piece, isinstance(piece, Lesson), story, objectives)


def _my_rooms() -> list[ClassFacts]:
    here = the_adult()
    return classes.classes_of(here.school_id, here.id)


@door.opens("/lessons/<lesson_id>", may=May.TEACH)
def lesson(lesson_id: str) -> str:
    """The notes of one lesson, to read before it and to print."""
    known = catalogue()
    found = known.lessons.get(lesson_id) or abort(404)
    objectives = [known.objectives[one] for one in found.objectives]
    return page(
        "teacher/lesson",
        lesson=found,
        years=_bands()[found.band],
        letters=LETTERS,
        story=known.quizzes.get(found.story),
        objectives=objectives,
        worked=worked_towards(known.curriculum, objectives),
        blocking=known.blocking if found.letter == TELLS else None,
        unsure=UNSURE,
        today=clock.local(clock.now()).date(),
        reviews=[known.objectives[one] for one in found.reviews],
        ideas=[known.misconceptions[one] for one in found.misconceptions],
        stories=[one for one in known.quizzes_for(found.band) if one.letter == found.letter],
        rooms=[one for one in _my_rooms() if one.band == found.band],
        says=filler(the_adult().school_id),
    )
