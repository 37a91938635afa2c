"""One line for each sign-in, what was refused, and how it ended: which account, at which page.

A sign-in ends by hand, by time, or used elsewhere. One that another act ends has no line of its
own: that of the act stands there (another password, app, codes or a link), but for a leaver's.

A line holds ids that mean nothing outside this Catkin, and words of closed lists. What was typed,
a name, an address of mail or of the network is never given to it; of a pupil it names the class.
"""

from __future__ import annotations

from typing import Any, Literal

from flask import request

from app.base.log_lines import note

Event = Literal[
    "password right",
    "code right",
    "recovery code right",
    "signed in",
    "sign-in refused",
    "sign-in ended",
    "password changed",
    "app set up",
    "codes made",
    "passkey right",
    "passkey added",
    "passkey removed",
    "link used",
    "page refused",
]
Why = Literal[
    "wrong password",
    "wrong code",
    "wrong passkey",
    "copied passkey",
    "key away",
    "wrong pictures",
    "link ended",
    "resting",
    "left",
    "too long",
    "ahead of the clock",
    "used elsewhere",
    "by hand",
    "no right",
]


def note_adult(
    event: Event,
    school_id: str | None = None,
    staff_id: str | None = None,
    *,
    why: Why | None = None,
) -> None:
    """Note what happened to an adult's sign-in; nobody's id where the account is not known."""
    _note(event, school=school_id, staff=staff_id, why=why)


def note_pupil(event: Event, school_id: str, class_id: str, *, why: Why) -> None:
    """Note that a pupil of this class was refused, and never which."""
    _note(event, school=school_id, **{"class": class_id}, why=why)


def _note(event: Event, **facts: str | None) -> None:
    known: dict[str, Any] = {name: value for name, value in facts.items() if value is not None}
    note(event, route=request.endpoint or "none", **known)
