"""Classes and their pupils, as the office changes them."""

from __future__ import annotations

import pytest

from app.base import clock, ids
from app.base.errors import Refused
from app.people.actions import classes, pupils, sign_ins, slips_and_cards
from app.people.actions.classes import ClassDetails, NameInUse
from app.people.actions.pupils import ListChanged
from app.people.codes import Code
from app.people.names import FullName
from app.people.queries import classes as known
from app.people.queries import pupils as known_pupils
from app.people.queries import sign_ins as found
from app.people.queries import staff
from app.people.rules import Role
from tests.at_school import small_school
from tests.founded import Founded

FIR = ClassDetails("Fir", ("1",), ())


def test_a_class_learns_in_the_band_of_its_youngest(school: Founded) -> None:
    with school.app.app_context():
        mixed = classes.add_class(
            school.id, ClassDetails("Birch", ("3", "R"), ()), by=school.adults["DSL"]
        )
        facts = known.class_(school.id, mixed)
    assert facts is not None
    assert (facts.years, facts.band) == (("R", "3"), "5-7")


def test_two_classes_never_share_a_name_or_a_code(
    school: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = small_school(school.app)
    drawn = iter([Code("otter", "4821"), Code("wren", "4821"), Code("kite", "0007")])
    monkeypatch.setattr("app.people.actions.classes.draw_code", lambda: next(drawn))
    with school.app.app_context():
        with pytest.raises(NameInUse):
            classes.add_class(school.id, ClassDetails("HAZEL", ("1",), ()), by=school.adults["DSL"])
        fir = classes.add_class(school.id, FIR, by=school.adults["DSL"])
        taken = known.class_by_code("otter", "4821")
        drawn_for_us = known.class_by_code(" KITE ", "0007\u200b")
    assert taken is not None
    assert taken.id == other.hazel
    assert drawn_for_us is not None
    assert drawn_for_us.id == fir


def test_a_new_code_takes_the_place_of_the_old(school: Founded) -> None:
    with school.app.app_context():
        before = known.class_(school.id, school.hazel)
        assert before is not None
        code = classes.new_code(school.id, school.hazel)
        assert known.class_by_code(before.code_word, before.code_number) is None
        after = known.class_by_code(code.word, code.number)
    assert after is not None
    assert after.id == school.hazel


def test_a_class_is_changed_whole(school: Founded) -> None:
    head = school.adults[Role.HEAD]
    with school.app.app_context():
        details = ClassDetails("Hazel Tree", ("3", "4"), (head,))
        classes.change_class(school.id, school.hazel, details, by=head)
        facts = known.class_(school.id, school.hazel)
        adults = staff.adults_of_class(school.id, school.hazel)
        with pytest.raises(Refused):
            classes.change_class(school.id, "nothere", FIR, by=head)
    assert facts is not None
    assert (facts.name, facts.years) == ("Hazel Tree", ("3", "4"))
    assert [adult.id for adult in adults] == [head]


def test_names_shown_are_worked_out_again_after_each_change(school: Founded) -> None:
    assert set(school.shown(school.hazel)) == {"Amina", "Finn O", "Finn B", "Zofia", "Wei"}
    with school.app.app_context():
        pupils.rename_pupil(school.id, school.pupils["Finn O"], FullName("Wei", "Chen"))
        assert set(school.shown(school.hazel)) == {"Amina", "Wei C", "Finn", "Zofia", "Wei Z"}
        pupils.move_pupil(school.id, school.pupils["Wei"], school.elder)
        assert set(school.shown(school.hazel)) == {"Amina", "Wei", "Finn", "Zofia"}
        assert set(school.shown(school.elder)) == {"Wei"}
        pupils.add_pupils(school.id, school.elder, [FullName("Wei", "Zhang")])
        assert set(school.shown(school.elder)) == {"Wei Z 1", "Wei Z 2"}
        pupils.remove_pupil(school.id, school.pupils["Wei"], by=school.adults["DSL"])
        assert set(school.shown(school.elder)) == {"Wei"}


def test_the_list_that_was_previewed_is_the_list_that_grows(school: Founded) -> None:
    with school.app.app_context(), pytest.raises(ListChanged):
        pupils.add_pupils(school.id, school.hazel, [FullName("Una", "Reid")], previewed="before")
    assert "Una" not in school.shown(school.hazel)


def test_a_pupil_who_leaves_is_out_and_cards_are_dead(school: Founded) -> None:
    amina = school.pupils["Amina"]
    with school.app.app_context():
        token = sign_ins.begin_for_pupil(school.id, amina, clock.now())
        made = slips_and_cards.make_cards(school.id, [amina], clock.now(), by=school.adults["DSL"])
        card = made[amina]
        pupils.remove_pupil(school.id, amina, by=school.adults["DSL"])
        assert found.signed_in(ids.fingerprint(token)) is None
        assert found.card_owner(ids.fingerprint(card)) is None
        assert known_pupils.pupil(school.id, amina) is None
        assert known_pupils.names(school.id, [amina]) == {amina: "Amina Khan"}
        with pytest.raises(Refused):
            pupils.rename_pupil(school.id, amina, FullName("A", "B"))


def test_moving_keeps_pictures_and_the_sign_in(school: Founded) -> None:
    amina = school.pupils["Amina"]
    with school.app.app_context():
        token = sign_ins.begin_for_pupil(school.id, amina, clock.now())
        pupils.move_pupil(school.id, amina, school.elder)
        moved = known_pupils.pupil(school.id, amina)
        here = found.signed_in(ids.fingerprint(token))
    assert moved is not None
    assert moved.has_pictures
    assert here is not None
    assert here.class_name == "Elder"  # type: ignore[union-attr]


def test_the_team_is_told_once_when_an_adult_outside_it_removes_pupils(school: Founded) -> None:
    teacher, dsl = school.adults["teacher"], school.adults["DSL"]

    def told() -> list[str]:
        return [one.says for one in staff.team_notices(school.id, dsl) if "at least" in one.says]

    with school.app.app_context():
        pupils.remove_pupil(school.id, school.pupils["Wei"], by=dsl)
        assert told() == []
        for name in ("Amina", "Zofia"):
            pupils.remove_pupil(school.id, school.pupils[name], by=teacher)
        (says,) = told()
        assert says.startswith("Ngozi Okafor removed at least one pupil from Hazel")


def test_pupils_and_classes_of_another_school_cannot_be_reached(school: Founded) -> None:
    other = small_school(school.app)
    with school.app.app_context():
        for reach in (
            lambda: pupils.rename_pupil(school.id, other.amina, FullName("A", "B")),
            lambda: pupils.remove_pupil(school.id, other.amina, by=school.adults["DSL"]),
            lambda: pupils.move_pupil(school.id, other.amina, school.hazel),
            lambda: pupils.move_pupil(school.id, school.pupils["Amina"], other.hazel),
            lambda: pupils.add_pupils(school.id, other.hazel, [FullName("A", "B")]),
            lambda: classes.change_class(school.id, other.hazel, FIR, by=school.adults["DSL"]),
        ):
            with pytest.raises(Refused):
                reach()
        assert known_pupils.pupil(school.id, other.amina) is None
        assert known.class_(school.id, other.hazel) is None
        assert known_pupils.names(school.id, [other.amina]) == {}
        assert len(known_pupils.pupils_of(other.school, other.hazel)) == 2
