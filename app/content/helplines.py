"""Which help lines a reader is shown, and the ways to reach each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.content.values import Helpline

UK: Final = frozenset({"England", "Wales", "Scotland", "Northern Ireland"})
ALWAYS: Final = ("always", "all day and night")
_NUMBER: Final = re.compile(r"\d[\d ]*\d")
_TEXT: Final = re.compile(r"text(?: (?P<word>[A-Z]+) to)? (?P<number>\d+)")
_SITE: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w/-]*)?", re.IGNORECASE)
_MAIL: Final = re.compile(r"[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ASIDE: Final = re.compile(r"\s*\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line; `link` is empty for one that no link can open."""

    kind: Literal["call", "text", "mail", "site", "other"]
    words: str
    link: str
    aside: str
    """What stands in brackets behind it."""


def lines_for(lines: Iterable[Helpline], reader: str, nation: str | None) -> list[Helpline]:
    """The checked lines for a reader in a nation; those for all of the UK where none is known."""
    wanted = {nation} if nation else UK
    return [
        line
        for line in lines
        if line.verified and reader in line.show_to and wanted <= set(line.nations)
    ]


def any_day(line: Helpline) -> bool:
    """Whether a page may say “any day”; hours themselves change too often to be shown."""
    hours = line.hours or ""
    return "any day" in hours or (line.hours_verified and hours in ALWAYS)


def ways_to(line: Helpline) -> list[Way]:
    """Each way that the register names, in its order."""
    return [_way(part.strip()) for part in line.contact.split(";")]


def _way(part: str) -> Way:
    aside = "; ".join(_ASIDE.findall(part))
    words = _ASIDE.sub("", part)
    if _NUMBER.fullmatch(words):
        return Way("call", words, f"tel:{words.replace(' ', '')}", aside)
    text = _TEXT.fullmatch(words)
    if text is not None:
        body = f"?body={text['word']}" if text["word"] else ""
        return Way("text", words, f"sms:{text['number']}{body}", aside)
    if _MAIL.fullmatch(words):
        return Way("mail", words, f"mailto:{words}", aside)
    if _SITE.fullmatch(words):
        return Way("site", words, f"https://{words}", aside)
    return Way("other", words, "", aside)
