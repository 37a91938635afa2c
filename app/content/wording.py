"""What no pupil text may hold: American spelling, blame, brands, ages, numbers, addresses, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.content.age_rules import AgeRule
from app.content.ages import ages_in, figures_in
from app.content.folding import Folded, fold, foreign_words
from app.content.passages import Passage, Role
from app.content.problems import Findings
from app.content.secrecy import blame_in, secrecy_in
from app.content.slots import blanked, faulty_slots, unsure_lines
from app.content.values import Band, Helpline
from app.content.wordlists import entries, pairs, puddlewick_names

_PHONES: Final = re.compile(
    r"(?<![\d.])0\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{2,4})?\b|\b(?:999|101|111|112)\b|\+44|\b\d{5,}\b"
    r"|\b(?:oh|nought|zero) eight hundred\b|\bnine nine nine\b|\bone (?:oh|one) one\b",
    re.IGNORECASE,
)
_ADDRESSES: Final = re.compile(
    r"\b(?:https?:|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|org|net|gov|co|tv|io|uk|wales|scot)\b",
    re.IGNORECASE,
)
_HTML: Final = re.compile(
    r"</?[a-z!][^>]*>?|&(?:#\w+|[a-z]+);|!?\[[^\]\n]*\]\([^)\n]*\)", re.IGNORECASE
)
_YEAR: Final = re.compile(r"1\d{3}")
"""A year of history: 9-11 reads those in figures, as every history book writes them."""
_EMOJI: Final = re.compile("[\U0001f000-\U0001faff☀-➿]")
_ENDINGS: Final = r"(?:s|r|rs|er|ers|ed|ing)?"
"""Somebody googles, has iPads or is a YouTuber."""

Matches = Iterable[re.Match[str]]
Rule = tuple[Matches, str, str]
"""What was found, what it is, and how to mend it."""
_TOLD_TO_CHILDREN: Final[tuple[Role, ...]] = ("told", "feedback", "grown-up")


@dataclass(frozen=True, slots=True)
class Lint:
    """The rules of wording for one band, with the registers' brands and age rules."""

    band: Band
    ages: Mapping[str, AgeRule] | None
    names: tuple[str, ...] = ()
    """The cast's names: a screen name may end in figures."""
    helplines: Mapping[str, Helpline] | None = None

    def check(self, passage: Passage, findings: Findings) -> None:
        """Each fault of the passage becomes one problem on its line."""
        text = fold(blanked(passage.text))
        found: set[int] = set()
        for matches, what, mend in self._rules(passage.role, text.text):
            for match in matches:
                self._say(text, match, (what, mend), passage, findings)
                found.update(range(*match.span()))
        for match in self._figures(passage.role, text.text):
            if found.isdisjoint(range(*match.span())):
                rule = ("is a number in figures", "write it as a word, or use a slot")
                self._say(text, match, rule, passage, findings)
        for match in foreign_words(passage.text):
            what = f"“{match[0]}” has a letter that only looks like one of ours"
            findings.add(passage.line_at(match.start()), what, "type the word again")
        for slot in faulty_slots(passage.text, self.ages):
            line = passage.line_at(passage.text.find(slot))
            findings.add(line, f"“{slot}” is not a slot", "mend its name or take out the braces")
        for slot in unsure_lines(passage.text, self.helplines):
            line, what = passage.line_at(passage.text.find(slot)), "the line is not verified"
            mend = "look it up for lessons/facts/helplines.yaml, or take the slot out"
            findings.add(line, f"{what}: “{slot}” has no number to give", mend)

    def _say(
        self,
        text: Folded,
        match: re.Match[str],
        rule: tuple[str, str],
        passage: Passage,
        findings: Findings,
    ) -> None:
        what, mend = rule
        written = text.as_written(*match.span())
        line = passage.line_at(text.offsets[match.start()])
        findings.add(line, f"“{written}” {what}", mend)

    def _rules(self, role: Role, text: str) -> Iterator[Rule]:
        yield from _typed(text)
        yield _brands(self._services()).finditer(text), "is a real brand", "invent a name"
        # Steam and Signal: a brand only where a capital does not begin a sentence.
        yield _everyday().finditer(text), "is a real brand", "invent a name"
        if role != "unknown":
            yield ages_in(text), "is a typed age", "use {age_rule:...} or leave it out"
            yield from _american(text)
        if role not in ("label", "notes"):
            yield from _listed(text, "banned", "is not said to a child")
        if role in _TOLD_TO_CHILDREN:
            yield blame_in(text), "blames the child", "say “not your fault”, or leave it out"
            what, mend = "keeps a secret", "no grown-up does: say who will be told"
            yield secrecy_in(text, speaks=role == "grown-up"), what, mend
        if role == "feedback":
            yield from _listed(text, "judging", "is a judgement")
        if role not in ("unknown", "notes") or (role == "unknown" and self.band == "5-7"):
            mend = "write the words out" if self.band != "5-7" else "write the words out at 5-7"
            yield _phrases("textspeak").finditer(text), "is text-speak", mend

    def _figures(self, role: Role, text: str) -> Matches:
        if role in ("unknown", "notes"):
            return ()
        found = figures_in(text, (*self.names, *puddlewick_names()))
        if self.band != "9-11":
            return found
        return (match for match in found if not _YEAR.fullmatch(match[0]))

    def _services(self) -> tuple[str, ...]:
        """The register's names without their brackets, less those that are everyday words."""
        return _named(tuple(rule.service for rule in (self.ages or {}).values()))


