"""Talk cards: one to look at, the next, and all of them on paper."""

from __future__ import annotations

from flask import abort, request

from app.content.families import LETTERS, TalkCard
from app.content.values import BANDS
from app.doors.family.door import door, family_page, today
from app.people.rights import May
from app.web.parts import catalogue


@door.opens("/families/talk", may=May.READ_FAMILY_PAGES)
def talk() -> str:
    """One card; the next one is the next letter of the same band."""
    card = _card()
    following = LETTERS[(LETTERS.index(card.letter) + 1) % len(LETTERS)]
    return family_page(
        "family/talk",
        card=card,
        following=following,
        bands=BANDS,
        objective=catalogue().objectives.get(card.objective),
    )


@door.opens("/families/talk/print", may=May.READ_FAMILY_PAGES)
def talk_print() -> str:
    """The five cards of a band on one sheet, or a sheet for each band."""
    known, asked = catalogue().for_families, request.args.get("band")
    if not known.cards:
        abort(404)
    bands = [asked] if asked in BANDS else list(BANDS)
    return family_page(
        "family/talk-print", sheets=[(band, known.cards_for(band)) for band in bands]
    )


def _card() -> TalkCard:
    """The card that the address names; for an address without one, tonight's."""
    known, band, letter = (
        catalogue().for_families,
        request.args.get("band"),
        request.args.get("card"),
    )
    tonight = known.tonight(today())
    if tonight is None:
        abort(404)
    if band not in BANDS:
        return tonight
    cards = known.cards_for(band)
    return next((card for card in cards if card.letter == letter), cards[0])
