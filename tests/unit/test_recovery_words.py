"""The words of the recovery key: friendly, far apart, and read however they are typed."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import combinations

import pytest

from app.base import recovery, sealing
from app.base.errors import KeyMissing
from app.base.recovery import NotThePaper, all_words, bits_of, words_of

BITS = bytes(range(7, 23))
SOUND_ALIKE = """
bare bear bee beach beech blew blue boar bore bow break brake cell cellar cent cereal chord cord
coarse course coral choral currant current cymbal dear deer desert dessert dew doe dough eight
ewe fair fare fir flea flour flower fur gorilla hair hare heel herd hole horse hoarse jewel key
knight knot knead lamb leek leak loan maize medal metal mail male minor moose mousse morning
muscle mussel night none nose oar one ore pail pair pale pea peace peach peal pear pedal petal
peddle pigeon plain plane plum pore quay quire rain reed reign ring road roll root rose rows
sail sale sauce scent sea seed seam sent serial sew sole some son soul source stair stake stare
stationary steak steel storey story sun sweet symbol tail tale tea tide timber time toad toe tow
tyre vain vale vein wail waist waste wait way weather weight whale whole wood wear week wheel
wrap write yoke yolk
"""
NOT_HERE = """
alcohol arrow beer blood bomb bone bum butt cemetery coffin corpse crypt dagger dead death demon
devil drug fart fiend fight ghost grave gun hate hell kill knife monster nappy nipple pistol
poison poo rifle skull slave snake spider sword thief vampire venom virus war weapon witch wolf
zombie amazon apple disney google netflix oracle roblox snapchat tiktok youtube
"""


def far_apart(left: str, right: str) -> bool:
    """Whether no one slip of the pen turns one word into the other."""
    if abs(len(left) - len(right)) > 1:
        return True
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) > 1
    short, long = sorted((left, right), key=len)
    return all(long[:place] + long[place + 1 :] != short for place in range(len(long)))


def test_the_list_is_friendly_and_no_word_is_taken_for_another() -> None:
    words = all_words()
    assert len(words) == len({word[:3] for word in words}) == 256
    assert list(words) == sorted(words)
    assert all(4 <= len(word) <= 7 and word.isascii() and word.islower() for word in words)
    assert not set(words) & {*SOUND_ALIKE.split(), *NOT_HERE.split()}
    near = [pair for pair in combinations(words, 2) if not far_apart(*pair)]
    assert near == []


def test_what_the_test_above_looks_for_can_be_seen() -> None:
    assert not far_apart("muffin", "puffin")
    assert not far_apart("tent", "tet")
    assert far_apart("acorn", "album")


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(words_of(BITS)),
        "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(words_of(BITS), 1)),
        "   ".join(word[:3] for word in words_of(BITS)),
        "".join(f"{n}{word.title()}," for n, word in enumerate(words_of(BITS), 1)),
    ],
)
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert bits_of(typed) == BITS


def said(typed: str) -> str:
    with pytest.raises(NotThePaper) as caught:
        bits_of(typed)
    return str(caught.value)


def test_the_first_word_that_does_not_fit_is_named() -> None:
    words = words_of(BITS)
    assert said(" ".join([*words[:6], "blarb", "snork", *words[8:]])).startswith("Word 7, “blarb”")
    assert "here are 16" in said(" ".join(words[:-1]))
    assert "here are 18" in said(" ".join([*words, "acorn"]))
    assert "here are 0" in said("")


def test_another_word_or_another_order_is_nearly_always_noticed() -> None:
    chance, missed = random.Random(6), 0
    for _ in range(400):
        words = words_of(BITS)
        place = chance.randrange(17)
        words[place] = chance.choice([word for word in all_words() if word != words[place]])
        with suppress(NotThePaper):
            missed += bits_of(" ".join(words)) != BITS
    assert missed <= 8, "one slip in 256 fits by chance, and then opens nothing"
    assert "do not belong together" in said(" ".join(sorted(words_of(BITS))[::-1]))


def test_only_the_paper_and_only_in_its_place_a_key_opens() -> None:
    private = recovery.private_of(BITS)
    place = recovery.place_of("school", 2, "pictures")
    wrapped = recovery.wrap_key(sealing.public_of(private), b"k" * 32, *place)
    assert recovery.unwrap_key(private, wrapped, *place) == b"k" * 32
    assert recovery.holds(wrapped, b"k" * 32)
    assert not recovery.holds(wrapped, b"j" * 32)
    other = recovery.private_of(BITS[::-1])
    for key, bound in ((other, place), (private, recovery.place_of("school", 1, "pictures"))):
        with pytest.raises(KeyMissing):
            recovery.unwrap_key(key, wrapped, *bound)
