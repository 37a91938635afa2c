"""The sheet that proves the record: for the team alone, and the same whoever looks."""

from __future__ import annotations

import time_machine

from app.base import clock as clocks
from app.people.rules import Role
from app.safeguarding import queries
from app.safeguarding.actions.prove import keep_look
from app.safeguarding.faults import IN_SHORT, What
from tests.at_school import wording
from tests.founded import Founded
from tests.letters import tell


def test_the_team_prints_last_nights_proof_and_sees_what_the_last_look_found(
    school: Founded, clock: time_machine.Traveller
) -> None:
    tell(school)
    assert "There is no proof yet" in wording(school.adult("DSL").get("/concerns/proof"))
    clock.shift(86_400)
    with school.app.app_context():
        proof = queries.record.proof(school.id)
        assert proof is not None
    first = school.adult("DSL").get("/concerns/proof")
    assert " ".join(proof.groups) in wording(first)
    assert "Up to the end of 16 November 2026" in wording(first)
    assert "has not looked through the record lately" in wording(first)
    tell(school, about=(school.adults[Role.HEAD],))
    again = school.adult(Role.HEAD).get("/concerns/proof")
    assert " ".join(proof.groups) in wording(again)
    for worst, says in ((None, "All is as Catkin wrote it."), (What.CUT, IN_SHORT[What.CUT])):
        with school.app.app_context():
            keep_look(school.id, clocks.local(clocks.now()).date().isoformat(), worst)
        assert says in wording(school.adult("DSL").get("/concerns/proof"))
    assert school.adult(Role.TEACHER).get("/concerns/proof").status_code == 403
    assert "/concerns/proof" in school.adult("DSL").get("/concerns").text
    assert "/concerns/proof" not in school.adult(Role.TEACHER).get("/concerns").text
