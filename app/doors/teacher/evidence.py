"""What a mark rests on: a first answer in the words of the lesson or story it was given in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.content.values import Lesson
from app.learning.queries import FirstAnswer
from app.learning.rules import Piece
from app.learning.runs import place_of
from app.web.parts import catalogue, editions


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A first answer as a line: when, from where, what was chosen, and whether it was good."""

    given_at: datetime
    piece: str
    place: str
    answer: str
    good: bool


def rests_on(given: FirstAnswer) -> RestsOn:
    """The answer in the text that it was given in, if that is still kept."""
    piece, same = _as_it_was(given)
    if piece is None:
        return RestsOn(given.given_at, "A piece that is gone", "", "", given.good)
    kind = "Story" if not isinstance(piece, Lesson) else "Quiz" if piece.quiz else "Lesson"
    where, says = "An earlier version", ""
    if same:
        where, says = next(_words(piece, given), (where, says))
    return RestsOn(given.given_at, f"{kind}: {piece.title}", where, says, given.good)


def _as_it_was(given: FirstAnswer) -> tuple[Piece | None, bool]:
    """The piece, and whether it is the text that was answered."""
    known = catalogue()
    today = known.lessons.get(given.piece) or known.quizzes.get(given.piece)
    if today is not None and given.edition in {None, today.edition}:
        return today, today.version == given.version
    kept = editions().read(given.piece, given.edition) if given.edition else None
    return kept or today, kept is not None


def _words(piece: Piece, given: FirstAnswer) -> Iterator[tuple[str, str]]:
    """Where the answer was given and what was chosen there."""
    if isinstance(piece, Lesson):
        for card in piece.cards:
            for question in card.questions:
                if place_of(card, question) == given.place:
                    texts = {option.number: option.text for option in question.options}
                    yield f"Card {card.number}", texts.get(given.choice, "")
        return
    for number, scene in enumerate(piece.scenes.values(), 1):
        if scene.id == given.place:
            labels = {move.number: move.label for move in scene.moves}
            yield f"Scene {number}", labels.get(given.choice, "")
