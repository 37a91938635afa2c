"""Telling: three steps, nothing required, sent once however often the button is pressed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import StoreAway
from app.base.ids import fingerprint, new_token
from app.base.patience import patience_here
from app.doors.pupil.brought import MOST_LETTERS, draft_here, how_it_stands, of_another
from app.doors.pupil.door import door
from app.people.queries import schools, staff
from app.people.rights import May
from app.people.rules import Adult, Role, in_order
from app.people.viewers import PupilHere
from app.safeguarding import queries
from app.safeguarding.actions.file import Telling, file_concern, is_waiting, was_kept
from app.safeguarding.drawing import HIGH, MOST, PENS, WIDE
from app.safeguarding.queries.notes import Note
from app.safeguarding.rules import FEELINGS, HAPPENED, can_be_told, school_is_on
from app.web import drafts
from app.web.class_pass import class_here
from app.web.drafts import Draft
from app.web.forms import CatkinForm
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import viewer_here

RECEIPT_SHOWS_FOR = 600
"""Seconds for which the receipt can be looked at again; after that it lies in My notes."""


class Step(CatkinForm):
    """A step of telling: only its token is checked, for nothing in it can be missing."""


def _pupil() -> PupilHere | None:
    here = viewer_here()
    return here if isinstance(here, PupilHere) else None


def _teller() -> PupilHere | None:
    """The pupil in whose name this is told: never one who signed in after the page was drawn."""
    return None if of_another() else _pupil()


def _school() -> str:
    school_id = drafts.telling_school() or abort(404)
    queries.keys.remember_public_key(school_id)
    return school_id


def _class_id() -> str | None:
    pupil, known = _teller(), class_here()
    if pupil is not None:
        return pupil.class_id
    return known.id if known is not None else None


def _adults_to_tell(school_id: str) -> list[tuple[Adult, str]]:
    """The adults a child may choose, each with what they are to the child."""
    class_id = _class_id()
    near = staff.adults_of_class(school_id, class_id) if class_id else []
    found = {adult.id: (adult, _near_words(adult)) for adult in can_be_told(near, ())}
    for adult in in_order(can_be_told(staff.adults(school_id), ())):
        found.setdefault(adult.id, (adult, "Keeps everyone safe"))
    return list(found.values())


def _adults_it_may_be_about(school_id: str) -> list[Adult]:
    """All adults for a child of a known class; the safeguarding team for anybody else."""
    adults = staff.adults(school_id)
    return adults if _class_id() else in_order(adults)


def _near_words(adult: Adult) -> str:
    return "My teacher" if Role.TEACHER in adult.roles else "Helps my class"


def _go_on(draft: Draft) -> Response | None:
    """What a press on a step leads to; None where the step must be drawn again."""
    if "hide" in request.form:
        return _hide()
    if not Step().validate_on_submit():
        g.page_was_old = True
        return None
    if "send" in request.form:
        return _send(draft)
    if of_another():
        return None  # What is kept here is another child's.
    drafts.keep_draft(draft)
    if g.get("drawing_too_big", False) or g.get("words_cut", False):
        return None
    return redirect(_next(request.form.get("go", "")), code=303)


def _next(go: str) -> str:
    """Where a button leads: another step, or a tool from which this step is found again."""
    here = url_for(request.endpoint or "pupil.tell", on="yes")
    if go == "text":
        return url_for("pupil.text_settings", after=here)
    if go == "notes":
        return url_for("pupil.notes") if _pupil() else here
    steps = {"feel": "pupil.tell_feel", "who": "pupil.tell_who", "about": "pupil.tell_about"}
    return url_for(steps.get(go, "pupil.tell"), on="yes")


def _hide() -> Response:
    """What stands on the screen goes from Back too; the receipt of an earlier telling as well."""
    g.token_checked = True  # Hiding never waits for a fresh page.
    session.pop("sent", None)
    if request.endpoint != "pupil.tell_sent" and not of_another():
        session.pop(drafts.PAGE_KEY, None)
        drafts.forget_draft()
    return redirect(_away(), code=303)


def _away() -> str:
    return url_for("pupil.map" if _pupil() else "pupil.class_code")


OF_THE_PAGE = ("csrf_token", "once", "whose", "begun", "so_far", "step", "send", "go")
"""What a page of Tell brings besides what the child says."""


def _once() -> str:
    """This press's own key, bound to this pupil or browser: nobody else can meet it.

    Whose it is stands on the page, so that it stays the same when the sign-in ends meanwhile.
    What the page says is part of it. A child whose receipt never came, and who then says more on
    the same page, is heard again; the same page pressed twice is not.
    """
    whose = request.form.get("whose", "")[:16] or session.get("browser", "")
    said = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_PAGE]
    page_key = request.form.get("once", "")[:64] or new_token()
    return f"{whose} {page_key} {fingerprint(page_key + json.dumps(sorted(said)))}"


def _press(school_id: str, draft: Draft) -> tuple[str, bool]:
    """The key of this press, and whether what it sends is short of something said before.

    Whatever is missing because this very page was sent is not missing; whatever was said on
    another page since then is sent as well.
    """
    once, said_more = _once(), g.get("said_more", False)
    if not (draft.short or said_more):
        return once, False
    if not was_kept(school_id, once):
        return f"{once} in part" if draft.short else once, draft.short
    return (f"{once} {session['draft']['at']}", draft.short) if said_more else (once, False)


def _send(draft: Draft) -> Response:
    school_id, pupil = _school(), _teller()
    known = {adult.id for adult in staff.adults(school_id)}
    told = replace(
        draft.told,
        to=tuple(one for one in draft.told.to if one in known),
        about=tuple(one for one in draft.told.about if one in known),
    )
    stays = of_another() or g.get("apart", False) or g.get("draft_away", False)
    once, short = _press(school_id, draft)
    telling = Telling(
        once=once,
        told=told,
        pupil_id=pupil.id if pupil else None,
        class_id=_class_id(),
        began_as=draft.began_as if pupil is None else None,
        draft=None if stays else drafts.draft_fingerprint(),
    )
    reference = file_concern(school_id, telling)
    if not stays:
        session.pop("draft", None)
    session["sent"] = {
        "reference": reference,
        "at": clock.now().timestamp(),
        "cut": g.get("words_cut", False),
        "named": pupil is not None,
        "waits": is_waiting(school_id, telling.once),
        "part": short,
        "signed_out": pupil is None and request.form.get("whose", "") != "",
    }
    return redirect(url_for("pupil.tell_sent"), code=303)


def _step(template: str, draft: Draft, **more: object) -> str:
    session.setdefault("browser", new_token())
    return page(
        f"pupil/tell/{template}",
        told=draft.told,
        is_about=draft.is_about,
        once=new_token(),
        nearest=catalogue().helplines["emergency"],
        **how_it_stands(draft),
        **more,
    )


def _back_after_sending() -> Response | None:
    """Back from the receipt finds the receipt, not an empty step whose button sends once more."""
    came_back = request.method == "GET" and "on" in request.args and "sent" in session
    if came_back and drafts.draft_fingerprint() is None:
        return redirect(url_for("pupil.tell_sent"), code=303)
    return None


@door.opens("/tell", may=May.TELL, methods=("GET", "POST"))
def tell() -> str | Response:
    """Step 1: what happened. Without a sign-in, coming here by the key begins afresh."""
    _school()
    if request.method == "GET" and "on" not in request.args and viewer_here() is None:
        drafts.forget_draft()
    draft = draft_here()
    gone_on = _go_on(draft) if request.method == "POST" else None
    return gone_on or _step("happened", draft, happened=HAPPENED)


@door.opens("/tell/feel", may=May.TELL, methods=("GET", "POST"))
def tell_feel() -> str | Response:
    """Step 2: how it feels, and the child's own words."""
    _school()
    back = _back_after_sending()
    if back is not None:
        return back
    draft = draft_here()
    gone_on = _go_on(draft) if request.method == "POST" else None
    return gone_on or _step(
        "feel",
        draft,
        feelings=FEELINGS,
        groups=catalogue().tell_words.values(),
        paper=(WIDE, HIGH),
        pens=PENS,
        most=MOST,
        too_big=g.get("drawing_too_big", False),
        cut=g.get("words_cut", False),
        most_letters=MOST_LETTERS,
    )


