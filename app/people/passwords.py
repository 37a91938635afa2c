"""Passwords of adults: what is refused, how one is kept, and how one is proved."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
TOO_SHORT = f"Use {SHORTEST} characters or more. Three words work well."
TOO_COMMON = "This one is on the common list. Try three words."
TOO_NEAR = "This one is the school's name or an e-mail address. Try three words."

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB, two passes: about 21 ms here, and dear to guess in bulk."""


def _plain(password: str) -> str:
    """One form for the same letters from any keyboard."""
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    """Letters and digits alone, so that a full stop or a capital does not save a guess."""
    return "".join(sign for sign in _plain(text).casefold() if sign.isalnum())


@cache
def common_passwords() -> frozenset[str]:
    """What everybody tries first, from the file beside this module, in lower case."""
    text = (Path(__file__).parent / "common-passwords.txt").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def fault_of(password: str, *, near: tuple[str, ...] = ()) -> str | None:
    """Why this password cannot be used; None where it can.

    `near` holds what a stranger would guess for this account: the school's name, the e-mail.
    There are no rules of composition and no longest length.
    """
    plain = _plain(password)
    if len(plain.strip()) < SHORTEST:  # Spaces at the ends make nothing harder to guess.
        return TOO_SHORT
    if plain.casefold().strip() in common_passwords() or len(set(plain)) == 1:
        return TOO_COMMON
    guesses = {_bare(text) for text in near} | {_bare(text.split("@")[0]) for text in near}
    if _bare(plain) in guesses - {""}:
        return TOO_NEAR
    return None


def keep(password: str) -> str:
    """What is kept of a password: it proves the password and cannot give it back."""
    return _HASHER.hash(_plain(password))


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def proves(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept; as slow where there is no account as where there is."""
    try:
        right = _HASHER.verify(kept or _nobodys(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None
