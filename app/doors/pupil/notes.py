"""My notes: what I told, who has read it and what they answered; never open for long."""

from __future__ import annotations

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.base import clock
from app.base.errors import StoreAway
from app.base.ids import fingerprint, new_token
from app.doors.pupil.brought import mark_here, of_another
from app.doors.pupil.door import door
from app.people.actions import let_in, sign_ins
from app.people.pictures import HOW_MANY
from app.people.queries import let_in as asks
from app.people.queries import pupils, staff
from app.people.queries.ended import was_here
from app.people.queries.sign_ins import rest_of
from app.people.rights import May
from app.people.viewers import PupilHere
from app.safeguarding import queries
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.queries.notes import Note
from app.safeguarding.rules import Told
from app.web import drafts, picking
from app.web.class_pass import class_here
from app.web.forms import CatkinForm, long_text, pressed
from app.web.pages import page
from app.web.parts import catalogue
from app.web.viewer import the_pupil, viewer_here

OPEN_FOR = 60
"""Seconds without activity after which My notes hides."""
WARNS_AFTER = 40
"""Twenty seconds are left to say "Keep reading": no fewer may be (WCAG 2.2.1)."""
DEVICE = "asked_for_notes"


def _is_open() -> bool:
    kept, pupil = session.get("notes"), the_pupil()
    if not kept or kept["sign_in"] != pupil.sign_in:
        return False
    shut = pupil.notes_until  # Hidden by the child: a cookie from before opens nothing.
    if shut is not None and kept["since"] <= shut.timestamp():
        return False
    return bool(clock.now().timestamp() < kept["until"])


def _open_for_now(yes_from: str | None = None, *, by_a_yes: bool = False) -> None:
    """Open My notes, or keep them open; `yes_from` is the adult by whose yes or pictures."""
    moment, kept = clock.now().timestamp(), session.get("notes") or {}
    session["notes"] = {
        "sign_in": the_pupil().sign_in,
        "since": moment,
        "until": moment + OPEN_FOR,
        "yes_from": yes_from or kept.get("yes_from"),
        "by_a_yes": by_a_yes or kept.get("by_a_yes", False),
    }


def _could_be_looking() -> list[str]:
    """The adults who could have opened these notes in the child's place."""
    return [one for one in (the_pupil().vouched_by, session["notes"]["yes_from"]) if one]


@door.opens("/notes", may=May.READ_NOTES)
def notes() -> str:
    """My notes, or the door to them. Looking is activity: the minute begins again."""
    pupil = the_pupil()
    if not _is_open():
        session.pop("notes", None)
        return _gate()
    _open_for_now()
    return page(
        "pupil/notes/notes",
        notes=queries.notes.notes(
            pupil.school_id,
            pupil.id,
            _could_be_looking(),
            by_a_yes=session["notes"]["by_a_yes"],
        ),
        known_as={adult.id: adult.known_as for adult in staff.adults(pupil.school_id)},
        warns_after=WARNS_AFTER,
        childline=catalogue().helplines["childline"],
    )


def _gate(picked: tuple[str, ...] = (), *, again: bool = False) -> str:
    here = the_pupil()
    pupil = pupils.pupil(here.school_id, here.id) or abort(404)
    able, rest = picking.can_pick(pupil), rest_of(pupil.id, clock.now())
    return page(
        "pupil/notes/gate",
        grid=picking.grid(pupil.id) if able and rest is None else (),
        rest=rest if able else None,
        able=able,
        done=len(picked),
        so_far=picking.carry(pupil.id, picked),
        again=again,
        standing=_standing(),
    )


def _standing() -> asks.Standing:
    here = the_pupil()
    return asks.standing(here.school_id, here.id, session.get(DEVICE), "notes", clock.now())


@door.opens("/notes/pictures", may=May.READ_NOTES, methods=("GET", "POST"))
def notes_pictures() -> str | Response:
    """The three pictures again, one press a page."""
    here = the_pupil()
    pupil = pupils.pupil(here.school_id, here.id) or abort(404)
    if not picking.can_pick(pupil):
        return _gate()
    if not pressed():
        return _gate(picking.picked_so_far(pupil.id)) if request.method == "POST" else _gate()
    picked = picking.pick(pupil.id)
    if len(picked) < HOW_MANY:
        return _gate(picked)
    if not picking.pictures_fit(pupil, here.school_id, picked):
        return _gate(again=True)
    _open_for_now(pupil.pictures_by)
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/ask", may=May.READ_NOTES, methods=("POST",))
def notes_ask() -> Response:
    """Ask my teacher to open My notes."""
    here = the_pupil()
    if pressed() and _standing() == "none":
        session[DEVICE] = let_in.ask(here.school_id, here.id, "notes", clock.now())
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/come-in", may=May.READ_NOTES, methods=("POST",))
def notes_come_in() -> Response:
    """Open My notes by the teacher's yes, on the device that asked."""
    here = the_pupil()
    token = session.get(DEVICE, "")
    yes_from = asks.said_yes_by(here.school_id, here.id, token)
    if pressed() and let_in.use(here.school_id, here.id, token, "notes", clock.now()):
        session.pop(DEVICE, None)
        _open_for_now(yes_from, by_a_yes=True)
    return redirect(url_for("pupil.notes"), code=303)


