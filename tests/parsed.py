"""A page read as a browser reads it: once, however many look, and whatever ids stand in it."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

DRAWN = re.compile(r'(?<=["/=#])(?:[0-9a-z]{16}|[0-9a-z]{26}|[\w.-]{60,})(?=["/?#&])')
"""What may be drawn anew for each page, within its attributes: ids and tokens."""
PLACE = re.compile(r"~(\d+)~")


def without_what_is_drawn(html: str) -> tuple[str, list[str]]:
    """The page with a number in place of each id and token, equal ones alike; and what stood there.

    Pages that differ in those alone read the same, and keep or break the same rules.
    """
    drawn: dict[str, int] = {}
    bare = DRAWN.sub(lambda found: f"~{drawn.setdefault(found[0], len(drawn))}~", html)
    return bare, list(drawn)


def put_back(text: str, drawn: list[str]) -> str:
    """What `without_what_is_drawn` took away."""

    def stood(place: re.Match[str]) -> str:
        number = int(place[1])
        return drawn[number] if number < len(drawn) else place[0]

    return PLACE.sub(stood, text)


@lru_cache(400)
def parsed(html: str) -> tuple[Element, tuple[str, ...]]:
    """The tree, which nobody may change, and what is not valid HTML5 in the text."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(html)
    return root, tuple(f"not valid HTML5: {code} {facts}" for _, code, facts in parser.errors)


@lru_cache(16)
def tree_of(html: str) -> Element:
    """The tree of a page."""
    bare, drawn = without_what_is_drawn(html)
    tree = deepcopy(parsed(bare)[0])
    for element in tree.iter():
        for name, value in element.items():
            if "~" in value:
                element.set(name, put_back(value, drawn))
    return tree
