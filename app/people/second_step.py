"""The second step of an adult's sign-in: codes of an authenticator app, and codes on paper.

What app and Catkin share is sealed under a key made from that of the pupils' pictures: it travels
with every copy of the keys and on the recovery key of paper already, and never beside a database.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp

from app.base import ids, sealing

KEY = "pictures"
"""The key of the keys folder from which the one for second steps is made."""
SECONDS, DIGITS, BYTES = 30, 6, 20
DRIFT = (-1, 0, 1)
"""A phone's clock may be one step early or late."""
LASTS = timedelta(minutes=30)
"""How long after the password the app may be set up; no half sign-in is older."""
WAITS = timedelta(minutes=5)
"""How long a code is waited for with nobody touching the page."""
HOW_MANY, GROUPS, OF = 10, 4, 4
"""Ten codes on paper of four groups of four: too long to be guessed from a fingerprint."""


def _key_of(key: bytes) -> bytes:
    return hmac.digest(key, b"catkin-second-step-1", sha256)


def seal(key: bytes, secret: bytes, school_id: str, staff_id: str) -> bytes:
    """What is kept of a shared secret; it opens for this adult of this school alone."""
    return sealing.seal(_key_of(key), secret, "second step", school_id, staff_id)


def unseal(key: bytes, sealed: bytes, school_id: str, staff_id: str) -> bytes:
    """The shared secret again; KeyMissing for another key or another adult."""
    return sealing.unseal(_key_of(key), sealed, "second step", school_id, staff_id)


def offer(key: bytes, *about: str) -> bytes:
    """A new secret for one sign-in: the same on each look at the page, and kept nowhere."""
    mark = ids.keyed_fingerprint(_key_of(key), "offer", *about)
    return bytes.fromhex(mark)[:BYTES]


def as_text(secret: bytes) -> str:
    """The secret as an authenticator app takes it."""
    return b32encode(secret).decode("ascii")


def link(secret: bytes, *, school: str, email: str) -> str:
    """What the square says to the app."""
    app = pyotp.TOTP(as_text(secret), digits=DIGITS, interval=SECONDS)
    return app.provisioning_uri(name=email, issuer_name=f"Catkin {school}")


def step_at(moment: datetime) -> int:
    """The number of the 30 seconds that a moment lies in."""
    return int(moment.timestamp()) // SECONDS


def step_of(secret: bytes, typed: str, moment: datetime, *, after: int | None) -> int | None:
    """The step whose code was typed; None for a wrong one, and for one up to `after`: used.

    As slow for a wrong code as for a right one.
    """
    app, code, found = pyotp.TOTP(as_text(secret), digits=DIGITS), _digits(typed), None
    for drift in DRIFT:
        step = step_at(moment) + drift
        fits = ids.same(app.generate_otp(step), code)
        if fits and (after is None or step > after):
            found = step
    return found


def _digits(typed: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdecimal())


def draw_recovery_codes() -> list[str]:
    """Ten codes for paper, such as 7KQ4-M2XP-9RTD-HW3C."""
    return [
        "-".join(
            "".join(secrets.choice(ids.CLEAR_LETTERS) for _ in range(OF)) for _ in range(GROUPS)
        )
        for _ in range(HOW_MANY)
    ]


def kept_form(staff_id: str, typed: str) -> str:
    """What is kept of a recovery code; case, spaces and dashes are of no account."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return ids.fingerprint(f"{staff_id}:{''.join(sign for sign in plain if sign.isalnum())}")
