"""What stands on the practice tablet: who is in the game, what was said, where each move is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.content.said import said_in_full
from app.content.skins import APPS
from app.content.story_values import Line, Moment, Move, Story
from app.content.values import BoxPicture, Part, Verb

Steps = Sequence[tuple[Moment, Move]]
SEEN_AFTER: Final = 4
"""As many messages as fit on the screen once a move is made."""
SEEN_BEFORE: Final = 2
"""As many as fit beside the moves to make."""
PADS: Final = 2
"""How many others find a place on the pond."""
KNOWN: Final = 3
"""How many facts find a place beside a phone."""
SPOKEN: Final[frozenset[Verb]] = frozenset({"reply"})
"""What the pupil says in the app; whoever accepts or refuses may press a button for it."""
OFFERS: Final[frozenset[Verb]] = frozenset({"accept", "refuse"})
SHUTS: Final[frozenset[Verb]] = frozenset({"refuse", "leave"})
HUSHED: Final[dict[Verb, str]] = {"block": "blocked", "mute": "muted"}
NO_PLAYERS: Final[frozenset[Part]] = frozenset({"app", "hero"})
Places = Mapping[str, tuple[Verb, ...]]
TO_ADULTS: Final[frozenset[Verb]] = frozenset({"ask", "tell"})
PLACES: Final[dict[str, Places]] = {
    "lobby": {
        "bar": ("leave",),
        "card": ("mute", "block", "report"),
        "say": ("reply", "accept", "refuse"),
        "do": ("proof", "check"),
    },
    "chat": {
        "bar": ("mute",),
        "strip": ("block", "report"),
        "say": ("reply", "accept", "refuse"),
        "do": ("proof", "check"),
    },
    "group": {
        "lid": ("mute", "leave", "report", "proof"),
        "say": ("reply", "accept", "refuse"),
        "do": ("check",),
    },
    "popup": {
        "bar": ("leave",),
        "cross": ("refuse",),
        "prize": ("accept",),
        "card": ("block",),
        "say": ("reply",),
        "small": ("report", "proof", "check"),
    },
}
"""Where each app has the button of each move."""


@dataclass(frozen=True, slots=True)
class Message:
    """A line on the screen; `by` is a player, the app, or the pupil, who has no name here."""

    by: Part
    name: str
    words: str
    skin: str
    key: str = ""

    @property
    def aloud(self) -> str:
        """What Listen says of text-speak; empty where it says what is written."""
        full = said_in_full(self.words) if self.by == "unknown" else self.words
        return full if full != self.words else ""


@dataclass(slots=True)
class Tablet:
    """The screen as the moves so far have left it; `skin` is the app that is open."""

    skin: str
    messages: list[Message] = field(default_factory=list)
    met: dict[str, Line] = field(default_factory=dict)
    """The other players by key, each with a line of theirs."""
    hushed: dict[str, str] = field(default_factory=dict)
    """Players who were blocked or muted, and which of the two."""

    fits: int = SEEN_AFTER
    card_of: str = ""
    """Whose card is open: the newest player at this scene whom the pupil does not know."""
    chat_from: int = 0
    """Which message is the first of the chat that is open in Pipsqueak, which has one for each."""
    in_the_room: bool = False
    """Whether the newest scene is beside the screen: nothing new came up on it there."""
    known: list[str] = field(default_factory=list)
    """What the story remembers by now, in its own words; the newest last."""
    since: int = 0
    """How many messages were there before the scene, or before the move that changed the screen."""
    offers: bool = False
    """Whether there is something on the screen to say yes or no to."""
    picture: BoxPicture = "none"
    """What the box that pops up shows."""
    people: int = 1
    """How many ever write in the app that is open, the pupil too."""

    @property
    def here(self) -> list[Message]:
        """All that was said in the app that is open; in Pipsqueak, in the chat that is open."""
        first = self.chat_from if self.skin == "chat" else 0
        return [message for message in self.messages[first:] if message.skin == self.skin]

    @property
    def news(self) -> list[Message]:
        """What stands in a box that opens anew each time, as a pop-up does."""
        return [message for message in self.messages[self.since :] if message.skin == self.skin]

    @property
    def newest(self) -> list[Message]:
        """What the app that is open shows."""
        return self.here[-self.fits :]

    @property
    def shown(self) -> list[Message]:
        """What can be read on the screen."""
        return self.news if self.skin == "popup" else self.newest

    @property
    def writers(self) -> list[Message]:
        """The newest message of each other player here, the newest of all last."""
        found: dict[str, Message] = {}
        for message in self.here:
            if message.by not in NO_PLAYERS:
                found.pop(message.key, None)
                found[message.key] = message
        return list(found.values())

    @property
    def partner(self) -> Message | None:
        """Whose chat this is: the newest player whom the pupil does not know, or the newest."""
        writers = self.writers
        unknown = [message for message in writers if message.by == "unknown"]
        return next(reversed(unknown or writers), None)

    @property
    def app(self) -> str:
        """The name of the app that is open."""
        return APPS[self.skin]

    @property
    def pads(self) -> list[Line]:
        """Who sits on the pond, beside the pupil."""
        return list(self.met.values())[-PADS:]

    @property
    def asker(self) -> Line | None:
        """The newest player whom the pupil does not know."""
        unknown = [line for line in self.met.values() if line.is_ == "unknown"]
        return unknown[-1] if unknown else None

    def shows(self, lines: Iterable[Line]) -> None:
        """Lines appear; whoever speaks is in the game, and blocked no longer."""
        for line in lines:
            if line.is_ in {"unknown", "friend"}:
                self.met.setdefault(line.speaker_key, line)
            if self.hushed.get(line.speaker_key) == "blocked":
                del self.hushed[line.speaker_key]
            self.messages.append(
                Message(line.is_, line.name, line.words, self.skin, line.speaker_key)
            )

    def opens(self, scene: Moment) -> None:
        """The app of a scene comes up, with what the scene shows in it."""
        self.skin, self.picture = scene.skin, scene.picture
        players = {line.speaker_key for line in scene.show if line.is_ not in NO_PLAYERS}
        if self.skin == "chat" and players and not players & {one.key for one in self.here}:
            self.chat_from = len(self.messages)
        self.shows(scene.show)

    def arrives(self, scene: Moment) -> None:
        """The screen at a scene: all that it shows, and beside it the moves."""
        self.since = len(self.messages)
        self.offers = bool(scene.show) and any(move.do in OFFERS for move in scene.moves)
        self.opens(scene)
        self.in_the_room = not scene.show
        self.fits = max(len(scene.show), SEEN_BEFORE)
        unknown = [line.name for line in scene.show if line.is_ == "unknown"]
        self.card_of = unknown[-1] if unknown else ""

    def takes(self, scene: Moment, move: Move, *, players: frozenset[str]) -> None:
        """A move is made at a scene, and the app answers."""
        self.fits = SEEN_AFTER
        came = on_screen(move.reply, players)
        if came or move.do in SHUTS:
            self.since, self.offers, self.card_of = len(self.messages), False, ""
        if scene.show and (move.do in SPOKEN or _asks_a_friend(move)):
            self.messages.append(Message("hero", "You", move.label, self.skin))
        made_so = [kept for kept, number, adds in move.changes if number and not adds]
        if any(kept.empties for kept in made_so):
            self.messages = [one for one in self.messages if one.skin != self.skin]
            self.since = self.chat_from = 0
        self.shows(came)
        self.hushed |= {kept.blocks: "blocked" for kept in made_so if kept.blocks}
        if move.do in HUSHED and not move.risk:
            self.hushes(HUSHED[move.do])

    def hushes(self, how: str) -> None:
        """Nobody hears more of one player; of a group, one hears nothing: that is nobody's mark."""
        if self.skin == "chat":
            key = self.partner.key if self.partner else ""
        else:
            key = self.asker.speaker_key if self.asker and self.skin != "group" else ""
        if key:
            self.hushed[key] = how


