"""Passwords of adults: what is refused, how one is kept, and how one is proved."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from string import digits, punctuation

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
TOO_SHORT = f"Use {SHORTEST} characters or more. Three words work well."
TOO_COMMON = "This one is on the common list. Try three words."
TOO_NEAR = (
    "Others could guess this one: it is the school's name, yours, Catkin's or an e-mail address."
    " Try three words."
)
OURS = "Catkin"
LISTS = ("common-passwords.txt", "commonest-passwords.txt")
"""Our own, and the commonest of the world; LICENCE-zxcvbn.txt goes with the second."""

WORD = re.compile(r"\w+")
OVER_AND_OVER = re.compile(r"(.{1,3})\1+.{0,2}", re.DOTALL)
"""One to three signs again and again, and at most two more."""
AS_LETTERS = str.maketrans("@$0135", "asoies")
"""Signs that stand for letters where somebody was told to use some."""
KINDS = ("school", "primary", "academy", "infants", "juniors")
"""What people put behind a school's name."""

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
    """What everybody tries first, from the files beside this module, in lower case."""
    texts = ((Path(__file__).parent / name).read_text("utf-8") for name in LISTS)
    lines = (line.strip() for text in texts for line in text.splitlines())
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def _guesses(near: tuple[str, ...]) -> set[str]:
    """What a stranger would try for this account: each row of words of a name or an address."""
    found = set()
    for text in (OURS, *near):
        for part in (text, text.partition("@")[0]):
            words = [word for word in map(_bare, WORD.findall(part)) if word]
            places = range(len(words) + 1)
            rows = {"".join(words[a:z]) for a in places for z in places[a + 1 :]}
            found |= rows | {f"{row}{kind}" for row in rows for kind in KINDS}
    return found


def _is_common(plain: str) -> bool:
    """Also with a figure or two around it, and with signs in place of letters."""
    said = plain.casefold().strip()
    spelt = (said, said.strip(digits), said.strip(digits + punctuation))
    ways = {way for one in spelt for way in (one, one.translate(AS_LETTERS))}
    return bool((ways | {_bare(way) for way in ways}) & common_passwords())


def fault_of(password: str, *, near: tuple[str, ...] = ()) -> str | None:
    """Why this password cannot be used; None where it can.

    `near` holds the names of school and adult and the e-mail: with Catkin's own, and whatever
    digits stand around them, a stranger tries those first. There are no rules of composition and
    no longest length.
    """
    plain = _plain(password)
    if len(plain.strip()) < SHORTEST:  # Spaces at the ends make nothing harder to guess.
        return TOO_SHORT
    bare = _bare(plain)
    if _is_common(plain) or OVER_AND_OVER.fullmatch(plain):
        return TOO_COMMON
    guesses = _guesses(near)
    if bare in guesses or bare.strip(digits) in guesses:
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
