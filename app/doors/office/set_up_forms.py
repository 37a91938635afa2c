"""The forms of setting up: the school, its first account, and the code from the terminal."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField, RadioField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired

from app.doors.office.forms import NOT_LISTED
from app.people.actions.schools import FirstAccount, NewSchool
from app.people.passwords import fault_of
from app.people.rules import NATIONS, tidy
from app.web.forms import CatkinForm, email_line, line, password

PROMISES = ("the same school day", "one hour of the school day")
"""What a school may promise about reading a concern; it may also promise nothing."""


class ClockField(TimeField):
    """A time of day, like 8:45."""

    def __init__(self, label: str, missing: str, **given: Any) -> None:
        shapes = ["%H:%M", "%H:%M:%S", "%H.%M"]
        super().__init__(label, [InputRequired(missing)], format=shapes, **given)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time, or say how one is written."""
        self.raw_data = [tidy(value) for value in valuelist]
        try:
            super().process_formdata(self.raw_data)
        except ValueError:
            raise ValueError("Write the time like 8:45.") from None


class SetUpForm(CatkinForm):
    """The school and its first account."""

    school_name = line("School name", "Type the name of the school.")
    nation = RadioField(
        "Nation",
        [InputRequired("Choose a nation."), AnyOf(NATIONS, NOT_LISTED)],
        choices=[SelectChoice(nation, nation) for nation in NATIONS],
        validate_choice=False,
    )
    day_starts = ClockField("School starts", "Type when school starts.")
    day_ends = ClockField("School ends", "Type when school ends.")
    read_within = SelectField(
        "Read every concern within",
        [AnyOf(("", *PROMISES), NOT_LISTED)],
        choices=[SelectChoice("", "No promise"), *(SelectChoice(p, p) for p in PROMISES)],
        default="",
        validate_choice=False,
    )
    name = line("Your name", "Type your name.")
    known_as = line("What pupils call you", "Type what pupils call you, like Mrs Okafor.")
    email = email_line("Your e-mail")
    password = password("Your password", "Type a password.")
    password_again = PasswordField("Password again", [DataRequired("Type the password again.")])

    def is_good(self) -> bool:
        """Whether everything is there and fits together."""
        return bool(self.validate_on_submit()) and self._hangs_together()

    def _hangs_together(self) -> bool:
        near = (self.school_name.data, self.email.data, self.name.data)
        fault = fault_of(self.password.data, near=near)
        if fault is not None:
            self.password.errors = [fault]
        if self.password_again.data != self.password.data:
            self.password_again.errors = ["The two passwords are not the same."]
        if self.day_ends.data <= self.day_starts.data:
            self.day_ends.errors = ["School ends after it starts."]
        return not self.errors

    @property
    def school(self) -> NewSchool:
        """The school that was described."""
        return NewSchool(
            name=self.school_name.data,
            nation=self.nation.data,
            day_starts=self.day_starts.data,
            day_ends=self.day_ends.data,
            read_within=self.read_within.data or None,
        )

    @property
    def first(self) -> FirstAccount:
        """The account that was described."""
        return FirstAccount(self.name.data, self.known_as.data, self.email.data, self.password.data)


class CodeForm(CatkinForm):
    """The one-time code that stands in the terminal."""

    code = StringField(
        "Code",
        [DataRequired("Type the code.")],
        filters=[lambda text: tidy(text or "")[:100]],
    )

    @property
    def digits(self) -> str:
        """The code however it was spaced."""
        return "".join(sign for sign in self.code.data if sign.isalnum())
