"""Figures of the library: states, time to check, memory, and how much stays within the aims.

python -m tests.load.figures
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.config import ROOT
from app.content.catalogue import Catalogue, read_catalogue
from app.content.reading import GATES, sentences_in
from app.content.story_values import Moment, Story
from app.content.values import BANDS, Band

AIMS = {"5-7": (8, 25), "7-9": (12, 60), "9-11": (15, 70)}
"""What each band aims at: words of a sentence, words of a screen. The gates lie higher."""
COPIES = 20


def moments_of(story: Story) -> list[Moment]:
    """Each moment that a player can come to."""
    waiting = [story.scenes[story.start].seen_with(story.at_first)]
    found: dict[tuple[str, tuple[tuple[str, int], ...]], Moment] = {}
    while waiting:
        here = waiting.pop()
        state = (here.id, tuple(sorted(here.memory.items())))
        if state not in found:
            found[state] = here
            waiting += [
                story.scenes[move.to].seen_with(move.after(here.memory)) for move in here.moves
            ]
    return list(found.values())


def lengths(texts: Iterator[str]) -> list[int]:
    """The words of each sentence."""
    return [len(one.words) for text in dict.fromkeys(texts) for one in sentences_in(text)]


def said_in(story: Story) -> Iterator[str]:
    """What pupils read in a story, but for what unknown players write."""
    for scene in story.scenes.values():
        yield from (line.words for line in scene.tell)
        yield from (line.words for line in scene.show if line.is_ != "unknown")
        for move in scene.moves:
            yield move.label
            yield from (line.words for line in move.reply if line.is_ != "unknown")
            said = move.feedback
            yield from (x for x in (said.think, said.why, said.do, said.did, said.fact) if x)


def within(numbers: list[int], most: int) -> str:
    """The share that is not above."""
    return f"{sum(one <= most for one in numbers) / len(numbers):.1%} of {len(numbers)}"


def reading(known: Catalogue, band: Band) -> None:
    """How a band's stories read, beside the aim and the gate."""
    stories = known.quizzes_for(band)
    words, screen = AIMS[band]
    sentences = [n for story in stories for n in lengths(said_in(story))]
    screens = [
        sum(lengths(iter((*here.tell, *(line.words for line in here.show)))))
        for story in stories
        for here in moments_of(story)
    ]
    gate = GATES[band]
    print(
        f"{band}: sentences within {words} words (gate {gate.longest}): {within(sentences, words)};"
        f" screens within {screen} (gate {gate.screen}): {within(screens, screen)}"
    )


def copied(folder: Path) -> Path:
    """The library twenty times over, each copy with ids of its own."""
    shutil.copytree(ROOT / "lessons" / "facts", folder / "lessons" / "facts")
    for source in (*ROOT.glob("lessons/*-*/*.md"), *ROOT.glob("quizzes/*-*/*.yaml")):
        home = folder / source.relative_to(ROOT).parent
        home.mkdir(parents=True, exist_ok=True)
        lines = source.read_text("utf-8").split("\n")
        for n in range(COPIES):
            text = "\n".join(
                f"{line}-{n}" if line.startswith(("id: ", "story: ")) else line for line in lines
            )
            (home / f"{source.stem}-{n}{source.suffix}").write_text(text, "utf-8")
    return folder


def cost(root: Path, what: str) -> None:
    """Time to check a library, and the memory it then takes."""
    before, began = _resident(), time.perf_counter()
    known = read_catalogue(root)
    took, size = time.perf_counter() - began, _resident() - before
    pieces = len(known.lessons) + len(known.quizzes)
    print(f"{what}: {pieces} pieces, {took:.2f} s, {size / 1e6:.1f} MB more")


def _resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """All of them."""
    known = read_catalogue(ROOT)
    states = {story.id: len(moments_of(story)) for story in known.quizzes.values()}
    print(
        "states:", ", ".join(f"{name} {n}" for name, n in states.items()), "=", sum(states.values())
    )
    for band in BANDS:
        reading(known, band)
    cost(ROOT, "the library")
    with tempfile.TemporaryDirectory() as folder:
        cost(copied(Path(folder)), f"the library {COPIES} times")


if __name__ == "__main__":
    main()