@door.opens("/notes/still-reading", may=May.READ_NOTES)
def notes_still_reading() -> str | Response:
    """The warning before My notes hides; it shows nothing of them."""
    if not _is_open():
        return redirect(url_for("pupil.notes"), code=303)
    left = int(session["notes"]["until"] - clock.now().timestamp()) + 1
    return page("pupil/notes/still-reading", left=max(left, 1))


@door.opens("/notes/close", may=May.READ_NOTES, methods=("POST",))
def notes_close() -> Response:
    """Hide My notes now."""
    if pressed():
        session.pop("notes", None)
        pupil = the_pupil()
        sign_ins.open_notes(pupil.school_id, pupil.sign_in, clock.now())
    return redirect(url_for("pupil.map"), code=303)


class AddForm(CatkinForm):
    """More words to something told before."""

    words = long_text("Add something", "Write a word or two first.", longest=500_000)


@door.opens("/notes/<reference>/add", may=May.ADD_TO_A_TELLING, methods=("GET", "POST"))
def notes_add(reference: str) -> str | Response:
    """Add to what I told. Adding shows nothing, so it never waits for the pictures."""
    here, form = viewer_here(), AddForm()
    pupil = here if isinstance(here, PupilHere) else None
    if not (form.words.data or "").strip():  # Nothing was typed that could be lost.
        if pupil is None:
            g.token_checked = True  # Nothing is done, so there is nothing that a token guards.
            return redirect(url_for("pupil.class_code"), code=303)
        _note(pupil, reference, must_be=True)
        form.validate_on_submit()
    elif form.validate_on_submit():
        _keep(pupil, reference, (form.words.data or "").replace("\r\n", "\n"))
        return redirect(url_for("pupil.notes_added"), code=303)
    whose = request.form.get("whose") or mark_here()
    once = request.form.get("once", "")[:64] or new_token()
    return page("pupil/notes/add", form=form, reference=reference, once=once, whose=whose)


def _note(pupil: PupilHere, reference: str, *, must_be: bool = False) -> Note | None:
    """What is added to; None while nobody can look. There is no page for what is not there."""
    try:
        found = queries.notes.note(pupil.school_id, reference, pupil.id)
    except StoreAway:
        return None
    if found is None and must_be:
        abort(404)
    return found


def _once(words: str) -> str:
    """The press's own key: whoever says more after a receipt that never came is heard again."""
    whose = request.form.get("whose", "")[:16] or session.setdefault("browser", new_token())
    once = request.form.get("once", "")[:64] or new_token()
    return f"{whose} {once} {fingerprint(once + words)}"


def _keep(pupil: PupilHere | None, reference: str, words: str) -> None:
    """Add to what was told. Where it is not there, or not theirs, it is told by itself; and
    without a name where the sign-in ended or another child's began while it was written."""
    once = _once(words)
    if pupil is None or of_another():
        _keep_without_a_name(pupil, once, words)
        return
    note, alone = (
        _note(pupil, reference),
        Telling(once, Told(words=words), pupil.id, pupil.class_id),
    )
    if note is None:
        file_concern(pupil.school_id, alone)
        return
    add_words(pupil.school_id, note, words, once, pupil_id=pupil.id, class_id=pupil.class_id)


def _keep_without_a_name(pupil: PupilHere | None, once: str, words: str) -> None:
    was = None if pupil else was_here(fingerprint(str(session.get("_user_id", ""))))
    known = class_here()
    school_id = was.school_id if was else drafts.telling_school() or abort(404)
    telling = Telling(
        once=once,
        told=Told(words=words),
        class_id=known.id if known and known.school_id == school_id else None,
        began_as=was.pupil_id if was else None,
    )
    file_concern(school_id, telling)


@door.opens("/notes/added", may=May.ADD_TO_A_TELLING)
def notes_added() -> str:
    """Thanks for adding."""
    return page("pupil/notes/added")
