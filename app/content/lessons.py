"""A lesson file: read, checked, and built as a Lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from app.content.drafts import CardDraft, LessonDraft, QuestionDraft, take_apart
from app.content.ids import FRIENDS, Ids
from app.content.lesson_checks import LessonCheck
from app.content.problems import Findings
from app.content.registers import Registers
from app.content.rendering import WORD, render
from app.content.shapes import LessonHead, WordShape, fit
from app.content.source import edition_of
from app.content.untouched import refuse_untouched
from app.content.values import BANDS, Card, Kind, Lesson, Letter, Option, Question, Word
from app.content.yaml_lines import Tree, read_yaml


def read_lesson(text: str, path: str, registers: Registers, findings: Findings) -> Lesson | None:
    """The lesson; None, with every problem found, if there is one."""
    draft = take_apart(text, findings)
    tree = None if draft is None else read_yaml(draft.head, findings, draft.head_line)
    if draft is None or tree is None:
        return None
    fitted = fit(LessonHead, tree, (), findings)
    head = fitted or _rough(tree)
    LessonCheck(draft, head, tree, Ids(registers, head.band), findings).run()
    if fitted is not None and not fitted.draft:
        refuse_untouched(text, findings)
    if fitted is None or findings.problems:
        return None
    return replace(_built(fitted, draft, path), edition=edition_of(text))


def _rough(tree: Tree) -> LessonHead:
    """As much of a misfitting head as can be made out, so that the cards are checked too."""
    head: dict[str, Any] = tree.value if isinstance(tree.value, dict) else {}
    letter = head.get("letter") if head.get("letter") in get_args(Letter) else "T"
    words = head.get("words")
    return LessonHead.model_construct(
        title=head["title"] if isinstance(head.get("title"), str) else "",
        band=head["band"] if head.get("band") in BANDS else "9-11",
        letter=letter,
        friend=FRIENDS[cast(Letter, letter)],
        objectives=_texts(head.get("objectives")),
        reviews=_texts(head.get("reviews")),
        story=head["story"] if isinstance(head.get("story"), str) else "",
        misconceptions=_texts(head.get("misconceptions")),
        words=[
            WordShape.model_construct(word=word["word"], means=word["means"])
            for word in (words if isinstance(words, list) else ())
            if isinstance(word, dict)
            and isinstance(word.get("word"), str)
            and isinstance(word.get("means"), str)
        ],
    )


def _texts(values: object) -> list[str]:
    found = values if isinstance(values, list) else []
    return [value for value in found if isinstance(value, str)]


def _built(head: LessonHead, draft: LessonDraft, path: str) -> Lesson:
    words = tuple(Word(word.word, word.means) for word in head.words)
    return Lesson(
        id=head.id,
        version=head.version,
        title=head.title,
        band=head.band,
        letter=head.letter,
        friend=head.friend,
        minutes=head.minutes,
        objectives=tuple(head.objectives),
        reviews=tuple(head.reviews),
        story=head.story,
        misconceptions=tuple(head.misconceptions),
        words=words,
        cards=tuple(_card(i, card, words) for i, card in enumerate(draft.cards, 1)),
        teacher_notes_html=render(
            _without_id(line, head.misconceptions) for line, _ in draft.notes
        ),
        path=path,
        draft=head.draft,
    )


def _without_id(line: str, misconceptions: Sequence[str]) -> str:
    """A line of the notes as a teacher reads it: a reteach without the id that leads it."""
    mark, _, rest = line.strip().partition(" ")
    leads, _, words = rest.lstrip().partition(" ")
    is_reteach = mark in {"-", "*"} and leads.rstrip(":") in misconceptions
    return f"{mark} {words}" if is_reteach and words else line


def _card(number: int, card: CardDraft, words: tuple[Word, ...]) -> Card:
    opened = {match[1].lower() for line, _ in card.body for match in WORD.finditer(line)}
    return Card(
        number=number,
        kind=cast(Kind, card.kind),
        heading=card.heading,
        art=card.fields.get("art", ("", 0))[0],
        html=render(line for line, _ in card.body),
        questions=tuple(_question(i, question) for i, question in enumerate(card.questions, 1)),
        story=card.fields["story"][0] if "story" in card.fields else None,
        words=tuple(word for word in words if word.word.lower() in opened),
    )


def _question(number: int, question: QuestionDraft) -> Question:
    return Question(
        number=number,
        text=question.text,
        objective=question.objective or "",
        options=tuple(
            Option(
                number=i,
                text=option.text,
                good=option.good,
                misconception=option.misconception,
                feedback=" ".join(words for words, _ in option.feedback),
            )
            for i, option in enumerate(question.options, 1)
        ),
    )
