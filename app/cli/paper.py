"""The words of the recovery key, as a person types them or a file brings them."""

from __future__ import annotations

import sys

from app.base.errors import CannotStart
from app.base.recovered import Paper
from app.base.recovery import COUNT, NotThePaper, the_word, typed_words


def words_typed(newest: Paper) -> str:
    """The words: asked for one by one at a terminal, else all that stdin brings."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    print(
        f"Type the {COUNT} words of {newest}, one after another or all at once. The first three"
        " letters of each are enough. They show as you type: look who stands behind you."
    )
    found: list[str] = []
    while len(found) < COUNT:
        for typed in typed_words(_line(len(found) + 1)):
            try:
                found.append(the_word(typed))
            except NotThePaper as problem:
                print(f"Word {len(found) + 1}, {problem} Go on from there.")
                break
    return " ".join(found)


def _line(number: int) -> str:
    try:
        return input(f"Word {number}: ")
    except (EOFError, KeyboardInterrupt):
        print()
        raise CannotStart("No words, so no keys. Nothing was put back.") from None


def as_files(keys: dict[str, bytes]) -> dict[str, bytes]:
    """Keys as the files of a keys folder: content by name."""
    return {f"{name}.key": key.hex().encode() + b"\n" for name, key in keys.items()}
