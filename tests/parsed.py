"""A page read as a browser reads it; the same text only once, however many look at it."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib


@lru_cache(64)
def parsed(html: str) -> tuple[Element, tuple[str, ...]]:
    """The tree, which nobody may change, and what is not valid HTML5 in the text."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(html)
    return root, tuple(f"not valid HTML5: {code} {facts}" for _, code, facts in parser.errors)


def tree_of(html: str) -> Element:
    """The tree of a page."""
    return parsed(html)[0]
