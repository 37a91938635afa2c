"""A phone in the hall: it joins with the code, answers what is on the board, and is forgotten.

It holds a random token in its own cookie and nothing else. Wrong codes are counted there too: a
hall of phones behind one address never waits for one of them, and nothing is written for a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock, ids
from app.doors.workshop.door import door
from app.people.rights import May
from app.web.family_frame import tabs_here
from app.web.forms import CatkinForm, line, pressed
from app.web.pages import page
from app.workshops import actions, queries
from app.workshops.queries import Now
from app.workshops.rules import NOT_SURE, Guesses, as_typed

NOT_THAT = "Not that one. Look at the big screen."
SLOWLY = "Wait a little, then try again."
CHOOSE = "Choose an answer first."
HELD, TOKEN, MISSED = "workshop", "workshop_phone", "workshop_guesses"
"""Where the cookie keeps which workshop the phone is in, its token, and its wrong codes."""


@dataclass(frozen=True, slots=True)
class Held:
    """The workshop that a phone is in."""

    school: str
    id: str

    @property
    def phone(self) -> str:
        """What is kept of the phone's token: another in each workshop."""
        return ids.fingerprint(f"{self.id} {session[TOKEN]}")


class JoinForm(CatkinForm):
    """The word and the number on the big screen."""

    word = line("Word", "Type the word.", longest=40)
    number = line("Number", "Type the number.", longest=40)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Both parts may stand in one box, as they stand on the big screen."""
        word, number = self.word.data or "", self.number.data or ""
        code = as_typed(word, number)
        if not (word and number) and code.word and code.number:
            self.word.data, self.number.data = code.word, code.number
        return bool(super().validate(extra_validators))


def _held() -> Held | None:
    held = session.get(HELD)
    return Held(*held) if held and TOKEN in session else None


@door.opens("/workshop", may=May.VOTE, methods=("GET", "POST"))
def join() -> str | Response | tuple[str, int]:
    """With the code typed, or brought by the square; whoever is in already goes on."""
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(form)
    guesses, moment = Guesses(*session.get(MISSED, ())), clock.now()
    if guesses.rests(moment):
        return _join_page(form, SLOWLY), 429
    code = as_typed(form.word.data, form.number.data)
    found = queries.by_code(code.word, code.number)
    if found is None:
        session[MISSED] = list(asdict(guesses.missed(moment)).values())
        return _join_page(form, NOT_THAT)
    return _come_in(Held(*found)) or _join_page(form, NOT_THAT)


def _come_in(held: Held) -> Response | None:
    session.setdefault(TOKEN, ids.new_token())
    if not actions.join(held.school, held.id, phone=held.phone, moment=clock.now()):
        return None
    session[HELD] = [held.school, held.id]
    session.pop(MISSED, None)
    return redirect(url_for("workshop.now"), code=303)


def _join_page(form: JoinForm, says: str = "") -> str:
    # From the first look on, so that two quick presses are one phone.
    session.setdefault(TOKEN, ids.new_token())
    if request.method == "GET":
        word, _, number = request.args.get("code", "")[:40].partition("-")
        form.word.data, form.number.data = word, number
    held = _held()
    here = queries.now(held.school, held.id) if held else None
    is_in = here is not None and here.over_since is None
    return page("workshop/join", tabs=tabs_here(), form=form, says=says, is_in=is_in)


@door.opens("/workshop/now", may=May.VOTE)
def now() -> str | Response:
    """The question on the board; the way to other pages once all is over."""
    held = _held()
    here = queries.now(held.school, held.id) if held else None
    facts = queries.workshop(held.school, held.id) if held else None
    if held is None or here is None or facts is None:
        return redirect(url_for("workshop.join"), code=303)
    if here.over_since is not None:
        if not here.settled:
            actions.end(held.school, held.id, clock.now())
        return page("workshop/over", tabs=tabs_here(), here=here)
    if facts.question is None:
        template = "workshop/waits" if here.state == "waits" else "workshop/over"
        return page(template, tabs=tabs_here(), here=here)
    choice = queries.choice_of(held.school, held.id, held.phone, here.place.question)
    return page(
        "workshop/question",
        tabs=tabs_here(),
        here=here,
        question=facts.question,
        choice=choice,
        rests=here.state == "shown" or (choice is not None and "sent" in request.args),
        says=CHOOSE if "none" in request.args else "",
        NOT_SURE=NOT_SURE,
    )


@door.opens("/workshop/state", may=May.VOTE)
def state() -> Response:
    """What a phone asks every two seconds: one small read, and nothing is written."""
    held = _held()
    here = queries.now(held.school, held.id) if held else None
    return as_json(here)


def as_json(here: Now | None) -> Response:
    """Where a workshop stands, for a script."""
    if here is None:
        return jsonify({"state": "none"})
    return jsonify(
        {
            "question": here.place.question,
            "state": here.state,
            "answered": here.answered,
            "phones": here.phones,
        }
    )


@door.opens("/workshop/vote", may=May.VOTE, methods=("POST",))
def vote() -> Response:
    """An answer to the question that stood on the phone; a second one takes its place."""
    held = _held()
    question = request.form.get("question", type=int)
    choice = request.form.get("choice", type=int)
    sent = False
    if pressed() and held and question is not None and choice is not None:
        sent = actions.vote(
            held.school,
            held.id,
            phone=held.phone,
            question=question,
            choice=choice,
            moment=clock.now(),
        )
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"sent": sent})
    none = None if choice is not None else 1
    return redirect(url_for("workshop.now", sent=1 if sent else None, none=none), code=303)


@door.opens("/workshop/leave", may=May.VOTE, methods=("POST",))
def leave() -> Response:
    """The phone forgets the workshop; an answer that it gave still counts."""
    if pressed():
        session.pop(HELD, None)
    return redirect(url_for("workshop.join"), code=303)
