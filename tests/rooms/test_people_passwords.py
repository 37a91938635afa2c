"""Passwords of adults, and the code words of classes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
    "password",
    [
        *("P@ssword123", "Pa$$w0rd2026", "qwertyuiop1", "asdfghjkl1", "1Liverpool99!"),
        *("abababab", "xyzxyzxyz", "abcabcab", "🐸🐸🐸🐸🐸🐸🐸🐸", "ke" * 5000),
    ],
)
def test_a_common_one_with_figures_or_signs_in_it_and_one_over_and_over_are_refused(
    password: str,
) -> None:
    assert fault_of(password) == TOO_COMMON


NEAR = ("Oak Lane Primary", "head.team@oaklane.sch.uk", "Ngozi Okafor-Smith")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "Oak Lane Primary",
            "oak-lane-primary",
            "oaklane1",
            "OAKLANE2026",
            "2026 Oak Lane!",
            "oaklaneschool",
            "Oak Lane Academy 26",
        ),
        *("head.team@oaklane.sch.uk", "HeadTeam", "ngozi.okafor", "Okafor99!", "Catkin2031"),
    ],
)
def test_the_schools_name_and_the_address_are_refused(password: str) -> None:
    assert fault_of(password, near=NEAR) == TOO_NEAR


@pytest.mark.parametrize("password", ["oak trees sing", "lane of kettles", "okaforandfriends"])
def test_a_name_within_other_words_is_no_guess(password: str) -> None:
    assert fault_of(password, near=NEAR) is None


@pytest.mark.parametrize(
    "password",
    ["three red kettles", "kettles!", "пароль-на-лето", "🦔🦔🐸🐸🦔🦔🐸🐸", "kettle drums " * 900],
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


def test_the_three_thousand_commonest_are_refused() -> None:
    listed = passwords.common_passwords()
    assert len(listed) > 6000
    assert all(len(one) >= passwords.SHORTEST and one == one.casefold() for one in listed)
    for one in sorted(listed):
        assert fault_of(one.upper()) == TOO_COMMON


def test_reading_the_list_waits_until_a_password_is_chosen() -> None:
    """A start of Catkin reads it no sooner: the module holds names of files alone."""
    fresh = "import app, app.people.passwords as p; print(p.common_passwords.cache_info().misses)"
    answer = subprocess.run([sys.executable, "-c", fresh], capture_output=True, text=True)
    assert answer.stdout.strip() == "0", answer.stderr


def test_the_list_in_use_is_the_commonest_in_order() -> None:
    file = Path(passwords.__file__).parent / "commonest-passwords.txt"
    listed = [line for line in file.read_text("utf-8").splitlines() if line[:1] != "#"]
    assert len(listed) == 5000
    assert listed == sorted(set(listed))
    known = {"12345678", "qwertyuiop", "1qaz2wsx", "baseball", "football", "trustno1", "iloveyou"}
    assert known <= set(listed)


def test_code_words_are_many_short_and_plain() -> None:
    assert len(WORDS) == len(set(WORDS)) > 400
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert all(3 <= len(word) <= 8 for word in WORDS)


def test_a_code_is_a_word_and_four_digits() -> None:
    codes = [draw_code() for _ in range(300)]
    assert all(code.word in WORDS and len(code.number) == 4 for code in codes)
    assert all(code.number.isdigit() and "69" not in code.number for code in codes)
    assert len({code.word for code in codes}) > 100
