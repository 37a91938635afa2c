"""Every text that was ever served, kept as a file: an open run is played on in its own text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.content.catalogue import Catalogue, registers_of
from app.content.lessons import read_lesson
from app.content.problems import Findings
from app.content.source import edition_of, read_text
from app.content.stories import read_story
from app.content.story_values import Story
from app.content.values import Lesson

FOLDER: Final = "editions"
_READERS: Final = {".md": read_lesson, ".yaml": read_story}
MOST_OPEN: Final = 64
"""As many old texts as one process keeps read."""


class Editions:
    """The texts in a folder, named by the piece and by what is in them."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self._registers = registers_of(catalogue)
        self.read = lru_cache(MOST_OPEN)(self._read)

    def keep(self, root: Path, catalogue: Catalogue) -> None:
        """Keep each text of a catalogue that was read from `root`; OSError if it cannot be."""
        self.folder.mkdir(exist_ok=True)
        pieces: list[Lesson | Story] = [*catalogue.lessons.values(), *catalogue.quizzes.values()]
        for piece in pieces:
            source = root / piece.path
            kept = self.folder / f"{piece.id}.{piece.edition}{source.suffix}"
            if _text_of(kept, piece.edition) is not None:
                continue
            text = _text_of(source, piece.edition)
            if text is not None:
                half = kept.with_suffix(".half")
                half.write_text(text, encoding="utf-8", newline="\n")
                os.replace(half, kept)

    def _read(self, piece_id: str, edition: str) -> Lesson | Story | None:
        """A piece as it was; None where its text is lost or fits the registers no more."""
        for path in self._files(piece_id, edition):
            text = _text_of(path, edition)
            if text is not None:
                reader = _READERS[path.suffix]
                return reader(text, path.name, self._registers, Findings(path.name))
        return None

    def _files(self, piece_id: str, edition: str) -> Iterator[Path]:
        yield from (self.folder / f"{piece_id}.{edition}{ending}" for ending in _READERS)


def _text_of(path: Path, edition: str) -> str | None:
    """The file's text, if it is there and is this edition to the letter."""
    if not path.exists():
        return None
    text = read_text(path, Findings(path.name))
    return text if text is not None and edition_of(text) == edition else None
