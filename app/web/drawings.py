"""Drawings and icons from the one sprite, and addresses: made once, as each page has many."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup, escape

MOST = 20_000
"""How many of either are kept; addresses of pupils and classes are among them."""


ROOT: ContextVar[str] = ContextVar("root", default="")
"""Where Catkin begins in the addresses of this request; a page asks for it a hundred times."""


def icon(sprite: str, name: str, css: str = "") -> Markup:
    """A small sign beside a word."""
    return draw(sprite, f"i-{name}", f"i {css}" if css else "i")


def badge(sprite: str, letter: str, css: str = "") -> Markup:
    """The mark of one of the five letters."""
    return draw(sprite, f"badge-{letter}", css)


def draw(sprite: str, name: str, css: str = "", title: str = "") -> Markup:
    """A drawing; without a title it is for the eye alone."""
    shown = f' role="img" aria-label="{escape(title)}"' if title else ' aria-hidden="true"'
    named = f' class="{escape(css)}"' if css else ""
    return Markup(f'<svg{named}{shown}><use href="{sprite}#{escape(name)}"/></svg>')  # noqa: S704


def kept_addresses() -> Callable[..., str]:
    """`url_for` that works out each address once."""
    known: dict[Any, str] = {}

    def address(endpoint: str, **values: Any) -> str:
        try:
            key = (ROOT.get(), endpoint, tuple(values.items()))
            found = known.get(key)
        except TypeError:  # A value that is no plain word or number.
            return url_for(endpoint, **values)
        if found is None:
            found = url_for(endpoint, **values)
            if not endpoint.startswith("."):
                if len(known) >= MOST:
                    known.clear()
                known[key] = found
        return found

    return address


def _find_root() -> None:
    ROOT.set(request.root_path)


def prepare_drawings(app: Flask) -> None:
    """Give templates `url_for` and what parts/draw.html hands on."""
    app.before_request(_find_root)
    address = kept_addresses()

    def from_sprite(make: Callable[..., Markup]) -> Callable[..., Markup]:
        made = lru_cache(MOST)(make)

        def drawn(*given: str, **named: str) -> Markup:
            return made(address("static", filename="img/sprite.svg"), *given, **named)

        return drawn

    app.jinja_env.globals.update(
        url_for=address,
        the_icon=from_sprite(icon),
        the_drawing=from_sprite(draw),
        the_badge=from_sprite(badge),
    )
