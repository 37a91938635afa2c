"""Sealing: words that only the right key opens, bound to the place they belong to.

AES-256-GCM for words; X25519 with HKDF-SHA256 to wrap a data key to a public key, so that
whoever can seal need not be able to open.
"""

from __future__ import annotations

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.base.errors import KeyMissing
from app.base.gate import must_not_hold

FORMAT = b"\x01"
NONCE = 12
PUBLIC = 32


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return AESGCM.generate_key(bit_length=256)


def _bound(place: tuple[str, ...]) -> bytes:
    return json.dumps(["catkin-seal-1", *place], ensure_ascii=True).encode()


def seal(key: bytes, plain: bytes, *place: str) -> bytes:
    """Seal `plain` for one place (school, concern, field, version): elsewhere it will not open."""
    must_not_hold()
    nonce = os.urandom(NONCE)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, _bound(place))


def unseal(key: bytes, sealed: bytes, *place: str) -> bytes:
    """Open what was sealed for this place; KeyMissing when key or place do not fit."""
    must_not_hold()
    if sealed[:1] != FORMAT:
        raise KeyMissing("This was sealed in a way that this Catkin does not know.")
    nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, _bound(place))
    except InvalidTag:
        raise KeyMissing("The key does not open this.") from None


def new_pair() -> tuple[bytes, bytes]:
    """A private key and its public key, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public key that belongs to a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _shared(secret: bytes, sender: bytes, receiver: bytes) -> bytes:
    derive = HKDF(hashes.SHA256(), 32, salt=sender + receiver, info=b"catkin-wrap-1")
    return derive.derive(secret)


def wrap(public: bytes, data_key: bytes, *place: str) -> bytes:
    """Wrap a data key so that only the holder of the private key gets it back."""
    one_off = X25519PrivateKey.generate()
    sender = one_off.public_key().public_bytes_raw()
    secret = one_off.exchange(X25519PublicKey.from_public_bytes(public))
    return sender + seal(_shared(secret, sender, public), data_key, *place)


def unwrap(private: bytes, wrapped: bytes, *place: str) -> bytes:
    """The data key again; KeyMissing when the private key or the place is another."""
    sender, sealed = wrapped[:PUBLIC], wrapped[PUBLIC:]
    keeper = X25519PrivateKey.from_private_bytes(private)
    secret = keeper.exchange(X25519PublicKey.from_public_bytes(sender))
    public = keeper.public_key().public_bytes_raw()
    return unseal(_shared(secret, sender, public), sealed, *place)
