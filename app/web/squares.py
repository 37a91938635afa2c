"""Square codes that lead a phone to an address of this Catkin."""

from __future__ import annotations

import segno
from markupsafe import Markup

from app.web.network import home_address, only_here

__all__ = ["only_here", "square_of", "whole_link"]


def whole_link(path: str) -> str:
    """An address as somebody elsewhere opens it."""
    return home_address().rstrip("/") + path


def square_of(link: str, title: str) -> Markup:
    """The link as a drawing to point a camera at."""
    drawing = segno.make(link, error="m", micro=False).svg_inline(
        scale=4, omitsize=True, title=title
    )
    # The drawing is made of the link alone, and its title is escaped by segno.
    return Markup(drawing)  # noqa: S704
