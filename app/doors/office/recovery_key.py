"""The recovery key on paper: made and shown once, and counted once a word of it is typed back.

The words and the private half stand in one answer and nowhere else. What the page's form carries
on is sealed: the public half, and which word is asked for, so that nothing on it opens anything.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.base import clock, ids, sealing
from app.base.errors import KeyMissing, Refused
from app.base.keys import keys_here
from app.base.recovery import NotThePaper, the_word
from app.doors.office.door import door
from app.people.queries import staff
from app.people.queries.schools import the_school
from app.people.rights import May
from app.safeguarding import queries
from app.safeguarding.actions.paper import NewPaper, confirm_paper, keep_paper, new_paper
from app.web.forms import STALE, CatkinForm, line, pressed
from app.web.pages import page
from app.web.squares import square_of
from app.web.step_up import StepUpForm, is_stepped_up, try_password
from app.web.viewer import the_adult

LASTS = timedelta(hours=2)
NOT_IT = "That did not work. Type your password again."
NOT_THAT = "That is not the word. Look at its number on the paper."
TOO_LATE = "That paper was made too long ago. Tear it up, and make another."


class TypedBack(CatkinForm):
    """One word of the paper, and what the page knows of it."""

    word = line("Word", "Type the word with this number.", longest=20)
    paper = HiddenField()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page carries on of a paper that was shown: nothing that opens anything."""

    version: int
    public: str
    number: int
    """Of the word that is to be typed back."""
    word: str
    """Its fingerprint."""
    at: float

    def sealed(self) -> str:
        """For the form; only this Catkin reads it, and only from the adult who was shown it."""
        text = json.dumps(asdict(self)).encode()
        return sealing.seal(_key(), text, *_place()).hex()


def _place() -> tuple[str, ...]:
    here = the_adult()
    return ("paper asked", here.school_id, here.id)


def _key() -> bytes:
    return sha256(b"catkin-paper-asked-1" + keys_here().read("cookies")).digest()


def _read(sealed: str | None) -> Asked | None:
    try:
        text = sealing.unseal(_key(), bytes.fromhex(sealed or ""), *_place())
        asked = Asked(**json.loads(text))
    except (KeyMissing, ValueError):
        return None
    age = clock.now() - datetime.fromtimestamp(asked.at, UTC)
    return asked if timedelta(0) <= age < LASTS else None


def _at_the_start(
    form: StepUpForm,
    says: str = "",
    until: datetime | None = None,
    yes: StepUpForm | None = None,
) -> str:
    here = the_adult()
    typed = not is_stepped_up(here)
    return page(
        "office/recovery-key",
        printed=queries.paper.newest(here.school_id),
        unconfirmed=queries.paper.unconfirmed(here.school_id),
        names=staff.names(here.school_id),
        me=here.id,
        form=form if typed else None,
        yes_form=(yes or StepUpForm(formdata=None)) if typed else None,
        says=says,
        rests_until=until,
    )


@door.opens("/recovery-key", may=May.AGREE_TO_RECOVERY_KEY)
def recovery_key() -> str:
    """Whether one was printed and when, and the button that makes one."""
    return _at_the_start(StepUpForm(formdata=None))


@door.opens("/recovery-key/make", may=May.PRINT_RECOVERY_KEY, methods=("POST",))
def make_recovery_key() -> str:
    """The paper, in this one answer; behind the password, confirmed not long ago."""
    if not is_stepped_up(the_adult()):
        form = StepUpForm()
        if not form.validate_on_submit():
            return _at_the_start(form, STALE if form.stale else "")
        tried = try_password(str(form.password.data))
        if not tried.fits:
            form.password.errors = [NOT_IT]
            return _at_the_start(form, until=tried.rests_until)
    elif not pressed():
        return _at_the_start(StepUpForm(formdata=None), STALE)
    school = the_school(the_adult().school_id)
    try:
        paper = new_paper(school.id, by=the_adult().id)
    except Refused as problem:
        return _at_the_start(StepUpForm(formdata=None), str(problem))
    asked = _ask_for_a_word(paper)
    form = TypedBack(formdata=None)
    form.paper.data = asked.sealed()
    return page(
        "office/recovery-key-paper",
        school=school.name,
        paper=paper,
        square=square_of(" ".join(paper.words), "The words as a square"),
        number=asked.number,
        form=form,
        made=clock.now(),
    )


def _ask_for_a_word(paper: NewPaper) -> Asked:
    place = secrets.randbelow(len(paper.words))
    word = ids.fingerprint(paper.words[place])
    moment = clock.now().timestamp()
    return Asked(paper.version, paper.public.hex(), place + 1, word, moment)


@door.opens("/recovery-key/printed", may=May.PRINT_RECOVERY_KEY, methods=("POST",))
def recovery_key_printed() -> str | Response:
    """With the right word the paper counts. It needs no password: it was asked for the paper."""
    form = TypedBack()
    asked = _read(request.form.get("paper"))
    if asked is None:
        form.validate()  # The token is looked at all the same.
        return _at_the_start(StepUpForm(formdata=None), STALE if form.stale else TOO_LATE)
    if not form.validate_on_submit():
        return _again(form, asked)
    if not _is_the_word(form.word.data, asked):
        form.word.errors = [NOT_THAT]
        return _again(form, asked)
    here = the_adult()
    try:
        keep_paper(here.school_id, asked.version, bytes.fromhex(asked.public), by=here.id)
    except Refused as problem:
        return _at_the_start(StepUpForm(formdata=None), str(problem))
    return redirect(url_for("office.recovery_key"), code=303)


@door.opens("/recovery-key/yes", may=May.AGREE_TO_RECOVERY_KEY, methods=("POST",))
def confirm_recovery_key() -> str | Response:
    """A second person says yes to a new paper, so that the older one opens nothing more."""
    here, blank = the_adult(), StepUpForm(formdata=None)
    if not is_stepped_up(here):
        form = StepUpForm()
        if not form.validate_on_submit():
            return _at_the_start(blank, STALE if form.stale else "", yes=form)
        tried = try_password(str(form.password.data))
        if not tried.fits:
            form.password.errors = [NOT_IT]
            return _at_the_start(blank, until=tried.rests_until, yes=form)
    elif not pressed():
        return _at_the_start(blank, STALE)
    try:
        confirm_paper(here.school_id, request.form.get("version", 0, int), by=here.id)
    except Refused as problem:
        return _at_the_start(blank, str(problem))
    return redirect(url_for("office.recovery_key"), code=303)


def _is_the_word(typed: str, asked: Asked) -> bool:
    try:
        return ids.same(ids.fingerprint(the_word(typed)), asked.word)
    except NotThePaper:
        return False


def _again(form: TypedBack, asked: Asked) -> str:
    """The question once more, without the paper: its words are shown once."""
    form.paper.data = asked.sealed()
    return page("office/recovery-key-word", form=form, number=asked.number)
