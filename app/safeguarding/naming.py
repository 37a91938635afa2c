"""Which adults a child's words name: by surname, by what pupils call them, by a title, by a role.

Rules and no guessing by a machine. They find too much rather than too little: what is held from
an adult for nothing is cleared by one press, and what was not held has been read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.safeguarding.everyday import SURNAMES, is_nearly_a_word, is_word
from app.safeguarding.posts import Post, posts_in
from app.safeguarding.sounds import is_near, sound_alike
from app.safeguarding.titles import (
    LONG,
    SHORT,
    TITLES,
    Called,
    Titled,
    follows_a_given_name,
    follows_a_title,
    titled,
    without_s,
)

PLAIN_ENOUGH: Final = 6
"""From so many letters on a surname is known alone and in small letters with a slip in it."""
WORD: Final = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*")
APOSTROPHE: Final = re.compile("['’`´]")


@dataclass(frozen=True, slots=True)
class Person:
    """An adult whom a child may name."""

    id: str
    name: str
    known_as: str
    posts: frozenset[Post] = frozenset()


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    capital: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says, looked through once for all adults."""

    plain: tuple[str, ...]
    titled: tuple[Titled, ...]
    words: frozenset[_Word]
    strange: frozenset[_Word]
    """The words that are no words of every day: only these may be misspelled names."""


@dataclass(frozen=True, slots=True)
class _Names:
    """How one adult may be named: by name, or in a phrase, "Big Rob"."""

    called: Called
    rare: frozenset[str]
    """What of the name is no word of every day: this may have a slip in it without a title."""
    phrase: tuple[str, ...]
    first: frozenset[str]
    """Given names: before the surname they say who it is, whatever else that word is."""


def named_in(
    texts: Iterable[str], people: Sequence[Person], children: Collection[str] = ()
) -> frozenset[str]:
    """The ids of the adults whom these words name, in any of the ways that are known.

    `children`: what the children of the class are called; such a word is no misspelled adult.
    """
    found: set[str] = set()
    known = [(person, _names_of(person)) for person in people]
    others = frozenset(word for child in children for word in _split(child)) | TITLES
    for text in texts:
        said = _said(text, others)
        posts = set(posts_in(list(said.plain)))
        found |= {person.id for person, _ in known if person.posts & posts}
        found |= {person.id for person, names in known if _is_named(said, names)}
    return frozenset(found)


def is_for_other_things(known_as: str, name: str) -> bool:
    """Whether children use what they are to say of an adult for other things: "I", "Mr Scared".

    What is of the name itself is never refused, nor a surname that is a word, nor "Mr B".
    """
    said, given = _split(known_as), _split(name)
    own = [word for word in said if word not in TITLES]
    common = [word for word in own if is_word(word) and word not in SURNAMES and word not in given]
    if len(own) < len(said):
        return any(len(word) > 1 for word in common)
    return len("".join(own)) < 2 or common == own


def _said(text: str, others: frozenset[str]) -> _Said:
    words = _words(text)
    plain = tuple(word.plain for word in words)
    forms = {_Word(form, word.capital) for word in words for form in without_s(word.plain)}
    strange = {
        _Word(form, word.capital)
        for word in set(words)
        if word.plain not in others and not is_word(word.plain)
        for form in without_s(word.plain)
    }
    return _Said(plain, tuple(titled(plain)), frozenset(forms), frozenset(strange))


def _fold(text: str) -> str:
    """Small letters without marks: "Adéyẹmí" and "adeyemi" are one."""
    parts = unicodedata.normalize("NFKD", APOSTROPHE.sub("", text)).casefold()
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _words(text: str) -> list[_Word]:
    """The words of a text; where all of it is in capitals, a capital says nothing."""
    shouted = text.upper() == text
    return [
        _Word(_fold(one[0]), one[0][:1].isupper() and not shouted)
        for one in WORD.finditer(unicodedata.normalize("NFC", text))
    ]


def _names_of(person: Person) -> _Names:
    whole = [word for word in _split(person.name) if word not in TITLES]
    said = _split(person.known_as)
    own = [word for word in said if word not in TITLES]
    titled = len(own) < len(said)
    surnames = {whole[-1], *_hyphened(person.name)} if whole else set()
    if len(whole) > 2:  # Of "Ana van den Berg" children say "Mrs van den Berg".
        surnames.add("".join(whole[1:]))
    if titled:
        surnames |= {*own, "".join(own)}
    elif len(own) == 1:
        surnames |= set(own)
    given = set(whole[:-1]) - surnames
    phrase = () if titled or len(own) < 2 else tuple(own)
    initials = {"".join(word[0] for word in parts) for parts in (own, own[:1], whole[1:])}
    # A letter by itself is a name only after a title; else "Mr I" would be named by "I feel sad".
    called = Called(
        frozenset(one for one in surnames if len(one) > 1),
        frozenset(given),
        frozenset(initials - {""}),
    )
    return _Names(called, called.own - SURNAMES, phrase, frozenset(whole[:-1]))


def _split(name: str) -> list[str]:
    return [_fold(word[0]) for word in WORD.finditer(name)]


def _hyphened(name: str) -> set[str]:
    """The halves of a double name, and both in one word."""
    last = name.split()[-1] if name.split() else ""
    halves = _split(last)
    return {*halves, "".join(halves)}


def _is_named(said: _Said, names: _Names) -> bool:
    return (
        (bool(names.phrase) and _stands_in(names.phrase, said.plain))
        or any(follows_a_title(after, names.called) for after in said.titled)
        or follows_a_given_name(said.plain, names.first, names.called)
        or any(_stands_alone(name, said) for name in names.called.own)
        or any(_is_like(word, name) for name in names.rare for word in said.strange)
    )


def _stands_in(phrase: tuple[str, ...], plain: tuple[str, ...]) -> bool:
    wide = len(phrase)
    return any(plain[at : at + wide] == phrase for at in range(len(plain) - wide + 1))


def _stands_alone(name: str, said: _Said) -> bool:
    if _Word(name, capital=True) in said.words:
        return True
    return _Word(name, capital=False) in said.words and len(name) > SHORT and name not in SURNAMES


def _is_like(word: _Word, name: str) -> bool:
    """Whether a strange word is this name as a child writes it.

    With a capital it may sound so; in small letters the name must be long, and nearer than any
    word of every day.
    """
    long = len(name) >= PLAIN_ENOUGH and len(word.plain) >= LONG
    if long and is_near(word.plain, name, 1):
        return True
    if len(name) < LONG or not sound_alike(word.plain, name):
        return False
    return word.capital or (long and not is_nearly_a_word(word.plain))
