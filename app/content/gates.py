"""The reading gate and the wording rules over all passages of one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.content.passages import Passage, Role
from app.content.problems import Findings
from app.content.reading import (
    ENOUGH_WORDS,
    GATES,
    Gate,
    Reader,
    Sentence,
    hard_words,
    measure_sentences,
    sentences_in,
)
from app.content.values import Band
from app.content.wording import Lint

# Screens, feedback and labels are scored apart: short buttons would hide a hard text.
_GROUPS: Final[tuple[tuple[str, tuple[Role, ...]], ...]] = (
    ("the screens together", ("told", "said", "grown-up", "unknown")),
    ("the feedback together", ("feedback",)),
    ("the labels together", ("label",)),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """All that one file makes a pupil, or a teacher, read."""

    band: Band
    names: tuple[str, ...]
    glossary: tuple[str, ...]
    passages: tuple[Passage, ...]


def check_piece(piece: Piece, lint: Lint, findings: Findings) -> None:
    """Wording and reading level of every passage, then the grade of the whole."""
    read: dict[Role, list[Sentence]] = {}
    for passage in piece.passages:
        lint.check(passage, findings)
        if passage.role == "art":
            continue
        sentences = sentences_in(passage.text, piece.names)
        reader: Reader = "staff" if passage.role == "notes" else piece.band
        _check_sentences(passage, sentences, reader, findings)
        if reader != "staff":
            _check_words(passage, sentences, piece, findings)
        read.setdefault(passage.role, []).extend(sentences)
    first = piece.passages[0].line if piece.passages else 1
    for what, roles in _GROUPS:
        group = [sentence for role in roles for sentence in read.get(role, ())]
        _check_grade(what, group, (GATES[piece.band], first), findings)
    _check_grade("the teacher notes", read.get("notes", []), (GATES["staff"], first), findings)


def check_screen(passages: Iterable[Passage], *, band: Band, line: int, findings: Findings) -> None:
    """The running words of one screen: its lines, not its buttons."""
    words = sum(len(s.words) for passage in passages for s in sentences_in(passage.text))
    most = GATES[band].screen
    if words > most:
        findings.add(line, f"{words} words on one screen", f"{band} reads {most} at most")


def _check_sentences(
    passage: Passage, sentences: Sequence[Sentence], reader: Reader, findings: Findings
) -> None:
    gate = GATES[reader]
    for sentence in sentences:
        count = len(sentence.words)
        if count > gate.longest:
            start = " ".join(sentence.text.split()[:6])
            what = f"a sentence of {count} words (“{start}…”)"
            mend = f"{reader} reads {gate.longest} at most"
            findings.add(passage.line_at(sentence.start), what, mend)
    if passage.role == "feedback" and len(sentences) > gate.feedback:
        what = f"feedback of {len(sentences)} sentences"
        findings.add(passage.line, what, f"{reader} reads {gate.feedback} at most")


def _check_words(
    passage: Passage, sentences: Sequence[Sentence], piece: Piece, findings: Findings
) -> None:
    # What an unknown player writes is meant to look odd: only its length is a matter of level.
    if passage.role == "unknown":
        return
    for sentence in sentences:
        for word in hard_words([sentence], piece.band, piece.glossary):
            what = f"“{word}” is a long word for {piece.band}"
            line = passage.line_at(sentence.start)
            findings.add(line, what, "use a shorter one or add it to the lesson's words")


def _check_grade(
    what: str, sentences: list[Sentence], gate_and_line: tuple[Gate, int], findings: Findings
) -> None:
    gate, line = gate_and_line
    reading = measure_sentences(sentences)
    if reading.words < ENOUGH_WORDS:
        return
    if reading.fk > gate.grade:
        found = f"{what} read at grade {reading.fk:.1f}"
        findings.add(line, found, f"bring it to {gate.grade:g}: shorter sentences, shorter words")
    if reading.mean > gate.mean:
        found = f"{what} have {reading.mean:.1f} words in a sentence"
        findings.add(line, found, f"bring it to {gate.mean:g} on average")