def players_of(story: Story) -> frozenset[str]:
    """Whoever writes on the screen in any scene; the others are in the room."""
    return frozenset(line.speaker_key for scene in story.scenes.values() for line in scene.show)


def on_screen(lines: Iterable[Line], players: frozenset[str]) -> list[Line]:
    """The lines that appear on the tablet: the app's and the players'."""
    return [line for line in lines if line.is_ == "app" or line.speaker_key in players]


def in_the_room(story: Story, move: Move) -> list[Line]:
    """What is said beside the tablet when a move is made."""
    shown = on_screen(move.reply, players_of(story))
    return [line for line in move.reply if line not in shown]


def tablet_after(story: Story, steps: Steps, scene: Moment | None = None) -> Tablet:
    """The screen after these steps and, where one is given, at the scene they led to."""
    players, tablet = players_of(story), Tablet(story.skin, known=facts_known(story, steps))
    for before, move in steps:
        tablet.arrives(before)
        tablet.takes(before, move, players=players)
    if scene is not None:
        tablet.arrives(scene)
    tablet.people = len(writers_in(story, tablet.skin)) + 1
    return tablet


def writers_in(story: Story, skin: str) -> frozenset[str]:
    """Whoever of the cast writes in an app, in any scene and on any way through."""
    players = players_of(story)
    lines = (
        line
        for scene in story.scenes.values()
        if scene.skin == skin
        for line in (*scene.show, *(said for move in scene.moves for said in move.reply))
    )
    heard = on_screen(lines, players)
    return frozenset(line.speaker_key for line in heard if line.is_ not in NO_PLAYERS)


def facts_known(story: Story, steps: Steps) -> list[str]:
    """The facts that are so after these steps, as the story says them; it never says a count."""
    found: dict[str, str] = {}
    for scene, move in steps:
        memory = move.after(scene.memory)
        for kept in story.memory.values():
            if kept.most > 1:
                continue
            if memory.get(kept.name):
                found.setdefault(kept.name, kept.means)
            else:
                found.pop(kept.name, None)
    return list(found.values())[-KNOWN:]


def placed(scene: Moment) -> dict[str, list[Move]]:
    """The moves of a scene by the place of their buttons in the app that is open there.

    Where nothing is on the screen, in the kitchen or at school, no app has a button. A friend is
    asked in words; a grown-up is asked beside the screen.
    """
    grown_up = [move for move in scene.moves if move.do in TO_ADULTS and not _asks_a_friend(move)]
    others = [move for move in scene.moves if move not in grown_up]
    found: dict[str, list[Move]] = {place: [] for place in PLACES[scene.skin]}
    for move in others:
        found[_place_of(move, scene)].append(move)
    return found | {"grown_up": grown_up}


def _place_of(move: Move, scene: Moment) -> str:
    if not scene.show or _asks_a_friend(move):
        return "say"
    return next(place for place, verbs in PLACES[scene.skin].items() if move.do in verbs)


def _asks_a_friend(move: Move) -> bool:
    return move.do == "ask" and not move.adult


def good_verbs(steps: Steps) -> list[Verb]:
    """What the pupil did well so far, each kind of move once."""
    return list(dict.fromkeys(move.do for _scene, move in steps if not move.risk))