@cache
def _named(services: tuple[str, ...]) -> tuple[str, ...]:
    names = (service.partition(" (")[0] for service in services)
    return tuple(sorted({name for name in names if len(name) > 2}))


def _typed(text: str) -> Iterator[Rule]:
    number = "use {childline} or leave it out"
    yield _PHONES.finditer(text), "is typed as a number", number
    yield _ADDRESSES.finditer(text), "is a web address", "leave it out"
    yield _HTML.finditer(text), "is HTML or a link", "write plain words"
    yield _EMOJI.finditer(text), "is an emoji", "say it in words"


def _american(text: str) -> Iterator[Rule]:
    for match in _phrases("american").finditer(text):
        yield [match], "is American spelling", f"write “{_british(match[0].lower())}”"


def _british(american: str) -> str:
    """The British word, with the ending that the American one had."""
    for phrase, instead in pairs("american").items():
        stem = phrase.removesuffix("*")
        if american == stem or (phrase != stem and american.startswith(stem)):
            return instead + american.removeprefix(stem)
    return american


def _listed(text: str, name: str, what: str) -> Iterator[Rule]:
    for match in _phrases(name).finditer(text):
        found = match[0].lower()
        yield (
            [match],
            what,
            next(mend for phrase, mend in pairs(name).items() if _is(found, phrase)),
        )


def _is(found: str, phrase: str) -> bool:
    stem = phrase.removesuffix("*")
    return found == stem or (phrase != stem and found.startswith(stem))


@cache
def _everyday() -> re.Pattern[str]:
    return re.compile(rf"(?<=[a-z,;] )[\"'(]?(?:{'|'.join(map(re.escape, entries('everyday')))})\b")


@cache
def _phrases(name: str) -> re.Pattern[str]:
    """All phrases of a list at once; a star stands for any ending."""
    # The look round stands outside: a phrase is then tried where a word begins, and nowhere else.
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(_as_pattern, pairs(name)))})(?![\w-])", re.IGNORECASE
    )


def _as_pattern(phrase: str) -> str:
    return re.escape(phrase.removesuffix("*")) + (r"\w*" if phrase.endswith("*") else "")


@cache
def _brands(services: tuple[str, ...]) -> re.Pattern[str]:
    """Real names, in capitals or not, but for those that are everyday words."""
    everyday = set(entries("everyday"))
    names = sorted({*entries("brands"), *services} - everyday, key=len, reverse=True)
    plain = "|".join(re.escape(fold(name).text) for name in names)
    return re.compile(rf"(?<!\w)(?:{plain}){_ENDINGS}(?!\w)", re.IGNORECASE)
