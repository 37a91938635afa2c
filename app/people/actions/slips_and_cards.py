"""Pictures and cards: who makes them could come in by them, so it is kept, and the team is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.base import ids, throttle
from app.base.database import Store, writing
from app.people.actions.notices import tell_team
from app.people.queries.sign_ins import pupil_key
from app.people.tables import Pupil, SchoolClass, SignInCard, Staff


def keep_pictures(school_id: str, kept: Mapping[str, str], *, by: str) -> None:
    """Keep new pictures for these pupils, in their kept form; their misses are forgotten.

    The team is told where they take the place of others: of first ones there is nothing to say.
    """
    with writing(Store.LEARNING) as session:
        had = session.scalars(
            select(Pupil.id).where(
                Pupil.school_id == school_id, Pupil.id.in_(kept), Pupil.pictures.is_not(None)
            )
        ).all()
        for pupil_id, form in kept.items():
            session.execute(
                update(Pupil)
                .where(Pupil.school_id == school_id, Pupil.id == pupil_id)
                .values(pictures=form, pictures_by=by)
            )
            throttle.forget(session, pupil_key(pupil_id))
        _tell(session, school_id, "New pictures were drawn for", had, by=by)


def make_cards(
    school_id: str, pupil_ids: Sequence[str], moment: datetime, *, by: str
) -> dict[str, str]:
    """New cards for these pupils: the token of each. Their earlier cards end.

    The team is told unless they are for a whole class: of those everybody in it hears.
    """
    tokens = {pupil_id: ids.new_token() for pupil_id in pupil_ids}
    with writing(Store.LEARNING) as session:
        _end_cards(session, school_id, pupil_ids, moment)
        session.add_all(
            SignInCard(
                fingerprint=ids.fingerprint(token),
                school_id=school_id,
                pupil_id=pupil_id,
                made_by=by,
                made_at=moment,
            )
            for pupil_id, token in tokens.items()
        )
        if not _are_a_class(session, school_id, pupil_ids):
            _tell(session, school_id, "New cards were made for", pupil_ids, by=by)
    return tokens


def end_cards(school_id: str, pupil_id: str, moment: datetime, *, by: str) -> None:
    """End a pupil's card: it was lost. The team is told."""
    with writing(Store.LEARNING) as session:
        ended = _end_cards(session, school_id, [pupil_id], moment)
        _tell(session, school_id, "The card was ended of", ended, by=by)


def _end_cards(
    session: Session, school_id: str, pupil_ids: Sequence[str], moment: datetime
) -> Sequence[str]:
    """End the cards of these pupils; the pupils who held one."""
    return session.scalars(
        update(SignInCard)
        .where(
            SignInCard.school_id == school_id,
            SignInCard.pupil_id.in_(pupil_ids),
            SignInCard.ended_at.is_(None),
        )
        .values(ended_at=moment)
        .returning(SignInCard.pupil_id)
    ).all()


def _are_a_class(session: Session, school_id: str, pupil_ids: Sequence[str]) -> bool:
    """Whether these are all the pupils of their class, and more than one."""
    theirs = select(Pupil.class_id).where(Pupil.school_id == school_id, Pupil.id.in_(pupil_ids))
    in_class = session.scalar(
        select(func.count(Pupil.id)).where(
            Pupil.school_id == school_id, Pupil.class_id.in_(theirs), Pupil.left_at.is_(None)
        )
    )
    return 1 < len(pupil_ids) == in_class


def _tell(
    session: Session, school_id: str, what: str, pupil_ids: Sequence[str], *, by: str
) -> None:
    """Tell the team what was done in which class and by whom; never for which pupil."""
    if not pupil_ids:
        return
    classes = session.scalars(
        select(SchoolClass.name)
        .join(Pupil, Pupil.class_id == SchoolClass.id)
        .where(Pupil.school_id == school_id, Pupil.id.in_(pupil_ids))
        .distinct()
        .order_by(SchoolClass.name)
    ).all()
    name = session.scalar(select(Staff.name).where(Staff.school_id == school_id, Staff.id == by))
    whose = "a pupil" if len(pupil_ids) == 1 else f"{len(pupil_ids)} pupils"
    tell_team(session, school_id, f"{what} {whose} of {' and '.join(classes)} by {name}.")
