"""What a page of Tell brings: nothing picked or typed is ever dropped."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request

from app.base.ids import fingerprint
from app.people.viewers import PupilHere
from app.safeguarding.drawing import CannotBeRead, read_drawing, what_fits
from app.safeguarding.rules import Told
from app.web import drafts
from app.web.carried import Carried, carried, carry
from app.web.drafts import Draft
from app.web.pages import as_said
from app.web.parts import catalogue
from app.web.viewer import viewer_here

MOST_LETTERS = 400_000
"""How many letters of a child's own words are kept; in any script they are within a request."""


def mark_here() -> str:
    """By which a page knows later whose it is; empty for somebody without a name."""
    here = viewer_here()
    return fingerprint(here.id)[:16] if isinstance(here, PupilHere) else ""


def of_another() -> bool:
    """Whether another pupil is signed in than when the page was drawn: it is not told as theirs."""
    return request.form.get("whose", mark_here()) != mark_here() and mark_here() != ""


def how_it_stands(draft: Draft) -> dict[str, object]:
    """What a page says of itself, and what the one that was pressed had to say."""
    whose = request.form.get("whose", "")
    return {
        "begun": drafts.draft_mark(),
        "so_far": carry(draft),
        "whose": whose if of_another() else mark_here(),
        "stale": g.get("page_was_old", False),
        "of_another": of_another(),
        "signed_out": whose != "" and mark_here() == "",
        "lost": draft.short,
    }


def draft_here() -> Draft:
    """The draft as it will be with what this page brings; nothing typed is ever dropped."""
    if request.method != "POST":
        return drafts.the_draft()
    draft = _went_on_from()
    told = drafts.known_only(_with_form(draft.told))
    return replace(draft, told=told, is_about=_is_about(draft))


def _went_on_from() -> Draft:
    """What the page that was pressed went on from: as it lies kept, or else as the page has it.

    A page that went on from something else than what is kept now leaves that alone (g.apart).
    """
    begun, page = request.form.get("begun", ""), carried()
    if not of_another():
        if begun and begun == drafts.draft_mark():
            return _of_this_page(page)
        if not begun and page is None:
            return drafts.the_draft()
    g.apart = True
    return page.draft if page is not None else Draft(short=begun != "")


def _of_this_page(page: Carried | None) -> Draft:
    kept = drafts.kept_draft()
    if kept is not None:
        g.said_more = page is None or not page.is_newest
        return kept
    if page is None:
        return Draft(short=True)
    if page.is_newest:
        g.draft_away = False  # All that lies there is here.
    return replace(page.draft, short=page.draft.short or g.get("draft_away", False))


def _is_about(draft: Draft) -> bool:
    """Whether the box says so on the step that has it; elsewhere it stays as it was."""
    return "is_about" in request.form if request.form.get("step") == "who" else draft.is_about


def _with_form(told: Told) -> Told:
    given = request.form
    step = given.get("step")
    if step == "happened":
        return replace(told, happened=tuple(given.getlist("happened")))
    if step == "feel":
        said = replace(told, words=_words(told), chosen=_chosen())
        return replace(_drawn(said), feelings=tuple(given.getlist("feelings")))
    if step == "who":
        about = told.about if "is_about" in given else ()
        to = tuple(given.getlist("to"))
        return replace(told, to=to, anyone="anyone" in given, about=about)
    if step == "about":
        return replace(told, about=tuple(given.getlist("about")))
    return told


def _words(told: Told) -> str:
    """What the box holds; signs that no page can show come back as they were first typed."""
    words = request.form.get("words", told.words).replace("\r\n", "\n")
    if words == as_said(told.words):
        return told.words
    g.words_cut = len(words) > MOST_LETTERS
    return words[:MOST_LETTERS]


def _chosen() -> tuple[str, ...]:
    """The words that were picked, as the list says them and in its order."""
    picked = set(request.form.getlist("chosen"))
    groups = catalogue().tell_words.values()
    return tuple(word for group in groups for word in group.words if word in picked)


def _drawn(told: Told) -> Told:
    """What was told with the drawing this page brings, as far as it can be kept."""
    given = request.form.get("drawing", told.drawing)
    kept = what_fits(given)
    try:
        read_drawing(kept)
    except CannotBeRead:
        return replace(told, drawing_lost=True)
    if given and not kept:
        return replace(told, drawing_lost=True)
    g.drawing_too_big = kept != given
    lost = told.drawing_lost and kept == told.drawing  # A new one stands in for what was lost.
    return replace(told, drawing=kept, drawing_lost=lost or g.drawing_too_big)
