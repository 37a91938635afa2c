"""A morning in a school: founded, its classes listed, a child has told, everybody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from functools import partial
from pathlib import Path

import time_machine
from flask import Flask

from app.base import clock, ids
from app.base.database import Base, Store, writing
from app.content.workshop import asked_on
from app.people import passwords
from app.people.actions import classes, pupils, sign_ins, slips_and_cards, staff
from app.people.actions.classes import ClassDetails
from app.people.actions.family_codes import new_family_code
from app.people.actions.links import Link
from app.people.actions.staff import Details
from app.people.names import read_list
from app.people.pictures import draw, kept_form
from app.people.queries import pupils as known_pupils
from app.people.queries import sign_ins as known_sign_ins
from app.people.queries import staff as known_staff
from app.people.rules import GRANTABLE, SAFEGUARDING_TEAM, Role
from app.people.tables import Invitation, School, Staff, StaffRole
from app.people.viewers import StaffHere
from app.safeguarding.actions import handle, make_school_key, paper
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.queries import desk
from app.safeguarding.rules import Closing, Told
from app.workshops import actions as workshops
from tests.contracts.browsers import keep_cookies
from tests.contracts.kept import Kept
from tests.contracts.long_ago import tell_long_ago
from tests.contracts.two_schools import (
    A_LITTLE,
    BACK,
    DONE,
    HALF,
    LESSON,
    MONDAY_AT_TEN,
    PASSWORD,
    QUIZ,
    Life,
    World,
)
from tests.stepped import set_up


def build_world(app: Flask, folder: Path) -> World:
    """Both schools; nothing in one knows of the other."""
    with time_machine.travel(MONDAY_AT_TEN - A_LITTLE, tick=False):
        here = live(app, "Larch")
    there = live(app, "Rowan")
    return World(app, here, there, Kept(folder))


def live(app: Flask, mark: str) -> Life:
    """Found a school and let a morning happen in it."""
    life = Life(ids.new_id(), mark, f"dsl@{mark.lower()}.sch.uk")
    with app.app_context():
        _found(life)
    set_up(app, life.id, *(life.adults[role] for role in SAFEGUARDING_TEAM))
    with app.app_context():
        _open_classes(app, life)
        tokens = _sign_everybody_in(life)
        tell_long_ago(life, tokens)
        _print_two_papers(life)
        _tell(life)
        _close_one(life, tokens[Role.DSL])
        _host(app, life)
    keep_cookies(app, life, tokens)
    return life


def _print_two_papers(life: Life) -> None:
    """Two recovery keys; nobody has said yes to the second."""
    by = life.adults[Role.OFFICE]
    for _ in range(2):
        made = paper.new_paper(life.id, by=by)
        paper.keep_paper(life.id, made.version, made.public, by=by)


def _found(life: Life) -> None:
    """Past the set-up page, which is gone once there is one school."""
    make_school_key(life.id)
    life.adults[Role.DSL] = ids.new_id()
    with writing(Store.LEARNING) as session:
        for row in (*_first_rows(life, life.email), *_trust_lead(life)):
            session.add(row)
            session.flush()
    for letter, role in zip("ABCDEFGH", (r for r in GRANTABLE if r is not Role.DSL), strict=True):
        life.adults[role] = _add(life, letter, role).staff_id
    newcomer, deputy = _add(life, "N", Role.TEACHER), _add(life, "O", Role.DEPUTY)
    life.named |= {"staff_id": newcomer.staff_id, "teacher.join token": newcomer.token}
    life.named["link"] = ids.new_token()
    with writing(Store.LEARNING) as session:
        session.add(_link_that_waits(life, deputy.staff_id, life.named["link"]))
        session.add(_link_that_waits(life, newcomer.staff_id, ids.new_token()))


def _link_that_waits(life: Life, staff_id: str, link: str) -> Invitation:
    """Somebody came in by it, and each of the team could say whether it was them."""
    now = clock.now()
    return Invitation(
        fingerprint=link,
        school_id=life.id,
        staff_id=staff_id,
        made_by=life.adults[Role.OFFICE],
        ends_at=now,
        used_at=now,
        waits=True,
    )


def _first_rows(life: Life, email: str) -> Iterator[Base]:
    dsl, now = life.adults[Role.DSL], clock.now()
    day = {
        "day_starts": time(8, 45),
        "day_ends": time(15, 30),
        "read_within": "the same school day",
    }
    yield School(id=life.id, name=f"{life.mark} Primary", nation="England", made_at=now, **day)
    named = {"name": f"Peter {life.mark}", "known_as": f"Mr {life.mark}", "email": email}
    yield Staff(id=dsl, school_id=life.id, password=passwords.keep(PASSWORD), made_at=now, **named)
    yield StaffRole(staff_id=dsl, school_id=life.id, role=Role.DSL.value, granted_at=now)


def _trust_lead(life: Life) -> Iterator[Base]:
    """Somebody who leads a trust, which no page can make anybody yet."""
    life.adults[Role.TRUST_LEAD] = lead = ids.new_id()
    named = {"name": f"Tess {life.mark}", "known_as": "Ms Trustwell"}
    mail, now = f"trust@{life.mark.lower()}.sch.uk", clock.now()
    yield Staff(id=lead, school_id=life.id, email=mail, made_at=now, **named)
    yield StaffRole(staff_id=lead, school_id=life.id, role=Role.TRUST_LEAD.value, granted_at=now)


def _add(life: Life, letter: str, role: Role) -> Link:
    name, mail = f"{letter}da {life.mark}", f"{letter.lower()}@{life.mark.lower()}.sch.uk"
    details = Details(name, f"Mx {name}", mail)
    return staff.add_adult(life.id, life.adults[Role.DSL], details, roles=[role])


def _open_classes(app: Flask, life: Life) -> None:
    near = tuple(life.adults[role] for role in (Role.TEACHER, Role.TEACHING_ASSISTANT, Role.COVER))
    add = partial(classes.add_class, life.id, by=life.adults[Role.DSL])
    life.classes = [
        add(ClassDetails(f"{life.mark}{n}", (year,), near)) for n, year in enumerate("43")
    ]
    names = [line.name for line in read_list(f"Amina {life.mark}\nFinn {life.mark}") if line.name]
    pupils.add_pupils(life.id, life.classes[0], names)
    life.pupils = [p.id for p in known_pupils.pupils_of(life.id, life.classes[0])]
    key = app.extensions["catkin"].keys.read("pictures")
    life.pictures = {pupil: draw() for pupil in life.pupils}
    kept = {p: kept_form(key, life.id, p, three) for p, three in life.pictures.items()}
    by = life.adults[Role.TEACHER]
    slips_and_cards.keep_pictures(life.id, kept, by=by)
    first = life.pupils[:1]
    card = slips_and_cards.make_cards(life.id, first, clock.now(), by=by)[first[0]]
    life.named |= {
        "class_id": life.classes[0],
        "pupil_id": life.pupils[0],
        "pupil.card token": card,
        "lesson_id": LESSON,
        "quiz_id": QUIZ,
        "number": "1",
        # Of a column; another in each sign-in.
        "key": "nobodys",
    }
    code = new_family_code(life.id)
    life.named["family.come_in code"] = f"{code.word}-{code.number}"


def _host(app: Flask, life: Life) -> None:
    """A workshop for families, at its first question."""
    known, day = app.extensions["catkin"].catalogue, clock.local(clock.now()).date()
    asked = asked_on(known.workshop, known.age_facts, day)
    life.named["workshop_id"] = made = workshops.begin(life.id, asked, clock.now())
    workshops.move(life.id, made, verb="next", step=0, moment=clock.now())


def _tell(life: Life) -> None:
    # So it is held from the trust lead, who sees none in any case.
    life.words = f"I am from {life.mark}vale and he said keep quiet to Ms Trustwell"
    told = Told(happened=("secret",), words=life.words, to=tuple(life.adults.values()))
    telling = Telling(
        once=ids.new_token(), told=told, pupil_id=life.pupils[0], class_id=life.classes[0]
    )
    life.named["reference"] = file_concern(life.id, telling)
    over = replace(telling, once=ids.new_token())
    life.named["desk.reopen reference"] = file_concern(life.id, over)


def _sign_everybody_in(life: Life) -> dict[str, str]:
    now, begin = clock.now(), partial(sign_ins.begin_for_staff, second_step=True)
    tokens = {role: begin(life.id, adult, now) for role, adult in life.adults.items()}
    tokens[BACK] = begin(life.id, life.adults[Role.DSL], now)
    tokens[HALF] = sign_ins.begin_for_staff(life.id, life.adults[Role.DSL], now)
    tokens[Role.PUPIL] = sign_ins.begin_for_pupil(life.id, life.pupils[0], now)
    tokens[DONE] = sign_ins.begin_for_pupil(life.id, life.pupils[1], now)
    notices = known_staff.team_notices(life.id, life.adults[Role.DSL])
    life.named["notice_id"] = str(notices[0].id)
    return tokens


def _close_one(life: Life, token: str) -> None:
    dsl = known_sign_ins.signed_in(ids.fingerprint(token))
    assert isinstance(dsl, StaffHere)
    facts = desk.concern(life.id, dsl, life.named["desk.reopen reference"])
    assert facts is not None
    closing = Closing("We met", "No more to do", "It stopped", "All well", child_told=True)
    handle.close(life.id, facts, closing, by=handle.By(dsl.id, ids.new_token()))
