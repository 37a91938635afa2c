"""The words a child may pick when telling: everyday and open, so that none of them leads.

A word that says what somebody did to the child, or who it was, would be ours and not the child's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from app.content.age_rules import AgeRule
from app.content.folding import fold
from app.content.passages import passage
from app.content.problems import Findings
from app.content.reading import too_hard
from app.content.values import WordGroup
from app.content.wording import Lint
from app.content.wordlists import pairs

MOST_WORDS: Final = 4
"""More would be a sentence, and so a story that the child only says yes to."""

_ASKS: Final = re.compile(
    r"\?|\bwhy\b|n't (?:it|he|she|they|you)\b"
    r"|^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
    r" (?:any\w*|some(?:one|body)|he|she|they|it|you|your|a|the|there|this|that)\b",
    re.IGNORECASE,
)
_WAY_OUT: Final = re.compile(r"(?:\w+ )?some\w+ else|not sure(?: \w+)?", re.IGNORECASE)


def check_tell_words(
    groups: Sequence[tuple[int, WordGroup]],
    ages: Mapping[str, AgeRule] | None,
    findings: Findings,
) -> None:
    """Each word and heading by itself; then no word twice, and a way out of every group."""
    lint, seen = Lint("5-7", ages), set[str]()
    for line, group in groups:
        for words in (group.heading, *group.words):
            lint.check(passage("told", words, line), findings)
            for what, mend in faults_of(words):
                findings.add(line, f"“{words}” {what}", mend)
        for word in group.words:
            if word.casefold() in seen:
                findings.add(line, f"“{word}” stands here twice", "keep one of them")
            seen.add(word.casefold())
        if not _WAY_OUT.fullmatch(group.words[-1]):
            what = f"the words of “{group.heading}” end with no way out"
            findings.add(line, what, "end with “something else” or “not sure”")


def faults_of(words: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a word to pick, each with how to mend it."""
    text = fold(words).text
    if _ASKS.search(text):
        yield "asks, and a question can lead", "offer a plain word"
    if len(text.split()) > MOST_WORDS:
        yield "says too much at once", f"use {MOST_WORDS} words at most"
    for phrase, mend in _suggesting(text):
        yield f"leads, with “{phrase}”", mend
    for fault in too_hard(words, "5-7"):
        yield f"is too hard for 5-7: {fault}", "use an easier word"


def _suggesting(text: str) -> Iterable[tuple[str, str]]:
    return ((m[0], mend) for pattern, mend in _patterns() for m in pattern.finditer(text))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each phrase that leads; a star stands for any ending."""
    return tuple((_as_pattern(phrase), mend) for phrase, mend in pairs("suggesting").items())


def _as_pattern(phrase: str) -> re.Pattern[str]:
    ending = r"\w*" if phrase.endswith("*") else ""
    return re.compile(rf"\b{re.escape(phrase.removesuffix('*'))}{ending}\b", re.IGNORECASE)
