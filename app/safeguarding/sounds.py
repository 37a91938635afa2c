"""How near two written words are, as children hear and type them: letters, and sounds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

RULES: Final = tuple(
    (re.compile(found), written)
    for found, written in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^wh", "w"),
        (r"^(?:x|ps)", "s"),
        (r"mb$", "m"),
        (r"ew", "u"),
        (r"(?:tch|ch)", "C"),
        (r"(?:sch|sh)", "S"),
        (r"(?:ck|q|cc)", "k"),
        (r"(?:ph|th|v)", "f"),
        (r"^gh", "g"),
        (r"gh", ""),
        (r"dg(?=[eiy])|g(?=[eiy])", "j"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"(?<=[aeiouy])(?:re|r)$", ""),
        (r"(?<=.)h", ""),
        (r"(?<=[aeiou])w", ""),
        (r"([^aeiouy])\1+", r"\1"),
    )
)
"""English spelling made plain, in this order; "th" sounds like "f" to many young children."""
VOWELS: Final = "aeiouy"
CLEAR: Final = 3
"""With so many consonants alike, the vowels between them may be any."""


@lru_cache(4096)
def sound(word: str) -> tuple[str, str]:
    """A word's consonants as they sound, and its first vowel."""
    silent = len(word) > 2 and word[-1] == "e" and word[-2] not in VOWELS
    plain = word[:-1] if silent else word
    for found, written in RULES:
        plain = found.sub(written, plain)
    first = "*" if plain[:1] in VOWELS else ""
    bones = "".join(letter for letter in plain[:1] + plain[1:] if letter not in VOWELS)
    return first + bones, _first_vowel(plain)


def _first_vowel(plain: str) -> str:
    """What the first vowel sounds like: "Li", "Lee" and "Lea" have the same."""
    group = re.search(f"[{VOWELS}]+", plain)
    if group is None:
        return ""
    letters, ends = group[0], group.end() == len(plain)
    if letters in {"i", "y", "ie"} and ends:
        return "e"
    return letters[0]


def sound_alike(one: str, other: str) -> bool:
    """Whether a child could write the one for the other."""
    (bones, vowel), (others, another) = sound(one), sound(other)
    return bones == others and (len(bones) >= CLEAR or vowel == another)


def swapped(word: str) -> set[str]:
    """The word with two neighbours changed over, at each place."""
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}


def exchanged(one: str, other: str) -> bool:
    """Whether two letters, also far apart, stand in each other's places: "ofakor"."""
    differ = [at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    return len(differ) == 2 and sorted(one) == sorted(other)


def is_near(one: str, other: str, most: int) -> bool:
    """Whether so many letters at most were left out, put in, mistaken or swapped."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for there, its in enumerate(other, 1):
            steps = min(before[there] + 1, row[-1] + 1, before[there - 1] + (letter != its))
            swapped = at > 1 and there > 1 and one[at - 2] == its and letter == other[there - 2]
            row.append(min(steps, last[there - 2] + 1) if swapped else steps)
    return row[-1] <= most
