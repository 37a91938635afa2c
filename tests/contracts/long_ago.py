"""What was told years ago in a school: due for a look, asked to be erased, held, erased."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app.base import clock, ids
from app.people.queries import sign_ins
from app.people.rules import Role
from app.people.viewers import StaffHere
from app.safeguarding.actions import handle, retention
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.queries import desk
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import Ground
from app.safeguarding.rules import Closing, Told
from tests.at_desk import have_been_in_the_team
from tests.contracts.two_schools import Life

ONE_YEAR_AND_MORE = timedelta(days=400)


def tell_long_ago(life: Life, tokens: dict[str, str]) -> None:
    """Four without a name, closed; the head has asked for two of them to be erased."""
    dsl, head = life.adults[Role.DSL], life.adults[Role.HEAD]
    words = Told(words=f"Long ago at {life.mark}vale")
    with time_machine.travel(clock.now() - ONE_YEAR_AND_MORE, tick=False):
        told = [
            file_concern(life.id, Telling(ids.new_token(), words, class_id=life.classes[0]))
            for _ in range(4)
        ]
        for reference in told:
            done = Closing("We met", "No more", "It stopped", "All well", child_told=True)
            handle.close(life.id, _facts(life, tokens, reference), done, by=_by(dsl))
    due, asked, held, erased = told
    have_been_in_the_team(dsl, head)
    retention.set_years(life.id, 1, by=dsl)
    for reference in (asked, erased):
        facts = _facts(life, tokens, reference)
        retention.ask_to_erase(life.id, facts, Ground.SCHEDULE, life.mark, by=_by(head))
    facts = _facts(life, tokens, erased)
    retention.agree_to_erase(life.id, facts, Ground.LAW, by=_by(dsl))
    retention.hold(life.id, _facts(life, tokens, held), life.mark, by=_by(dsl))
    life.named |= {
        "due": due,
        "held": held,
        "desk.keeping reference": asked,
        "desk.certificate reference": erased,
    }


def _facts(life: Life, tokens: dict[str, str], reference: str) -> ConcernFacts:
    here = sign_ins.signed_in(ids.fingerprint(tokens[Role.DSL]))
    assert isinstance(here, StaffHere)
    found = desk.concern(life.id, here, reference)
    assert found is not None
    return found


def _by(staff_id: str) -> handle.By:
    return handle.By(staff_id, ids.new_token())
