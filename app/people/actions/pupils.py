"""Pupils: adding a list, and renaming, moving or removing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.base import ids
from app.base.clock import now
from app.base.database import Store, writing
from app.base.errors import Refused
from app.people.actions.notices import tell_team
from app.people.names import FullName, list_mark, next_avatars, shown_names
from app.people.queries.staff import adults_in
from app.people.tables import LetIn, Pupil, SchoolClass, SignIn, SignInCard, Staff, TeamNotice

CHANGED = "The class list changed while you looked. Look again, then save."
GONE = "This pupil is not in the school any more."


class ListChanged(Refused):
    """The class list is not the one that was previewed."""


def add_pupils(
    school_id: str, class_id: str, names: Sequence[FullName], *, previewed: str | None = None
) -> int:
    """Add pupils to a class, all or none; how many.

    `previewed` is the mark of the list that the preview showed: a second press of the same
    button, or somebody else's change, is refused and looked at again.
    """
    with writing(Store.LEARNING) as session:
        _class_must_be_here(session, school_id, class_id)
        present = _present(session, school_id, class_id)
        if previewed is not None and previewed != _mark(present):
            raise ListChanged(CHANGED)
        moment = now()
        avatars = next_avatars([row.avatar for row in present], len(names))
        session.add_all(
            Pupil(
                id=ids.new_id(),
                school_id=school_id,
                class_id=class_id,
                given_name=name.given,
                family_name=name.family,
                shown_name=name.given,
                avatar=avatar,
                # The order of the list, for numbers between full namesakes.
                made_at=moment + timedelta(microseconds=place),
            )
            for place, (name, avatar) in enumerate(zip(names, avatars, strict=True))
        )
        session.flush()
        _show_names(session, school_id, class_id)
    return len(names)


def rename_pupil(school_id: str, pupil_id: str, name: FullName) -> None:
    """Correct a pupil's name; the names shown in the class follow."""
    with writing(Store.LEARNING) as session:
        class_id = _class_of(session, school_id, pupil_id)
        _change(session, school_id, pupil_id, given_name=name.given, family_name=name.family)
        _show_names(session, school_id, class_id)


def move_pupil(school_id: str, pupil_id: str, class_id: str) -> None:
    """Move a pupil to another class; learning, pictures and cards go along."""
    with writing(Store.LEARNING) as session:
        left = _class_of(session, school_id, pupil_id)
        _class_must_be_here(session, school_id, class_id)
        _change(session, school_id, pupil_id, class_id=class_id)
        _show_names(session, school_id, left)
        _show_names(session, school_id, class_id)


def remove_pupil(school_id: str, pupil_id: str, *, by: str) -> None:
    """A pupil leaves the school: out at once, cards dead; what was learned and told is kept.

    Where nobody of the team did it they are told: a child who is removed can tell no more.
    """
    with writing(Store.LEARNING) as session:
        class_id = _class_of(session, school_id, pupil_id)
        moment = now()
        _change(session, school_id, pupil_id, left_at=moment, pictures=None, pictures_by=None)
        session.execute(
            update(SignIn)
            .where(
                SignIn.school_id == school_id,
                SignIn.pupil_id == pupil_id,
                SignIn.ended_at.is_(None),
            )
            .values(ended_at=moment, notes_until=None)
        )
        session.execute(
            update(SignInCard)
            .where(
                SignInCard.school_id == school_id,
                SignInCard.pupil_id == pupil_id,
                SignInCard.ended_at.is_(None),
            )
            .values(ended_at=moment)
        )
        session.execute(
            delete(LetIn).where(LetIn.school_id == school_id, LetIn.pupil_id == pupil_id)
        )
        _show_names(session, school_id, class_id)
        _tell_of_removal(session, school_id, class_id, by)


def _tell_of_removal(session: Session, school_id: str, class_id: str, by: str) -> None:
    """Without the child's name: such word stands on covered pages, too. Once, however many."""
    removers = adults_in(school_id, session, Staff.id == by)
    if any(one.sees_concerns for one in removers):
        return
    name = session.scalar(
        select(SchoolClass.name).where(
            SchoolClass.school_id == school_id, SchoolClass.id == class_id
        )
    )
    who = removers[0].name if removers else "Somebody"
    says = f"{who} removed at least one pupil from {name}, who can tell no more. Ask who, and why."
    session.execute(
        delete(TeamNotice).where(
            TeamNotice.school_id == school_id,
            TeamNotice.says == says,
            TeamNotice.seen_at.is_(None),
        )
    )
    tell_team(session, school_id, says)


def _class_must_be_here(session: Session, school_id: str, class_id: str) -> None:
    here = select(SchoolClass.id).where(
        SchoolClass.school_id == school_id, SchoolClass.id == class_id
    )
    if session.scalar(here) is None:
        raise Refused("This class is not there any more.")


def _class_of(session: Session, school_id: str, pupil_id: str) -> str:
    class_id = session.scalar(
        select(Pupil.class_id).where(
            Pupil.school_id == school_id, Pupil.id == pupil_id, Pupil.left_at.is_(None)
        )
    )
    if class_id is None:
        raise Refused(GONE)
    return class_id


def _change(session: Session, school_id: str, pupil_id: str, **values: Any) -> None:
    session.execute(
        update(Pupil).where(Pupil.school_id == school_id, Pupil.id == pupil_id).values(**values)
    )


def _present(session: Session, school_id: str, class_id: str) -> Sequence[Any]:
    """The class in the order in which its pupils came."""
    return session.execute(
        select(Pupil.id, Pupil.given_name, Pupil.family_name, Pupil.shown_name, Pupil.avatar)
        .where(Pupil.school_id == school_id, Pupil.class_id == class_id, Pupil.left_at.is_(None))
        .order_by(Pupil.made_at, Pupil.id)
    ).all()


def _mark(rows: Sequence[Any]) -> str:
    return list_mark((row.id, FullName(row.given_name, row.family_name)) for row in rows)


def _show_names(session: Session, school_id: str, class_id: str) -> None:
    """Work out again what pupils see, so that no two in the class are the same."""
    rows = _present(session, school_id, class_id)
    shown = shown_names([FullName(row.given_name, row.family_name) for row in rows])
    for row, text in zip(rows, shown, strict=True):
        if row.shown_name != text:
            _change(session, school_id, row.id, shown_name=text)
