"""A security key made of a few lines: it answers as a browser would send it, and may lie."""

from __future__ import annotations

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40
"""Flags: somebody touched it; it knew them by PIN or finger; here comes a passkey."""


def letters(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()


def plain(given: str) -> bytes:
    return urlsafe_b64decode(f"{given}==")


@dataclass
class SoftKey:
    """One device with one passkey. What it is told to claim stands in for the truth."""

    id: bytes = b"a passkey of tests"
    counted: int = 0
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, asked: str, origin: str, **claims: Any) -> str:
        """The answer to "make a passkey"."""
        options = json.loads(asked)
        point = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        public = claims.get("public", cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))
        named = struct.pack(">16sH", b"", len(self.id)) + self.id
        flags = claims.pop("flags", PRESENT | VERIFIED) | NEW
        about = self._about(claims.get("rp_id", options["rp"]["id"]), flags) + named + public
        sealed = {"fmt": "none", "attStmt": {}, "authData": about}
        client = self._client("webauthn.create", options, origin, claims)
        return self._sent(clientDataJSON=client, attestationObject=cbor2.dumps(sealed))

    def used(self, asked: str, origin: str, **claims: Any) -> str:
        """The answer to "use one of these"; each counts one more, unless told otherwise."""
        options = json.loads(asked)
        self.counted = claims.pop("counted", self.counted + 1)
        flags = claims.pop("flags", PRESENT | VERIFIED)
        about = self._about(claims.get("rp_id", options["rpId"]), flags)
        client = self._client("webauthn.get", options, origin, claims)
        signed = about + sha256(client).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._sent(clientDataJSON=client, authenticatorData=about, signature=signature)

    def _about(self, rp_id: str, flags: int) -> bytes:
        return sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counted)

    def _client(self, kind: str, options: Any, origin: str, claims: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": origin}
        told |= {
            name: claims[name] for name in ("type", "challenge", "crossOrigin") if name in claims
        }
        return json.dumps(told).encode()

    def _sent(self, **response: bytes) -> str:
        said = {name: letters(part) for name, part in response.items()}
        whole = {"id": letters(self.id), "rawId": letters(self.id), "type": "public-key"}
        return json.dumps(whole | {"response": said})
