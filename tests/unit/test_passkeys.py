"""What counts as a right answer of a passkey; whatever else is sent counts for none."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cbor2
import pytest

from app.base.errors import KeyMissing
from app.config import ROOT
from app.people import passkey_answers, passkeys
from app.people.passkeys import Asking, NewPasskey, Place
from tests.soft_key import PRESENT, VERIFIED, SoftKey, letters

KEY = b"k" * 32
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
HOME = Place("catkin.oak.school", "https://catkin.oak.school:8000")
ADD = Asking("add", HOME, "oak", "lane", "this sign-in")
USE = replace(ADD, what="use")
LANE = passkey_answers.Person("lane@oak.sch.uk", "Peter Lane", "Oak Lane")


def to_add(asking: Asking = ADD, key: bytes = KEY) -> str:
    return passkey_answers.to_add(key, asking, LANE, [letters(b"another")], NOW)


def to_use(device: SoftKey, asking: Asking = USE, key: bytes = KEY) -> str:
    return passkey_answers.to_use(key, asking, [letters(device.id)], NOW)


def added(answer: str, asking: Asking = ADD, moment: datetime = NOW) -> NewPasskey | None:
    return passkey_answers.added(KEY, asking, answer, moment)


def public_of(device: SoftKey) -> bytes:
    made = added(device.made(to_add(), HOME.origin))
    assert made is not None
    return made.public


def used(device: SoftKey, answer: str, asking: Asking = USE, moment: datetime = NOW) -> int | None:
    return passkey_answers.used(KEY, asking, answer, public_of(device), moment)


def test_a_passkey_is_made_and_used_and_says_how_often() -> None:
    device = SoftKey(counted=4)
    made = added(device.made(to_add(), HOME.origin))
    assert made is not None
    assert (made.id, made.counted) == (letters(device.id), 4)
    assert used(device, device.used(to_use(device), HOME.origin)) == 5


def test_a_device_is_asked_to_know_who_touches_it_and_for_no_certificate() -> None:
    asked = json.loads(to_add())
    assert asked["rp"] == {"name": "Catkin Oak Lane", "id": HOME.name}
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert [one["id"] for one in asked["excludeCredentials"]] == [letters(b"another")]
    assert "lane" not in passkeys.handle(KEY, "oak", "lane").decode("latin-1")
    assert passkeys.handle(KEY, "oak", "lane") != passkeys.handle(KEY, "elm", "lane")
    assert json.loads(to_use(SoftKey()))["userVerification"] == "required"


LIES: dict[str, dict[str, object]] = {
    "of another page": {"origin": "https://catkin.oak.school.example:8000"},
    "of the same name at another port": {"origin": "https://catkin.oak.school"},
    "over plain HTTP": {"origin": "http://catkin.oak.school:8000"},
    "for another name": {"rp_id": "oak.school"},
    "inside a page of somebody else": {"crossOrigin": True},
    "with nobody there": {"flags": VERIFIED},
    "touched by anybody": {"flags": PRESENT},
    "to another question": {"challenge": letters(b"1763287200.0000")},
    "to a number with no end": {"challenge": letters(b"9" * 5000 + b".0")},
    "to no question": {"challenge": ""},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_is_refused(lie: str) -> None:
    claims, device = {"origin": HOME.origin, **LIES[lie]}, SoftKey()
    assert added(device.made(to_add(), **claims)) is None
    assert used(device, device.used(to_use(device), **claims)) is None


def test_one_kind_of_answer_is_not_the_other() -> None:
    device = SoftKey()
    assert added(device.made(to_add(), HOME.origin, type="webauthn.get")) is None
    assert used(device, device.used(to_use(device), HOME.origin, type="webauthn.create")) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"sign_in": "another sign-in"},
        {"staff_id": "marsh"},
        {"school_id": "elm"},
        {"place": Place("catkin.oak.school", "https://catkin.oak.school")},
    ],
)
def test_an_answer_is_good_for_what_was_asked_alone(elsewhere: dict[str, object]) -> None:
    device, asking = SoftKey(), replace(USE, **elsewhere)
    assert used(device, device.used(to_use(device, asking), HOME.origin)) is None
    assert added(device.made(to_add(replace(ADD, **elsewhere)), HOME.origin)) is None


def test_what_was_asked_to_add_one_signs_nobody_in() -> None:
    device = SoftKey()
    assert used(device, device.used(to_use(device, ADD), HOME.origin)) is None
    assert added(device.made(to_add(USE), HOME.origin)) is None


def test_another_key_of_the_installation_asked_nothing() -> None:
    device = SoftKey()
    assert used(device, device.used(to_use(device, key=b"x" * 32), HOME.origin)) is None


@pytest.mark.parametrize(
    ("after", "fits"),
    [(-1, False), (0, True), (299, True), (300, False), (86400, False)],
)
def test_a_question_lasts_five_minutes_and_none_comes_from_the_future(
    after: int, fits: bool
) -> None:
    device, then = SoftKey(), NOW + timedelta(seconds=after)
    assert (added(device.made(to_add(), HOME.origin), moment=then) is not None) == fits
    answer = device.used(to_use(device), HOME.origin)
    assert (used(device, answer, moment=then) is not None) == fits


@pytest.mark.parametrize("said", [b"", b".", b"-1.0", "٣.0".encode(), b"9" * 5000 + b".0"])
def test_what_is_no_question_of_ours_is_known_for_none(said: bytes) -> None:
    assert not passkeys.was_asked(KEY, USE, said, NOW)


def test_another_device_cannot_sign_for_it() -> None:
    mine, theirs = SoftKey(), SoftKey()
    assert used(mine, theirs.used(to_use(mine), HOME.origin)) is None


def test_what_was_changed_on_the_way_is_refused() -> None:
    device = SoftKey()
    answer = json.loads(device.used(to_use(device), HOME.origin))
    counted_on = json.loads(device.used(to_use(device), HOME.origin))
    answer["response"]["authenticatorData"] = counted_on["response"]["authenticatorData"]
    assert used(device, json.dumps(answer)) is None


NOT_KEYS = {
    "nothing": b"",
    "no point of the curve": cbor2.dumps({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}),
    "of a kind that nobody asked for": cbor2.dumps({1: 2, 3: -47, -1: 8, -2: b"x", -3: b"y"}),
    "a list": cbor2.dumps([1, 2]),
    "nested": b"\x81" * 9000 + b"\x01",
}


@pytest.mark.parametrize("kind", NOT_KEYS)
def test_a_passkey_whose_key_is_none_is_not_taken(kind: str) -> None:
    assert added(SoftKey().made(to_add(), HOME.origin, public=NOT_KEYS[kind])) is None


def test_an_id_longer_than_the_standard_has_it_is_not_taken() -> None:
    assert added(SoftKey(b"i" * 1023).made(to_add(), HOME.origin)) is not None
    assert added(SoftKey(b"i" * 1024).made(to_add(), HOME.origin)) is None


GARBLED = (
    "", "null", "7", "[]", "{}", "{", '"\\udcff"', "[" * 20_000, '{"id": ' * 5000,
    '{"id": 1, "rawId": 2, "response": 3, "type": 4}', "\x00\u202e🐸",
    '{"id":"\\udcff","rawId":"\\udcff","type":"public-key","response":{"clientDataJSON":"\\udcff",'
    '"attestationObject":"!","authenticatorData":"!","signature":"!","userHandle":"a"}}',
)  # fmt: skip


@pytest.mark.parametrize("garbled", GARBLED)
def test_whatever_is_sent_breaks_nothing(garbled: str) -> None:
    assert added(garbled) is None
    assert used(SoftKey(), garbled) is None
    passkey_answers.passkey_in(garbled)


def test_each_part_of_an_answer_may_be_anything() -> None:
    device = SoftKey()
    for sound, looked_at in (
        (device.made(to_add(), HOME.origin), added),
        (device.used(to_use(device), HOME.origin), lambda answer: used(device, answer)),
    ):
        assert looked_at(sound) is not None
        parts = json.loads(sound)
        for place in (parts, parts["response"]):
            for name in list(place):
                kept = place[name]
                for other in (None, 7, "", "!", "é", "\udcff", [], {}, "AAAA", letters(b"{}")):
                    place[name] = other
                    assert looked_at(json.dumps(parts)) is None, (name, other)
                place[name] = kept


def test_the_public_half_opens_for_its_own_adult_alone() -> None:
    made = NewPasskey("an-id", b"public", 0)
    sealed = passkeys.seal(KEY, made, "oak", "lane")
    assert b"public" not in sealed
    assert passkeys.unseal(KEY, sealed, "oak", "lane", "an-id") == b"public"
    for other in (("elm", "lane", "an-id"), ("oak", "marsh", "an-id"), ("oak", "lane", "other")):
        with pytest.raises(KeyMissing):
            passkeys.unseal(KEY, sealed, *other)


def test_neither_the_start_nor_any_other_page_waits_for_the_library() -> None:
    look = "import sys, app.doors.teacher, app.doors.pupil; print('webauthn' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"
