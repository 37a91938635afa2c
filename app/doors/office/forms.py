"""The forms of the office: adults, classes, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from app.people.actions.classes import ClassDetails
from app.people.actions.staff import Details
from app.people.names import FullName, name_of
from app.people.queries.classes import ClassFacts
from app.people.rules import (
    GRANTABLE,
    HIDDEN,
    NO_CHARACTERS,
    YEAR_GROUPS,
    Adult,
    Role,
    tidy,
)
from app.safeguarding.naming import is_for_other_things
from app.web.forms import CatkinForm, email_line, line

CANNOT_TRAVEL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{NO_CHARACTERS}]")
"""Signs that a page cannot carry there and back."""
NOT_LISTED = "Choose from the list."
NO_NAME = (
    "Pupils say this of other things, too. Write a title and the name, like Mrs Okafor or Mr B."
)


class Ticks(SelectMultipleField):
    """Boxes to tick; what is not on the list is refused in plain words."""

    def __init__(self, label: str, allowed: Iterable[str] | None, **given: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[], **given)
        self.allowed = None if allowed is None else tuple(allowed)

    def pre_validate(self, _form: CatkinForm) -> None:
        """Only what is on the list; a list that the view knows is checked there."""
        if self.allowed is not None and set(self.data or ()) - set(self.allowed):
            raise ValidationError(NOT_LISTED)


class DetailsForm(CatkinForm):
    """Who an adult is."""

    name = line("Name", "Type the name.")
    known_as = line("What pupils call this adult", "Type what pupils say, like Mrs Okafor.")
    email = email_line("School e-mail")

    def validate_known_as(self, field: StringField) -> None:
        """Children's words are held from whoever they name: so it is a name, and no other word."""
        if is_for_other_things(field.data or "", self.name.data or ""):
            raise ValidationError(NO_NAME)

    @property
    def details(self) -> Details:
        """What was typed."""
        return Details(self.name.data, self.known_as.data, self.email.data)


class RolesForm(CatkinForm):
    """What an adult does in school."""

    roles = Ticks("Roles", [role.value for role in GRANTABLE])

    @property
    def wanted(self) -> list[Role]:
        """The roles that were ticked."""
        return [Role(value) for value in self.roles.data or ()]


class AdultForm(DetailsForm, RolesForm):
    """A further adult."""


class ReferralForm(CatkinForm):
    """Whom to call outside the school about an adult."""

    referral = TextAreaField(
        "Whom to call, with the number",
        [Length(max=500, message="This is too long. Use up to 500 letters.")],
        filters=[lambda typed: _whole_lines(typed).strip()],
    )


class ClassForm(CatkinForm):
    """A class: its name, its years and its adults."""

    name = line("Class name", "Type the class name.", longest=40)
    years = Ticks(
        "Years in it", YEAR_GROUPS, validators=[DataRequired("Choose at least one year.")]
    )
    adults = Ticks("Adults of the class", None)

    @property
    def details(self) -> ClassDetails:
        """What was typed."""
        return ClassDetails(
            self.name.data, tuple(self.years.data or ()), tuple(self.adults.data or ())
        )


def class_form(facts: ClassFacts, adults: Iterable[Adult]) -> ClassForm:
    """The form with what is known of a class, or what was typed over it."""
    at_work = [adult.id for adult in adults]
    return ClassForm(data={"name": facts.name, "years": list(facts.years), "adults": at_work})


def _whole_lines(text: str | None) -> str:
    """The paste as it is, to be read again on saving."""
    return CANNOT_TRAVEL.sub("", text or "")


class NamesForm(CatkinForm):
    """A pasted class list; `mark` says which list the preview was made for."""

    names = TextAreaField(
        "Names", [DataRequired("Paste names to see them here.")], filters=[_whole_lines]
    )
    mark = HiddenField(filters=[lambda text: HIDDEN.sub("", text or "")])


class OneForm(CatkinForm):
    """One pupil, written on one line."""

    one = line("Name", "Type the name.")


class RenameForm(CatkinForm):
    """A pupil's name in its two parts."""

    given = line("First name", "Type the first name.")
    family = StringField("Family name, if there is one", filters=[lambda text: tidy(text or "")])

    def full_name(self) -> FullName | None:
        """The name, if what was typed is one."""
        if not self.validate_on_submit():
            return None
        name, fault = name_of(self.given.data, self.family.data)
        if fault is not None:
            self.given.errors = [f"This is {fault}."]
        return name


class MoveForm(CatkinForm):
    """Another class for a pupil."""

    to = SelectField("Move to", [DataRequired("Choose a class.")], validate_choice=False)

    def offer(self, classes: Iterable[ClassFacts]) -> None:
        """The classes a pupil can move to."""
        offered = [SelectChoice(facts.id, facts.name) for facts in classes]
        self.to.choices = [SelectChoice("", "Choose a class"), *offered]
