"""Names: read from a pasted class list, and shown so that no two pupils of a class share one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.base import ids
from app.people.rules import HIDDEN, tidy

LONGEST = 100
CROWDED = 60
"""More pupils than this in one class looks like a mistake, and may be none."""
AVATARS: Final = (
    "fox",
    "bee",
    "frog",
    "daisy",
    "badger",
    "rabbit",
    "robin",
    "butterfly",
    "mouse",
    "ladybird",
    "acorn",
    "mushroom",
)
LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")
FORMULA: Final = ("=", "+", "-", "@", "\t")

IS_FORMULA = "a formula, not a name"
IS_LONG = f"longer than {LONGEST} letters"
IS_NO_NAME = "a first name without letters"
IS_A_ROW = "a row with several commas, not a name"


@dataclass(frozen=True, slots=True)
class FullName:
    """A pupil's name as the school writes it; the family name may be empty."""

    given: str
    family: str

    @property
    def whole(self) -> str:
        """What staff see."""
        return f"{self.given} {self.family}".strip()

    @property
    def key(self) -> str:
        """The same for two spellings that nobody would tell apart."""
        return self.whole.casefold()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paste: a name, or what it is instead; `same_as` asks "Two pupils?"."""

    number: int
    text: str
    name: FullName | None = None
    fault: str | None = None
    same_as: str | None = None


def _starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run this; its wide forms (U+FF1D and so on) run too."""
    first = HIDDEN.sub("", text).lstrip(" \xa0")[:1]
    return unicodedata.normalize("NFKC", first) in FORMULA


def name_of(given: str, family: str) -> tuple[FullName | None, str | None]:
    """The two parts as a name, or what they are instead. No spelling is changed."""
    parts = [unicodedata.normalize("NFC", tidy(part)) for part in (given, family)]
    if any(map(_starts_a_formula, (given, family, *parts))):
        return None, IS_FORMULA
    if sum(map(len, parts)) > LONGEST:
        return None, IS_LONG
    if not any(sign.isalpha() for sign in parts[0]):
        return None, IS_NO_NAME
    return FullName(*parts), None


def read_name(text: str) -> tuple[FullName | None, str | None]:
    """The name on one line, or what the line is instead: "Amina Khan" or "Khan, Amina"."""
    if _starts_a_formula(text):
        return None, IS_FORMULA
    parts = [part.strip() for part in tidy(text).split(",")]
    if any(parts[2:]):
        return None, IS_A_ROW
    if any(parts[1:]):
        return name_of(parts[1], parts[0])
    given, _, family = parts[0].partition(" ")
    return name_of(given, family)


def read_list(text: str, present: Iterable[FullName] = ()) -> list[Line]:
    """Every line that is not blank, numbered as in the paste.

    A name that is there already, above in the paste or in the class (`present`), is asked about.
    """
    first_seen = {name.key: "a pupil of this class" for name in present}
    found = []
    for number, raw in enumerate(LINE_ENDS.split(text), start=1):
        if not tidy(raw):
            continue
        name, fault = read_name(raw)
        same_as = first_seen.get(name.key) if name else None
        found.append(Line(number, tidy(raw), name, fault, same_as))
        if name is not None:
            first_seen.setdefault(name.key, f"line {number}")
    return found


def chosen(lines: Iterable[Line], two_pupils: Iterable[int] = ()) -> list[Line]:
    """The lines that will be saved: the ready ones, and twins of name that somebody confirmed."""
    confirmed = set(two_pupils)
    return [
        line for line in lines if line.name and (line.same_as is None or line.number in confirmed)
    ]


def _initials(family: str, letters: int) -> str:
    """The first letters of a family name, with what stands between and upon them."""
    seen = 0
    for place, sign in enumerate(family):
        seen += sign.isalnum()
        if seen > letters:
            kept = family[:place].rstrip(" -'’.")
            return kept[:1].upper() + kept[1:]
    return family[:1].upper() + family[1:]


def _told_apart(names: Sequence[FullName]) -> list[str]:
    """Twins of a given name: each with as few letters of the family name as it takes."""
    families = {name.family.casefold() for name in names}
    longest = max(map(len, families))
    shown: dict[str, str] = {}
    for letters in range(1, longest + 1):
        counted = Counter(_initials(family, letters).casefold() for family in families)
        for name in names:
            initials = _initials(name.family, letters)
            if counted[initials.casefold()] == 1:
                shown.setdefault(name.family.casefold(), initials)
        if len(shown) == len(families):
            break
    return [f"{n.given} {shown.get(n.family.casefold(), n.family)}".strip() for n in names]


def shown_names(names: Sequence[FullName]) -> list[str]:
    """What pupils see, in the order of `names`: the given name, with more only where two share it.

    Twins of name get letters of the family name, and a number if even that is shared.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        groups[name.given.casefold()].append(place)
    shown = [name.given for name in names]
    for places in groups.values():
        if len(places) > 1:
            for place, text in zip(places, _told_apart([names[p] for p in places]), strict=True):
                shown[place] = text
    return _numbered(shown)


def _numbered(shown: Sequence[str]) -> list[str]:
    counted = Counter(text.casefold() for text in shown)
    taken = {key for key, count in counted.items() if count == 1}
    last: Counter[str] = Counter()
    numbered = []
    for text in shown:
        key, final = text.casefold(), text
        while counted[key] > 1 and (final == text or final.casefold() in taken):
            last[key] += 1
            final = f"{text} {last[key]}"
        taken.add(final.casefold())
        numbered.append(final)
    return numbered


def next_avatars(worn: Iterable[str], how_many: int) -> list[str]:
    """Avatars for newcomers: each time the first of those that fewest in the class wear."""
    counted = Counter(dict.fromkeys(AVATARS, 0))
    counted.update(avatar for avatar in worn if avatar in counted)
    given = []
    for _ in range(how_many):
        avatar = min(AVATARS, key=lambda name: counted[name])
        counted[avatar] += 1
        given.append(avatar)
    return given


def list_mark(pupils: Iterable[tuple[str, FullName]]) -> str:
    """A mark of a class list (ids and names) as it stands; a preview carries it to the save.

    A list that changed in between, by a double click or by somebody else, is looked at again.
    """
    rows = sorted(f"{pupil_id}\x1e{name.given}\x1e{name.family}" for pupil_id, name in pupils)
    return ids.fingerprint("\x1f".join(rows))
