"""Which posts a child's words speak of: "my techur", "the hed teacher", "the office lady"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from app.safeguarding.everyday import words_of
from app.safeguarding.sounds import is_near


class Post(StrEnum):
    """What an adult is to the child who tells, as far as words for it are known."""

    HEAD = "head"
    DEPUTY = "deputy"
    LEAD = "lead"
    CHAIR = "chair"
    OFFICE = "office"
    TECHNICIAN = "technician"
    CLASS = "class"
    """Works with the class of the child."""


TEACHER: Final = re.compile(r"t[ei][aeiy]*(?:t?ch(?:[aeiou]+r*e?|r+e?)|sh[aeiou]*r)")
"""How it sounds, in letters: "techur", "teechr", "titcher", "teesher"."""
SAFEGUARD: Final = re.compile(r"sa[iy]?[fv]e?g(?:[au]|ar|ua)+r?d\w*")
"""How "safeguarding" sounds: "safgarding", "savegaurding"."""
OFFICE: Final = re.compile(r"o[fv]+[ie]+[cs]+e?")
TECHNICIAN: Final = re.compile(r"te[ckh]+n[ie]\w*[aeou]ns?")
SOMEBODY: Final = words_of("lady ladys ladie woman women man person staff teacher sir miss")
COMPUTER: Final = words_of("computer computers computa computor comput laptop ict tech")
HEAD: Final = words_of("head hed headd hedd heed haed hade heda")
OURS: Final = words_of("my our are the me mi his her their this that")
DOES: Final = words_of("""
    hit hits hitting hurt hurts hurting touch touches touched touching kick kicks kicked push pushes
    pushed pull pulls pulled grab grabs grabbed slap slaps slapped smack smacks smacked shout shouts
    shouted scream screams yell yells yelled keep keeps kept say says said tell tells told ask asks
    asked make makes made is was has had did does do will wont wants want let lets never always
    kiss kisses kissed hug hugs hugged hold holds held took takes take gave gives sends sent looks
    follows followed calls called scares scared and who in at from came comes
    """)
"""What "miss" or "sir" is somebody before, and no name follows."""
MISSING: Final = words_of(
    "i we you they will really still dont didnt would ill cant wont gonna never"
)
"""What "miss" is no title after: "I miss him"."""


def posts_in(plain: Sequence[str]) -> Iterator[Post]:
    """The posts that the words speak of: "the head teacher", "my teecher", "the office lady"."""
    for at, word in enumerate(plain):
        before = plain[max(0, at - 3) : at]
        if _is_teacher(word):
            yield from _which_teacher(before)
        elif _is_head_teacher(word) or (word in {"head", "hed"} and _is_the_head(before)):
            yield _head_or_deputy(before)
        yield from _other_posts(word, before, plain[at + 1 : at + 2])
        yield from _at_a_desk(word, plain[max(0, at - 5) : at], plain[at + 1 : at + 2])


def _is_teacher(word: str) -> bool:
    if word in {"teach", "teaches", "teaching"}:
        return False
    one = word.removesuffix("s")
    return is_near(one, "teacher", 1) or TEACHER.fullmatch(one) is not None


def _is_head_teacher(word: str) -> bool:
    """In one word: "hedteacher", "headmaster"."""
    rests = [word[wide:] for wide in (3, 4) if word[:wide] in HEAD]
    return any(
        _is_teacher(rest) or rest.startswith(("master", "mistress", "misstress")) for rest in rests
    )


def _is_the_head(before: Sequence[str]) -> bool:
    """ "the head", "acting head"; and not "on the head", "my head"."""
    if before[-1:] in (["acting"], ["deputy"], ["assistant"]):
        return True
    of_a_body = {"on", "in", "to", "over", "against", "round", "around", "at", "bumped", "hurt"}
    return before[-1:] == ["the"] and not of_a_body & set(before[-2:-1])


def _head_or_deputy(before: Sequence[str]) -> Post:
    return Post.DEPUTY if any(is_near(word, "deputy", 1) for word in before) else Post.HEAD


def _which_teacher(before: Sequence[str]) -> Iterator[Post]:
    if HEAD & set(before[-1:]):
        yield _head_or_deputy(before)
    elif OURS & set(before[-2:]) or before[-1:] in ([], ["a"]):
        yield Post.CLASS


def _other_posts(word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Post]:
    if is_near(word, "deputy", 1):
        yield Post.DEPUTY
    if word == "dsl" or SAFEGUARD.fullmatch(word) or SAFEGUARD.fullmatch("".join([word, *after])):
        yield Post.LEAD
    if word == "principal" or (word == "principle" and OURS & set(before[-1:])):
        yield Post.HEAD
    if word in {"sir", "miss"} and _is_a_person(before, after):
        yield Post.CLASS
    if is_near(word.removesuffix("s"), "governor", 1):
        yield Post.CHAIR
    if (word == "ta" and OURS & set(before[-1:])) or (word == "assistant" and before):
        yield Post.CLASS


def _at_a_desk(word: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Post]:
    """ "The office lady", "the lady in the ofice", "the computer man"."""
    theirs = is_near(word, "secretary", 2) or is_near(word, "receptionist", 2)
    if theirs or (_is_office(word) and SOMEBODY & {*after, *before}):
        yield Post.OFFICE
    fixes = word in COMPUTER or (word == "it" and "the" in before[-1:])
    if TECHNICIAN.fullmatch(word) or (fixes and SOMEBODY & set(after)):
        yield Post.TECHNICIAN


def _is_office(word: str) -> bool:
    return is_near(word, "office", 1) or OFFICE.fullmatch(word) is not None


def _is_a_person(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether "miss" is somebody: "miss hit me", and not "I miss him" or "miss okafor"."""
    return not (MISSING | {"to"}) & set(before[-1:]) and bool(DOES & set(after))
