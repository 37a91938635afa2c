"""Which adults a child's words name: by surname, by what pupils call them, by a title, by a role.

Rules and no guessing by a machine. They find too much rather than too little: what is held from
an adult for nothing is cleared by one press, and what was not held has been read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.safeguarding.sounds import is_near, sound_alike


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES: Final = _listed(
    "mr mrs miss mis ms sir mx dr mister misses missus missis misis mrz mss msr mz mrss mres doctor"
    " doc teacher coach nurse rev reverend professor prof madam mam maam"
)
GLUED: Final = re.compile(r"(?:mrs|mr|miss|mis|ms|mx|dr|sir)(?=\w{3})")
"""A title that a child wrote in one word with the name: "mrsokafor"."""
EVERYDAY: Final = _listed(
    """
    able apple ball banks barber baker bath bean bell berry best bird bishop black blue bond
    bowl bread bridge bright brook brooks brown bull burns bush butcher butler butter
    carpenter carter case cash castle cave chance chapel cherry church clay cook cooper
    cousins cross dale day dean diamond drum duke dust early east english farmer field
    fields finch fish fisher flint flower flowers ford forest fox frank freeman french frost
    gardener gates giles glass gold golden good gray green grey grove guest hall ham hand
    hands hardy hare hart hawk hay head heath hill hills hood hook hope horn house hunt
    hunter irons jewel job jolly joy judge just kettle key kind king kite knight lamb lake
    lane large law leach lemon light little lock long love low lucky man mark marks marsh
    marshall mason may mead miles mill miller mills mint money moon moore moor nash new
    noble north nose nut oak orange page pain paint palmer park parker parks parrot penny
    pepper pie pike pitt plant plum pond pool poor pope potter potts power price pride
    prince quick rain read reed rice rich ring river rivers robin rock rose rush sage salt
    sand seal sharp shaw shepherd ship short silver singer skinner slack small smart smith
    snow south spark spear speed spring stack star steel stone storm street strong sugar
    summer summers swan sweet swift tanner taylor temple tiger towers town train tree turner
    vale wade waite walker wall walls ward waters way weaver webb week welch well wells west
    wheeler white wild wilde will wills winter wise wolf wood woods words worth wren wright
    young yard
    """
)
"""Surnames that are words of every day: these need a title or a capital letter."""
SHORT, LONG, VERY_LONG = 3, 5, 8
"""Letters: up to SHORT a name is taken for a word of every day; from LONG on one letter may be
wrong after a title, from VERY_LONG on two."""
WORD: Final = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*")
APOSTROPHE: Final = re.compile("['’`´]")
OURS: Final = _listed("my our are the me mi his her their this that")


class Post(StrEnum):
    """What an adult is to the child who tells, as far as words for it are known."""

    HEAD = "head"
    DEPUTY = "deputy"
    LEAD = "lead"
    CHAIR = "chair"
    OFFICE = "office"
    CLASS = "class"
    """Works with the class of the child."""


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
class _Names:
    """How one adult may be named: `own` alone or after a title, `given` after a title only."""

    own: frozenset[str]
    given: frozenset[str]
    phrase: tuple[str, ...] = field(default=())


def named_in(texts: Iterable[str], people: Sequence[Person]) -> frozenset[str]:
    """The ids of the adults whom these words name, in any of the ways that are known."""
    found: set[str] = set()
    known = [(person, _names_of(person)) for person in people]
    for text in texts:
        words = _words(text)
        posts = set(_posts_in([word.plain for word in words]))
        found |= {person.id for person, _ in known if person.posts & posts}
        found |= {person.id for person, names in known if _is_named(words, names)}
    return frozenset(found)


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
    called = _split(person.known_as)
    own = [word for word in called if word not in TITLES]
    titled = len(own) < len(called)
    surnames = {whole[-1], *_hyphened(person.name)} if whole else set()
    if len(whole) > 2:  # Of "Ana van den Berg" children say "Mrs van den Berg".
        surnames.add("".join(whole[1:]))
    if titled:
        surnames |= {*own, "".join(own)}
    elif len(own) == 1:
        surnames |= set(own)
    given = set(whole[:-1]) - surnames
    phrase = () if titled or len(own) < 2 else tuple(own)
    return _Names(frozenset(surnames - {""}), frozenset(given), phrase)


def _split(name: str) -> list[str]:
    return [_fold(word[0]) for word in WORD.finditer(name)]


def _hyphened(name: str) -> set[str]:
    """The halves of a double name, and both in one word."""
    last = name.split()[-1] if name.split() else ""
    halves = _split(last)
    return {*halves, "".join(halves)}


def _is_named(words: Sequence[_Word], names: _Names) -> bool:
    plain = tuple(word.plain for word in words)
    if names.phrase and _stands_in(names.phrase, plain):
        return True
    return any(_after_title(rest, names) for rest in _titled(plain)) or any(
        _alone(word, names.own) for word in words
    )


def _stands_in(phrase: tuple[str, ...], plain: tuple[str, ...]) -> bool:
    wide = len(phrase)
    return any(plain[at : at + wide] == phrase for at in range(len(plain) - wide + 1))


def _titled(plain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What follows each title, up to three words: "mrs o brien", "miss van den berg"."""
    for at, word in enumerate(plain):
        if word in TITLES:
            yield plain[at + 1 : at + 4]
        else:
            glued = GLUED.match(word)
            if glued:
                yield (word[glued.end() :],)


