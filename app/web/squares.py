"""Square codes that lead a phone to an address of this Catkin."""

from __future__ import annotations

import segno
from flask import request
from markupsafe import Markup

THIS_COMPUTER = frozenset({"127.0.0.1", "localhost", "[::1]"})


def whole_link(path: str) -> str:
    """An address as somebody elsewhere opens it."""
    return request.host_url.rstrip("/") + path


def square_of(link: str, title: str) -> Markup:
    """The link as a drawing to point a camera at."""
    drawing = segno.make(link, error="m", micro=False).svg_inline(
        scale=4, omitsize=True, title=title
    )
    # The drawing is made of the link alone, and its title is escaped by segno.
    return Markup(drawing)  # noqa: S704


def only_here() -> bool:
    """Whether the address on paper would work on this computer only."""
    return (request.host.rpartition(":")[0] or request.host) in THIS_COMPUTER
