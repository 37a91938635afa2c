"""The registers of the curriculum and of blocking as they are read, each fault with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from app.content.blocking import Blocking, Pattern, Saying, Service
from app.content.curriculum import Curriculum, Framework, Statement
from app.content.fact_shapes import (
    BlockingMeta,
    BlockingShape,
    CurriculumShape,
    SayingShape,
    ServiceShape,
    StatementShape,
)
from app.content.problems import Findings
from app.content.shapes import MetaShape, fit
from app.content.yaml_lines import Tree


def read_curriculum(tree: Tree, findings: Findings) -> Curriculum | None:
    """The register; None if it does not fit."""
    register = fit(CurriculumShape, tree, (), findings)
    if register is None:
        return None
    known = _frameworks(register, tree, findings)
    found: dict[str, Statement] = {}
    for i, row in enumerate(register.statements):
        line = tree.line("statements", i)
        _once(row.id, found, line, findings)
        _check_statement(row, tree, i, findings)
        if row.framework not in known:
            what = f"{row.id} is of a framework that is not listed"
            at = tree.line("statements", i, "framework")
            findings.add(at, what, "add it to `frameworks`, letter for letter")
        found.setdefault(row.id, _statement(row, register.meta))
    return Curriculum(tuple(known.values()), MappingProxyType(found))


def _frameworks(register: CurriculumShape, tree: Tree, findings: Findings) -> dict[str, Framework]:
    known: dict[str, Framework] = {}
    for i, row in enumerate(register.frameworks):
        if row.name in known:
            what = f"the framework {row.name} is listed twice"
            findings.add(tree.line("frameworks", i), what, "keep one of them")
        if "statutory" in row.short.lower():
            what = "the short name says statutory"
            mend = "leave that word out: not every statement under it is confirmed"
            findings.add(tree.line("frameworks", i, "short"), what, mend)
        known.setdefault(row.name, Framework(row.name, row.short))
    return known


def _check_statement(row: StatementShape, tree: Tree, i: int, findings: Findings) -> None:
    """Words that a page would print as they stand, and days in their order."""
    if not row.verified and "statutory" in row.statement.lower():
        what = f"{row.id} is not verified, and its words say statutory"
        findings.add(tree.line("statements", i, "statement"), what, "leave that word out")
    begins, ends = row.in_force_from, row.in_force_to
    if begins is not None and ends is not None and ends < begins:
        what = "`in_force_to` is before `in_force_from`"
        findings.add(tree.line("statements", i, "in_force_to"), what, "mend one of the two days")


def _statement(row: StatementShape, meta: MetaShape) -> Statement:
    return Statement(
        id=row.id,
        framework=row.framework,
        subject=row.subject,
        key_stage=row.key_stage,
        strand=row.strand,
        words=row.statement,
        code=row.code,
        year=row.year,
        source=row.source,
        checked=row.checked or meta.checked,
        verified=row.verified,
        binding=row.statutory,
        begins=row.in_force_from,
        ends=row.in_force_to,
    )


def read_blocking(tree: Tree, findings: Findings) -> Blocking | None:
    """The register; None if it does not fit."""
    register = fit(BlockingShape, tree, (), findings)
    if register is None:
        return None
    meta = register.meta
    if meta.recheck_before <= meta.checked:
        line = tree.line("meta", "recheck_before")
        findings.add(line, "`recheck_before` is not after `checked`", "say when to look again")
    services: dict[str, Service] = {}
    for i, row in enumerate(register.services):
        line = tree.line("services", i)
        _once(row.id, services, line, findings)
        if row.steps_verified and not row.verified:
            what = f"{row.id} is not verified, and its steps are"
            at = tree.line("services", i, "steps_verified")
            findings.add(at, what, "write false, or look the row up")
        services.setdefault(row.id, _service(row, meta))
    said, pattern = register.pattern.steps, register.pattern
    return Blocking(
        pattern=Pattern(
            MappingProxyType({band: tuple(steps) for band, steps in said.items()}),
            pattern.order_rule,
            pattern.if_scared_now,
        ),
        truths=_sayings("truths", register.truths, (tree, meta), findings),
        services=MappingProxyType(services),
        school_side=_sayings("school_side", register.school_side, (tree, meta), findings),
        find_it=tuple(register.find_it.says),
        practice=tuple(register.practice.says),
    )


def _service(row: ServiceShape, meta: BlockingMeta) -> Service:
    return Service(
        id=row.id,
        name=row.service,
        block=row.block,
        report=row.report,
        parent_tool=row.parent_tool,
        note=row.note,
        source=row.source,
        checked=row.checked or meta.checked,
        verified=row.verified,
        steps_verified=row.steps_verified,
        recheck=meta.recheck_before,
    )


def _sayings(
    key: str, rows: Iterable[SayingShape], file: tuple[Tree, BlockingMeta], findings: Findings
) -> Mapping[str, Saying]:
    tree, meta = file
    found: dict[str, Saying] = {}
    for i, row in enumerate(rows):
        _once(row.id, found, tree.line(key, i), findings)
        checked = row.checked or meta.checked
        found.setdefault(row.id, Saying(row.id, row.says, row.source, checked, row.verified))
    return MappingProxyType(found)


def _once(one: str, found: Mapping[str, object], line: int, findings: Findings) -> None:
    if one in found:
        findings.add(line, f"the id {one} is used twice", "give one of them another id")