@door.opens("/tell/who", may=May.TELL, methods=("GET", "POST"))
def tell_who() -> str | Response:
    """Step 3: who to tell."""
    adults = _adults_to_tell(_school())
    back = _back_after_sending()
    if back is not None:
        return back
    draft = draft_here()
    if request.method == "POST":
        gone_on = _who_next(draft)
        if gone_on is not None:
            return gone_on
    return _step("who", draft, adults=adults, team=_who_else(draft.told.about))


def _who_else(about: Collection[str]) -> list[Adult]:
    """The team that would read it: who came in by a link of whom it is about does not."""
    told = can_be_told(staff.adults(_school()), about)
    return in_order(adult for adult in told if adult.behind not in about)


def _who_next(draft: Draft) -> str | Response | None:
    """Sending waits for one more page where the child says it is about one of these people."""
    asked_about = "send" in request.form and "is_about" in request.form
    if asked_about and Step().validate_on_submit():
        if of_another():
            return _step("about", draft, adults=_adults_it_may_be_about(_school()))
        drafts.keep_draft(draft)
        return redirect(url_for("pupil.tell_about", on="yes"), code=303)
    return _go_on(draft)


@door.opens("/tell/about", may=May.TELL, methods=("GET", "POST"))
def tell_about() -> str | Response:
    """Who it is about: that adult is never sent it and cannot see it."""
    everybody = _adults_it_may_be_about(_school())
    back = _back_after_sending()
    if back is not None:
        return back
    draft = draft_here()
    gone_on = _go_on(draft) if request.method == "POST" else None
    return gone_on or _step("about", draft, adults=everybody)


