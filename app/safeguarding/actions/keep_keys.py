"""Making a school's key pair: the public half to the database, the private half to its folder."""

from __future__ import annotations

from app.base import clock, sealing
from app.base.database import Store, writing
from app.base.keys import keys_here
from app.safeguarding.tables import SchoolKey
from app.safeguarding.words import key_name


def make_school_key(school_id: str) -> None:
    """Make the school's first key pair; the private half is on the disk before the public one."""
    private, public = sealing.new_pair()
    keys_here().make_once(key_name(school_id, 1), private)
    with writing(Store.SAFEGUARDING) as session:
        session.add(SchoolKey(school_id=school_id, version=1, public=public, made_at=clock.now()))
