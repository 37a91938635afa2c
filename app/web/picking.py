"""Pressing three pictures, one page a press: what was pressed travels sealed, never readable."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import timedelta

from flask import request

from app.base import clock, ids, sealing
from app.base.errors import KeyMissing
from app.people.actions import sign_ins
from app.people.pictures import HOW_MANY, PICTURES, grid_for, kept_form
from app.people.queries.pupils import PupilFacts
from app.people.queries.sign_ins import rest_of
from app.web.log_sign_ins import Why, note_pupil
from app.web.parts import keys

LASTS = timedelta(minutes=10)
"""How long a half-finished row of pictures may lie about."""


def grid(pupil_id: str) -> tuple[str, ...]:
    """The pictures in this pupil's own order; KeyMissing when the pictures' key is gone."""
    return grid_for(keys().read("pictures"), pupil_id)


def can_pick(pupil: PupilFacts) -> bool:
    """Whether pictures can let this pupil in: some were drawn, and their key is there."""
    return pupil.has_pictures and keys().has("pictures")


def picked_so_far(pupil_id: str) -> tuple[str, ...]:
    """What this page's form carries; nothing if it is too old, altered, or another pupil's."""
    sealed = request.form.get("so_far", "")
    if not sealed or len(sealed) > 1000:
        return ()
    try:
        plain = sealing.unseal(_key(), urlsafe_b64decode(sealed), "so far", pupil_id)
    except (KeyMissing, NotBase64, ValueError):
        return ()
    carried = json.loads(plain)
    if carried["ends"] < clock.now().timestamp():
        return ()
    return tuple(carried["picked"])


def carry(pupil_id: str, picked: tuple[str, ...]) -> str:
    """The same, sealed for this pupil's page and for ten minutes; nothing for nothing."""
    if not picked:
        return ""
    carried = {"picked": picked, "ends": (clock.now() + LASTS).timestamp()}
    # Padded, so that the length tells nothing of which pictures they are.
    plain = json.dumps(carried).ljust(200).encode()
    return urlsafe_b64encode(sealing.seal(_key(), plain, "so far", pupil_id)).decode()


def pick(pupil_id: str) -> tuple[str, ...]:
    """All that was pressed, with this press; a script brings the presses of a page together."""
    pressed = [one for one in request.form.getlist("picture") if one in PICTURES]
    return (*picked_so_far(pupil_id), *pressed)[:HOW_MANY]


def pictures_fit(pupil: PupilFacts, school_id: str, picked: tuple[str, ...]) -> bool:
    """Whether these three let the pupil in; a miss is counted, and in a rest nothing fits."""
    tried = kept_form(keys().read("pictures"), school_id, pupil.id, picked)
    moment = clock.now()
    rests = rest_of(pupil.id, moment) is not None
    fits = sign_ins.pictures_fit(school_id, pupil.id, tried, moment)
    if not fits:
        why: Why = "resting" if rests else "wrong pictures"
        note_pupil("sign-in refused", school_id, pupil.class_id, why=why)
    return fits


def _key() -> bytes:
    return bytes.fromhex(ids.keyed_fingerprint(keys().read("cookies"), "pictures so far"))
