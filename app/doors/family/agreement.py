"""The family agreement: filled in on the screen or by hand, printed, and kept by nobody here."""

from __future__ import annotations

from flask import abort, request
from wtforms import StringField
from wtforms.validators import Length

from app.content.families import LETTERS, Agreement
from app.doors.family.door import door, family_page
from app.people.rights import May
from app.people.rules import tidy
from app.web.forms import CatkinForm
from app.web.parts import catalogue

LONGEST = 110
"""So many letters of a family's own words fit on their dotted lines."""


def _own(label: str) -> StringField:
    fits = Length(
        max=LONGEST, message=f"This does not fit on the sheet. Use up to {LONGEST} letters."
    )
    return StringField(label, [fits], filters=[lambda text: tidy(text or "")])


class OwnRules(CatkinForm):
    """A family's own rule for each letter; each may be left for the pen."""

    own_S = _own("Our own rule for Safe")
    own_M = _own("Our own rule for Meeting")
    own_A = _own("Our own rule for Accepting")
    own_R = _own("Our own rule for Reliable")
    own_T = _own("Our own rule for Tell")

    @property
    def by_letter(self) -> dict[str, StringField]:
        """The box of each letter."""
        return {letter: self[f"own_{letter}"] for letter in LETTERS}


@door.opens("/families/agreement", may=May.READ_FAMILY_PAGES, methods=("GET", "POST"))
def agreement() -> str:
    """The five promises and their boxes; coming back from the sheet, the boxes are full again."""
    form = OwnRules()
    form.validate_on_submit()
    return _form_page(form)


@door.opens("/families/agreement/sheet", may=May.READ_FAMILY_PAGES, methods=("GET", "POST"))
def agreement_sheet() -> str:
    """One sheet to print: blank, or with the words just sent, which stay on this page alone."""
    form = OwnRules()
    if request.method == "POST" and not form.validate_on_submit():
        return _form_page(form)
    return family_page(
        "family/agreement-sheet",
        agreement=_agreement(),
        form=form,
        filled=any(field.data for field in form.by_letter.values()),
        childline=catalogue().helplines["childline"],
    )


def _form_page(form: OwnRules) -> str:
    return family_page("family/agreement", agreement=_agreement(), form=form, longest=LONGEST)


def _agreement() -> Agreement:
    found = catalogue().for_families.agreement
    if found is None:
        abort(404)
    return found
