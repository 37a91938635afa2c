"""Writing to adults that something waits: noted before the letter goes, and ended after.

Where Catkin ends between the two, the letter goes once more: at least once, and never lost.
"""

from __future__ import annotations

from sqlalchemy import update

from app.base import clock, ids
from app.base.database import Store, writing
from app.base.post import MailServer, Outcome, reach, send
from app.people.queries import staff
from app.people.rules import team_state
from app.safeguarding import queries
from app.safeguarding.mailing import SAYS, SUBJECT
from app.safeguarding.queries.mail import Due
from app.safeguarding.tables import Mail, MailCheck


def send_next(school_id: str, server: MailServer) -> Outcome | None:
    """Send the next letter that is due; None where there is none.

    Who is to get it is asked at this moment: what was opened, or is about that adult by now, is
    left out.
    """
    waiting = queries.mail.due(school_id, clock.now())
    if not waiting:
        return None
    begun = _begin(school_id, waiting[0])
    known_as = _name_of(school_id, waiting[0])
    outcome = send(server, waiting[0].address, SUBJECT, SAYS, known_as=known_as)
    _end(school_id, begun, outcome)
    return outcome


def _name_of(school_id: str, due: Due) -> str:
    """The letter's own name: of one that goes twice, the same twice, so that one can be dropped.

    It is made of random ids, so nobody can work out from it whom or what it is about.
    """
    return ids.fingerprint(f"letter {school_id} {due.staff_id} {due.through}")[:32]


def _begin(school_id: str, due: Due) -> int:
    with writing(Store.SAFEGUARDING) as session:
        begun = Mail(
            school_id=school_id,
            staff_id=due.staff_id,
            through=due.through,
            tried_at=clock.now(),
            outcome=None,
        )
        session.add(begun)
        session.flush()
        return begun.id


def _end(school_id: str, begun: int, outcome: Outcome) -> None:
    with writing(Store.SAFEGUARDING) as session:
        session.execute(
            update(Mail)
            .where(Mail.school_id == school_id, Mail.id == begun)
            .values(outcome=outcome.value)
        )


def check_mail(school_id: str, server: MailServer) -> Outcome:
    """Try the mail server without a letter, and keep what came of it.

    It is asked for the whole team each time, whatever waits for whom: what comes of it stands on
    pages that those open too whom a concern is about.
    """
    team = team_state(staff.adults(school_id)).ready
    outcome, moment = reach(server, [adult.email for adult in team]), clock.now()
    with writing(Store.SAFEGUARDING) as session:
        kept = session.get(MailCheck, school_id) or MailCheck(school_id=school_id)
        kept.checked_at, kept.outcome = moment, outcome.value
        if outcome is Outcome.SENT:
            kept.reached_at = moment
        session.add(kept)
    return outcome
