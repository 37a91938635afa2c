"""The reading gate: how hard a text is, and whether that is too hard for its readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from app.content.slots import without_slots
from app.content.syllables import syllables
from app.content.wordlists import pairs, puddlewick_names

Reader = Literal["5-7", "7-9", "9-11", "tell", "staff"]
ENOUGH_WORDS: Final = 100
"""Below this a grade says nothing (facts/readability.md, trap 5)."""

_WORD: Final = re.compile(r"\w+(?:['’.\-]\w+)*")
_ENDS: Final = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s|$)|\n+")
_I: Final = frozenset({"I", "I'm", "I'll", "I've", "I'd", "I’m", "I’ll", "I’ve", "I’d", "OK", "A"})
_NOT_NAMES: Final = frozenset({"The", "A", "An", "And", "Of", "My", "You", "We"})


@dataclass(frozen=True, slots=True)
class Gate:
    """The most that a reader gets (readability.md, and the fail column of the bible §1)."""

    grade: float
    mean: float
    longest: int
    screen: int
    feedback: int
    new_words: int
    syllables: int


GATES: Final[Mapping[str, Gate]] = {
    "5-7": Gate(2.5, 8, 12, 40, 2, 3, 2),
    "7-9": Gate(4.0, 10, 16, 70, 3, 5, 3),
    "9-11": Gate(6.0, 12, 20, 110, 3, 8, 4),
    "tell": Gate(2.5, 7, 10, 40, 2, 0, 3),
    "staff": Gate(10.0, 16, 26, 10_000, 100, 0, 99),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its words, those that are no names, and where it starts in the text."""

    text: str
    start: int
    words: tuple[str, ...]
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The measure of a text; `fk` is the Flesch-Kincaid grade with names left out."""

    sentences: int
    words: int
    syllables: int
    fk: float
    mean: float
    longest: int


def sentences_in(text: str, names: Iterable[str] = ()) -> list[Sentence]:
    """The sentences; a line end ends one, and so does a mark inside quotation marks."""
    known, start, found = _name_words(tuple(names)), 0, []
    for end in [match.end() for match in _ENDS.finditer(text)] + [len(text)]:
        piece = text[start:end]
        running = without_slots(piece)
        words = tuple(_WORD.findall(running))
        if words:
            lead = len(piece) - len(piece.lstrip())
            counted = tuple(_without_names(running, known))
            found.append(Sentence(running.strip(), start + lead, words, counted))
        start = end
    return found


def measure(text: str, names: Iterable[str] = ()) -> Reading:
    """The measure of a text without markup; `names` are left out of the grade."""
    return measure_sentences(sentences_in(text, names))


def measure_sentences(sentences: list[Sentence]) -> Reading:
    counted = [word for sentence in sentences for word in sentence.counted]
    beats = sum(syllables(word) for word in counted)
    spoken = sum(1 for sentence in sentences if sentence.counted)
    words = sum(len(sentence.words) for sentence in sentences)
    return Reading(
        sentences=len(sentences),
        words=words,
        syllables=beats,
        fk=0.39 * len(counted) / spoken + 11.8 * beats / len(counted) - 15.59 if counted else 0.0,
        mean=words / len(sentences) if sentences else 0.0,
        longest=max((len(sentence.words) for sentence in sentences), default=0),
    )


def hard_words(
    sentences: Iterable[Sentence], reader: Reader, glossary: Iterable[str] = ()
) -> Iterator[str]:
    """The words too long for the reader that no checked list, name or glossary explains."""
    gate = GATES[reader]
    explained = {word.lower() for phrase in glossary for word in _WORD.findall(phrase)}
    for sentence in sentences:
        for word in sentence.counted:
            plain = _plain(word)
            # A joined word is read part by part, so its longest part decides.
            longest = max(syllables(part) for part in plain.split("-"))
            if longest <= gate.syllables or plain in explained:
                continue
            if not _checked(plain, reader):
                yield word


def too_hard(text: str, reader: Reader, names: Iterable[str] = ()) -> tuple[str, ...]:
    """What is too hard in a text for its reader, one phrase each; empty if nothing is."""
    gate, sentences = GATES[reader], sentences_in(text, names)
    reading = measure_sentences(sentences)
    found = [
        f"a sentence of {len(sentence.words)} words: “{sentence.text}”"
        for sentence in sentences
        if len(sentence.words) > gate.longest
    ]
    found += [f"the long word “{word}”" for word in hard_words(sentences, reader)]
    if reading.words > gate.screen:
        found.append(f"{reading.words} words on a screen")
    if reading.words >= ENOUGH_WORDS and reading.fk > gate.grade:
        found.append(f"a reading grade of {reading.fk:.1f}")
    return tuple(found)


def _without_names(sentence: str, known: frozenset[str]) -> Iterator[str]:
    """The words of one sentence less the known names, and less capitals in mid-sentence."""
    first = True
    for match in _WORD.finditer(sentence):
        word = match[0]
        opens = first or sentence[: match.start()].rstrip("*_").endswith(('"', "“", "‘", "(", "["))
        first = False
        plain = word.removesuffix("'s").removesuffix("’s")
        capital = plain[:1].isupper() and plain not in _I
        if plain in known or (capital and not opens):
            continue
        yield word


@cache
def _name_words(names: tuple[str, ...]) -> frozenset[str]:
    written = (word for name in (*puddlewick_names(), *names) for word in name.split())
    return frozenset(w for w in written if not w.islower() and w not in _NOT_NAMES)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


def _checked(word: str, reader: Reader) -> bool:
    """Whether the list of long words lets this one through for the reader."""
    found = pairs("long")
    least = found.get(word) or found.get(word.removesuffix("s"))
    order = ("5-7", "7-9", "9-11", "staff")
    if least is None or reader == "tell":
        return word == "grown-up"
    return order.index(reader) >= order.index(least)
