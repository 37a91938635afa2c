"""Words of every day: which surnames are such words, and which words a child may have meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from app.safeguarding.sounds import is_near


def words_of(text: str) -> frozenset[str]:
    """The words of a list, each once."""
    return frozenset(text.split())


SURNAMES: Final = words_of("""
    able apple ball banks barber baker bath bean bell berry best bird bishop black blue bond
    bowl bread bridge bright brook brooks brown bull burns bush butcher butler butter
    carpenter carter case cash castle cave chance chapel cherry church clay cook cooper
    cousins cross dale day dean diamond drum duke dust early east english farmer field
    fields finch fish fisher flint flower flowers ford forest fox frank freeman french frost
    gardener gates giles glass gold golden good gray green grey grove guest hall ham hand
    hands hardy hare hart hawk hay head heath hill hills hood hook hope horn house hunt
    hunter irons jewel job jolly joy judge just kettle key kind king kite knight lamb lake
    lane large law leach lemon light little lock long love low lucky man mark marks marsh
    marshall mason may mead miles mill miller mills mint money moon moore moor nash new
    noble north nose nut oak orange page pain paint palmer park parker parks parrot penny
    pepper pie pike pitt plant plum pond pool poor pope potter potts power price pride
    prince quick rain read reed rice rich ring river rivers robin rock rose rush sage salt
    sand seal sharp shaw shepherd ship short silver singer skinner slack small smart smith
    snow south spark spear speed spring stack star steel stone storm street strong sugar
    summer summers swan sweet swift tanner taylor temple tiger towers town train tree turner
    vale wade waite walker wall walls ward waters way weaver webb week welch well wells west
    wheeler white wild wilde will wills winter wise wolf wood woods words worth wren wright
    young yard
    """)
"""Surnames that are words of every day: these need a title or a capital letter."""
LISTED: Final = Path(__file__).with_suffix(".txt")
"""Words that children read and write, without most of their endings."""
TINY: Final = words_of(
    "ah am an as at be by do eh er go ha he hi if im in is it me mr ms my no of oh ok on or so to"
    " tv uh um up ur us we ye yo"
)
ENDINGS: Final = ("s", "es", "ed", "er", "en", "ing", "ly", "est")
STEM: Final = 3


@cache
def listed() -> frozenset[str]:
    """Every word of the list."""
    return words_of(LISTED.read_text(encoding="utf-8")) | TINY | SURNAMES


@lru_cache(4096)
def is_word(word: str) -> bool:
    """Whether this is a word of every day, with or without an ending."""
    return word in listed() or any(stem in listed() for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= STEM:
            yield stem
            yield stem + "e"
            if ending != "es" and stem[-1] == stem[-2]:
                yield stem[:-1]  # "stopped", "hitting".


@lru_cache(256)
def is_nearly_a_word(word: str) -> bool:
    """Whether a word of every day is one slip away: "becuase"."""
    return any(is_near(word, one, 1) for one in listed())
