"""The first draft of a lesson or story: it passes the check, and shows what goes where."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.content.ids import FRIENDS
from app.content.lessons import read_lesson
from app.content.problems import Findings, Problem
from app.content.reading import GATES
from app.content.registers import Registers
from app.content.skins import APPS, LACKS
from app.content.stories import read_story
from app.content.values import BANDS, Band, Letter, Misconception, Objective, Verb

What = Literal["lesson", "story"]
ENDINGS: Final[Mapping[What, tuple[str, str]]] = {
    "lesson": ("lessons", ".md"),
    "story": ("quizzes", ".yaml"),
}
_BLANKS: Final = Path(__file__).parent / "blank"
_STOPS: Final[tuple[Verb, ...]] = ("block", "leave", "mute", "refuse", "report", "proof")
"""Safe moves for the draft; the first two that the app has a button for."""
_FEW: Final = 2
_LETTERS: Final[Mapping[str, Letter]] = {
    "safe": "S",
    "meet": "M",
    "accept": "A",
    "real": "R",
    "tell": "T",
}
_HEAD: Final = re.compile(r"^(id|band|letter|story):[ ]*[\"']?([\w-]+)", re.MULTILINE)
_TITLE: Final = 60


class CannotBegin(Exception):
    """Why there is nothing to begin with, in one sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the author asked for; a lesson may name its story, a story its skin."""

    what: What
    band: Band
    letter: Letter
    title: str
    skin: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The file as it is to be written, and what the check still says: of the title, say."""

    path: str
    id: str
    text: str
    problems: tuple[Problem, ...]


def begin(root: Path, wanted: Wanted, registers: Registers) -> Beginning:
    """The draft for a new file under `root`; CannotBegin where something stands in its way."""
    heads = {what: list(_heads(root, what)) for what in ENDINGS}
    title = " ".join(wanted.title.split())
    slug = _slug(title)
    piece_id = f"{wanted.letter.lower()}-{wanted.band.replace('-', '')}-{slug}"
    folder, ending = ENDINGS[wanted.what]
    path = f"{folder}/{wanted.band}/{slug}{ending}"
    if (root / path).exists():
        raise CannotBegin(f"There is a file {path} already: choose another title.")
    if any(head.get("id") == piece_id for known in heads.values() for head in known):
        raise CannotBegin(f"The id {piece_id} is in use already: choose another title.")
    shared = _from_registers(wanted, registers)
    own = _for_story(wanted) if wanted.what == "story" else _for_lesson(wanted, registers, heads)
    values = {"id": piece_id, "title": json.dumps(title, ensure_ascii=False), **shared, **own}
    text = _filled(wanted.what, values)
    known = replace(registers, quizzes=_bands(heads["story"]))
    findings = Findings(path)
    if wanted.what == "story":
        read_story(text, path, known, findings)
    else:
        read_lesson(text, path, known, findings)
    return Beginning(path, piece_id, text, tuple(sorted(findings.problems)))


def _bands(stories: Iterable[Mapping[str, str]]) -> dict[str, Band]:
    known: dict[str, Band] = {band: band for band in BANDS}
    return {head["id"]: known[head["band"]] for head in stories if head.get("band") in known}


def _slug(title: str) -> str:
    if not 0 < len(title) <= _TITLE:
        raise CannotBegin(f"Give a title of 1 to {_TITLE} letters.")
    plain = unicodedata.normalize("NFKD", title.replace("'", "").replace("’", ""))
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))
    if not slug:
        raise CannotBegin("Give a title with letters in it: the file is named after it.")
    return slug[:50].rstrip("-")


def _from_registers(wanted: Wanted, registers: Registers) -> dict[str, Any]:
    """What the letter has for the band: the first few to begin with, the others to choose from."""
    if registers.objectives is None or registers.misconceptions is None or registers.problems:
        raise CannotBegin("The registers in lessons/facts are to be mended first.")
    objectives = list(_of_letter(registers.objectives.values(), wanted))
    known = _of_band(registers.misconceptions.values(), wanted.band)
    own = [m for m in known if m.letter == wanted.letter]
    if not objectives or not own:
        where = f"the letter {wanted.letter} at {wanted.band}"
        raise CannotBegin(f"The registers in lessons/facts have too little for {where}.")
    about = {row.id for row in objectives[:_FEW]}
    own.sort(key=lambda m: m.about not in about)
    return {
        "band": wanted.band,
        "letter": wanted.letter,
        "objectives": objectives[:_FEW],
        "other_objectives": objectives[_FEW:],
        "misconceptions": own,
    }


