"""The strings of naughty.yaml, and whether one that somebody typed is still there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from app.people.rules import tidy

FILE = Path(__file__).with_name("naughty.yaml")


@dataclass(frozen=True)
class Naughty:
    """A string, and the kind it is of."""

    kind: str
    text: str

    @property
    def seen(self) -> str:
        """What the server makes of its bytes: those that are no UTF-8 stay as they were sent."""
        return re.sub("[\udc80-\udcff]", lambda m: f"%{ord(m[0]) - 0xDC00:02X}", self.text)

    @property
    def runs(self) -> bool:
        """Whether a browser would do something with it, were it not escaped."""
        return re.search(r"<[a-z!/?]", self.text) is not None


@cache
def corpus() -> tuple[Naughty, ...]:
    """Every string there is."""
    kinds = YAML(typ="safe", pure=True).load(FILE)
    found = []
    for kind, strings in kinds.items():
        for one in strings:
            text = one["says"] * one["times"] if isinstance(one, dict) else one
            found.append(Naughty(kind, text))
    return tuple(found)


def bare(text: str) -> str:
    """A text as it is told from another: NFC, tidied, whatever the case.

    Signs that no page may hold stand there as U+FFFD, and in a name not at all.
    """
    plain = unicodedata.normalize("NFC", text).replace("\N{REPLACEMENT CHARACTER}", "")
    return unicodedata.normalize("NFC", tidy(plain)).casefold()


ENOUGH = 9_000
"""Letters of a very long text that a child is sure to keep; the page says that it was cut."""


def stands_in(text: str, page: str) -> bool:
    """Whether what was typed can be read again.

    A name may have its parts the other way round; a code typed into one box stands in two.
    """
    known, wanted = bare(page), bare(text)
    if len(wanted) > ENOUGH:
        wanted = wanted[:ENOUGH].strip()
    return wanted in known or all(bare(part) in known for part in re.split("[, ]", text))
