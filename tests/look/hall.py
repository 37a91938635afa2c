"""Workshops in each of their states: a hall of forty-one phones, and one of three."""

from __future__ import annotations

from datetime import timedelta

from app.base import clock, ids
from app.content.workshop import QUESTIONS, asked_on
from app.workshops import actions
from app.workshops.queries import workshop
from tests.look.seeded import Seeded

FALLS = [1] * 4 + [2] * 8 + [3] * 19 + [4] * 2 + [0]
"""What those who have answered chose; the others are in, and only watch."""
MY_TOKEN = "a-phone-that-is-looked-at"
STATES = {"waits": 0, "asks": 5, "shown": 6, "few": 4, "over": 20}
"""By name: how often the host has pressed (next, then show, for each question)."""


def halls(here: Seeded) -> None:
    """A workshop in each state; `here.ids` knows them by name."""
    catalogue = here.app.extensions["catkin"].catalogue
    now = clock.now()
    with here.app.app_context():
        asked = asked_on(catalogue.workshop, catalogue.age_facts, clock.local(now).date())
        for name, presses in STATES.items():
            made = here.ids[f"hall_{name}"] = actions.begin(here.school, asked, now)
            phones = [_phone(here, made, n) for n in range(3 if name == "few" else 41)]
            _press(here, made, presses, phones)
        ended = here.ids["hall_ended"] = actions.begin(here.school, asked, now - timedelta(hours=1))
        _press(here, ended, 4, [_phone(here, ended, n) for n in range(41)])
        actions.end(here.school, ended, now)


def _phone(here: Seeded, made: str, number: int) -> str:
    phone = ids.fingerprint(f"{made} {MY_TOKEN if number == 20 else number}")
    actions.join(here.school, made, phone=phone, moment=clock.now())
    return phone


def _press(here: Seeded, made: str, presses: int, phones: list[str]) -> None:
    """Move it on; every question is answered before its answer is shown."""
    for press in range(presses):
        facts = workshop(here.school, made)
        assert facts is not None
        verb = "show" if press % 2 and facts.place.question <= QUESTIONS else "next"
        actions.move(here.school, made, verb=verb, step=facts.step, moment=clock.now())
        if verb == "next" and press >= presses - 2:
            _answer(here, made, facts.place.question + 1, phones)


def _answer(here: Seeded, made: str, question: int, phones: list[str]) -> None:
    for phone, choice in zip(phones, FALLS, strict=False):
        given = {"question": question, "choice": choice, "moment": clock.now()}
        actions.vote(here.school, made, phone=phone, **given)  # type: ignore[arg-type]
