"""Names of a class: pasted, looked at, and saved only then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.office.classes import class_for_me, class_list_page
from app.doors.office.door import door
from app.doors.office.forms import NamesForm, OneForm
from app.people.actions.pupils import add_pupils
from app.people.names import CROWDED, Line, chosen, list_mark, read_list, shown_names
from app.people.queries import pupils
from app.people.queries.classes import ClassFacts
from app.people.rights import May
from app.web.pages import page

SHOWN = 200
"""Lines of a paste that the preview shows; all are counted and saved."""
NOTHING = "No line here can be saved yet."


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the preview shows it; `pupils_see` is None while the line is not to be saved."""

    line: Line
    pupils_see: str | None
    is_ticked: bool

    @property
    def shares_its_name(self) -> bool:
        """Whether more than the first name is shown."""
        return self.pupils_see is not None and self.pupils_see != self.given

    @property
    def given(self) -> str:
        """The first name on the line."""
        return self.line.name.given if self.line.name else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A paste beside the class as it stands."""

    lines: list[Line]
    to_save: list[Line]
    rows: list[Row]
    mark: str
    in_class_then: int

    @property
    def ready(self) -> int:
        """Lines that need no answer."""
        return sum(1 for line in self.lines if line.name and not line.same_as)

    @property
    def to_look_at(self) -> int:
        """Lines that ask "Two pupils?"."""
        return sum(1 for line in self.lines if line.same_as)

    @property
    def left_out(self) -> int:
        """Lines that are no names."""
        return sum(1 for line in self.lines if line.fault)

    @property
    def is_crowded(self) -> bool:
        """Whether the class would be larger than classes are."""
        return self.in_class_then > CROWDED


def look_at(text: str, facts: ClassFacts, two_pupils: Iterable[int] = ()) -> Preview:
    """What a paste would make of a class."""
    present = pupils.in_order_of_coming(facts.school_id, facts.id)
    known = [name for _, name in present]
    lines = read_list(text, known)
    to_save = chosen(lines, two_pupils)
    names = known + [line.name for line in to_save if line.name]
    newcomers = shown_names(names)[len(known) :]
    see = {line.number: shown for line, shown in zip(to_save, newcomers, strict=True)}
    rows = [
        Row(line, see.get(line.number), line.same_as is not None and line.number in see)
        for line in lines[:SHOWN]
    ]
    return Preview(lines, to_save, rows, list_mark(present), len(names))


def _preview_page(facts: ClassFacts, form: NamesForm, says: str = "") -> str:
    preview = look_at(form.names.data, facts, _two_pupils())
    return page("office/names", facts=facts, form=form, preview=preview, says=says, shown=SHOWN)


def _two_pupils() -> list[int]:
    return request.form.getlist("two", type=int)


@door.opens("/classes/<class_id>/names", may=May.KEEP_PUPILS, methods=("POST",))
def look_at_names(class_id: str) -> str:
    """Read a paste and show what would be saved; nothing is saved yet."""
    facts, form = class_for_me(class_id), NamesForm()
    if not form.validate_on_submit():
        return class_list_page(facts, form)
    return _preview_page(facts, form)


@door.opens("/classes/<class_id>/names/save", may=May.KEEP_PUPILS, methods=("POST",))
def save_names(class_id: str) -> str | Response:
    """Save what the preview showed, if the class is still as it was then."""
    facts, form = class_for_me(class_id), NamesForm()
    if not form.validate_on_submit():
        return _preview_page(facts, form) if form.names.data else class_list_page(facts, form)
    preview = look_at(form.names.data, facts, _two_pupils())
    return _save(facts, form, preview.to_save, mark=form.mark.data)


@door.opens("/classes/<class_id>/pupils", may=May.KEEP_PUPILS, methods=("POST",))
def add_one(class_id: str) -> str | Response:
    """Add one pupil; a name that the class has already is looked at first."""
    facts, form = class_for_me(class_id), OneForm()
    if not form.validate_on_submit():
        return class_list_page(facts, one=form)
    pasted = NamesForm(formdata=None, data={"names": form.one.data})
    preview = look_at(form.one.data, facts)
    if not preview.to_save:
        return _preview_page(facts, pasted)
    return _save(facts, pasted, preview.to_save, mark=preview.mark)


def _save(facts: ClassFacts, form: NamesForm, lines: list[Line], *, mark: str) -> str | Response:
    names = [line.name for line in lines if line.name]
    if not names:
        return _preview_page(facts, form, NOTHING)
    try:
        saved = add_pupils(facts.school_id, facts.id, names, previewed=mark)
    except Refused as problem:
        return _preview_page(facts, form, str(problem))
    return redirect(url_for("office.class_list", class_id=facts.id, saved=saved), code=303)
