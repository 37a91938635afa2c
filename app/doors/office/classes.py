"""Classes: the list of them, adding one, changing one."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.base.errors import Refused
from app.doors.office.door import door
from app.doors.office.forms import ClassForm, NamesForm, OneForm, class_form
from app.people.actions import classes as actions
from app.people.actions.classes import NameInUse
from app.people.queries import classes as found
from app.people.queries import pupils, staff
from app.people.queries.classes import ClassFacts
from app.people.rights import May, reach
from app.people.rules import OUTSIDE_THE_STAFF, YEAR_GROUPS, Adult
from app.web.pages import page
from app.web.viewer import the_adult

CANNOT_WORK = "One of these adults cannot work with a class now. Choose again."


def keeps_lists() -> bool:
    """Whether whoever asks adds and changes classes."""
    return the_adult().may(May.KEEP_CLASSES)


def classes_for_me() -> list[ClassFacts]:
    """Every class whose list I keep: all, or a teacher's own."""
    here = the_adult()
    return found.classes_within(here.school_id, here.id, here.reach(May.KEEP_PUPILS))


def class_for_me(class_id: str) -> ClassFacts:
    """A class whose list I keep; for anybody else's there is no page."""
    facts = next((c for c in classes_for_me() if c.id == class_id), None)
    if facts is None:
        abort(404)
    return facts


def can_work_with_a_class(adults: Iterable[Adult]) -> list[Adult]:
    """The adults whom a class can have."""
    return [
        adult
        for adult in adults
        if reach(adult.roles, May.HAVE_CLASSES) and OUTSIDE_THE_STAFF.isdisjoint(adult.roles)
    ]


def _is_good(form: ClassForm) -> bool:
    """Whether the form is whole; 404 for the id of somebody of another school."""
    if not form.validate_on_submit():
        return False
    school_id = the_adult().school_id
    chosen = set(form.adults.data or ())
    if chosen - set(staff.names(school_id)):
        abort(404)
    if chosen - {adult.id for adult in can_work_with_a_class(staff.adults(school_id))}:
        form.adults.errors = [CANNOT_WORK]
        return False
    return True


def _put_right(form: ClassForm, problem: Refused) -> None:
    field = form.name if isinstance(problem, NameInUse) else form.adults
    field.errors = [str(problem)]


def _classes_page(form: ClassForm, says: str = "") -> str:
    school_id = the_adult().school_id
    listed, adults = classes_for_me(), staff.adults(school_id)
    at_work = found.staff_ids(school_id)
    taught = {year for facts in listed for year in facts.years}
    return page(
        "office/classes",
        form=form,
        says=says,
        classes=listed,
        keeps_lists=keeps_lists(),
        adults_of={c.id: [a.name for a in adults if a.id in at_work.get(c.id, ())] for c in listed},
        counts=found.pupil_counts(school_id),
        choices=[(adult.id, adult.name) for adult in can_work_with_a_class(adults)],
        missing=[year for year in YEAR_GROUPS if year not in taught] if listed else [],
    )


@door.opens("/classes", may=May.KEEP_PUPILS)
def classes() -> str:
    """The classes whose lists I keep."""
    return _classes_page(ClassForm(formdata=None))


@door.opens("/classes/add", may=May.KEEP_CLASSES, methods=("POST",))
def add_class() -> str | Response:
    """Add a class; its list comes next."""
    form = ClassForm()
    if not _is_good(form):
        return _classes_page(form)
    try:
        here = the_adult()
        class_id = actions.add_class(here.school_id, form.details, by=here.id)
    except Refused as problem:
        _put_right(form, problem)
        return _classes_page(form)
    return redirect(url_for("office.class_list", class_id=class_id), code=303)


def class_list_page(
    facts: ClassFacts,
    names: NamesForm | None = None,
    *,
    one: OneForm | None = None,
    says: str = "",
) -> str:
    """The pupils of a class, and the boxes for more."""
    return page(
        "office/class-list",
        facts=facts,
        names=names or NamesForm(formdata=None),
        one=one or OneForm(formdata=None),
        says=says,
        pupils=pupils.pupils_of(facts.school_id, facts.id),
        keeps_lists=keeps_lists(),
        saved=request.args.get("saved", type=int),
    )


@door.opens("/classes/<class_id>", may=May.KEEP_PUPILS)
def class_list(class_id: str) -> str:
    """The list of a class."""
    return class_list_page(class_for_me(class_id))


@door.opens("/classes/<class_id>/change", may=May.KEEP_CLASSES, methods=("GET", "POST"))
def change_class(class_id: str) -> str | Response:
    """Another name, other years, other adults."""
    facts = class_for_me(class_id)
    adults = staff.adults(facts.school_id)
    form = class_form(facts, staff.adults_of_class(facts.school_id, facts.id))
    if request.method == "POST" and _is_good(form):
        try:
            actions.change_class(facts.school_id, facts.id, form.details, by=the_adult().id)
            return redirect(url_for("office.class_list", class_id=facts.id), code=303)
        except Refused as problem:
            _put_right(form, problem)
    choices = [(adult.id, adult.name) for adult in can_work_with_a_class(adults)]
    return page("office/change-class", facts=facts, form=form, choices=choices)
