"""The words of a page as a child meets them: piece by piece, and all that is to be read."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.parsed import tree_of

PIECES = {
    "p",
    "li",
    "legend",
    "label",
    "h1",
    "h2",
    "h3",
    "button",
    "summary",
    "a",
    "th",
    "td",
    "title",
}
RUNNING = {"p", "li", "legend"}
LABELS = {"steps", "hint"}
"""Classes of what belongs to a field or to the way through the steps."""
NOT_RUNNING = {"aside", "label", "button", "summary", "nav", "title", "h1", "h2", "h3"}
THEIR_OWN = {"blockquote"}
"""What the child or an answering adult wrote is shown as it is."""


def pieces_of(html: str) -> list[str]:
    """Every heading, sentence, label and button of a page, each by itself."""
    return [text for text, _ in _walk(tree_of(html), running=True)]


def running_words_of(html: str) -> int:
    """How many words of running text the page has; labels, options and the hedge do not count."""
    return sum(len(text.split()) for text, running in _walk(tree_of(html), running=True) if running)


def buttons_of(html: str) -> list[str]:
    """What the buttons of a page say, and the links that look like them."""
    tree = tree_of(html)
    links = (e for e in tree.iter("a") if _classes(e) & {"btn", "back", "button", "tool", "tell"})
    said = (_flat(e) for e in (*tree.iter("button"), *links, *tree.iter("summary")))
    return [text for text in said if text]


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _walk(element: Element, *, running: bool) -> Iterator[tuple[str, bool]]:
    """The pieces below an element; a piece that holds others gives them apart."""
    for child in element:
        if child.tag in THEIR_OWN or child.get("aria-hidden") == "true":
            continue
        still = running and child.tag not in NOT_RUNNING and not _classes(child) & LABELS
        if _holds_no_piece(child):
            for line in _lines(child):
                yield line, still and child.tag in RUNNING
        else:
            for loose in (child.text, *(inner.tail for inner in child)):
                if loose and loose.strip():
                    yield " ".join(loose.split()), still
            yield from _walk(child, running=still)


def _holds_no_piece(element: Element) -> bool:
    inside = (e.tag for e in element.iter() if e is not element)
    return element.tag in PIECES and not set(inside) & (PIECES - {"a"})


def _lines(element: Element) -> list[str]:
    """The text of a piece; a line break begins another."""
    text = "".join(_broken(element))
    return [" ".join(line.split()) for line in text.split("\v") if line.strip()]


def _broken(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\v"
        elif child.tag not in THEIR_OWN:
            yield from _broken(child)
        yield child.tail or ""


def _flat(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
