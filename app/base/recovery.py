"""The key on paper: bits as words of our own, and the key pair that they are."""

from __future__ import annotations

import hmac
import json
import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.base import sealing

WORDS = Path(__file__).with_name("recovery_words.txt")
BYTES = 16
"""128 bits, a word for each byte; one more word tells whether they fit together."""
COUNT = BYTES + 1
_MARK = 8
_UNSIGNED = 101
"""Bytes of a mark and a wrapped key; what follows is a signature."""
_A_WORD = re.compile(r"[^\W\d_]+")


class NotThePaper(Exception):
    """What was typed is not what any paper says; the sentence names the first word that is not."""


@cache
def all_words() -> tuple[str, ...]:
    """The 256 words; each stands for the byte of its place."""
    return tuple(WORDS.read_text("ascii").split())


def new_bits() -> bytes:
    """The bits of a paper that was never there before."""
    return os.urandom(BYTES)


def words_of(bits: bytes) -> list[str]:
    """The words of a paper, in their order."""
    return [all_words()[byte] for byte in bits + _check(bits)]


def the_word(typed: str) -> str:
    """The word that somebody means, whatever its case, by its beginning at least."""
    meant = [word for word in all_words() if word.startswith(typed.lower())]
    if len(meant) != 1:
        raise NotThePaper(f"“{typed}” is not one of the words that a paper can have.")
    return meant[0]


def typed_words(text: str) -> list[str]:
    """The words in what somebody typed; numbers, spaces and full stops are of no account."""
    return _A_WORD.findall(text)


def bits_of(text: str) -> bytes:
    """The bits of the words that somebody typed; NotThePaper says what does not fit."""
    found = []
    for number, typed in enumerate(typed_words(text)[:COUNT], 1):
        try:
            found.append(the_word(typed))
        except NotThePaper as problem:
            raise NotThePaper(f"Word {number}, {problem} Look at it again.") from None
    if len(typed_words(text)) != COUNT:
        many = len(typed_words(text))
        raise NotThePaper(f"The paper has {COUNT} words, and here are {many}.")
    all_bytes = bytes(all_words().index(word) for word in found)
    bits = all_bytes[:BYTES]
    if _check(bits) != all_bytes[BYTES:]:
        raise NotThePaper(
            "These words do not belong together: one of them, or their order, is not as on paper."
        )
    return bits


def private_of(bits: bytes) -> bytes:
    """The private key that a paper holds."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"catkin-paper-1").derive(bits)


def _check(bits: bytes) -> bytes:
    return sha256(b"catkin-paper-check-1" + bits).digest()[:1]


def place_of(school_id: str, version: int, name: str) -> tuple[str, ...]:
    """What the wrap of a key is bound to."""
    return ("paper", school_id, str(version), name)


def wrap_key(public: bytes, key: bytes, *place: str) -> bytes:
    """A key of the keys folder for whoever has the paper, with a mark by which it is known."""
    return _mark(key) + sealing.wrap(public, key, *place)


def holds(wrapped: bytes, key: bytes) -> bool:
    """Whether it is this very key that was wrapped, as far as the mark tells."""
    return wrapped[:_MARK] == _mark(key)


def unwrap_key(private: bytes, wrapped: bytes, *place: str) -> bytes:
    """The key again; KeyMissing for another paper or another place."""
    return sealing.unwrap(private, wrapped[_MARK:_UNSIGNED], *place)


def signed(signer: bytes, public: bytes, wrapped: bytes, *place: str) -> bytes:
    """A wrapped key with a signature: nobody but the holder of `signer` has spoilt or swapped it.

    The paper alone could open it and see, and the paper lies in a safe.
    """
    text = json.dumps(["catkin-paper-wrap-1", public.hex(), *place]).encode()
    return wrapped + hmac.digest(signer, text + wrapped, "sha256")


def is_signed(signer: bytes, public: bytes, wrapped: bytes, *place: str) -> bool:
    """Whether a wrapped key is as it was signed, for this paper and this place."""
    return hmac.compare_digest(wrapped, signed(signer, public, wrapped[:_UNSIGNED], *place))


def _mark(key: bytes) -> bytes:
    """Says nothing of a key of 256 random bits but whether it is the same one."""
    return sha256(b"catkin-key-mark-1" + key).digest()[:_MARK]
