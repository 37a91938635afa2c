"""Forms: a token in each, clear sentences, and what was typed always kept."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from wtforms import EmailField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from app.people.rules import ADDRESS, tidy

STALE = "This page was open a long time. Nothing is lost. Press the button again."


class CatkinForm(FlaskForm):
    """A form with a token; a stale one redraws the page with everything kept."""

    class Meta(FlaskForm.Meta):
        """Text alone is read: a file or JSON in a field's place counts as left empty."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ARG002 - WTForms names it
            """The fields of a POST, or what the caller gives."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return request.form if request.method == "POST" else None

    @property
    def stale(self) -> bool:
        """Whether only the page's age stood in the way."""
        return bool(getattr(self, "csrf_token", None) is not None and self.csrf_token.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the token and every field."""
        g.token_checked = True
        return bool(super().validate(extra_validators))

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Field id and sentence of each fault, in the form's order, for the error summary."""
        if self.stale:
            return [("", STALE)]
        return [
            (field.id, str(error))
            for field in self
            for error in field.errors
            if field.name != "csrf_token"
        ]


def pressed() -> bool:
    """Whether a button was pressed on a page of ours that is still fresh."""
    if request.method != "POST":
        return False
    g.token_checked = True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _tidy(text: str | None) -> str:
    return tidy(text or "")


def line(label: str, missing: str, *, longest: int = 100, **given: Any) -> StringField:
    """One line of text that must be filled in."""
    checks = [
        DataRequired(missing),
        Length(max=longest, message=f"This is too long. Use up to {longest} letters."),
    ]
    return StringField(label, checks, filters=[_tidy], **given)


def email_line(label: str) -> EmailField:
    """An e-mail address, kept in lower case."""
    checks = [
        DataRequired("Type the e-mail address."),
        Length(max=254, message="This is too long for an e-mail address."),
        Regexp(ADDRESS, message="Write the whole address, like name@school.sch.uk."),
    ]
    return EmailField(label, checks, filters=[lambda text: _tidy(text).lower()])


def long_text(label: str, missing: str, *, longest: int = 10000) -> TextAreaField:
    """Several lines that must be filled in."""
    checks = [
        DataRequired(missing),
        Length(max=longest, message=f"This is too long. Use up to {longest} letters."),
    ]
    return TextAreaField(label, checks)


def password(label: str, missing: str, **given: Any) -> PasswordField:
    """A password: never tidied, never shown again."""
    return PasswordField(label, [DataRequired(missing)], **given)
