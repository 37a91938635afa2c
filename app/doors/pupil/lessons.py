"""Lessons: a card a page, and each answer on disk before the next page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.content.values import Card, Lesson, Option, Question
from app.doors.pupil.door import door
from app.doors.pupil.pieces import (
    PICK_ONE,
    Elsewhere,
    draw,
    draw_once,
    number_given,
    others_of,
    piece_and_run,
    seen_of,
)
from app.learning.actions import answer_question, begin, finish, turn_card
from app.learning.rules import mark_option
from app.learning.runs import Run, choice_made, furthest_card, open_question, place_of
from app.people.rights import May
from app.web.forms import STALE, pressed
from app.web.parts import catalogue
from app.web.viewer import the_pupil

ANSWERS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class CardHere:
    """The card on the page, and the run that has reached it."""

    lesson: Lesson
    run: Run
    card: Card
    furthest: int

    @property
    def after(self) -> Card | None:
        """The card that follows; None after the last one."""
        return next((c for c in self.lesson.cards if c.number > self.card.number), None)

    @property
    def before(self) -> Card | None:
        """The card before this one."""
        earlier = [c for c in self.lesson.cards if c.number < self.card.number]
        return earlier[-1] if earlier else None

    @property
    def reached_more(self) -> bool:
        """Whether the pupil has been past this card, so that Next is only a link."""
        return self.run.finished or self.card.number < self.furthest

    @property
    def waiting(self) -> Question | None:
        """The first question without an answer; a run that has ended waits for none."""
        return None if self.run.finished else open_question(self.run, self.card)

    @property
    def stands(self) -> tuple[int | None, ...]:
        """All of the run that this card shows."""
        made = (self.choice(question) for question in self.card.questions)
        numbers = (None if option is None else option.number for option in made)
        return (self.run.step, self.furthest, int(self.run.finished), *numbers)

    def choice(self, question: Question) -> Option | None:
        """The pupil's latest answer to a question of this card."""
        return choice_made(self.run, self.card, question)

    def question(self, number: int | None) -> Question | None:
        """The question of that number, if it may be answered now: not yet, or not yet well."""
        if self.run.finished:
            return None
        asked = next((q for q in self.card.questions if q.number == number), None)
        if asked is None or asked == self.waiting:
            return asked
        made = self.choice(asked)
        return asked if made is not None and not made.good else None


def _lesson(lesson_id: str) -> tuple[Lesson, Run | None]:
    return piece_and_run(catalogue().lessons, lesson_id)


def _front(lesson_id: str) -> str:
    return url_for("pupil.lesson", lesson_id=lesson_id)


@door.opens("/lesson/<lesson_id>", may=May.LEARN, methods=ANSWERS)
def lesson(lesson_id: str) -> str | Response:
    """The front of a lesson, or the card where the pupil stopped."""
    fresh = pressed()
    piece, run = _lesson(lesson_id)
    if fresh:
        pupil, seen = the_pupil(), number_given("runs")
        newest = catalogue().lessons[piece.id]
        begin(pupil.school_id, pupil.id, piece=newest, runs_seen=seen, moment=clock.now())
        return redirect(_front(piece.id), code=303)
    if run is not None and not run.finished:
        at = furthest_card(run, piece)
        return redirect(url_for("pupil.lesson_card", lesson_id=piece.id, number=at), code=303)
    fault = STALE if request.method == "POST" else None
    others = others_of(piece)
    return draw("pupil/lesson/front", piece, lesson=piece, run=run, fault=fault, others=others)


@door.opens("/lesson/<lesson_id>/<int:number>", may=May.LEARN, methods=ANSWERS)
def lesson_card(lesson_id: str, number: int) -> str | Response:
    """A card that the pupil has reached, and the answers to its questions."""
    fresh = pressed()
    here = _card(lesson_id, number)
    if not fresh:
        return _draw(here, fault=STALE if request.method == "POST" else None)
    if request.form.get("do") == "next":
        return _next(here)
    return _answer(here)


@door.opens("/lesson/<lesson_id>/done", may=May.LEARN)
def lesson_done(lesson_id: str) -> str | Response:
    """You did it, and what that means you can do."""
    piece, run = _lesson(lesson_id)
    if run is None or not run.finished:
        return redirect(_front(piece.id), code=303)
    can = [catalogue().objectives[objective].pupil for objective in piece.objectives]
    return draw("pupil/lesson/done", piece, lesson=piece, run=run, can=can)


def _card(lesson_id: str, number: int) -> CardHere:
    piece, run = _lesson(lesson_id)
    if run is None:
        raise Elsewhere(_front(piece.id))
    furthest = furthest_card(run, piece)
    card = next((c for c in piece.cards if c.number == number <= furthest), None)
    if card is None:
        raise Elsewhere(url_for("pupil.lesson_card", lesson_id=piece.id, number=furthest))
    return CardHere(piece, run, card, furthest)


def _draw(here: CardHere, *, fault: str | None = None) -> str:
    asked = here.question(number_given("question")) or here.waiting
    chosen = number_given("choice")
    return draw_once(
        "pupil/lesson/card",
        here.lesson,
        texts=texts_of(here.card),
        same=(here.stands, asked and asked.number, chosen, fault),
        here=here,
        asked=asked,
        chosen=chosen,
        story=catalogue().quizzes.get(here.card.story or ""),
        fault=fault,
    )


def texts_of(card: Card) -> Iterator[str]:
    """Every text of a card that a school's words may stand in."""
    yield card.html
    for question in card.questions:
        yield question.text
        for option in question.options:
            yield option.text
            yield option.feedback


def _answer(here: CardHere) -> str | Response:
    question = here.question(number_given("question"))
    if question is None:
        return redirect(_front(here.lesson.id), code=303)
    chosen = number_given("choice")
    option = next((o for o in question.options if o.number == chosen), None)
    if option is None:
        return _draw(here, fault=PICK_ONE)
    kept = answer_question(
        the_pupil().school_id,
        seen_of(here.run),
        place=place_of(here.card, question),
        marked=mark_option(question, option),
        moment=clock.now(),
    )
    return redirect(_card_url(here, question) if kept else _front(here.lesson.id), code=303)


def _card_url(here: CardHere, question: Question) -> str:
    # The page opens at the answer, so that its feedback is what comes next.
    return url_for(
        "pupil.lesson_card",
        lesson_id=here.lesson.id,
        number=here.card.number,
        _anchor=f"question-{question.number}",
    )


def _next(here: CardHere) -> Response:
    """Turn the card, if it is the one the pupil has reached and none of its questions waits."""
    seen, school_id = seen_of(here.run), the_pupil().school_id
    if not here.reached_more and here.waiting is None:
        if here.after is None:
            finish(school_id, seen, moment=clock.now())
        else:
            turn_card(school_id, seen, to=here.after.number)
    # Wherever the pupil is now; a second click on the last card is at the end already.
    ended = "pupil.lesson" if here.after else "pupil.lesson_done"
    return redirect(url_for(ended, lesson_id=here.lesson.id), code=303)
