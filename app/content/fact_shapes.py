"""The shapes of the registers of the curriculum, and of blocking and reporting."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.content.shapes import MetaShape, Note, Shape, Slug, Text, Title
from app.content.values import Band

StatementId = Annotated[
    str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+(\.[A-Z0-9]+)*)+$", max_length=40)
]
Smart = Literal["safe", "meeting", "accepting", "reliable", "tell"]
Risk = Literal["content", "contact", "conduct", "commerce"]
Sayings = Annotated[list[Text], Field(min_length=1)]


class FrameworkShape(Shape):
    name: Text
    short: Title


class StatementShape(Shape):
    id: StatementId
    framework: Text
    subject: Literal["Computing", "PSHE", "RSHE"]
    key_stage: Title
    strand: Title
    statement: Text
    smart: Annotated[list[Smart], Field(min_length=1)]
    source: Note
    checked: date | None = None
    verified: bool
    statutory: bool
    status: Title | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    edition: Title | None = None
    code: Title | None = None
    year: Literal["R", "1", "2", "3", "4", "5", "6"] | None = None
    phase: Title | None = None
    age_band: Title | None = None
    four_cs: list[Risk] = Field(default_factory=list)
    volatile: bool = False
    note: Note | None = None


class CurriculumShape(Shape):
    meta: MetaShape
    frameworks: Annotated[list[FrameworkShape], Field(min_length=1)]
    statements: Annotated[list[StatementShape], Field(min_length=1)]


class BlockingMeta(MetaShape):
    recheck_before: date


class PatternShape(Shape):
    steps: dict[Band, Sayings]
    order_rule: Text
    if_scared_now: Text
    source: Note
    checked: date | None = None
    verified: bool


class SayingShape(Shape):
    id: Slug
    says: Text
    source: Note
    checked: date | None = None
    verified: bool


class ListShape(Shape):
    """Several things of one source."""

    says: Sayings
    source: Note
    checked: date | None = None
    verified: bool


class ServiceShape(Shape):
    id: Slug
    service: Title
    block: Text
    report: Text
    parent_tool: Text | None = None
    note: Note | None = None
    source: Note
    checked: date | None = None
    verified: bool
    steps_verified: bool


class BlockingShape(Shape):
    meta: BlockingMeta
    pattern: PatternShape
    truths: Annotated[list[SayingShape], Field(min_length=1)]
    find_it: ListShape
    services: Annotated[list[ServiceShape], Field(min_length=1)]
    school_side: list[SayingShape]
    practice: ListShape
