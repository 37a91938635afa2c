"""What the tests of mail share: a child tells, and to whom letters went."""

from __future__ import annotations

from app.base import clock, ids
from app.base.database import db
from app.people.rules import Role
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.rules import Told
from app.safeguarding.tables import Mail
from tests.founded import Founded
from tests.mail_server import Post

TEAM = {"dsl@oaklane.sch.uk", "gwen@oaklane.sch.uk", "imran@oaklane.sch.uk"}
CANARY = "magpiecanary"


def tell(school: Founded, **told: object) -> str:
    telling = Telling(
        ids.new_token(),
        Told(happened=("secret",), words=CANARY, **told),  # type: ignore[arg-type]
        school.pupils["Amina"],
        school.hazel,
    )
    with school.app.app_context():
        return file_concern(school.id, telling)


def gone_to(post: Post) -> set[str]:
    """To whom letters went since this was last asked; nobody got two."""
    found = [to for to, _ in post.letters]
    post.letters.clear()
    assert len(found) == len(set(found)), found
    return set(found)


def here(school: Founded, role: str) -> StaffHere:
    roles = (Role(role),)
    moment = clock.now()
    return StaffHere(
        sign_in="",
        id=school.adults[role],
        school_id=school.id,
        name="",
        known_as="",
        roles=roles,
        seen_at=moment,
        stepped_up_at=moment,
    )


def facts(school: Founded, reference: str, role: str = "DSL") -> ConcernFacts:
    found = queries.desk.concern(school.id, here(school, role), reference)
    assert found is not None
    return found


def tries(school: Founded) -> int:
    with school.app.app_context():
        return db.session.query(Mail).filter_by(school_id=school.id).count()
