"""How many syllables a word has: the checked list first, then a rule."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pyphen import Pyphen

from app.content.wordlists import syllable_list

_GROUPS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?<=[^aeiouy])e$|(?<=[^aeiouy])e(?=s$)|(?<=[^aeiouytd])e(?=d$)")
_SPOKEN_ES: Final = re.compile(r"([sxzcg]|ch|sh)es$")
_SPOKEN_LE: Final = re.compile(r"[^aeiouylrw]le[sd]?$")
_SPLIT_VOWELS: Final = re.compile(
    r"[aeouy](?=ing)|i(?=[ao](?!us))(?<![tscg]i)|(?<=[aeou])ier|u(?=et)"
)


@cache
def syllables(word: str) -> int:
    """The syllables of one word, at least 1; joined words are counted part by part."""
    plain = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    listed = syllable_list().get(plain)
    if listed is not None:
        return listed
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-") if part) or 1
    stem = plain.removesuffix("s")
    if stem in syllable_list() and not _SPOKEN_ES.search(plain):
        return syllable_list()[stem]
    parts = _hyphenated(plain) if len(plain) > 4 else (plain,)
    return max(1, sum(_spoken(part) for part in parts))


def _spoken(part: str) -> int:
    """The vowel groups that are heard in a word, or in a part of one such as some-where."""
    groups = len(_GROUPS.findall(part))
    silent = bool(_SILENT.search(part))
    if _SPOKEN_ES.search(part) or _SPOKEN_LE.search(part):
        silent = False
    return max(1, groups - silent) + len(_SPLIT_VOWELS.findall(part))


def _hyphenated(word: str) -> tuple[str, ...]:
    return tuple(_dictionary().inserted(word, "-").split("-"))


@cache
def _dictionary() -> Pyphen:
    """Loaded on the first word that no list holds: it takes some 40 ms."""
    return Pyphen(lang="en_GB")
