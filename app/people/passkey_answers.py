"""What a browser is told to ask a device for, and whether the device's answer is right.

Import this where a passkey is asked for, never at the start: its library takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.people.passkeys import Asking, NewPasskey, challenge, handle, was_asked

PATIENCE = 120_000
"""Milliseconds for finger, face or PIN."""
LONGEST_ID = 1023
"""Bytes of a passkey's id, as the standard has it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose passkey it is, as the device will show it."""

    email: str
    name: str
    school: str


def to_add(key: bytes, asking: Asking, person: Person, had: Iterable[str], moment: datetime) -> str:
    """What the browser asks of a device that shall make a passkey, as JSON."""
    options = generate_registration_options(
        rp_id=asking.place.name,
        rp_name=f"Catkin {person.school}",
        user_id=handle(key, asking.school_id, asking.staff_id),
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge(key, asking, moment),
        timeout=PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            # A second step: the device need not list whose accounts it opens.
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(had),
    )
    return options_to_json(options)


def to_use(key: bytes, asking: Asking, had: Iterable[str], moment: datetime) -> str:
    """What the browser asks of a device that holds one of these passkeys, as JSON."""
    options = generate_authentication_options(
        rp_id=asking.place.name,
        challenge=challenge(key, asking, moment),
        timeout=PATIENCE,
        allow_credentials=_named(had),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _named(had: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in had]


def added(key: bytes, asking: Asking, answer: str, moment: datetime) -> NewPasskey | None:
    """The passkey that a device made when it was asked to; None for any other answer."""
    try:
        given = parse_registration_credential_json(answer)
        done = verify_registration_response(
            credential=given,
            expected_challenge=_asked(key, asking, given.response.client_data_json, moment),
            expected_rp_id=asking.place.name,
            expected_origin=asking.place.origin,
            require_user_verification=True,
        )
        # Nothing was signed with it yet: a key that is none is refused now.
        public = done.credential_public_key
        decoded_public_key_to_cryptography(decode_credential_public_key(public))
    except Exception:  # However it is wrong, what a stranger sent is no passkey.
        return None
    if len(done.credential_id) > LONGEST_ID:
        return None
    return NewPasskey(bytes_to_base64url(done.credential_id), public, done.sign_count)


def passkey_in(answer: str) -> str | None:
    """The id of the passkey that an answer says it is of; None where it names none."""
    try:
        return parse_authentication_credential_json(answer).id
    except Exception:  # As above.
        return None


def used(key: bytes, asking: Asking, answer: str, public: bytes, moment: datetime) -> int | None:
    """How often the passkey was used, as its device says; None unless it signed what was asked.

    Whether that count is a new one is for the caller, who knows the last and must act on it.
    """
    try:
        given = parse_authentication_credential_json(answer)
        done = verify_authentication_response(
            credential=given,
            expected_challenge=_asked(key, asking, given.response.client_data_json, moment),
            expected_rp_id=asking.place.name,
            expected_origin=asking.place.origin,
            credential_public_key=public,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # As above.
        return None
    return done.new_sign_count


def _asked(key: bytes, asking: Asking, said: bytes, moment: datetime) -> bytes:
    """The challenge in an answer; ValueError unless it is ours, for this, in this very window."""
    told = parse_client_data_json(said)
    if told.cross_origin or not was_asked(key, asking, told.challenge, moment):
        raise ValueError("not what was asked")
    return told.challenge
