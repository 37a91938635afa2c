"""The picture on each tile of the youngest, and the box's own buttons for the same moves."""

from __future__ import annotations

from typing import Any, Final

from app.content.story_values import Moment, Move
from app.content.values import TilePicture, Verb

BY_VERB: Final[dict[Verb, TilePicture]] = {
    "reply": "say",
    "accept": "say",
    "refuse": "no",
    "leave": "no",
    "block": "no",
    "mute": "no",
    "check": "look",
    "report": "flag",
    "ask": "show",
    "tell": "show",
}
SHUTS: Final[frozenset[Verb]] = frozenset({"refuse", "leave", "block"})


def picture_of(scene: Moment, move: Move) -> TilePicture | None:
    """What is drawn for a move; only what is on the screen can be shut, only a box be tapped."""
    if move.picture is not None:
        return move.picture
    if scene.show and move.do in SHUTS:
        return "close"
    if scene.show and move.do == "accept" and scene.skin == "popup":
        return "tap"
    return BY_VERB.get(move.do)


def of_the_box(scene: Moment) -> dict[str, Any]:
    """Where a box is on the screen: the moves that its own cross and its Tap make too."""
    if scene.skin != "popup" or not scene.show:
        return {}
    pictures = [(move, picture_of(scene, move)) for move in scene.moves]
    tap = [move for move, picture in pictures if picture == "tap"]
    cross = [move for move, picture in pictures if move.do == "refuse" or picture == "close"]
    return {"twin": True, "prize": tap[:1], "cross": cross[:1]}
