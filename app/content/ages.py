"""Ages and figures that a writer typed: they belong in the dated registers, where they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_NUMBER: Final = (
    r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty-one|twenty)"
)
_ORDINAL: Final = (
    r"(?:\d+(?:st|nd|rd|th)|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth)"
)
_WHO: Final = r"(?:you|we|they|he|she|i|people|children|pupils|kids|everyone|anyone|a child)"
# A number that no thing follows: “ten flies” are no age.
_ALONE: Final = (
    r"(?=s?\s*(?:[.,;:!?)\"']|$|(?:years?|and|or|to|can|may|must|need|have|are|is|who|only|before"
    rf"|for|now|first|too|but|so|then|yet|when|if|until|because|with|not|{_WHO})\b))"
)
_ABOUT: Final = r"(?:(?:at least|only|just|nearly|almost|already|over|under|about|now)\s+)?"
_AGES: Final = re.compile(
    rf"\b{_NUMBER}[ -]years?[ -]olds?\b"
    rf"|\baged?\s+(?:(?:is|of|limit|rule|number)\s+)*{_NUMBER}\b"
    rf"|\b(?:under|over)[ -]{_NUMBER}{_ALONE}"
    rf"|\b(?:under|over)[ -]\d{{1,2}}s\b"
    rf"|\b(?:older|younger)\s+than\s+{_NUMBER}{_ALONE}"
    rf"|\b{_NUMBER}\s*(?:\+(?!\s*\d)|(?:or|and)\s+(?:over|older|under|younger|above|up)\b)"
    rf"|\b(?:must|have to|has to|need to|needs to|got to|ought to)\s+be\s+{_ABOUT}{_NUMBER}{_ALONE}"
    rf"|\b(?:until|till|once|when|if|unless|before|after)\s+{_WHO}"
    rf"(?:'re|'m|'s|\s+(?:are|am|is|were|was))\s+{_ABOUT}{_NUMBER}{_ALONE}"
    rf"|\b(?:you're|you are|he's|he is|she's|she is)\s+{_ABOUT}{_NUMBER}{_ALONE}"
    # “I'm nine”, in quotation marks, is what a player claims: that is no rule.
    rf"|(?<![\"“])\b(?:i'm|i am)\s+{_ABOUT}{_NUMBER}{_ALONE}"
    rf"|\b(?:turn|turns|turned|turning|pegi|rated)\s+{_NUMBER}{_ALONE}"
    # “At ten you can join.” A time of day is written with o'clock.
    rf"|\bat\s+{_NUMBER}{_ALONE}|\b(?:from|by)\s+{_NUMBER},?(?=\s+{_WHO}\b)"
    rf"|\b{_ORDINAL}\s+birthday\b",
    re.IGNORECASE,
)
_COUNTS: Final = re.compile(
    r"\d|th(?:ree|ir)|four|fi(?:ve|f)|six|seven|eigh|nin|ten|eleven|twe", re.IGNORECASE
)
"""What every one of those numbers holds: most texts hold none, and are done with at once."""
_DIGIT: Final = re.compile(r"\d")
_FIGURES: Final = re.compile(r"\w*\d\w*(?:[.,:/]\d+)*")


def ages_in(text: str) -> Iterator[re.Match[str]]:
    """Each age, in figures or in words, with as much around it as makes it one."""
    return _AGES.finditer(text) if _COUNTS.search(text) else iter(())


def figures_in(text: str, names: Iterable[str]) -> Iterator[re.Match[str]]:
    """Each number in figures, but for those in these screen names."""
    if not _DIGIT.search(text):
        return iter(())
    for name in names:
        if _DIGIT.search(name):
            text = text.replace(name, " " * len(name))
    return _FIGURES.finditer(text)
