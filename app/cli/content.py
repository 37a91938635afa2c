"""`python -m app content …`: for those who write lessons and stories."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from app.base.errors import CannotStart
from app.cli.words import count
from app.content.beginnings import CannotBegin, Wanted, begin
from app.content.check import check
from app.content.problems import Findings, Problem
from app.content.registers import read_registers
from app.content.source import read_text
from app.content.story_map import OPENS, map_of

AN_ID = re.compile(r"^id:[ ]*[\"']?([\w-]+)", re.MULTILINE)

DRAFT = re.compile(r"^draft:[ ]*true\b", re.MULTILINE)

FOR_ALL = 0o644
"""Unlike data, content and maps hold nothing that is not for everybody on the machine."""


def check_content(root: Path) -> int:
    """Print every problem of the content; 1 if there is any."""
    problems = check(root)
    if problems:
        return _say(problems)
    texts = (path.read_text("utf-8", "replace") for path in content_files(root))
    drafts = sum(DRAFT.search(text) is not None for text in texts)
    print(f"{count(len(list(content_files(root))), 'file')}, nothing to mend.")
    if drafts:
        ready = "take out the line `draft: true` when it is ready"
        print(f"Pupils do not see {count(drafts, 'draft')}: {ready}.")
    return 0


def _say(problems: Iterable[Problem]) -> int:
    """Print problems, and how many there are; 1 if there is any."""
    said = [str(problem) for problem in problems]
    if said:
        print(*said, sep="\n")
        print(count(len(said), "problem") + ".")
    return 1 if said else 0


def content_files(root: Path) -> Iterator[Path]:
    """The files of lessons, quizzes and registers."""
    yield from root.glob("lessons/*-*/*.md")
    yield from root.glob("quizzes/*/*.yaml")
    yield from root.glob("lessons/facts/*.yaml")


def draw_map(root: Path, story: str, to: str | None) -> int:
    """Write the map of a story, and print where; 1 if something in it is to be mended."""
    path = _story_file(root, story)
    findings = Findings(_label(root, path))
    text = read_text(path, findings)
    if text is None:
        return _say(findings.problems)
    drawn = map_of(text, path, findings.file, read_registers(root))
    problems = sorted({*findings.problems, *drawn.problems})
    if drawn.html is not None:
        print(f"The map is in {_write_map(drawn.html, drawn.id, to)}")
    return _say(problems)


def _story_file(root: Path, story: str) -> Path:
    path = Path(story)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path
    if path.is_file():
        raise CannotStart(f"{story} is no story: a map is drawn of a file in quizzes/.")
    known: dict[str, Path] = {}
    for file in sorted(root.glob("quizzes/*/*.yaml")):
        found = AN_ID.search(file.read_text("utf-8", "replace"))
        known.setdefault(found[1] if found else file.stem, file)
    if story in known:
        return known[story]
    near = get_close_matches(story, known, 1)
    hint = f"Did you mean {near[0]}?" if near else "Give the id in its head, or its file."
    raise CannotStart(f"There is no story {story}. {hint}")


def _label(root: Path, path: Path) -> str:
    """The file as a problem names it: within the content, if it lies there."""
    whole = path.resolve()
    inside = whole.is_relative_to(root.resolve())
    return whole.relative_to(root.resolve()).as_posix() if inside else path.as_posix()


def _write_map(html: str, story_id: str, to: str | None) -> Path:
    name = re.sub(r"[^\w-]", "-", story_id) + ".html"
    path = Path(to) if to else Path(name)
    if path.is_dir():
        path /= name
    try:
        if path.exists() and not path.read_bytes().startswith(OPENS.encode()):
            raise CannotStart(f"{path} is there and is no map: name another file with --to.")
        path.write_text(html, "utf-8")
        path.chmod(FOR_ALL)
    except OSError as problem:
        raise CannotStart(f"{path} cannot be written: {problem.strerror}.") from problem
    return path.absolute()


def new_piece(root: Path, asked: argparse.Namespace) -> int:
    """Write a first draft into the right folder, and print what to do next."""
    wanted = Wanted(
        asked.what, asked.band, asked.letter, asked.title, asked.skin or "", asked.story or ""
    )
    try:
        made = begin(root, wanted, read_registers(root))
    except CannotBegin as problem:
        raise CannotStart(str(problem)) from None
    path = root / made.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(made.text)
        path.chmod(FOR_ALL)
    except OSError as problem:
        raise CannotStart(f"{path} cannot be written: {problem.strerror}.") from problem
    print(f"The new {asked.what} is {made.path}, and its id is {made.id}.")
    print(*_next_steps(asked.what, made.id), sep="\n")
    if made.problems:
        print("The check has this to say of it so far:")
        _say(made.problems)
    return 0


def _next_steps(what: str, piece_id: str) -> Iterator[str]:
    python, here = Path(sys.executable), Path.cwd()
    app = f"{python.relative_to(here) if python.is_relative_to(here) else python.name} -m app"
    yield "Next: put your own words in it (lessons/README.md says how), and look at it with"
    yield f"    {app} content preview"
    yield f"    {app} content check"
    if what == "story":
        yield f"    {app} content map {piece_id}"
