"""The registers in lessons/facts: objectives and what they evidence, ages, helplines and more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final, Protocol, TypeVar

from app.content.age_register import read_ages
from app.content.age_rules import AgeFacts, AgeRule
from app.content.blocking import Blocking
from app.content.curriculum import Curriculum
from app.content.fact_registers import read_blocking, read_curriculum
from app.content.problems import Findings, Problem
from app.content.retention_facts import RetentionFact, read_retention
from app.content.shapes import (
    HelplineShape,
    HelplinesShape,
    LocalLineShape,
    MisconceptionShape,
    MisconceptionsShape,
    ObjectiveShape,
    ObjectivesShape,
    ScoredMeta,
    Shape,
    WordGroupShape,
    fit,
)
from app.content.source import read_text
from app.content.tell_words import check_tell_words
from app.content.values import Band, Helpline, Misconception, Objective, WordGroup
from app.content.yaml_lines import Tree, read_yaml

FACTS: Final = "lessons/facts"


class _Row(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Row)
S = TypeVar("S", bound=Shape)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registers:
    """Each register by id; None for one that could not be read, so nothing is blamed on it."""

    objectives: Mapping[str, Objective] | None = None
    misconceptions: Mapping[str, Misconception] | None = None
    age_facts: AgeFacts | None = None
    helplines: Mapping[str, Helpline] | None = None
    tell_words: Mapping[str, WordGroup] | None = None
    curriculum: Curriculum | None = None
    blocking: Blocking | None = None
    retention: Mapping[str, RetentionFact] | None = None
    quizzes: Mapping[str, Band] | None = None
    """The band of each quiz, for the lessons that play them."""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def ages(self) -> Mapping[str, AgeRule] | None:
        """The services of the register of ages."""
        return None if self.age_facts is None else self.age_facts.rules


def read_registers(root: Path) -> Registers:
    """All eight, with the problems of all eight."""
    problems: list[Problem] = []
    curriculum = _read(root, "curriculum.yaml", read_curriculum, problems)
    asked = partial(_objectives, curriculum=curriculum)
    objectives = _read(root, "objectives.yaml", asked, problems)
    known = partial(_misconceptions, objectives=objectives)
    misconceptions = _read(root, "misconceptions.yaml", known, problems)
    ages = _read(root, "age-limits.yaml", read_ages, problems)
    helplines = _read(root, "helplines.yaml", _helplines, problems)
    words = _read(
        root,
        "tell-words.yaml",
        partial(_tell_words, ages=None if ages is None else ages.rules),
        problems,
    )
    blocking = _read(root, "blocking-reporting.yaml", read_blocking, problems)
    retention = _read(root, "retention.yaml", read_retention, problems)
    return Registers(
        objectives,
        misconceptions,
        ages,
        helplines,
        words,
        curriculum,
        blocking,
        retention,
        problems=tuple(problems),
    )


def _read(
    root: Path,
    name: str,
    build: Callable[[Tree, Findings], T | None],
    problems: list[Problem],
) -> T | None:
    findings = Findings(f"{FACTS}/{name}")
    path = root / FACTS / name
    values = None
    if path.exists():
        text = read_text(path, findings)
        tree = None if text is None else read_yaml(text, findings)
        values = None if tree is None else build(tree, findings)
    else:
        findings.add(1, "the register is missing", "put it back")
    problems.extend(findings.problems)
    return values


def _rows(shape: type[S], tree: Tree, findings: Findings) -> list[tuple[int, S]] | None:
    """The rows that fit, each with its line."""
    if not isinstance(tree.value, list):
        findings.add(1, "this is not a list", "start each row with a dash and its `id`")
        return None
    fitted = [(tree.line(i), fit(shape, tree, (i,), findings)) for i in range(len(tree.value))]
    return [(line, row) for line, row in fitted if row is not None]


def _by_id(rows: Iterable[tuple[int, R]], findings: Findings) -> dict[str, R]:
    found: dict[str, R] = {}
    for line, row in rows:
        if row.id in found:
            findings.add(line, f"the id {row.id} is used twice", "give one of them another id")
        found.setdefault(row.id, row)
    return found


def _objectives(
    tree: Tree, findings: Findings, curriculum: Curriculum | None
) -> dict[str, Objective] | None:
    head = fit(ObjectivesShape, tree, (), findings)
    if head is None:
        return None
    rows = list(_fitting(ObjectiveShape, "objectives", len(head.objectives), tree, findings))
    found = [(tree.line(*at), _objective(row, head.meta)) for at, row in rows]
    for (at, _), (_, objective) in zip(rows, found, strict=True):
        if curriculum is not None:
            _check_evidence(objective, curriculum, (tree, at), findings)
    return _by_id(found, findings)


def _fitting(
    shape: type[S], key: str, count: int, tree: Tree, findings: Findings
) -> Iterator[tuple[tuple[str, int], S]]:
    """The rows under a key that fit, each with where it stands."""
    for i in range(count):
        row = fit(shape, tree, (key, i), findings)
        if row is not None:
            yield (key, i), row


def _check_evidence(
    objective: Objective,
    curriculum: Curriculum,
    place: tuple[Tree, tuple[str, int]],
    findings: Findings,
) -> None:
    """Each statement is there, and one of those behind a verified row is verified."""
    (tree, at), known = place, curriculum.statements
    for i, one in enumerate(objective.evidences):
        if one not in known:
            near = get_close_matches(one, known, 1)
            mend = f"did you mean {near[0]}?" if near else "look it up in curriculum.yaml"
            findings.add(tree.line(*at, "evidences", i), f"there is no statement {one}", mend)
    if objective.verified and not any(
        known[one].verified for one in objective.evidences if one in known
    ):
        what = f"{objective.id} counts as verified, and no statement that it evidences is"
        mend = "name one that is verified, or write `verified: false`"
        findings.add(tree.line(*at, "verified"), what, mend)


def _objective(row: ObjectiveShape, meta: ScoredMeta) -> Objective:
    return Objective(
        id=row.id,
        bands=tuple(row.bands),
        pupil=row.pupil,
        teacher=row.teacher,
        evidences=tuple(row.evidences),
        moves=tuple(row.moves),
        source=row.source or meta.source,
        checked=row.checked or meta.checked,
        verified=meta.verified if row.verified is None else row.verified,
    )


def _misconceptions(
    tree: Tree, findings: Findings, objectives: Mapping[str, Objective] | None
) -> dict[str, Misconception] | None:
    head = fit(MisconceptionsShape, tree, (), findings)
    if head is None:
        return None
    found = []
    count = len(head.misconceptions)
    for at, row in _fitting(MisconceptionShape, "misconceptions", count, tree, findings):
        one, line = _misconception(row, head.meta), tree.line(*at)
        about = (objectives or {}).get(row.about)
        if objectives is not None and about is None:
            findings.add(line, f"there is no objective {row.about}", "mend `about`")
        if about is not None and one.verified and not about.verified:
            what = f"{one.id} counts as verified, and {about.id} does not"
            mend = "write `verified: false` here too, or have the objective looked up"
            findings.add(tree.line(*at, "verified"), what, mend)
        found.append((line, one))
    return _by_id(found, findings)


def _misconception(row: MisconceptionShape, meta: ScoredMeta) -> Misconception:
    return Misconception(
        id=row.id,
        bands=tuple(row.bands),
        letter=row.letter,
        sentence=row.sentence,
        correction=row.correction,
        reteach=row.reteach,
        about=row.about,
        source=row.source or meta.source,
        checked=row.checked or meta.checked,
        verified=meta.verified if row.verified is None else row.verified,
    )


def _helplines(tree: Tree, findings: Findings) -> dict[str, Helpline] | None:
    register = fit(HelplinesShape, tree, (), findings)
    if register is None:
        return None
    lines = (tree.line("services", i) for i in range(len(register.services)))
    rows = zip(lines, map(_helpline, register.services), strict=True)
    found = _by_id((*rows, *_local_lines(register, tree, findings)), findings)
    if "childline" not in found:
        line = tree.line("services")
        findings.add(line, "childline is missing", "add it: {childline} in a text needs it")
    return found


def _local_lines(
    register: HelplinesShape, tree: Tree, findings: Findings
) -> Iterator[tuple[int, Helpline]]:
    """The lines of each nation; a row without a way to reach anybody is a note for the writer."""
    for nation, rows in register.nations.items():
        for i, row in enumerate(rows):
            fitted = None
            if "contact" in row:
                fitted = fit(LocalLineShape, tree, ("nations", nation, i), findings)
            if fitted is not None:
                line = replace(_helpline(fitted), nations=(nation,))
                yield tree.line("nations", nation, i), line


def _helpline(row: HelplineShape) -> Helpline:
    return Helpline(
        id=row.id,
        name=row.name,
        contact=row.contact,
        purpose=row.purpose,
        show_to=tuple(row.show_to),
        hours=row.hours,
        nations=tuple(row.nations),
        note=row.note,
        source=row.source,
        checked=row.checked,
        verified=row.verified,
        hours_verified=row.hours_verified,
    )


def _tell_words(
    tree: Tree, findings: Findings, ages: Mapping[str, AgeRule] | None
) -> dict[str, WordGroup] | None:
    rows = _rows(WordGroupShape, tree, findings)
    if rows is None:
        return None
    groups = [(line, WordGroup(row.id, row.heading, tuple(row.words))) for line, row in rows]
    check_tell_words(groups, ages, findings)
    return _by_id(groups, findings)
