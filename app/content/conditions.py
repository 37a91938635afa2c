"""The small language of `when`: facts, counts, not, and, or, brackets. It is parsed, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from typing import Final

Memory = Mapping[str, int]
"""What a run remembers: a fact is 0 or 1, a count a whole number."""

LONGEST: Final = 160
DEEPEST: Final = 8
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    "==": eq,
    ">=": ge,
    "<=": le,
    "<": lt,
    ">": gt,
}
_TOKEN: Final = re.compile(r"\s*(?:([a-z][a-z0-9_]*)|(\d{1,4})|(==|>=|<=|<|>|\(|\)))")
_WORDS: Final = frozenset({"and", "or", "not"})


class ConditionFault(Exception):
    """A condition that cannot be read; what is wrong with it, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


@dataclass(frozen=True, slots=True)
class Remembers:
    """A fact is so, or a count compares so: `sign` is empty for a fact."""

    name: str
    sign: str = ""
    number: int = 0

    def holds(self, memory: Memory) -> bool:
        value = memory.get(self.name, 0)
        return _COMPARE[self.sign](value, self.number) if self.sign else value > 0

    def asks(self) -> Iterator[Remembers]:
        yield self


@dataclass(frozen=True, slots=True)
class Not:
    part: Test

    def holds(self, memory: Memory) -> bool:
        return not self.part.holds(memory)

    def asks(self) -> Iterator[Remembers]:
        yield from self.part.asks()


@dataclass(frozen=True, slots=True)
class Joined:
    """All of the parts for `and`, any of them for `or`."""

    word: str
    parts: tuple[Test, ...]

    def holds(self, memory: Memory) -> bool:
        join = all if self.word == "and" else any
        return join(part.holds(memory) for part in self.parts)

    def asks(self) -> Iterator[Remembers]:
        for part in self.parts:
            yield from part.asks()


Test = Remembers | Not | Joined


def parse(text: str) -> Test:
    """The test that a condition spells; ConditionFault if it spells none."""
    if len(text) > LONGEST:
        raise ConditionFault("the condition is very long", "say it shorter, with fewer facts")
    parser = _Parser(_tokens(text))
    test = parser.any_of(0)
    if parser.ahead is not None:
        raise ConditionFault(f"“{parser.ahead}” is left over", "join conditions by and, or")
    return test


def _tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].split()[0]
            mend = "use names of `memory`, not, and, or, brackets, and == >= <= < > with a number"
            raise ConditionFault(f"“{rest}” is no part of a condition", mend)
        found.append(match[0].strip())
        at = match.end()
    return found


@dataclass(slots=True)
class _Parser:
    """One token ahead, from the loosest word to the tightest: or, and, not."""

    tokens: list[str]
    at: int = 0

    @property
    def ahead(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *wanted: str) -> bool:
        if self.ahead in wanted:
            self.at += 1
            return True
        return False

    def any_of(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise ConditionFault("the brackets go too deep", "say it with fewer brackets")
        return self._joined("or", lambda: self._joined("and", lambda: self._one(depth)))

    def _joined(self, word: str, part: Callable[[], Test]) -> Test:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _one(self, depth: int) -> Test:
        if self.take("not"):
            if depth > DEEPEST:
                raise ConditionFault("there are too many nots", "say it with fewer")
            return Not(self._one(depth + 1))
        if self.take("("):
            inside = self.any_of(depth + 1)
            if not self.take(")"):
                raise ConditionFault("a bracket is not closed", "add `)`")
            return inside
        return self._remembers()

    def _remembers(self) -> Remembers:
        name = self.ahead
        if name is None or not name[0].isalpha() or name in _WORDS:
            said = f"before “{name}”" if name else "at the end"
            raise ConditionFault(f"a name is missing {said}", "write a name of `memory`")
        self.at += 1
        sign = self.ahead
        if not self.take(*_COMPARE):
            return Remembers(name)
        number = self.ahead
        if number is None or not number.isdigit():
            raise ConditionFault(f"a number is missing after “{sign}”", "write a whole number")
        self.at += 1
        return Remembers(name, str(sign), int(number))


def in_words(memory: Memory) -> str:
    """What is remembered as it is kept with a move; empty where that is nothing."""
    known = {name: value for name, value in memory.items() if value}
    return json.dumps(known, separators=(",", ":")) if known else ""


def from_words(words: str) -> Memory:
    """What was kept with a move."""
    return dict(json.loads(words)) if words else {}
