"""Names after a title, as children write them: "mrs okafer", "mrsb", "miss o'b", "miss rihgt"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.safeguarding.everyday import is_word, words_of
from app.safeguarding.posts import DOES, MISSING
from app.safeguarding.sounds import exchanged, is_near, sound_alike, swapped

TITLES: Final = words_of("""
    mr mrs miss mis ms sir mx dr mister misses missus missis misis mrz mss msr mz mrss mres doctor
    doc teacher coach nurse rev reverend professor prof madam mam maam
    """)
GLUED: Final = ("mrs", "mr", "miss", "mis", "ms", "mx", "dr", "sir")
"""Titles that a child may write in one word with the name: "mrsokafor", "mrsb"."""
SHORT, LONG, VERY_LONG = 3, 5, 8
"""Letters: up to SHORT a name is taken for a word of every day; from LONG on one letter may be
wrong after a title, from VERY_LONG on two."""
STUMP: Final = 4
"""As many letters at most stand for a longer name: "mr b", "mrs o'b", "miss whit"."""
APART: Final = words_of("mr mrs ms mx dr miss")
"""Titles of which a child may write the letters apart: "m r lane"."""
LETTER_WORDS: Final = words_of("a i u")
ASKING: Final = words_of("can do are am")
ASKED: Final = words_of("i we you u he she they my")
Rest = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """How one adult may be called: by `own` names alone or after a title, by `given` after one."""

    own: frozenset[str]
    given: frozenset[str]
    initials: frozenset[str]
    """The first letters of a name of several parts: "sj"."""


@dataclass(frozen=True, slots=True)
class Titled:
    """The words after a title, three at most."""

    rest: Rest
    short: bool
    """Whether the first may be a name cut short; in "I miss b" it is not."""


def titled(plain: Rest) -> Iterator[Titled]:
    """What follows each title of a text."""
    for at, word in enumerate(plain):
        after = plain[at + 1 : at + 4]
        yield from _in_letters(plain[at : at + 6])
        if word in TITLES and not _is_a_question(after):
            missed = word in {"miss", "mis"} and bool(MISSING & set(plain[max(0, at - 1) : at]))
            yield Titled(after, not missed)
        elif word not in TITLES and word.startswith(GLUED) and not is_word(word):
            for title in GLUED:
                if word.startswith(title):
                    yield Titled((word[len(title) :], *after[:2]), short=True)


def _in_letters(said: Rest) -> Iterator[Titled]:
    """ "M r lane", "m r s okafor"."""
    for wide in (2, 3):
        if len(said[:wide]) == wide and "".join(said[:wide]) in APART:
            yield Titled(said[wide : wide + 3], short=True)


def follows_a_given_name(plain: Rest, first: frozenset[str], names: Called) -> bool:
    """Whether this adult's surname stands behind a given name of theirs: "peter lane"."""
    surname = Called(names.own - first, frozenset(), frozenset())
    return any(
        _is_named(plain[at + 1 : at + 4], surname)
        for at, word in enumerate(plain)
        if word in first or (not is_word(word) and any(sound_alike(word, one) for one in first))
    )


def follows_a_title(after: Titled, names: Called) -> bool:
    """Whether the words after a title begin with a name of this adult."""
    return _is_named(after.rest, names) or (after.short and _is_cut_short(after.rest, names))


def _is_a_question(after: Rest) -> bool:
    """ "Miss can I go" names no Miss Khan."""
    return bool(ASKING & set(after[:1]) and ASKED & set(after[1:2]))


def _is_named(rest: Rest, names: Called) -> bool:
    written = {"".join(rest[:wide]) for wide in range(1, len(rest) + 1)}
    forms = {form for one in written for form in without_s(one)}
    return bool(forms & names.given) or any(
        _is_it(form, own) for form in forms for own in names.own
    )


def _is_it(written: str, name: str) -> bool:
    """Whether a word after a title is this name, as a child writes it."""
    if written == name:
        return True
    if len(name) < LONG:
        near = len(name) > SHORT and written[:1] == name[:1] and is_near(written, name, 1)
    else:
        near = is_near(written, name, 2 if len(name) >= VERY_LONG else 1)
    return near or _sounds_like(written, name)


def _sounds_like(written: str, name: str) -> bool:
    """By sound, also where two letters changed places: "rihgt" for Wright."""
    if not written:
        return False
    return sound_alike(written, name) or (
        len(written) >= LONG
        and not is_word(written)
        and (exchanged(written, name) or any(sound_alike(one, name) for one in swapped(written)))
    )


def _is_cut_short(rest: Rest, names: Called) -> bool:
    """ "Mr B", "Mrs O'B", "Mr Whit": everybody whose name begins so, however many they are."""
    first = rest[0] if rest else ""
    if not first or (first in LETTER_WORDS and not _does_something(rest[1:])):
        return False
    if len(first) > STUMP or (len(first) > 1 and is_word(first)):
        return False
    stumps = {first, first[:-1] if len(first) > 1 and first.endswith("s") else first}
    return bool(stumps & names.initials) or any(
        own.startswith(stump) for stump in stumps for own in names.own
    )


def _does_something(after: Sequence[str]) -> bool:
    """Whether "miss a" is somebody, as in "miss a hit me", and not "miss a boy hit me"."""
    return not after or after[0] in DOES


def without_s(word: str) -> set[str]:
    """A word, and what it is an "s" of: "mrs okafors class"."""
    return {word, word[:-1]} if len(word) > SHORT and word.endswith("s") else {word}
