"""Keeping what a look through the record found, and sending its proof out of the house."""

from __future__ import annotations

from datetime import datetime

from app.base import clock
from app.base.database import Store, writing
from app.base.post import OF_THE_SERVER, MailServer, Outcome, send
from app.safeguarding import queries
from app.safeguarding.chain import recording
from app.safeguarding.faults import What
from app.safeguarding.mailing import PROOF_SAYS, SUBJECT
from app.safeguarding.queries.record import MAILED, RECORD
from app.safeguarding.tables import Audit, CanaryLook

BEGINS = 7
"""The hour, by the school's wall clock, from which the letter of a new week may go."""


def keep_look(school_id: str, day: str, worst: What | None) -> None:
    """Keep what a look through the whole record found.

    What was written while the chain's key was away is said, and is no alarm: one that comes later
    must not be lost behind it.
    """
    with writing(Store.SAFEGUARDING) as session:
        session.merge(
            CanaryLook(
                school_id=school_id,
                day=day,
                station=RECORD,
                works=worst in {None, What.UNSIGNED},
                why=worst.value if worst else "",
                looked_at=clock.now(),
            )
        )


def send_proof(school_id: str, server: MailServer) -> Outcome | None:
    """Send this week's proof to the next of the team who has not had it; None where all have.

    Noted once it went: where Catkin ends between the two, it goes once more.
    """
    here = clock.local(clock.now())
    week = week_of(here)
    if here.weekday() > 4 or here.hour < BEGINS:
        return None
    waiting = queries.record.without_proof(school_id, week)
    proof = queries.record.proof(school_id) if waiting else None
    if proof is None:
        return None
    adult, signs = waiting[0], " ".join(proof.groups)
    outcome = send(server, adult.email, SUBJECT, PROOF_SAYS.format(signs=signs))
    if outcome not in OF_THE_SERVER:
        says = f"week={week} proof={proof.signs} outcome={outcome.value}"
        with recording(school_id) as session:
            session.add(
                Audit(
                    school_id=school_id,
                    kind=MAILED,
                    staff_id=adult.id,
                    concern_id=None,
                    says=says,
                    made_at=clock.now(),
                )
            )
    return outcome


def week_of(here: datetime) -> str:
    """The week as its number, as 2026-W47."""
    year, week, _ = here.isocalendar()
    return f"{year}-W{week:02d}"
