"""How children of four to eight spell a name: one slip of the hand, or one way to hear it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
VOWELS: Final = "aeiouy"
HEARD: Final = tuple(
    (re.compile(found), written)
    for found, written in (
        ("ph", "f"), ("f", "ph"), ("ck", "k"), ("ck", "c"), ("k", "c"), ("k", "ck"),
        ("c(?![ehiyk])", "k"), ("c(?=[eiy])", "s"), ("s(?=[ei])", "c"), ("s$", "z"), ("z", "s"),
        ("ie", "ei"), ("ei", "ie"), ("ie", "ee"), ("ea", "ee"), ("ee", "ea"), ("ai", "ay"),
        ("ay", "ai"), ("y$", "ie"), ("y$", "ey"), ("i$", "y"), ("i$", "ee"), ("e$", ""),
        ("(?<=[^aeiouy])$", "e"), ("er", "ur"), ("er$", "a"), ("or", "our"), ("or$", "er"),
        ("on$", "en"), ("an$", "en"), ("gh", ""), ("wh", "w"), ("^kn", "n"), ("^wr", "r"),
        ("th", "f"), ("(?<=[bdgk])h", ""), ("cz", "ch"), ("sz", "sh"), ("w(?=sk)", "v"),
        ("qu", "kw"), ("x", "ks"), ("j", "g"), ("ou", "ow"), ("oo", "u"), ("u", "oo"), ("ew", "u"),
        ("q", "k"), ("dd", "d"), ("mc", "mac"), ("mac", "mc"), ("sch", "sh"), ("au", "or"),
    )
)  # fmt: skip
"""What sounds alike to a child, and how it is written for it."""


def surnames() -> list[str]:
    """The surnames of the list, as their bearers write them."""
    return " ".join(_lines("surnames")).split()


def sentences() -> list[str]:
    """What children tell, in words of their own."""
    return _lines("said")


def _lines(name: str) -> list[str]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(name: str) -> str:
    """A name in small letters without marks."""
    parts = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in parts if sign.isalpha())


def misspelled(name: str) -> set[str]:
    """A name as it may be written, in small letters; never as it is."""
    return {*_slips(name), *_heard(name)} - {name}


def _slips(name: str) -> Iterator[str]:
    for at in range(1, len(name)):
        before, letter, after = name[:at], name[at], name[at + 1 :]
        yield before + after  # Dropped.
        yield before + letter * 2 + after  # Doubled.
        if at + 1 < len(name):
            yield before + after[0] + letter + after[1:]  # Changed over.


def _heard(name: str) -> Iterator[str]:
    for found, written in HEARD:
        for one in found.finditer(name):
            yield name[: one.start()] + written + name[one.end() :]
