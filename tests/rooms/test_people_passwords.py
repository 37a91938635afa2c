"""Passwords of adults, and the code words of classes."""

from __future__ import annotations

import pytest

from app.people import passwords
from app.people.codes import WORDS, draw_code
from app.people.passwords import TOO_COMMON, TOO_NEAR, TOO_SHORT, fault_of
from tests.quick import REAL_HASHER


@pytest.mark.parametrize("password", ["kettles", "", "   kettl", " " * 12, "Ｋettles"])
def test_a_short_password_is_refused(password: str) -> None:
    assert fault_of(password) == TOO_SHORT


@pytest.mark.parametrize(
    "password", ["password", "PASSWORD1", "Welcome1!", "12345678", "zzzzzzzzzz", " liverpool1 "]
)
def test_a_common_password_is_refused_however_it_is_written(password: str) -> None:
    assert fault_of(password) == TOO_COMMON


@pytest.mark.parametrize(
    "password", ["Oak Lane Primary", "oak-lane-primary", "head@oaklane.sch.uk", "HeadTeam"]
)
def test_the_schools_name_and_the_address_are_refused(password: str) -> None:
    near = ("Oak Lane Primary", "head@oaklane.sch.uk", "head.team@oaklane.sch.uk")
    assert fault_of(password, near=near) == TOO_NEAR


@pytest.mark.parametrize(
    "password", ["three red kettles", "kettles!", "пароль-на-лето", "🦔🦔🐸🐸🦔🦔🐸🐸", "ke" * 5000]
)
def test_nothing_is_asked_of_a_password_but_that_it_is_hard_to_guess(password: str) -> None:
    assert fault_of(password) is None


def test_a_kept_password_proves_itself_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", REAL_HASHER)
    kept = passwords.keep("Zoë's red\x00 kettles")
    assert "kettles" not in kept
    assert "m=19456,t=2,p=1" in kept
    assert passwords.proves("Zoe\u0308's red\x00 kettles", kept)
    assert not passwords.proves("Zoë's red", kept)
    assert not passwords.proves("anything at all", None)
    assert not passwords.proves("anything at all", "not a kept password")


def test_the_common_list_has_about_a_thousand_that_are_long_enough_to_matter() -> None:
    listed = passwords.common_passwords()
    assert len(listed) > 1000
    assert all(len(one) >= passwords.SHORTEST and one == one.casefold() for one in listed)


def test_code_words_are_many_short_and_plain() -> None:
    assert len(WORDS) == len(set(WORDS)) > 400
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert all(3 <= len(word) <= 8 for word in WORDS)


def test_a_code_is_a_word_and_four_digits() -> None:
    codes = [draw_code() for _ in range(300)]
    assert all(code.word in WORDS and len(code.number) == 4 for code in codes)
    assert all(code.number.isdigit() and "69" not in code.number for code in codes)
    assert len({code.word for code in codes}) > 100
