"""Making a school's key pair: the public half to the database, the private half to its folder."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import delete, select

from app.base import clock, sealing
from app.base.database import Store, writing
from app.base.keys import keys_here
from app.safeguarding import queries
from app.safeguarding.chain import chain_key_name, make_chain_key
from app.safeguarding.tables import ConcernKey, SchoolKey
from app.safeguarding.words import key_name


def make_school_key(school_id: str) -> None:
    """Make the school's first key pair; the private half is on the disk before the public one."""
    private, public = sealing.new_pair()
    keys_here().make_once(key_name(school_id, 1), private)
    make_chain_key(keys_here(), school_id)
    with writing(Store.SAFEGUARDING) as session:
        session.add(SchoolKey(school_id=school_id, version=1, public=public, made_at=clock.now()))
    queries.keys.remember_public_key(school_id)


def forget_unused_key(school_id: str) -> None:
    """Remove the pair of a school that was not founded; never one that sealed anything."""
    with writing(Store.SAFEGUARDING) as session:
        used = select(ConcernKey.id).where(ConcernKey.school_id == school_id).limit(1)
        if session.scalar(used) is not None:
            return
        session.execute(delete(SchoolKey).where(SchoolKey.school_id == school_id))
    for name in (key_name(school_id, 1), chain_key_name(school_id)):
        with suppress(OSError):
            keys_here().file(name).unlink()
