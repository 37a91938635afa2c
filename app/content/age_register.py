"""The register of ages as it is read: rows of one service in order, laws beside those they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from types import MappingProxyType

from app.content.age_rules import AgeFacts, AgeLaw, AgeRow, AgeRule, Films, Looked, Pegi, Span
from app.content.age_shapes import AgeShape, AgesShape, BbfcShape, DatedShape, LawShape, PegiShape
from app.content.problems import Findings
from app.content.shapes import fit
from app.content.yaml_lines import Tree

Rows = list[tuple[int, AgeShape]]
"""The rows of one service, each with its line."""
PAST, FUTURE = date.min, date.max


def read_ages(tree: Tree, findings: Findings) -> AgeFacts | None:
    """The register; None if it does not fit, with every problem of its dates and names."""
    register = fit(AgesShape, tree, (), findings)
    if register is None:
        return None
    default = register.meta.recheck_before
    by_id: dict[str, Rows] = {}
    for i, row in enumerate(register.services):
        by_id.setdefault(row.id, []).append((tree.line("services", i), row))
    for rows in by_id.values():
        _check_rows(rows, findings)
    laws = _laws(register, tree, frozenset(by_id), findings)
    rules = {one: _rule(rows, laws, default) for one, rows in by_id.items()}
    pegi, bbfc = register.ratings.pegi, register.ratings.bbfc
    return AgeFacts(
        MappingProxyType(rules),
        laws,
        None if pegi is None else _pegi(pegi, default),
        None if bbfc is None else Films(MappingProxyType(bbfc.labels), _looked(bbfc, default)),
    )


def _check_rows(rows: Rows, findings: Findings) -> None:
    """One name and one row at a time for each service, without a day between."""
    first = rows[0][1]
    for line, row in rows:
        _check_span(row, line, findings)
        if (row.service, row.kind) != (first.service, first.kind):
            what = f"the id {row.id} is used twice"
            findings.add(line, what, "give one of them another id")
            return
    rows.sort(key=lambda one: one[1].from_ or PAST)
    for (_, earlier), (line, later) in pairwise(rows):
        ends, begins = earlier.until or FUTURE, later.from_ or PAST
        what = f"{row.service} has two rules at once" if begins < ends else ""
        if begins > ends:
            what = f"{row.service} has no rule from {ends} to {begins}"
        if what:
            findings.add(line, what, "let one row end, and the next begin, on the same day")


def _check_span(row: DatedShape, line: int, findings: Findings) -> None:
    if row.from_ is not None and row.until is not None and row.until <= row.from_:
        findings.add(line, "`until` is not after `from`", "mend one of the two days")
    if row.recheck is not None and row.recheck <= row.checked:
        findings.add(line, "`recheck` is not after `checked`", "say when to look again")


def _laws(
    register: AgesShape, tree: Tree, known: frozenset[str], findings: Findings
) -> tuple[AgeLaw, ...]:
    seen: set[str] = set()
    for i, law in enumerate(register.law):
        line = tree.line("law", i)
        _check_span(law, line, findings)
        _check_law(law, line, findings)
        if law.id in seen:
            what = f"the id {law.id} is used twice"
            findings.add(line, what, "give one of them another id")
        seen.add(law.id)
        for n, service in enumerate(law.services):
            if service not in known:
                near = get_close_matches(service, known, 1)
                mend = f"did you mean {near[0]}?" if near else "name a service of this file"
                at = tree.line("law", i, "services", n)
                findings.add(at, f"there is no service {service}", mend)
    return tuple(_law(law, register.meta.recheck_before) for law in register.law)


def _check_law(law: LawShape, line: int, findings: Findings) -> None:
    if (law.min_age is None) != (not law.services):
        missing = "services" if law.min_age is not None else "min_age"
        findings.add(line, f"the law names no `{missing}`", "give both, or neither")
    if law.until is not None and law.from_ is None:
        findings.add(line, "the law ends and never begins", "add `from`")


def _rule(rows: Iterable[tuple[int, AgeShape]], laws: Iterable[AgeLaw], default: date) -> AgeRule:
    found = [row for _, row in rows]
    return AgeRule(
        id=found[0].id,
        service=found[0].service,
        kind=found[0].kind,
        rows=tuple(_row(row, default) for row in found),
        laws=tuple(law for law in laws if found[0].id in law.services),
        aliases=tuple(dict.fromkeys(alias for row in found for alias in row.aliases)),
    )


def _row(row: AgeShape, default: date) -> AgeRow:
    span, looked = Span(row.from_, row.until), _looked(row, default)
    return AgeRow(row.min_age, row.note, row.planned_uk_age, span, looked, row.parent_consent)


def _law(law: LawShape, default: date) -> AgeLaw:
    return AgeLaw(
        law.id,
        law.title,
        law.min_age,
        tuple(law.services),
        Span(law.from_, law.until),
        _looked(law, default),
        announced=law.announced,
        expected=law.expected_in_force or "",
        exempt=tuple(law.named_exempt),
        responsible=law.who_is_responsible or "",
    )


def _pegi(pegi: PegiShape, default: date) -> Pegi:
    return Pegi(
        tuple(sorted(set(pegi.ages))),
        _looked(pegi, default),
        pegi.meaning,
        pegi.uk_law or "",
        pegi.extra or "",
    )


def _looked(row: DatedShape | PegiShape | BbfcShape, default: date) -> Looked:
    return Looked(row.source, row.checked, row.recheck or default, row.verified)
