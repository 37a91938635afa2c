"""What somebody's browser holds besides the sign-in: each by a name that a page can ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import session

from app.base import clock, ids
from app.people.actions import sign_ins
from app.web.kept import keep_unsent
from tests.look.hall import MY_TOKEN
from tests.look.seeded import Seeded

Holds = dict[str, object]


def _notes_open(here: Seeded, token: str) -> Holds:
    """My notes, opened a moment ago with the three pictures."""
    moment = clock.now().timestamp()
    mark = ids.fingerprint(token)
    return {"notes": {"sign_in": mark, "since": moment, "until": moment + 60, "yes_from": None}}


def _told(here: Seeded, token: str) -> Holds:
    """Amina told something a moment ago."""
    return _sent(here.ids["reference"])


def _told_without_a_name(here: Seeded, token: str) -> Holds:
    return _sent(here.ids["nameless"])


def _sent(reference: str) -> Holds:
    return {"sent": {"reference": reference, "at": clock.now().timestamp()}}


def _told_and_waits(here: Seeded, token: str) -> Holds:
    """Amina told something that lies in the spool still."""
    return {"sent": {"reference": "C-2", "at": clock.now().timestamp(), "waits": True}}


def _names_shown(here: Seeded, token: str) -> Holds:
    return {"names_shown_until": (clock.now() + timedelta(minutes=2)).timestamp()}


def _long_away(here: Seeded, token: str) -> Holds:
    """A sign-in with which nothing was done for an hour."""
    return {"_user_id": here.token("pupil", since=clock.now() - timedelta(hours=1))}


def _wrote_too_late(here: Seeded, token: str) -> Holds:
    """A note that was sent after the sign-in had ended."""
    path = f"/concerns/{here.ids['reference']}/note"
    typed = {"note": "I sat with her at lunch. She would like to talk on Thursday."}
    with here.app.test_request_context(path, method="POST", data=typed):
        session["_user_id"] = token
        keep_unsent()
        return {"unsent": session["unsent"]}


def _half_signed_in(here: Seeded, token: str) -> Holds:
    """The DSL has typed the password and no code yet."""
    return {"half_sign_in": _without_code(here, "DSL")}


def _by_paper(here: Seeded, token: str) -> Holds:
    """Who came in with a recovery code."""
    return {"by_paper": True}


def _gave_no_code(here: Seeded, token: str) -> Holds:
    """The DSL has typed the password, and no code in time."""
    return {"half_sign_in": "ended"}


def _no_code_yet(here: Seeded, token: str) -> Holds:
    """A teacher who has set up no app."""
    return {"_user_id": _without_code(here, "teacher")}


def _without_code(here: Seeded, who: str) -> str:
    with here.app.app_context():
        return sign_ins.begin_for_staff(here.school, here.people[who][1], clock.now())


def _password_typed(here: Seeded, token: str) -> Holds:
    with here.app.app_context():
        sign_ins.step_up(here.school, ids.fingerprint(token), clock.now())
    return {}


def _in_the_hall(name: str) -> Callable[[Seeded, str], Holds]:
    """A phone of a workshop."""

    def held(here: Seeded, token: str) -> Holds:
        return {"workshop": [here.school, here.ids[f"hall_{name}"]], "workshop_phone": MY_TOKEN}

    return held


HELD: dict[str, Callable[[Seeded, str], Holds]] = {
    "notes open": _notes_open,
    "told": _told,
    "told without a name": _told_without_a_name,
    "told and waits": _told_and_waits,
    "names shown": _names_shown,
    "long away": _long_away,
    "wrote too late": _wrote_too_late,
    "half signed in": _half_signed_in,
    "gave no code": _gave_no_code,
    "by paper": _by_paper,
    "no code yet": _no_code_yet,
    "password typed": _password_typed,
    **{f"a phone that {one}": _in_the_hall(one) for one in ("waits", "asks", "shown", "over")},
}
READS = {"very big": {"size": "150", "lines": "wide"}, "dark": {"paper": "dark"}}
"""How somebody wants to read; two of these go together."""


def cookie(here: Seeded, who: str | None, holds: tuple[str, ...]) -> str | None:
    """The cookie of this person, or of nobody, with all of this in it."""
    if who is None and not holds:
        return None
    token = here.token(who) if who else ""
    kept: Holds = {"_user_id": token, "_fresh": True} if who else {}
    text: dict[str, str] = {}
    for what in holds:
        text |= READS.get(what, {})
        kept |= HELD[what](here, token) if what in HELD else {}
    return here.sealed(kept | ({"text": text} if text else {}))
