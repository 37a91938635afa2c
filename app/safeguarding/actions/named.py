"""Whom the child's words name: looked at in memory, before they are sealed; only ids are kept."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from app.base.errors import StoreAway
from app.people.queries import pupils, staff
from app.people.rules import Adult, Role
from app.safeguarding.naming import Person, named_in
from app.safeguarding.posts import Post
from app.safeguarding.words import Spoken

POSTS = {
    Role.HEAD: Post.HEAD,
    Role.DSL: Post.LEAD,
    Role.CHAIR: Post.CHAIR,
    Role.OFFICE: Post.OFFICE,
    Role.TECHNICIAN: Post.TECHNICIAN,
}


def named_by(school_id: str, class_id: str | None, spoken: Spoken) -> tuple[str, ...] | None:
    """The adults whom these words name; None while nobody can say who works here.

    No telling waits for that or fails over it: what is not known now is asked when it is filed.
    """
    with suppress(StoreAway, SQLAlchemyError):
        near = staff.adults_of_class(school_id, class_id) if class_id else []
        of_class = {adult.id for adult in near}
        people = [_person(one, near=one.id in of_class) for one in staff.adults(school_id)]
        here = {person.id for person in people}
        former = staff.former_names(school_id)
        people += [
            Person(one.staff_id, one.name, one.known_as)
            for one in former
            if one.counts and one.staff_id in here
        ]
        said = (spoken.words, *spoken.chosen)
        return tuple(sorted(named_in(said, people, _children(school_id, class_id))))
    return None


def _children(school_id: str, class_id: str | None) -> list[str]:
    """What the children of the class are called: none of that is a misspelled adult."""
    found = pupils.pupils_of(school_id, class_id) if class_id else []
    return [name for child in found for name in (child.given_name, child.shown_name)]


def _person(adult: Adult, *, near: bool) -> Person:
    posts = {POSTS[role] for role in adult.roles if role in POSTS}
    if Role.DEPUTY in adult.roles:
        posts |= {Post.DEPUTY, Post.LEAD}
    if near:
        posts.add(Post.CLASS)
    return Person(adult.id, adult.name, adult.known_as, frozenset(posts))