@door.opens("/tell/sent", may=May.TELL, methods=("GET", "POST"))
def tell_sent() -> str | Response:
    """The receipt: thanks, what happens next, who sees it, and the child's own words."""
    if request.method == "POST":
        return _hide()
    sent, school_id, pupil = session.get("sent"), _school(), _pupil()
    if sent and not sent.get("named", True):
        pupil = None
    if pupil is None:
        session.pop("sent", None)  # Shown once: the next child may press Back.
    if not sent or clock.now().timestamp() - sent["at"] > RECEIPT_SHOWS_FOR:
        return redirect(_away(), code=303)
    note = _note(school_id, sent, pupil.id if pupil else None)
    if note is None and not (sent.get("waits") or g.get("notes_away", False)):
        # Sent under a name before the sign-in ended: that it is kept is all to be said of it.
        has_it = sent.get("signed_out", False)
        return redirect(url_for("pupil.notes_added") if has_it else _away(), code=303)
    if note is None:
        return _kept_for_now(sent, pupil)
    school, told_at = schools.the_school(school_id), datetime.fromtimestamp(sent["at"], UTC)
    adults = {adult.id: adult for adult in staff.adults(school_id)}
    chosen = [adults[one].known_as for one in note.sent_to if one in adults]
    told = [adults[one].known_as for one in note.told if one in adults]
    return page(
        "pupil/tell/sent",
        note=note,
        cut=sent.get("cut", False),
        part=sent.get("part", False),
        name=pupil.shown_name if pupil else None,
        sent_to=chosen or told,
        closed=any(one.spoken is None for one in note.said),
        also=[one for one in told if one not in chosen] if chosen else [],
        read_within=school.read_within,
        school_is_on=school_is_on(clock.local(told_at), school.day),
        childline=catalogue().helplines["childline"],
        emergency=catalogue().helplines["emergency"],
    )


def _note(school_id: str, sent: dict[str, Any], pupil_id: str | None) -> Note | None:
    """What was just told, as My notes has it; None while it is not there to be looked at."""
    if sent.get("waits") and patience_here().is_short:
        return None
    try:
        return queries.notes.note(school_id, sent["reference"], pupil_id)
    except StoreAway:
        g.notes_away = True
        return None


def _kept_for_now(sent: dict[str, Any], pupil: PupilHere | None) -> str:
    """The receipt while the database is away: it says what is true, and shows no words, for what
    was kept opens with the school's private key alone."""
    return page(
        "pupil/tell/kept",
        name=pupil.shown_name if pupil else None,
        cut=sent.get("cut", False),
        part=sent.get("part", False),
        childline=catalogue().helplines["childline"],
        emergency=catalogue().helplines["emergency"],
    )
