"""What no pupil text may hold: American spelling, blame, brands, ages, numbers, addresses, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.content.passages import Passage
from app.content.problems import Findings
from app.content.slots import faulty_slots
from app.content.values import AgeRule, Band
from app.content.wordlists import entries, pairs

_NUMBER: Final = (
    r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|twenty-one)"
)
_STOP: Final = (
    r"(?=s?\s*(?:[.,;:!?)\"'”’]|$|(?:years?|and|or|can|may|must|need|have|are|is|who|only)\b))"
)
_AGES: Final = re.compile(
    rf"\b{_NUMBER}[ -]years?[ -]olds?\b"
    rf"|\baged?\s+(?:(?:is|of|limit|rule|number)\s+)*{_NUMBER}\b"
    rf"|\b(?:under|over)[ -]{_NUMBER}{_STOP}"
    rf"|\b(?:under|over)[ -]\d{{1,2}}s\b"
    rf"|\b{_NUMBER}\s*(?:\+(?!\s*\d)|(?:or|and)\s+(?:over|older|under|younger|above|up)\b)"
    rf"|\b(?:must be|have to be|until you are|when you are|turn|pegi|rated)\s+{_NUMBER}{_STOP}",
    re.IGNORECASE,
)
_PHONES: Final = re.compile(
    r"(?<![\d.])0\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{2,4})?\b|\b(?:999|101|111|112)\b|\+44|\b\d{5,}\b"
)
_ADDRESSES: Final = re.compile(
    r"\b(?:https?:|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|org|net|gov|co|tv|io|uk|wales|scot)\b",
    re.IGNORECASE,
)
_HTML: Final = re.compile(
    r"</?[a-z!][^>]*>?|&(?:#\w+|[a-z]+);|!?\[[^\]\n]*\]\([^)\n]*\)", re.IGNORECASE
)
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff☀-➿]")


@dataclass(frozen=True, slots=True)
class Lint:
    """The rules of wording for one band, with the registers' brands and age rules."""

    band: Band
    ages: Mapping[str, AgeRule] | None

    def check(self, passage: Passage, findings: Findings) -> None:
        """Each fault of the passage becomes one problem on its line."""
        text = passage.text
        for offset, what, mend in self._faults(passage, text):
            findings.add(passage.line_at(offset), what, mend)
        for slot in faulty_slots(text, self.ages):
            line = passage.line_at(text.find(slot))
            findings.add(line, f"“{slot}” is not a slot", "mend its name or take out the braces")

    def _faults(self, passage: Passage, text: str) -> Iterator[tuple[int, str, str]]:
        role = passage.role
        yield from _typed(text, ages=role != "unknown")
        yield from _listed(text, _brands(self._services()), "is a real brand", "invent a name")
        yield from _everyday_brands(text)
        if role != "unknown":
            yield from _hits(text, "american", "is American spelling", "write “{}”")
        if role not in ("label", "notes"):
            yield from _hits(text, "banned", "is not said to a child", "{}")
        if role == "feedback":
            yield from _hits(text, "judging", "is a judgement", "{}")
        if role not in ("unknown", "notes") or (role == "unknown" and self.band == "5-7"):
            mend = "write the words out" if self.band != "5-7" else "write the words out at 5-7"
            yield from _listed(text, _phrases("textspeak"), "is text-speak", mend)

    def _services(self) -> tuple[str, ...]:
        """The register's names without their brackets, less those that are everyday words."""
        names = (rule.service.partition(" (")[0] for rule in (self.ages or {}).values())
        everyday = set(entries("everyday"))
        return tuple(sorted({name for name in names if len(name) > 2 and name not in everyday}))


def _typed(text: str, *, ages: bool) -> Iterator[tuple[int, str, str]]:
    rules = (
        (_PHONES, "is typed as a number", "use {childline} or leave it out"),
        (_ADDRESSES, "is a web address", "leave it out"),
        (_HTML, "is HTML or a link", "write plain words"),
        (_EMOJI, "is an emoji", "say it in words"),
    )
    for rule, what, mend in rules:
        for match in rule.finditer(text):
            yield match.start(), f"“{match[0]}” {what}", mend
    for match in _AGES.finditer(text) if ages else ():
        yield match.start(), f"“{match[0]}” is a typed age", "use {age_rule:...} or leave it out"


def _hits(text: str, name: str, what: str, mend: str) -> Iterator[tuple[int, str, str]]:
    for match in _phrases(name).finditer(text):
        yield match.start(), f"“{match[0]}” {what}", mend.format(_instead(name, match[0]))


def _listed(
    text: str, phrases: re.Pattern[str], what: str, mend: str
) -> Iterator[tuple[int, str, str]]:
    for match in phrases.finditer(text):
        yield match.start(), f"“{match[0]}” {what}", mend


def _everyday_brands(text: str) -> Iterator[tuple[int, str, str]]:
    """Steam and Signal: a brand only where a capital does not begin a sentence."""
    for match in _everyday().finditer(text):
        yield match.start(), f"“{match[0]}” is a real brand", "invent a name"


@cache
def _everyday() -> re.Pattern[str]:
    return re.compile(rf"(?<=[a-z,;] )(?:{'|'.join(map(re.escape, entries('everyday')))})\b")


@cache
def _phrases(name: str) -> re.Pattern[str]:
    """All phrases of a list at once; a star stands for any ending, an apostrophe may be curly."""
    return re.compile("|".join(map(_as_pattern, pairs(name))), re.IGNORECASE)


def _as_pattern(phrase: str) -> str:
    words = re.escape(phrase.removesuffix("*")).replace("'", "['’]")
    ending = r"\w*" if phrase.endswith("*") else ""
    return rf"(?<![\w-]){words}{ending}(?![\w-])"


def _instead(name: str, found: str) -> str:
    plain = found.lower().replace("’", "'")
    for phrase, instead in pairs(name).items():
        if plain == phrase or (phrase.endswith("*") and plain.startswith(phrase[:-1])):
            return instead
    return ""


@cache
def _brands(services: tuple[str, ...]) -> re.Pattern[str]:
    """Real names, matched as they are written: an amazon may be a river."""
    everyday = set(entries("everyday"))
    names = sorted({*entries("brands"), *services} - everyday, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
