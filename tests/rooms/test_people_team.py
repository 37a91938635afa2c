"""Adults: who may let whom see concerns, who is told, and when a change would leave too few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.base import clock, ids
from app.base.database import db
from app.base.errors import Refused
from app.people.actions import classes, notices, sign_ins, staff
from app.people.actions import details as details_do
from app.people.actions.classes import ClassDetails
from app.people.actions.staff import AddressInUse, Details
from app.people.queries import classes as known_classes
from app.people.queries import sign_ins as found
from app.people.queries import staff as known
from app.people.rules import Role, team_state
from app.people.tables import SignIn
from tests.at_school import small_school
from tests.founded import Founded, add_adult, wait_for_no_word

SAMIRA = Details("Samira Haddad", "Mrs Haddad", "samira@oaklane.sch.uk")


def says(school: Founded, role: str) -> list[str]:
    with school.app.app_context():
        return [n.says for n in known.team_notices(school.id, school.adults[role])]


def add(school: Founded, by: str, *roles: Role) -> str:
    with school.app.app_context():
        link = staff.add_adult(school.id, school.adults[by], SAMIRA, roles=roles)
        return link.staff_id


def change(school: Founded, by: str, whom: str, *roles: Role) -> None:
    with school.app.app_context():
        staff.change_roles(school.id, school.adults[by], school.adults[whom], roles)


def end(school: Founded, by: str, whom: str) -> None:
    with school.app.app_context():
        staff.end_account(school.id, school.adults[by], school.adults[whom])


def is_safe(school: Founded) -> bool:
    with school.app.app_context():
        return team_state(known.adults(school.id)).safe


def test_the_office_can_add_a_teacher(school: Founded) -> None:
    staff_id = add(school, Role.OFFICE, Role.TEACHER)
    with school.app.app_context():
        added = known.adult(school.id, staff_id)
    assert added is not None
    assert (added.name, added.roles, added.signed_in_once) == (
        "Samira Haddad",
        (Role.TEACHER,),
        False,
    )


@pytest.mark.parametrize("role", [Role.DSL, Role.DEPUTY, Role.HEAD, Role.CHAIR])
def test_only_someone_who_sees_concerns_lets_another_see_them(school: Founded, role: Role) -> None:
    with pytest.raises(Refused, match="Only someone who sees concerns"):
        add(school, Role.OFFICE, role)
    with school.app.app_context():
        assert SAMIRA.email not in [a.email for a in known.adults(school.id)]
    add(school, Role.CHAIR, role)


def test_the_chair_alone_adds_no_teacher(school: Founded) -> None:
    with pytest.raises(Refused, match="Only the office"):
        add(school, Role.CHAIR, Role.TEACHER)


def test_all_who_see_concerns_are_told_of_a_new_one(school: Founded) -> None:
    staff_id = add(school, Role.HEAD, Role.DEPUTY)
    told = (
        "Gwen Pritchard let Samira Haddad (deputy) into the safeguarding team: they see concerns"
        " once they have joined."
    )
    for role in (Role.DSL, Role.HEAD, Role.CHAIR):
        assert says(school, role)[0] == told
    school.adults["deputy"] = staff_id
    assert says(school, "deputy") == [told]
    assert says(school, Role.TEACHER) == says(school, Role.OFFICE) == []


def test_a_notice_is_put_away_only_by_the_adult_it_tells(school: Founded) -> None:
    head, chair = school.adults[Role.HEAD], school.adults[Role.CHAIR]
    with school.app.app_context():
        notice = known.team_notices(school.id, head)[0]
        notices.see_team_notice(school.id, chair, notice.id)
        assert notice in known.team_notices(school.id, head)
        notices.see_team_notice(school.id, head, notice.id)
    with school.app.app_context():
        assert notice not in known.team_notices(school.id, head)


def test_an_address_is_one_account_in_the_whole_installation(school: Founded) -> None:
    small_school(school.app, email=SAMIRA.email)
    with pytest.raises(AddressInUse, match="That address is in use"):
        add(school, Role.OFFICE, Role.TEACHER)


def test_the_chair_of_governors_holds_no_other_role(school: Founded) -> None:
    with pytest.raises(Refused, match="not on the staff"):
        add(school, Role.HEAD, Role.CHAIR, Role.TEACHER)
    with pytest.raises(Refused, match="at least one role"):
        add(school, Role.HEAD)


def test_a_new_link_ends_the_old_one_and_lasts_seven_days(school: Founded) -> None:
    by, whom = school.adults[Role.DSL], add_adult(school, "Una Reid", Role.TEACHER)
    moment = clock.now()
    with school.app.app_context():
        first = staff.make_link(school.id, by, whom)
        second = staff.make_link(school.id, by, whom)
        assert found.invitation(ids.fingerprint(first.token), moment) is None
        assert found.invitation(ids.fingerprint(second.token), moment) is not None
        late = moment + timedelta(days=7, minutes=1)
        assert found.invitation(ids.fingerprint(second.token), late) is None
        assert set(known.open_links(school.id, moment)) >= {whom}


def test_the_office_makes_no_link_into_the_safeguarding_team(school: Founded) -> None:
    with school.app.app_context(), pytest.raises(Refused, match="Only someone who sees concerns"):
        staff.make_link(school.id, school.adults[Role.OFFICE], school.adults[Role.HEAD])


def test_the_team_is_told_of_a_new_link_for_one_of_them(school: Founded) -> None:
    with school.app.app_context():
        staff.make_link(school.id, school.adults[Role.DSL], school.adults[Role.CHAIR])
    assert says(school, Role.HEAD)[0] == (
        "Peter Lane made a new joining link for Imran Sheikh (chair of governors). Whoever has it"
        " becomes them: ask them in person whether they wanted it."
    )


def test_a_safe_team_is_not_left_with_two(school: Founded) -> None:
    assert is_safe(school)
    with pytest.raises(Refused, match="fewer than three"):
        end(school, Role.DSL, Role.HEAD)
    with pytest.raises(Refused, match="fewer than three"):
        change(school, Role.DSL, Role.HEAD, Role.TEACHER)
    assert is_safe(school)


def test_a_safe_team_is_not_left_without_anybody_from_outside(school: Founded) -> None:
    school.adults["deputy"] = add(school, Role.DSL, Role.DEPUTY)
    with school.app.app_context():
        begin = sign_ins.begin_for_staff
        begin(school.id, school.adults["deputy"], clock.now(), second_step=True)
        wait_for_no_word(school.id, school.adults["deputy"])
    with pytest.raises(Refused, match="outside the staff"):
        end(school, Role.DSL, Role.CHAIR)
    end(school, Role.DSL, Role.HEAD)
    assert is_safe(school)


def test_a_team_that_is_not_safe_yet_can_still_be_changed(school: Founded) -> None:
    with school.app.app_context():
        db.session.execute(db.text("UPDATE staff SET signed_in_first = NULL WHERE name LIKE 'I%'"))
        db.session.commit()
    assert not is_safe(school)
    end(school, Role.DSL, Role.HEAD)


def test_nobody_ends_their_own_account(school: Founded) -> None:
    with pytest.raises(Refused, match="your own account"):
        end(school, Role.DSL, Role.DSL)


def test_the_last_who_sees_concerns_cannot_stop_seeing_them(school: Founded) -> None:
    with school.app.app_context():
        db.session.execute(db.text("UPDATE staff SET signed_in_first = NULL WHERE name LIKE 'I%'"))
        db.session.commit()
    end(school, Role.DSL, Role.HEAD)
    with pytest.raises(Refused, match="Then nobody could see concerns"):
        change(school, Role.DSL, Role.DSL, Role.TEACHER)


def test_who_no_longer_sees_concerns_is_told_like_the_team(school: Founded) -> None:
    school.adults["deputy"] = add(school, Role.DSL, Role.DEPUTY)
    change(school, Role.HEAD, "deputy", Role.TEACHER)
    told = "Gwen Pritchard changed roles: Samira Haddad (teacher)."
    assert says(school, "deputy")[0] == says(school, Role.CHAIR)[0] == told


def test_a_leaver_is_out_at_once_and_everywhere(school: Founded) -> None:
    teacher = school.adults[Role.TEACHER]
    with school.app.app_context():
        token = sign_ins.begin_for_staff(school.id, teacher, clock.now())
        link = staff.make_link(school.id, school.adults[Role.DSL], teacher)
    end(school, Role.OFFICE, Role.TEACHER)
    with school.app.app_context():
        assert found.signed_in(ids.fingerprint(token)) is None
        assert found.invitation(ids.fingerprint(link.token), clock.now()) is None
        assert known.adult(school.id, teacher) is None
        assert known.adults_of_class(school.id, school.hazel) == []
        assert known_classes.classes_of(school.id, teacher) == []
        assert known.names(school.id)[teacher] == "Ngozi Okafor"
        still_in = select(func.count()).where(SignIn.staff_id == teacher, SignIn.ended_at.is_(None))
        assert db.session.scalar(still_in) == 0


def test_the_address_of_a_leaver_is_free_again(school: Founded) -> None:
    end(school, Role.OFFICE, Role.TEACHER)
    add_adult(school, "Ngozi Okafor", Role.TEACHER)
    with pytest.raises(Refused, match="ended"):
        end(school, Role.OFFICE, Role.TEACHER)


def test_an_adult_of_another_school_cannot_be_reached(school: Founded) -> None:
    other = small_school(school.app)
    by = school.adults[Role.DSL]
    with school.app.app_context():
        for reach in (
            lambda: staff.make_link(school.id, by, other.okafor),
            lambda: staff.end_account(school.id, by, other.okafor),
            lambda: staff.change_roles(school.id, by, other.okafor, [Role.TEACHER]),
            lambda: details_do.change_details(school.id, by, other.okafor, SAMIRA),
            lambda: classes.add_class(
                school.id, ClassDetails("Fir", ("1",), (other.okafor,)), by=by
            ),
        ):
            with pytest.raises(Refused):
                reach()
        untouched = known.adult(other.school, other.okafor)
    assert untouched is not None
    assert untouched.name == "Ngozi Okafor"
