"""Where passkeys work, and what the browser of a page is told to ask for."""

from __future__ import annotations

from flask import request

from app.base import clock
from app.base.errors import KeyMissing
from app.base.network import address_of, host_in, netloc_of
from app.people.actions import passkeys as act
from app.people.actions.passkeys import Tried
from app.people.passkeys import MOST, Asking, Place
from app.people.queries import schools, staff
from app.people.queries.passkeys import passkeys
from app.people.queries.second_step import HalfHere
from app.people.second_step import KEY
from app.people.viewers import StaffHere
from app.web.network import public_address
from app.web.parts import keys


def place_here() -> Place | None:
    """The address of Catkin where this request came to it over TLS; browsers want a name there."""
    public = public_address() or ""
    netloc = netloc_of(public)
    host = host_in(netloc)
    safe = public.startswith("https:") and request.is_secure and request.host == netloc
    return Place(host, public) if safe and host and address_of(host) is None else None


def to_use_here(half: HalfHere) -> str | None:
    """What the page of the code asks of the browser; None where no passkey of theirs would work."""
    asking = _instead_of_code(half)
    had = passkeys(half.school_id, half.id) if asking else []
    if asking is None or not had:
        return None
    from app.people import passkey_answers

    try:
        mine = [one.id for one in had]
        return passkey_answers.to_use(keys().read(KEY), asking, mine, clock.now())
    except KeyMissing:
        return None


def try_here(half: HalfHere, answer: str) -> Tried:
    """What became of the answer on the page of the code."""
    asking = _instead_of_code(half)
    try:
        if asking is not None:
            return act.try_passkey(keys().read(KEY), asking, answer, clock.now())
    except KeyMissing:
        pass
    return Tried(None)


def _instead_of_code(half: HalfHere) -> Asking | None:
    place = place_here()
    return Asking("use", place, half.school_id, half.id, half.sign_in) if place else None


def to_add_here(here: StaffHere) -> str | None:
    """What the page of passkeys asks of the browser; None where none can be added."""
    asking, had = _one_more(here), passkeys(here.school_id, here.id)
    known = staff.adult(here.school_id, here.id)
    if asking is None or known is None or len(had) >= MOST:
        return None
    from app.people import passkey_answers

    school = schools.the_school(here.school_id)
    person = passkey_answers.Person(known.email, known.name, school.name)
    try:
        mine = [one.id for one in had]
        return passkey_answers.to_add(keys().read(KEY), asking, person, mine, clock.now())
    except KeyMissing:
        return None


def add_here(here: StaffHere, answer: str, name: str) -> bool:
    """Whether a passkey came of the answer, and is kept under this name."""
    asking, moment = _one_more(here), clock.now()
    if asking is None:
        return False
    from app.people import passkey_answers

    try:
        key = keys().read(KEY)
    except KeyMissing:
        return False
    made = passkey_answers.added(key, asking, answer, moment)
    return made is not None and act.add(key, asking, made, name, moment)


def _one_more(here: StaffHere) -> Asking | None:
    place = place_here()
    return Asking("add", place, here.school_id, here.id, here.sign_in) if place else None
