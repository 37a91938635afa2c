"""Every problem of the content at once, for `python -m app content check`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.content.catalogue import FILES, Memo, Shelf, read_and_check
from app.content.problems import Problem
from app.content.registers import Registers, read_registers
from app.content.story_values import Story
from app.content.values import Band, Lesson

MANY: Final = 80
"""Files from which on it pays to start a process for each core."""


def check(root: Path, *, many: int = MANY) -> list[Problem]:
    """The problems under `root` in the order of files and lines; empty if all is well."""
    memo, cores = Memo(), os.cpu_count() or 1
    if cores == 1 or sum(1 for folder in FILES for _ in _files(root, folder)) < many:
        return list(read_and_check(root, memo)[1])
    with ProcessPoolExecutor(cores, initializer=_prepare, initargs=(root,)) as pool:
        return list(read_and_check(root, memo, _Ahead(root, memo, pool))[1])


def _files(root: Path, folder: str) -> Iterator[Path]:
    return root.glob(f"{folder}/*-*/*{FILES[folder][0]}")


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is asked of a piece while others are checked."""

    id: str
    band: Band
    path: str
    draft: bool
    story: str
    """Which one a lesson plays."""


_Read = tuple[str, tuple[str, _Known | None, dict[Problem, None]] | None]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Reads the files of a folder in all processes, before they are asked for in order."""

    root: Path
    memo: Memo
    pool: ProcessPoolExecutor

    def __call__(self, folder: str, registers: Registers) -> None:
        asked = [(folder, path, registers.quizzes) for path in sorted(_files(self.root, folder))]
        for label, found in self.pool.map(_read, asked, chunksize=4):
            if found is not None:
                text, piece, problems = found
                self.memo.pieces[label] = (text, registers, piece, problems)


_here: list[Shelf] = []
"""In a process of the pool, the shelf that it reads with."""


def _prepare(root: Path) -> None:
    _here.append(Shelf(root, read_registers(root), [], Memo()))


def _read(asked: tuple[str, Path, dict[str, Band] | None]) -> _Read:
    (folder, path, bands), shelf = asked, _here[0]
    shelf.registers = replace(shelf.registers, quizzes=bands)
    label = f"{folder}/{path.parent.name}/{path.name}"
    shelf.piece(path, label, FILES[folder][1])
    known = shelf.memo.pieces.pop(label, None)
    if known is None:
        return label, None
    text, _, piece, problems = known
    return label, (text, piece and _known(piece), problems)


def _known(piece: Lesson | Story) -> _Known:
    story = piece.story if isinstance(piece, Lesson) else ""
    return _Known(piece.id, piece.band, piece.path, piece.draft, story)
