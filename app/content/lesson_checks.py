"""The rules of a lesson: eight cards, two items twice, every slip and word accounted for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.content.drafts import CardDraft, LessonDraft, OptionDraft, QuestionDraft
from app.content.gates import Piece, check_piece, check_screen
from app.content.ids import Ids
from app.content.passages import Passage, passage
from app.content.problems import Findings
from app.content.reading import GATES
from app.content.rendering import WORD, plain
from app.content.shapes import LessonHead
from app.content.values import KINDS
from app.content.wording import Lint
from app.content.yaml_lines import Tree

CARDS: Final = 8
_ONCE: Final = ("remember", "play", "rehearse", "check", "talk")
_RETEACH: Final = re.compile(r"^[-*]\s+([a-z]-[a-z0-9-]+)\b")


@dataclass(frozen=True, slots=True)
class LessonCheck:
    """One lesson under check."""

    draft: LessonDraft
    head: LessonHead
    tree: Tree
    ids: Ids
    findings: Findings

    def run(self) -> None:
        self._check_head()
        self._check_kinds()
        for card in self.draft.cards:
            self._check_card(card)
        self._check_words()
        self._check_notes()
        self._check_reading()

    def _check_head(self) -> None:
        head, tree, gate = self.head, self.tree, GATES[self.head.band]
        for key in ("objectives", "reviews"):
            for i, objective in enumerate(getattr(head, key)):
                self.ids.objective(objective, tree.line(key, i), self.findings)
        for i, misconception in enumerate(head.misconceptions):
            self.ids.misconception(misconception, tree.line("misconceptions", i), self.findings)
        if head.story:
            self.ids.story(head.story, tree.line("story"), self.findings)
        self.ids.friend(head.friend, head.letter, tree.line("friend"), self.findings)
        if len(head.words) > gate.new_words:
            what = f"{len(head.words)} new words"
            mend = f"{head.band} learns {gate.new_words} at most"
            self.findings.add(tree.line("words"), what, mend)

    def _check_kinds(self) -> None:
        cards, add = self.draft.cards, self.findings.add
        end = cards[-1].line if cards else self.tree.line()
        if len(cards) != CARDS:
            add(end, f"{len(cards)} cards", f"a lesson has {CARDS}")
        kinds = Counter(card.kind for card in cards)
        for kind in _ONCE:
            if kinds[kind] != 1:
                add(end, f"{kinds[kind]} cards of the kind “{kind}”", "a lesson has one")
        if not kinds["story"]:
            add(end, "no card of the kind “story”", "add one")
        if kinds["carry"] > 1:
            add(end, f"{kinds['carry']} cards of the kind “carry”", "keep one")
        if cards and not any("{trusted_adults}" in words for words, _ in cards[-1].body):
            add(end, "the last card names no trusted adults", "put {trusted_adults} in its text")

    def _check_card(self, card: CardDraft) -> None:
        if card.kind and card.kind not in KINDS:
            self.findings.add(card.line, f"no card is a “{card.kind}”", f"use {', '.join(KINDS)}")
        if not card.body and not card.questions:
            self.findings.add(card.line, "the card is empty", "write it or take it out")
        self._check_story_of(card)
        objectives = {"remember": self.head.reviews, "check": self.head.objectives}.get(card.kind)
        if objectives is not None and len(card.questions) != 2:
            what = f"{len(card.questions)} questions on the {card.kind} card"
            self.findings.add(card.line, what, "it has two")
        for question in card.questions:
            self._check_question(question)
            if objectives and question.objective and question.objective not in objectives:
                key = "reviews" if card.kind == "remember" else "objectives"
                what = f"{question.objective} is not among the lesson's {key}"
                self.findings.add(question.line, what, "add it to the head or ask another")

    def _check_story_of(self, card: CardDraft) -> None:
        named = card.fields.get("story")
        if card.kind == "play":
            if named is None:
                self.findings.add(card.line, "the play card names no story", "add `story:`")
            elif named[0] != self.head.story:
                what = f"the card plays {named[0]}, the head says {self.head.story}"
                self.findings.add(named[1], what, "name the same story")
        elif named is not None:
            self.findings.add(named[1], "`story` belongs to the play card", "move it there")

    def _check_question(self, question: QuestionDraft) -> None:
        if question.objective:
            self.ids.objective(question.objective, question.line, self.findings)
        options = question.options
        if not 2 <= len(options) <= 5:
            self.findings.add(question.line, f"{len(options)} answers", "give two to five")
        if options and not any(option.good for option in options):
            self.findings.add(question.line, "no good answer", "mark at least one with (*)")
        if options and all(option.good for option in options):
            self.findings.add(question.line, "no slip to learn from", "mark at least one with ( )")
        if "[[" in question.text:
            what = "a word helper in a question"
            self.findings.add(question.line, what, "put it in the card's own text")
        for option in options:
            self._check_option(option)

    def _check_option(self, option: OptionDraft) -> None:
        add = self.findings.add
        if not option.feedback:
            add(option.line, "the answer has no feedback", "write “> …” under it")
        if option.good and option.misconception:
            what = "a good answer names a misconception"
            add(option.line, what, f"take out !{option.misconception}")
        elif option.misconception:
            self.ids.misconception(option.misconception, option.line, self.findings)
        elif not option.good:
            add(option.line, "the slip names no misconception", "end the line with one, as !t-once")

    def _check_words(self) -> None:
        """Each helper opens a word of the head, and each word of the head is opened."""
        listed = {word.word.lower(): i for i, word in enumerate(self.head.words)}
        opened = set()
        for card in self.draft.cards:
            for words, line in card.body:
                for match in WORD.finditer(words):
                    opened.add(match[1].lower())
                    if match[1].lower() not in listed:
                        what = f"“{match[1]}” is not among the lesson's words"
                        self.findings.add(line, what, "add it to the head or take out [[ ]]")
        for word, i in listed.items():
            if word not in opened:
                what = f"the word “{word}” is never opened"
                self.findings.add(self.tree.line("words", i), what, "write [[it]] on a card")

    def _check_notes(self) -> None:
        line, notes = self.draft.notes_line, self.draft.notes
        if line is None or not notes:
            end = line or (self.draft.cards[-1].line if self.draft.cards else 1)
            self.findings.add(end, "no teacher notes", "write them under “# Teacher notes”")
            return
        taught = {match[1] for words, _ in notes if (match := _RETEACH.match(words))}
        for i, misconception in enumerate(self.head.misconceptions):
            if misconception not in taught:
                what = f"no reteach for {misconception}"
                mend = f"add a line “- {misconception} …” to the teacher notes"
                self.findings.add(self.tree.line("misconceptions", i), what, mend)

    def _check_reading(self) -> None:
        head = self.head
        known = self.ids.registers
        lint = Lint(head.band, known.ages, helplines=known.helplines)
        words = tuple(word.word for word in head.words)
        passages = (*self._head_passages(), *self._card_passages(), *self._note_passages())
        names = (head.title,) if head.title.istitle() else ()
        check_piece(Piece(head.band, names, words, passages), lint, self.findings)
        for card in self.draft.cards:
            running = [passage("told", plain(words), line) for words, line in card.body]
            running += [passage("told", q.text, q.line) for q in card.questions]
            check_screen(running, band=head.band, line=card.line, findings=self.findings)

    def _head_passages(self) -> Iterator[Passage]:
        yield passage("label", self.head.title, self.tree.line("title"))
        for i, word in enumerate(self.head.words):
            yield passage("told", word.means, self.tree.line("words", i))

    def _card_passages(self) -> Iterator[Passage]:
        for card in self.draft.cards:
            yield passage("label", card.heading, card.line)
            if "art" in card.fields:
                yield passage("art", *card.fields["art"])
            for words, line in card.body:
                yield passage("told", plain(words), line)
            for question in card.questions:
                yield passage("told", question.text, question.line)
                for option in question.options:
                    yield passage("label", option.text, option.line)
                    if option.feedback:
                        yield Passage("feedback", tuple(option.feedback))

    def _note_passages(self) -> Iterator[Passage]:
        for words, line in self.draft.notes:
            yield passage("notes", plain(words), line)