def _after_title(rest: tuple[str, ...], names: _Names) -> bool:
    written = {"".join(rest[:wide]) for wide in range(1, len(rest) + 1)}
    if rest and len(rest[0]) == 1 and any(own.startswith(rest[0]) for own in names.own):
        return True  # "Mrs O".
    if any(_without_s(one) & names.given for one in written):
        return True
    return any(
        _is_it(form, own) for one in written for form in _without_s(one) for own in names.own
    )


def _is_it(written: str, name: str) -> bool:
    """Whether a word after a title is this name, as a child writes it."""
    if written == name:
        return True
    if len(name) < LONG:
        near = len(name) > SHORT and written[:1] == name[:1] and is_near(written, name, 1)
    else:
        near = is_near(written, name, 2 if len(name) >= VERY_LONG else 1)
    return near or (written[:1] != "" and sound_alike(written, name))


def _alone(word: _Word, own: frozenset[str]) -> bool:
    """Whether a word without a title is one of these names."""
    for form in _without_s(word.plain) & own:
        if word.capital or not (form in EVERYDAY or len(form) <= SHORT):
            return True
    return word.capital and any(
        len(name) >= LONG and name not in EVERYDAY and sound_alike(word.plain, name) for name in own
    )


def _without_s(word: str) -> set[str]:
    """A word, and what it is an "s" of: "mrs okafors class"."""
    return {word, word[:-1]} if len(word) > SHORT and word.endswith("s") else {word}


def _posts_in(plain: Sequence[str]) -> Iterator[Post]:
    """The posts that the words speak of: "the head teacher", "my teecher", "the office lady"."""
    for at, word in enumerate(plain):
        before = plain[max(0, at - 3) : at]
        if _is_teacher(word):
            yield from _which_teacher(before)
        elif word.startswith("head") and _is_head(word[4:]):
            yield Post.DEPUTY if _any_near(before, "deputy") else Post.HEAD
        elif word.startswith("hed") and _is_head(word[3:]):
            yield Post.HEAD
        elif word == "head" and _is_the_head(before):
            yield Post.DEPUTY if _any_near(before, "deputy") else Post.HEAD
        yield from _other_posts(word, before, plain[at + 1 : at + 2])


def _is_teacher(word: str) -> bool:
    if word in {"teach", "teaches", "teaching"}:
        return False
    return (
        is_near(word, "teacher", 1)
        or is_near(word, "teachers", 1)
        or (word.startswith("te") and sound_alike(word.removesuffix("s"), "teacher"))
    )


def _is_head(rest: str) -> bool:
    return _is_teacher(rest) or rest.startswith(("master", "mistress", "misstress"))


def _is_the_head(before: Sequence[str]) -> bool:
    """ "the head", "acting head"; and not "on the head", "my head"."""
    if before[-1:] in (["acting"], ["deputy"], ["assistant"]):
        return True
    of_a_body = {"on", "in", "to", "over", "against", "round", "around", "at", "bumped", "hurt"}
    return before[-1:] == ["the"] and not of_a_body & set(before[-2:-1])


def _any_near(words: Iterable[str], wanted: str) -> bool:
    return any(is_near(word, wanted, 1) for word in words)


def _which_teacher(before: Sequence[str]) -> Iterator[Post]:
    if before and before[-1] in {"head", "hed", "heed", "headd"}:
        yield Post.DEPUTY if _any_near(before, "deputy") else Post.HEAD
    elif OURS & set(before[-2:]) or before[-1:] in ([], ["a"]):
        yield Post.CLASS


def _other_posts(word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Post]:
    if is_near(word, "deputy", 1):
        yield Post.DEPUTY
    if word == "dsl" or word.startswith("safeguard") or (word == "safe" and after == ["guarding"]):
        yield Post.LEAD
    if word == "principal" or (word == "principle" and OURS & set(before[-1:])):
        yield Post.HEAD
    if word in {"sir", "miss"} and _is_a_person(before, after):
        yield Post.CLASS
    if is_near(word.removesuffix("s"), "governor", 1):
        yield Post.CHAIR
    if word in {"secretary", "receptionist"} or (word == "office" and _is_somebody(after)):
        yield Post.OFFICE
    if (word == "ta" and OURS & set(before[-1:])) or (word == "assistant" and before):
        yield Post.CLASS


DOES: Final = _listed(
    """
    hit hits hitting hurt hurts hurting touch touches touched touching kick kicks kicked push pushes
    pushed pull pulls pulled grab grabs grabbed slap slaps slapped smack smacks smacked shout shouts
    shouted scream screams yell yells yelled keep keeps kept say says said tell tells told ask asks
    asked make makes made is was has had did does do will wont wants want let lets never always
    kiss kisses kissed hug hugs hugged hold holds held took takes take gave gives sends sent looks
    follows followed calls called scares scared and who in at from came comes
    """
)
"""What "miss" or "sir" is somebody before, and no name follows."""


def _is_a_person(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether "miss" is somebody: "miss hit me", and not "I miss him" or "miss okafor"."""
    missed = {"i", "we", "you", "they", "to", "will", "really", "still", "dont", "didnt", "would"}
    return not missed & set(before[-1:]) and bool(DOES & set(after))


def _is_somebody(after: Sequence[str]) -> bool:
    return bool({"lady", "woman", "man", "person", "staff", "teacher"} & set(after))
