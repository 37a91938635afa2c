"""Finding a service as families write it: any case, accents, gaps, other names, near misses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from app.content.age_rules import AgeRule
from app.content.folding import fold

_PARTS: Final = re.compile(r"[a-z0-9]+")
_NEAR: Final = 0.75
"""How alike a word and a name are before one is taken for the other: “tick tock”, “mincraft”."""
_LONG_ENOUGH: Final = 4
"""Shorter words are alike by chance: Kik is not Kick."""


def find(rules: Iterable[AgeRule], asked: str) -> list[AgeRule]:
    """The services that somebody may mean, the likeliest first; all of them for an empty search."""
    typed = _plain(asked)
    if not typed:
        return [] if asked.strip() else list(rules)
    ranked = [(rank, rule) for rule in rules if (rank := _rank(rule, typed)) is not None]
    ranked.sort(key=lambda one: one[0])
    # Whoever writes a name as it is written means that one, and nothing that is merely alike.
    return [rule for rank, rule in ranked if rank < 3 or ranked[0][0] >= 3]


def _rank(rule: AgeRule, typed: str) -> float | None:
    """How far what was typed is from a service; None if it is another word."""
    names = [rule.service, *rule.aliases]
    whole = {_plain(name) for name in names}
    if typed in whole or typed in {_plain(name.partition("(")[0]) for name in names}:
        return 0
    begins = whole | {part for name in names for part in _parts(name)}
    if len(typed) > 1 and any(one.startswith(typed) for one in begins):
        return 1
    if any(_holds(typed, one) or _holds(one, typed) for one in whole):
        return 2
    near = max((_alike(typed, one) for one in begins), default=0)
    return 3 + (1 - near) if near >= _NEAR else None


def _holds(short: str, long: str) -> bool:
    return len(short) >= _LONG_ENOUGH and short in long


def _alike(typed: str, name: str) -> float:
    if min(len(typed), len(name)) < _LONG_ENOUGH:
        return 0
    return SequenceMatcher(None, typed, name, autojunk=False).ratio()


def _parts(text: str) -> list[str]:
    return _PARTS.findall(fold(text).text.lower())


def _plain(text: str) -> str:
    return "".join(_parts(text))
