"""A card's lines as HTML, with a short list of tags and no attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import nh3
from markdown import Markdown
from markupsafe import Markup

TAGS: Final = frozenset({"p", "em", "strong", "ul", "ol", "li", "dfn", "br", "h3"})
WORD: Final = re.compile(r"\[\[([^\[\]\n]+)\]\]")
ITEM: Final = re.compile(r"^(?:\d+[.)]|[-*+])\s+")
_NUMBERED: Final = re.compile(r"^(\d+)\)(?=\s)")
_EMPHASIS: Final = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`|^#+\s+")
_MARKDOWN: Final = Markdown(extensions=["sane_lists"], output_format="html")


def render(lines: Iterable[str]) -> Markup:
    """One line is one paragraph or one item of a list, as people write who never coded."""
    _MARKDOWN.reset()
    html = _MARKDOWN.convert(WORD.sub(r"<dfn>\1</dfn>", _spaced(lines)))
    clean = nh3.clean(html, tags=set(TAGS), attributes={})
    return Markup(clean)  # noqa: S704  # cleaned in the line above


def plain(line: str) -> str:
    """The words of a line as they are read: no list mark, emphasis or word helper."""
    return _EMPHASIS.sub("", WORD.sub(r"\1", ITEM.sub("", line)))


def _spaced(lines: Iterable[str]) -> str:
    """A blank line wherever Markdown wants one: around paragraphs and around each list."""
    spaced: list[str] = []
    in_list = False
    for line in map(str.strip, lines):
        item = ITEM.match(line) is not None
        if not (item and in_list):
            spaced.append("")
        spaced.append(_NUMBERED.sub(r"\1.", line))
        in_list = item
    return "\n".join(spaced)
