"""Talk cards and the family agreement as they are read from lessons/families, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import Field

from app.content.families import LETTERS, PLACES, Agreement, Clause, ForFamilies, TalkCard
from app.content.gates import Piece, check_piece, check_screen
from app.content.passages import Passage, Role, passage
from app.content.problems import Findings, Problem
from app.content.registers import Registers
from app.content.shapes import DottedId, Shape, Text, Title, fit
from app.content.source import read_text
from app.content.values import Band, Letter
from app.content.wording import Lint
from app.content.yaml_lines import Tree, read_yaml

FOLDER: Final = "lessons/families"
READER: Final[Band] = "9-11"
"""Grown-ups read what the oldest children read: many are tired, and for many English is new."""
CARD: Final[Mapping[str, Role]] = {
    "ask": "said",
    "listen_for": "told",
    "say": "grown-up",
    "do": "told",
}
CLAUSE: Final[Mapping[str, Role]] = {"child": "told", "grown_up": "grown-up"}
ROUND: Final = ("heading", "before", "after")
"""What stands above and below the promises."""
BEGINS: Final[Mapping[Letter, str]] = {
    "S": "safe",
    "M": "meet",
    "A": "accept",
    "R": "real",
    "T": "tell",
}
"""How the ids of the objectives of each letter begin."""

S = TypeVar("S", bound=Shape)


class TalkCardShape(Shape):
    letter: Letter
    band: Band
    ask: Text
    listen_for: Text
    say: Text
    do: Text
    objective: DottedId


class TalkCardsShape(Shape):
    cards: Annotated[list[TalkCardShape], Field(min_length=1)]


class ClauseShape(Shape):
    letter: Letter
    child: Text
    grown_up: Text


class AgreementShape(Shape):
    heading: Title
    before: Text
    after: Text
    clauses: Annotated[list[ClauseShape], Field(min_length=1)]


def read_families(root: Path, registers: Registers) -> tuple[ForFamilies, tuple[Problem, ...]]:
    """What there is for families, and every problem in it."""
    talk, agreed = (Findings(f"{FOLDER}/{name}.yaml") for name in ("talk-cards", "agreement"))
    found = ForFamilies(_cards(root, registers, talk), _agreement(root, registers, agreed))
    return found, (*talk.problems, *agreed.problems)


def _opened(root: Path, shape: type[S], findings: Findings) -> tuple[Tree, S] | None:
    """The file in its shape; None where it is missing or does not fit."""
    path = root / findings.file
    text = read_text(path, findings) if path.exists() else None
    tree = None if text is None else read_yaml(text, findings)
    fitted = None if tree is None else fit(shape, tree, (), findings)
    return None if tree is None or fitted is None else (tree, fitted)


def _cards(root: Path, registers: Registers, findings: Findings) -> tuple[TalkCard, ...]:
    opened = _opened(root, TalkCardsShape, findings)
    if opened is None:
        return ()
    tree, rows = opened[0], opened[1].cards
    lines = [tree.line("cards", i) for i in range(len(rows))]
    told = [_passages(tree, ("cards", i), row, CARD) for i, row in enumerate(rows)]
    for line, screen in zip(lines, told, strict=True):
        check_screen(screen, band=READER, line=line, findings=findings)
    _check_words(told, registers, findings)
    for i, row in enumerate(rows):
        _check_objective(row, tree.line("cards", i, "objective"), registers, findings)
    places = [f"{row.letter} at {row.band}" for row in rows]
    wanted = [f"{letter} at {band}" for letter, band in PLACES]
    _check_places("card", wanted, list(zip(places, lines, strict=True)), findings)
    cards = [TalkCard(**row.model_dump()) for row in rows]
    return tuple(sorted(cards, key=lambda card: PLACES.index((card.letter, card.band))))


def _agreement(root: Path, registers: Registers, findings: Findings) -> Agreement | None:
    opened = _opened(root, AgreementShape, findings)
    if opened is None:
        return None
    tree, shape = opened
    told = [_passages(tree, ("clauses", i), row, CLAUSE) for i, row in enumerate(shape.clauses)]
    told.append([passage("told", getattr(shape, key), tree.line(key)) for key in ROUND])
    _check_words(told, registers, findings)
    places = [(row.letter, tree.line("clauses", i)) for i, row in enumerate(shape.clauses)]
    _check_places("clause", LETTERS, places, findings)
    clauses = [Clause(**row.model_dump()) for row in shape.clauses]
    clauses.sort(key=lambda clause: LETTERS.index(clause.letter))
    return Agreement(shape.heading, shape.before, shape.after, tuple(clauses))


def _passages(
    tree: Tree, at: tuple[str, int], row: Shape, roles: Mapping[str, Role]
) -> list[Passage]:
    return [passage(role, getattr(row, key), tree.line(*at, key)) for key, role in roles.items()]


def _check_words(
    told: Sequence[Sequence[Passage]], registers: Registers, findings: Findings
) -> None:
    """Wording and reading level; and no slot, since nothing fills one in on these pages."""
    passages = tuple(one for row in told for one in row)
    lint = Lint(READER, registers.ages, helplines=registers.helplines)
    check_piece(Piece(READER, (), (), passages), lint, findings)
    for one in passages:
        if "{" in one.text:
            mend = "take it out: the lines to call have a page of their own"
            findings.add(one.line, "braces are not filled in for families", mend)


def _check_objective(
    row: TalkCardShape, line: int, registers: Registers, findings: Findings
) -> None:
    known = registers.objectives
    if known is None:
        return
    found = known.get(row.objective)
    if found is None:
        near = get_close_matches(row.objective, known, 1)
        mend = f"did you mean {near[0]}?" if near else "look it up in objectives.yaml"
        findings.add(line, f"there is no objective {row.objective}", mend)
    elif row.band not in found.bands:
        what = f"the objective {row.objective} is not for {row.band}"
        findings.add(line, what, f"it is for {', '.join(found.bands)}")
    elif row.objective.partition(".")[0] != BEGINS[row.letter]:
        what = f"the objective {row.objective} is not one of {row.letter}"
        findings.add(line, what, f"choose one that begins with {BEGINS[row.letter]}")


def _check_places(
    what: str, wanted: Sequence[str], given: Sequence[tuple[str, int]], findings: Findings
) -> None:
    """Each place is taken, and once."""
    seen: set[str] = set()
    for place, line in given:
        if place in seen:
            findings.add(line, f"a second {what} for {place}", "keep one of them")
        seen.add(place)
    for place in wanted:
        if place not in seen:
            findings.add(1, f"no {what} for {place}", "write one: none may be left out")
