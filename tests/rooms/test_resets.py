"""Who starts anew: every other way in ends at once, and each of the team hears of it in red."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.base import clock, ids
from app.base.database import Store, db, writing
from app.base.errors import CannotStart, Refused, StoreAway
from app.cli import run_command
from app.people import passwords
from app.people.actions import notices as words_do
from app.people.actions import own_sign_ins, sign_ins, staff
from app.people.actions.staff import Details
from app.people.queries import sign_ins as found
from app.people.queries import staff as known
from app.people.rules import Role
from app.people.tables import Passkey, RecoveryCode, SecondStep
from app.prepare import Prepared
from app.safeguarding.actions import team
from app.safeguarding.queries.team import LINK_MADE, ROLE_GIVEN, SEEN, team_lines
from app.safeguarding.tables import Audit
from tests.founded import Founded, add_adult, wait_for_no_word
from tests.quick import locked

TEAM = ("DSL", Role.HEAD, Role.CHAIR)
HEAD = "gwen@oaklane.sch.uk"


def red(school: Founded, role: str) -> list[str]:
    """What stays red for an adult, newest first."""
    notices = known.team_notices(school.id, school.adults[role])
    return [one.says for one in notices if one.red]


def seen_all(school: Founded) -> None:
    """What the school's founding left is put away."""
    with school.app.app_context():
        for staff_id in school.adults.values():
            for one in known.team_notices(school.id, staff_id):
                words_do.see_team_notice(school.id, staff_id, one.id)


def audit(school: Founded) -> list[tuple[str, str | None, str]]:
    rows = db.session.execute(
        select(Audit.kind, Audit.staff_id, Audit.says)
        .where(
            Audit.school_id == school.id,
            Audit.kind.in_((LINK_MADE, ROLE_GIVEN, SEEN)),
        )
        .order_by(Audit.id)
    )
    return [tuple(row) for row in rows]


def with_a_second_step(school: Founded, role: str) -> str:
    """An adult with a password, an app, a code on paper and a passkey; the token of a sign-in."""
    whose, moment = school.adults[role], clock.now()
    own_sign_ins.change_password(school.id, whose, passwords.keep("old old old"), but_for="")
    mine = {"school_id": school.id, "staff_id": whose, "made_at": moment}
    with writing(Store.LEARNING) as session:
        session.merge(SecondStep(**mine, sealed=b"x", confirmed_at=moment))
        session.add_all(
            [
                RecoveryCode(**mine, fingerprint=f"f{whose}"),
                Passkey(**mine, id=f"p{whose}", public=b"x", counted=0, name="Laptop"),
            ]
        )
    return sign_ins.begin_for_staff(school.id, whose, moment, second_step=True)


def steps_of(school: Founded, role: str) -> int:
    return sum(
        db.session.scalar(
            select(func.count()).select_from(kind).where(
                kind.school_id == school.id, kind.staff_id == school.adults[role]
            )
        )
        or 0
        for kind in (SecondStep, RecoveryCode, Passkey)
    )  # fmt: skip


def test_a_link_for_one_of_the_team_ends_every_other_way_in_at_once(school: Founded) -> None:
    with school.app.app_context():
        token, other = with_a_second_step(school, Role.HEAD), with_a_second_step(school, "DSL")
        head = known.adult(school.id, school.adults[Role.HEAD])
        assert head is not None
        link = team.make_link(school.id, school.adults["DSL"], head)
        assert found.signed_in(ids.fingerprint(token)) is None
        account = found.account(HEAD)
        assert account is not None
        assert account.password is None
        assert steps_of(school, Role.HEAD) == 0
        assert found.invitation(ids.fingerprint(link.token), clock.now()) is not None
        assert found.signed_in(ids.fingerprint(other)) is not None
        assert steps_of(school, "DSL") == 3


def test_it_stays_red_for_each_of_the_team_until_that_one_has_seen_it(school: Founded) -> None:
    seen_all(school)
    with school.app.app_context():
        head = known.adult(school.id, school.adults[Role.HEAD])
        assert head is not None
        team.make_link(school.id, school.adults["DSL"], head)
        for role in TEAM:
            (says,) = red(school, role)
            assert says.startswith("Peter Lane made a new joining link for Gwen Pritchard (head).")
        assert red(school, Role.OFFICE) == red(school, Role.TEACHER) == []
        chair = school.adults[Role.CHAIR]
        (one,) = known.team_notices(school.id, chair)
        team.see_notice(school.id, school.adults["DSL"], one.id)
        assert red(school, Role.CHAIR), "nobody puts away what another must see"
        for _ in range(2):
            team.see_notice(school.id, chair, one.id)
        assert red(school, Role.CHAIR) == []
        assert red(school, "DSL")
        made, *seen = audit(school)[-2:]
        assert made == (LINK_MADE, school.adults["DSL"], f"for={head.id}")
        assert seen == [(SEEN, chair, f"notice={one.id}")]
        last, before, *_ = team_lines(school.id)
        assert last.says == f"Imran Sheikh has seen: {one.says}"
        assert before.says == "Peter Lane made a link by which Gwen Pritchard starts anew."