def _for_story(wanted: Wanted) -> dict[str, Any]:
    if wanted.skin not in APPS:
        raise CannotBegin(f"Give a skin: {', '.join(APPS)}.")
    verbs = [verb for verb in _STOPS if verb not in LACKS.get(wanted.skin, ())]
    return {"skin": wanted.skin, "app": APPS[wanted.skin], "verbs": verbs}


def _for_lesson(
    wanted: Wanted, registers: Registers, heads: Mapping[What, list[dict[str, str]]]
) -> dict[str, Any]:
    objectives, band = registers.objectives or {}, wanted.band
    others = [o for o in _of_band(objectives.values(), band) if _letter(o) != wanted.letter]
    known = list(_of_band((registers.misconceptions or {}).values(), band))
    about = {m.about: m.id for m in reversed(known)}
    reviews = [o for o in _one_of_each_letter(others) if o.id in about][:_FEW]
    if len(reviews) < _FEW:
        raise CannotBegin(f"The registers in lessons/facts have too little for {band}.")
    mine = list(_of_letter(objectives.values(), wanted))
    own = [m for m in known if m.letter == wanted.letter]
    return {
        "friend": FRIENDS[wanted.letter],
        "story": _story_for(wanted, heads),
        "reviews": reviews,
        "slips": [about[row.id] for row in reviews],
        "asked": [mine[0], mine[min(1, len(mine) - 1)]],
        "named": [m.id for m in own][:_FEW],
        "most_words": GATES[band].new_words,
    }


def _story_for(wanted: Wanted, heads: Mapping[What, list[dict[str, str]]]) -> str:
    """The story that was named; else one of the letter and band, rather one that no lesson has."""
    here = [h for h in heads["story"] if h.get("band") == wanted.band and "id" in h]
    if wanted.story:
        if wanted.story not in {head["id"] for head in here}:
            raise CannotBegin(f"There is no story {wanted.story} for {wanted.band}.")
        return wanted.story
    taken = {head.get("story") for head in heads["lesson"]}
    fitting = [head["id"] for head in here if head.get("letter") == wanted.letter]
    if not fitting:
        raise CannotBegin(
            f"There is no story for the letter {wanted.letter} at {wanted.band} yet, and a lesson"
            " plays one. Begin with the story, or name another with --story."
        )
    return min(fitting, key=lambda name: name in taken)


def _heads(root: Path, what: What) -> Iterator[dict[str, str]]:
    """The first words of every file's head, however faulty the rest of it is."""
    folder, ending = ENDINGS[what]
    for path in sorted((root / folder).glob(f"*-*/*{ending}")):
        found: dict[str, str] = {}
        for key, value in _HEAD.findall(path.read_text("utf-8", "replace")):
            found.setdefault(key, value)
        yield found


def _filled(what: What, values: Mapping[str, Any]) -> str:
    blanks = Environment(  # noqa: S701  # these files are not HTML
        loader=FileSystemLoader(_BLANKS),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return blanks.get_template(f"{what}{ENDINGS[what][1]}").render(values)


R = TypeVar("R", Objective, Misconception)


def _of_band(rows: Iterable[R], band: Band) -> Iterator[R]:
    return (row for row in rows if band in row.bands)


def _of_letter(rows: Iterable[Objective], wanted: Wanted) -> Iterator[Objective]:
    return (row for row in _of_band(rows, wanted.band) if _letter(row) == wanted.letter)


def _letter(row: Objective) -> str:
    """The letter that an objective's id begins with: safe.private-info is of S."""
    return _LETTERS[row.id.partition(".")[0]]


def _one_of_each_letter(rows: Iterable[Objective]) -> list[Objective]:
    found: dict[str, Objective] = {}
    for row in rows:
        found.setdefault(_letter(row), row)
    return list(found.values())
