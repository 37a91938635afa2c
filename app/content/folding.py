"""Text as an eye reads it: letters that only look different are the same, hidden ones are gone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OURS: Final = 0x250
"""Below lie the letters of English and its neighbours; beyond, those that only look like them."""
_ALSO_OURS: Final = range(0x1E00, 0x1F00)
_WORD: Final = re.compile(r"\w+")
_PLAIN: Final = dict(zip("‘’ʼ“”‐‑łŁøØđŧħı", "'''\"\"--lLoOdthi", strict=True))
"""What Unicode itself does not take apart."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text, and for each of its characters the offset of the one it came from."""

    text: str
    offsets: tuple[int, ...]
    written: str

    def as_written(self, start: int, end: int) -> str:
        """What stands in the writer's text where a match was found in the folded one."""
        return self.written[self.offsets[start] : self.offsets[end - 1] + 1]


def fold(text: str) -> Folded:
    """Full-width, bold or accented letters become plain ones; combining marks fall away."""
    if text.isascii():
        return Folded(text, tuple(range(len(text))), text)
    plain, offsets = [], []
    for offset, character in enumerate(text):
        for part in _PLAIN.get(character) or unicodedata.normalize("NFKD", character):
            if unicodedata.category(part) not in ("Mn", "Me", "Cf"):
                plain.append(part)
                offsets.append(offset)
    return Folded("".join(plain), tuple(offsets), text)


def foreign_words(text: str) -> Iterator[re.Match[str]]:
    """The words with a letter of another script: a Cyrillic o looks like ours and is not."""
    for match in () if text.isascii() else _WORD.finditer(text):
        if any(character.isalpha() and not _is_ours(ord(character)) for character in match[0]):
            yield match


def _is_ours(code: int) -> bool:
    return code < _OURS or code in _ALSO_OURS
