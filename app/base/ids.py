"""Names that cannot be guessed: ids, references, tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

CLEAR_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, O, 1, I, L or U: read over a telephone without a mistake."""


def new_id() -> str:
    """A random 80-bit id, 16 characters of lower-case letters and digits."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(16))


def reference(prefix: str, length: int = 5) -> str:
    """A random reference such as C-7KQ4M; never a sequence, so it tells no count."""
    return f"{prefix}-" + "".join(secrets.choice(CLEAR_LETTERS) for _ in range(length))


def new_token() -> str:
    """A random 128-bit token for a link or a card, 26 characters."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(26))


def fingerprint(token: str) -> str:
    """What is kept of a token: it proves the token and cannot give it back."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_fingerprint(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 of the parts under a key that never lies beside the database."""
    text = "\x1f".join(parts).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets without telling by the time taken where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
