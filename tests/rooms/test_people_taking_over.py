"""Nobody becomes another adult, or hears what a class tells, without the team knowing of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.base import clock, ids
from app.base.database import db
from app.base.errors import Refused
from app.people import passwords
from app.people.actions import classes, sign_ins, staff
from app.people.actions import details as details_do
from app.people.actions.classes import ClassDetails
from app.people.actions.links import Link
from app.people.actions.schools import FirstAccount, found_school
from app.people.actions.staff import Details
from app.people.queries import sign_ins as found
from app.people.queries import staff as known
from app.people.rules import Role, team_state
from app.people.tables import Staff
from tests.founded import OAK_LANE, PASSWORD, Founded, add_adult

TEAM = ("DSL", Role.HEAD, Role.CHAIR)
OKAFOR = "ngozi@oaklane.sch.uk"


def newest(school: Founded, role: str) -> str | None:
    """The newest notice of an adult."""
    with school.app.app_context():
        notices = known.team_notices(school.id, school.adults[role])
    return notices[0].says if notices else None


def new_link(school: Founded, by: str, whom: str) -> Link:
    with school.app.app_context():
        return staff.make_link(school.id, school.adults[by], school.adults[whom])


def move_mail(school: Founded, by: str, whom: str, email: str) -> None:
    with school.app.app_context():
        person = known.adult(school.id, school.adults[whom])
        assert person is not None
        details = Details(person.name, person.known_as, email)
        details_do.change_details(school.id, school.adults[by], person.id, details)


def give(school: Founded, by: str, whom: str, *roles: Role) -> Link | None:
    with school.app.app_context():
        return staff.change_roles(school.id, school.adults[by], school.adults[whom], roles)


def put_in_class(school: Founded, by: str, *whom: str) -> None:
    with school.app.app_context():
        adults = tuple(school.adults[one] for one in whom)
        details = ClassDetails("Hazel", ("4",), adults)
        classes.change_class(school.id, school.hazel, details, by=school.adults[by])


def opens(school: Founded, token: str) -> bool:
    with school.app.app_context():
        return found.invitation(ids.fingerprint(token), clock.now()) is not None


def test_the_office_makes_no_link_for_an_adult_who_has_joined(school: Founded) -> None:
    with pytest.raises(Refused, match="This adult has joined"):
        new_link(school, Role.OFFICE, Role.TEACHER)
    school.adults["una"] = add_adult(school, "Una Reid", Role.TEACHER)
    assert opens(school, new_link(school, Role.OFFICE, "una").token)


def test_the_team_and_the_adult_hear_of_a_new_link_for_one_who_has_joined(school: Founded) -> None:
    new_link(school, Role.HEAD, Role.TEACHER)
    told = "Gwen Pritchard made a new joining link for Ngozi Okafor (teacher)."
    assert [newest(school, role) for role in (*TEAM, Role.TEACHER)] == [told] * 4
    assert newest(school, Role.OFFICE) is None


def test_the_office_moves_no_address_of_an_adult_who_has_joined(school: Founded) -> None:
    with pytest.raises(Refused, match="This adult has joined"):
        move_mail(school, Role.OFFICE, Role.TEACHER, "mine@example.uk")
    with school.app.app_context():
        person = known.adult(school.id, school.adults[Role.TEACHER])
        assert person is not None
        assert person.email == OKAFOR
        fresh = Details("Ngozi Okafor-Lane", "Mrs O", OKAFOR)
        details_do.change_details(school.id, school.adults[Role.OFFICE], person.id, fresh)
    assert str(newest(school, Role.TEACHER)).startswith("Kay Bell changed a name: Ngozi Okafor")


def test_the_team_and_the_adult_hear_of_another_address(school: Founded) -> None:
    move_mail(school, "DSL", Role.TEACHER, "okafor@oaklane.sch.uk")
    told = "Peter Lane changed the e-mail address of Ngozi Okafor."
    assert [newest(school, role) for role in (*TEAM, Role.TEACHER)] == [told] * 4


@pytest.mark.parametrize("role", [Role.TEACHER, Role.TEACHING_ASSISTANT, Role.TECHNICIAN])
def test_nobody_outside_the_team_gives_themselves_a_role(school: Founded, role: Role) -> None:
    with pytest.raises(Refused, match="You cannot give yourself a role"):
        give(school, Role.OFFICE, Role.OFFICE, Role.OFFICE, role)
    assert give(school, Role.OFFICE, Role.TECHNICIAN, Role.TECHNICIAN, role) is None
    give(school, Role.HEAD, Role.HEAD, Role.HEAD, role)


def test_nobody_outside_the_team_adds_themselves_to_a_class(school: Founded) -> None:
    give(school, "DSL", Role.OFFICE, Role.OFFICE, Role.TEACHER)
    with pytest.raises(Refused, match="You cannot add yourself to a class"):
        put_in_class(school, Role.OFFICE, Role.TEACHER, Role.OFFICE)
    me = school.adults[Role.OFFICE]
    with school.app.app_context(), pytest.raises(Refused, match="add yourself"):
        classes.add_class(school.id, ClassDetails("Fir", ("1",), (me,)), by=me)
    put_in_class(school, "DSL", Role.TEACHER, Role.OFFICE)
    put_in_class(school, Role.OFFICE, Role.OFFICE)


@pytest.mark.parametrize(("by", "name"), [("DSL", "Peter Lane"), (Role.OFFICE, "Kay Bell")])
def test_the_team_hears_who_adds_an_adult_and_puts_one_into_a_class(
    school: Founded, by: str, name: str
) -> None:
    with school.app.app_context():
        una = Details("Una Reid", "Miss Reid", "una@oaklane.sch.uk")
        link = staff.add_adult(school.id, school.adults[by], una, roles=[Role.TEACHER])
    school.adults["una"] = link.staff_id
    told = f"{name} added Una Reid (teacher)."
    assert [newest(school, role) for role in TEAM] == [told] * 3
    put_in_class(school, by, Role.TEACHER)
    assert newest(school, Role.CHAIR) == told, "who was in the class before is no news"
    put_in_class(school, by, Role.TEACHER, "una")
    assert [newest(school, role) for role in TEAM] == [f"{name} added Una Reid to Hazel."] * 3
    assert newest(school, "una") is None


def test_who_founds_a_team_alone_is_told_nothing_of_their_own_work(app: Flask) -> None:
    with app.app_context():
        here, first = ids.new_id(), FirstAccount("Ana Otter", "Ms Otter", "a@otter.uk", PASSWORD)
        me = found_school(here, OAK_LANE, first)
        una = Details("Una Reid", "Miss Reid", "una@otter.sch.uk")
        link = staff.add_adult(here, me, una, roles=[Role.TEACHER])
        classes.add_class(here, ClassDetails("Fir", ("1",), (link.staff_id,)), by=me)
        assert known.team_notices(here, me) == []


def test_what_opened_the_account_before_a_promotion_opens_nothing_after_it(
    school: Founded,
) -> None:
    school.adults["una"] = add_adult(school, "Una Reid", Role.TEACHER)
    from_the_office = new_link(school, Role.OFFICE, "una").token
    with school.app.app_context():
        kept = passwords.keep("three blue umbrellas")
        mark = ids.fingerprint(from_the_office)
        signed_in = sign_ins.join(school.id, mark, kept, clock.now())
        assert signed_in is not None
    spare = new_link(school, "DSL", "una").token
    fresh = give(school, "DSL", "una", Role.TEACHER, Role.DEPUTY)
    assert fresh is not None
    assert opens(school, fresh.token)
    assert not opens(school, spare)
    with school.app.app_context():
        assert found.signed_in(ids.fingerprint(signed_in)) is None
        account = found.account("una@oaklane.sch.uk")
        assert account is not None
        assert account.password is None


def test_a_promoted_adult_counts_from_the_next_sign_in(school: Founded) -> None:
    give(school, "DSL", Role.TEACHER, Role.TEACHER, Role.DEPUTY)
    with school.app.app_context():
        assert len(team_state(known.adults(school.id)).ready) == 3
        begin = sign_ins.begin_for_staff
        begin(school.id, school.adults[Role.TEACHER], clock.now(), second_step=True)
        assert len(team_state(known.adults(school.id)).ready) == 4


def test_another_role_within_the_team_ends_nothing(school: Founded) -> None:
    """The first adult chose that password at set-up, and nobody ever held a link for it."""
    with school.app.app_context():
        begin = sign_ins.begin_for_staff
        token = begin(school.id, school.adults["DSL"], clock.now(), second_step=True)
    assert give(school, Role.HEAD, "DSL", Role.DSL, Role.DEPUTY) is None
    assert give(school, "DSL", "DSL", Role.DSL, Role.HEAD) is None
    with school.app.app_context():
        assert found.signed_in(ids.fingerprint(token)) is not None
        whose = select(Staff.password).where(
            Staff.school_id == school.id, Staff.id == school.adults["DSL"]
        )
        assert db.session.scalar(whose) is not None
