"""What the canary found, in sentences: what is wrong at a station, and what to do about it."""

from __future__ import annotations

from app.safeguarding.canary import Look, Station, Why
from app.safeguarding.faults import IN_SHORT, What

NAMES = {
    Station.SIGN_IN: "Signing in",
    Station.STORAGE: "Keeping what is told",
    Station.KEY: "Reading it",
    Station.INBOX: "The team’s list",
    Station.NOTICE: "Telling the team",
    Station.BACKUP: "The copy",
    Station.RECORD: "The record",
}
WORKS = {
    Station.SIGN_IN: "A sign-in was made, found again and removed.",
    Station.STORAGE: "A test concern was kept and found again.",
    Station.KEY: "Its words were opened with the school’s key, and are the same.",
    Station.INBOX: "Everybody in the team has it in their list.",
    Station.NOTICE: "A notice lies ready for each of them, and the mail server takes messages.",
    Station.BACKUP: "The newest backup is whole, and its test concern opens.",
    Station.RECORD: "Nothing in the record was changed or taken out.",
}
WORKS_BUT = {
    Why.NOT_YET: "This is the first day: nothing is asked of backups before tomorrow.",
    Why.NO_MAIL: "A notice lies ready for each of them. No mail server is named, so nobody is"
    " written to.",
    Why.DEMO: "The demo is not backed up: it can be made anew.",
}
IN_PERSON = "Ask every teacher today to listen in person."
TECHNICIAN = "The technician looks at the log, and runs .venv/bin/python -m app doctor."
PUT_BACK = (
    "The technician puts back the copy of the keys folder: then it works at once. Or, with the"
    " recovery key on paper, the technician runs .venv/bin/python -m app data recover-keys."
)
PEOPLE = "Add them on the People page. Each counts from the first sign-in."
NEW_BACKUP = "The technician makes one now: .venv/bin/python -m app data backup --nightly"
FAULT = ("Something went wrong here while Catkin tried itself.", f"{IN_PERSON} {TECHNICIAN}")
VERIFY = "The technician runs .venv/bin/python -m app data verify"
ALTERED = f"Change nothing. {VERIFY}, which names what was altered."
NOBODY_KNOWS = "Nobody can tell just now whether the record of concerns is as Catkin wrote it."
UNPROVABLE = {
    What.NO_KEY: PUT_BACK,
    What.OTHER_KEY: PUT_BACK,
    What.HEAD_FILE: f"{VERIFY}, which says what to do.",
}
"""With these, what proves the record is not as it was; of the record itself nobody can tell."""
UNSIGNED = (
    f"{IN_SHORT[What.UNSIGNED]} All else is as Catkin wrote it.",
    f"If the keys folder was never moved, something else wrote it. {VERIFY}, which names when.",
)
WRONG: dict[tuple[Station, Why], tuple[str, str]] = {
    (Station.SIGN_IN, Why.STORE): (
        "Pupils cannot sign in: the database of people and lessons takes nothing.",
        f"They can tell without signing in. {TECHNICIAN}",
    ),
    (Station.SIGN_IN, Why.LOST): (
        "Pupils cannot sign in: a sign-in was made and not found again.",
        f"They can tell without signing in. {TECHNICIAN}",
    ),
    (Station.SIGN_IN, Why.PICTURES): (
        "Pupils’ pictures let nobody in: their key is not in the keys folder.",
        f"They can tell without signing in. {PUT_BACK}",
    ),
    (Station.STORAGE, Why.STORE): (
        "What children tell does not reach its database.",
        f"{IN_PERSON} {TECHNICIAN}",
    ),
    (Station.STORAGE, Why.LOST): (
        "A test concern was sent and is not in the database.",
        f"{IN_PERSON} {TECHNICIAN}",
    ),
    (Station.STORAGE, Why.NO_SPOOL): (
        "What children tell is kept. But the folder where it would wait while the database is away"
        " cannot be written.",
        "The technician lets Catkin write to the folder spool, in the data folder.",
    ),
    (Station.KEY, Why.KEY_AWAY): (
        "What children tell cannot be read: the school’s private key is not in its folder. It is"
        " kept, and they can still tell.",
        f"{IN_PERSON} {PUT_BACK}",
    ),
    (Station.KEY, Why.CLOSED): (
        "The words of a test concern do not open with the school’s key.",
        f"{IN_PERSON} {PUT_BACK}",
    ),
    (Station.KEY, Why.ALTERED): (
        "The words of a test concern are not those that were sent.",
        f"{IN_PERSON} {TECHNICIAN}",
    ),
    (Station.INBOX, Why.NOBODY): (
        "Nobody would see what a child tells: no adult of the safeguarding team has signed in.",
        f"{IN_PERSON} {PEOPLE}",
    ),
    (Station.INBOX, Why.HIDDEN): (
        "A test concern does not stand in everybody’s list of concerns.",
        f"{IN_PERSON} {TECHNICIAN}",
    ),
    (Station.INBOX, Why.TOO_FEW): (
        "Only one adult could see a concern: if it is about that adult, nobody could.",
        PEOPLE,
    ),
    (Station.INBOX, Why.NOT_SAFE): (
        "The safeguarding team is not complete: it needs three adults who can see concerns, one of"
        " them from outside the staff.",
        "The People page says who must be added, confirmed, or come in by a new link.",
    ),
    (Station.NOTICE, Why.NO_NOTICE): (
        "No notice was made for the adults who must know.",
        f"Look at Concerns at both ends of each school day. {TECHNICIAN}",
    ),
    (Station.NOTICE, Why.MAIL): (
        "Nobody is written to: the mail server takes no messages.",
        "Look at Concerns at both ends of each school day. The technician mends e-mail: see"
        " Health.",
    ),
    (Station.NOTICE, Why.UNTRIED): (
        "Perhaps nobody is written to: the mail server was not tried lately.",
        "Try again in a minute; else the technician starts Catkin again.",
    ),
    (Station.BACKUP, Why.NO_BACKUP): ("There is no backup that can be read.", NEW_BACKUP),
    (Station.BACKUP, Why.OLD): ("The newest backup is not of last night.", NEW_BACKUP),
    (Station.BACKUP, Why.MOVED): (
        "The last backup is not where it was put, and no other of last night can be read.",
        f"If its folder was moved or its disk taken out, put that back. Else: {NEW_BACKUP}",
    ),
    (Station.BACKUP, Why.DAMAGED): (
        "The newest backup is damaged.",
        f"Keep the older ones. {NEW_BACKUP}",
    ),
    (Station.BACKUP, Why.NOT_IN_IT): (
        "The newest backup does not hold what it should.",
        f"Keep the older ones. {NEW_BACKUP}",
    ),
    (Station.BACKUP, Why.CLOSED): (
        "The newest backup does not open with the keys that are here.",
        f"{PUT_BACK} If the keys were changed since, another backup is needed. {NEW_BACKUP}",
    ),
    (Station.BACKUP, Why.ALTERED): (
        "The newest backup does not hold the words that were kept.",
        f"Keep the older ones. {NEW_BACKUP}",
    ),
}
NOT_REACHED = ("Not tried, because what is told is not kept.", "")


def _of_record(look: Look) -> tuple[str, str]:
    what = What(look.why) if look.why in set(What) else None
    if look.works:
        return UNSIGNED if what is What.UNSIGNED else (WORKS[Station.RECORD], "")
    if what in UNPROVABLE:
        return f"{NOBODY_KNOWS} {IN_SHORT[what]}", UNPROVABLE[what]
    of_it = f" {IN_SHORT[what]}" if what else ""
    return f"The record of concerns is not as Catkin wrote it.{of_it}", ALTERED


def said_of(look: Look) -> tuple[str, str]:
    """What came of a station, and what to do; where it works, seldom anything."""
    if look.station is Station.RECORD:
        return _of_record(look)
    known = {why.value: why for why in Why}
    why = known.get(look.why, Why.FAULT)
    if look.works:
        return WORKS_BUT.get(why, WORKS[look.station]), ""
    if why is Why.NOT_REACHED:
        return NOT_REACHED
    return WRONG.get((look.station, why), FAULT)
