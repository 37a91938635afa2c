"""A lesson on the board: a card, or one of its questions, for the whole class to look at."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request, url_for

from app.content.values import Card, Lesson, Question
from app.doors.teacher.door import door
from app.learning.rules import LETTERS
from app.people.rights import May
from app.web.pages import page
from app.web.parts import catalogue
from app.web.slots import filler
from app.web.viewer import the_adult

LONG, LONGEST = 480, 640
"""In letters: what one screen holds in large words, and in smaller ones."""


@dataclass(frozen=True, slots=True)
class Slide:
    """What is on the board at one time; without a card it is the end of the lesson."""

    number: int
    card: Card | None
    question: Question | None = None

    @property
    def fills(self) -> str:
        """How much of the screen a card's words take: the more, the smaller they are drawn."""
        if self.card is None or self.question is not None:
            return ""
        html, helpers = self.card.html, bool(self.card.words) + (self.card.kind == "talk")
        lines = html.count("</p>") + html.count("</li>")
        much = len(html.striptags()) + 25 * lines + 90 * helpers
        return "longest" if much > LONGEST else "long" if much > LONG else ""


def slides_of(lesson: Lesson) -> list[Slide]:
    """The words of each card, then its questions one by one; last, the story to play."""
    slides = []
    for card in lesson.cards:
        if card.html or not card.questions:
            slides.append(Slide(card.number, card))
        slides += [Slide(card.number, card, question) for question in card.questions]
    return [*slides, Slide(lesson.cards[-1].number + 1, None)]


def _place(slides: list[Slide], number: int, question: int | None) -> int | None:
    """Where the asked slide stands: that question's, or the first of the card."""
    of_card = [at for at, slide in enumerate(slides) if slide.number == number]
    for at in of_card:
        asked = slides[at].question
        if asked is not None and asked.number == question:
            return at
    return of_card[0] if of_card else None


@door.opens("/lessons/<lesson_id>/board/<int:number>", may=May.TEACH)
def lesson_board(lesson_id: str, number: int) -> str:
    """One slide. What is good about each answer comes only when the teacher asks for it."""
    lesson = catalogue().lessons.get(lesson_id) or abort(404)
    slides = slides_of(lesson)
    at = _place(slides, number, request.args.get("question", type=int))
    if at is None:
        abort(404)
    slide = slides[at]
    return page(
        "teacher/board",
        lesson=lesson,
        slide=slide,
        shown=slide.question is not None and request.args.get("shown") == "1",
        before=_address(lesson, slides[at - 1]) if at else None,
        after=_address(lesson, slides[at + 1]) if at + 1 < len(slides) else None,
        here=_address(lesson, slide),
        reveal=_address(lesson, slide, shown=1),
        story=catalogue().quizzes.get(lesson.story),
        stop=LETTERS[lesson.letter],
        says=filler(the_adult().school_id),
    )


def _address(lesson: Lesson, slide: Slide, shown: int | None = None) -> str:
    question = slide.question.number if slide.question else None
    return url_for(
        "teacher.lesson_board",
        lesson_id=lesson.id,
        number=slide.number,
        question=question,
        shown=shown,
    )
