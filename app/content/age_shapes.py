"""The shapes of the register of ages and of the words of its quiz."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.content.shapes import DottedId, Note, Shape, Slug, Text, Title
from app.content.values import Band, Letter

Age = Annotated[int, Field(ge=0, le=21)]
Consent = Literal["none", "under_18", "under_13_account", "required_for_child", "n/a"]


class DatedShape(Shape):
    """What holds from a day until another, and when to look again."""

    from_: date | None = Field(None, alias="from")
    until: date | None = None
    recheck: date | None = None
    source: Note
    checked: date
    verified: bool


class AgeShape(DatedShape):
    id: Slug
    service: Title
    kind: Title
    min_age: Age | None
    note: Note
    parent_consent: Consent
    planned_uk_age: Age | None = None
    aliases: list[Title] = Field(default_factory=list)


class LawShape(DatedShape):
    """A law; `min_age` and `services` come together, and count from the day in `from`."""

    id: Slug
    title: Note
    min_age: Age | None = None
    services: list[Slug] = Field(default_factory=list)
    status: Note | None = None
    announced: date | None = None
    expected_in_force: Title | None = None
    powers: Note | None = None
    named_services: list[Title] = Field(default_factory=list)
    named_exempt: list[Title] = Field(default_factory=list)
    reported_not_official: list[Note] = Field(default_factory=list)
    also: Note | None = None
    undecided_at_last_source: Note | None = None
    who_is_responsible: Note | None = None
    note: Note | None = None
    caution: Note | None = None


class PegiShape(Shape):
    ages: Annotated[list[Age], Field(min_length=2)]
    extra: Note | None = None
    meaning: Note
    uk_law: Note | None = None
    since_june_2026: Note | None = None
    recheck: date | None = None
    source: Note
    checked: date
    verified: bool


class BbfcShape(Shape):
    """What each label of a film says, in order of age."""

    labels: Annotated[dict[Title, Note], Field(min_length=1)]
    recheck: date | None = None
    source: Note
    checked: date
    verified: bool


class RatingsShape(Shape):
    pegi: PegiShape | None = None
    bbfc: BbfcShape | None = None


class AgeMeta(Shape):
    checked: date
    jurisdiction: Title
    newest_source_seen: date
    recheck_before: date
    reason: Note


class AgesShape(Shape):
    meta: AgeMeta
    law: list[LawShape] = Field(default_factory=list)
    services: list[AgeShape]
    ratings: RatingsShape = RatingsShape()
    quiz_rules: list[Note] = Field(default_factory=list)


class SaidShape(Shape):
    """A card without a question."""

    heading: Title
    says: Annotated[list[Text], Field(min_length=1)]


class AnswerShape(Shape):
    says: Text
    good: bool = False
    misconception: Slug | None = None
    feedback: Text


class SkillShape(SaidShape):
    """A card with a question that no number answers."""

    says: list[Text] = Field(default_factory=list)
    question: Text
    answers: Annotated[list[AnswerShape], Field(min_length=2, max_length=5)]


class RuleCardShape(Shape):
    """The card of a service; the words by law stand where a law has raised the age."""

    heading: Title
    says: list[Text] = Field(default_factory=list)
    question: Text
    right: Text
    right_by_law: Text
    other: Text
    other_by_law: Text
    asked: Text
    asked_by_law: Text


class LabelCardShape(Shape):
    heading: Title
    says: list[Text] = Field(default_factory=list)
    question: Text
    right: Text
    other: Text
    asked: Text
    slip: AnswerShape


class AgeQuizShape(Shape):
    format: Literal["catkin/age-quiz@1"]
    id: Slug
    title: Title
    band: Band
    letter: Letter
    friend: Literal["sloe", "moss", "aster", "rowan", "tansy"]
    minutes: Annotated[int, Field(ge=1, le=20)]
    objective: DottedId
    misconceptions: Annotated[list[Slug], Field(min_length=1)]
    services: Annotated[list[Slug], Field(min_length=4)]
    ask: Text
    first: SaidShape
    skills: Annotated[list[SkillShape], Field(min_length=3)]
    rule: RuleCardShape
    resting: SaidShape
    label: LabelCardShape
    last: SaidShape
    notes: Annotated[list[Note], Field(min_length=1)]