def test_a_grant_is_red_and_in_the_record_and_a_role_of_lessons_is_neither(
    school: Founded,
) -> None:
    seen_all(school)
    with school.app.app_context():
        by, teacher = school.adults["DSL"], school.adults[Role.TEACHER]
        before = len(audit(school))
        details = Details("Una Reid", "Ms Reid", "una@oaklane.sch.uk")
        una = team.add_adult(school.id, by, details, roles=[Role.TEACHER]).staff_id
        team.change_roles(school.id, by, una, [Role.TEACHER, Role.TEACHING_ASSISTANT])
        assert red(school, Role.HEAD) == []
        assert len(audit(school)) == before
        team.change_roles(school.id, by, teacher, [Role.TEACHER, Role.DEPUTY])
        assert red(school, Role.HEAD) == [
            "Peter Lane let Ngozi Okafor (teacher, deputy) into the safeguarding team: they see"
            " concerns once they have joined."
        ]
        wait_for_no_word(school.id, teacher)
        details = Details("Ida Moss", "Ms Moss", "ida@oaklane.sch.uk")
        ida = team.add_adult(school.id, by, details, roles=[Role.DSL, Role.HEAD]).staff_id
        assert red(school, Role.HEAD)[0].startswith("Peter Lane let Ida Moss (DSL, head) into the")
        assert audit(school)[before:] == [
            (ROLE_GIVEN, by, f"for={teacher} roles=deputy"),
            (ROLE_GIVEN, by, f"for={ida} roles=dsl+head"),
        ]
        assert team_lines(school.id)[0].says == "Peter Lane let Ida Moss see concerns (DSL, head)."
        team.change_roles(school.id, by, teacher, [Role.TEACHER])
        assert len(red(school, Role.HEAD)) == 2, "what is taken shows nobody a concern"


def test_a_crash_between_the_two_stores_leaves_the_red_word(school: Founded) -> None:
    seen_all(school)
    with school.app.app_context():
        head = known.adult(school.id, school.adults[Role.HEAD])
        assert head is not None
        with locked(school.app, Store.SAFEGUARDING), pytest.raises(StoreAway):
            team.make_link(school.id, school.adults["DSL"], head)
        assert all(red(school, role) for role in TEAM)
        (one,) = known.team_notices(school.id, school.adults[Role.CHAIR])
        with locked(school.app, Store.SAFEGUARDING), pytest.raises(StoreAway):
            team.see_notice(school.id, school.adults[Role.CHAIR], one.id)
        assert red(school, Role.CHAIR)


def test_nobody_makes_a_link_for_themselves(school: Founded) -> None:
    with school.app.app_context():
        for role in ("DSL", Role.HEAD, Role.OFFICE, Role.TEACHER):
            with pytest.raises(Refused):
                staff.make_link(school.id, school.adults[role], school.adults[role])


def test_a_link_for_somebody_else_clears_the_second_step_when_it_is_used(
    school: Founded,
) -> None:
    with school.app.app_context():
        token = with_a_second_step(school, Role.TEACHER)
        teacher = known.adult(school.id, school.adults[Role.TEACHER])
        assert teacher is not None
        link = team.make_link(school.id, school.adults["DSL"], teacher)
        assert found.signed_in(ids.fingerprint(token)) is not None
        assert steps_of(school, Role.TEACHER) == 3
        kept = passwords.keep("three blue umbrellas")
        assert sign_ins.join(school.id, ids.fingerprint(link.token), kept, clock.now())
        assert found.signed_in(ids.fingerprint(token)) is None
        assert steps_of(school, Role.TEACHER) == 0


def test_a_leaver_leaves_no_way_in_behind(school: Founded) -> None:
    with school.app.app_context():
        token, head = with_a_second_step(school, Role.HEAD), school.adults[Role.HEAD]
    add_adult(school, "Una Reid", Role.DEPUTY)
    with school.app.app_context():
        details = Details("Nobody Real", "Nobody", "nobody@oaklane.sch.uk")
        spare = staff.add_adult(school.id, head, details, roles=[Role.DEPUTY])
        theirs = staff.add_adult(
            school.id, school.adults["DSL"], Details("Ida", "Ida", "ida@oaklane.sch.uk"),
            roles=[Role.DEPUTY],
        )  # fmt: skip
        kept = passwords.keep("three blue umbrellas")
        assert sign_ins.join(school.id, ids.fingerprint(theirs.token), kept, clock.now())
        sign_ins.begin_for_staff(school.id, theirs.staff_id, clock.now(), second_step=True)
        wait_for_no_word(school.id, theirs.staff_id)
        staff.end_account(school.id, school.adults["DSL"], head)
        assert found.signed_in(ids.fingerprint(token)) is None
        assert found.account(HEAD) is None
        assert steps_of(school, Role.HEAD) == 0
        assert found.invitation(ids.fingerprint(spare.token), clock.now()) is None


def test_at_the_computer_itself_the_same_and_the_record_says_so(
    school: Founded, app: Flask, prepared: Prepared, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    seen_all(school)
    monkeypatch.setenv("DATA_DIR", str(prepared.folders.data))
    monkeypatch.setenv("KEYS_DIR", str(prepared.keys.path))
    with app.app_context():
        token = with_a_second_step(school, "DSL")
    assert run_command(["people", "reset", " DSL@oaklane.sch.uk "]) == 0
    link = re.search(r"/staff/join/([0-9a-z]{26})\b", capsys.readouterr().out)
    assert link is not None
    with app.app_context():
        assert found.signed_in(ids.fingerprint(token)) is None
        assert steps_of(school, "DSL") == 0
        invited = found.invitation(ids.fingerprint(link[1]), clock.now())
        assert invited is not None
        assert invited.staff_id == school.adults["DSL"]
        for role in TEAM:
            assert red(school, role)[0].startswith(
                "A new joining link for Peter Lane (DSL) was made at the computer"
            )
        said = f"for={school.adults['DSL']} at=computer"
        assert audit(school)[-1] == (LINK_MADE, None, said)
        assert team_lines(school.id)[0].says == (
            "Somebody at the computer itself made a link by which Peter Lane starts anew."
        )
    with pytest.raises(CannotStart, match="Nobody here has the e-mail address"):
        run_command(["people", "reset", "nobody@oaklane.sch.uk"])
