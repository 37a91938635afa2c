"""The pretend apps that are drawn: what each is called, and the buttons it does not have."""

from __future__ import annotations

from typing import Final

from app.content.values import Verb

APPS: Final = {
    "chat": "Pipsqueak",
    "group": "Jampot",
    "lobby": "Pond Hoppers",
    "popup": "Conker Quest",
}
"""Each skin's app, by its name in the bible."""
LACKS: Final[dict[str, frozenset[Verb]]] = {
    "chat": frozenset({"leave"}),
    # A group is not one person.
    "group": frozenset({"block"}),
    "popup": frozenset({"mute"}),
}
"""Each app hides its buttons elsewhere, as in life; none has a button that it does not have."""
