"""The forms of the concern page; each carries a key so that a double click acts once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional, Regexp

from app.people.rules import Adult, tidy
from app.safeguarding.conflicts import may_clear
from app.safeguarding.queries.desk import ConcernFacts
from app.safeguarding.retention import GROUNDS, MOST_YEARS
from app.web.forms import CatkinForm, long_text, password

LONGEST = 20_000


class _Once(CatkinForm):
    """A form with the page's own key."""

    once = HiddenField()


class SpokenForm(_Once):
    """I have spoken with…"""

    with_whom = long_text("Who did you speak with?", "Write who you spoke with.", longest=200)
    said = long_text("What was said", "Write what was said, in their words.", longest=LONGEST)


class NoteForm(_Once):
    """A note for the record."""

    note = long_text("Note", "Write the note first.", longest=LONGEST)


class AnswerForm(_Once):
    """An answer that the child reads in My notes."""

    answer = long_text("Answer to the child", "Write your answer first.", longest=2000)


class ShareForm(_Once):
    """Let a named adult see this concern."""

    with_id = SelectField("Share with", [DataRequired("Choose an adult.")])
    reason = long_text("Reason", "Write why this adult needs to see it.", longest=LONGEST)

    def offer(self, adults: Iterable[Adult], facts: ConcernFacts) -> None:
        """The adults it can be shared with: never one it is kept from."""
        self.with_id.choices = choices_of(a for a in adults if a.id not in facts.kept_from)


class KeepFromForm(_Once):
    """This concern is about an adult."""

    with_id = SelectField("Who is it about?", [DataRequired("Choose an adult.")])
    reason = long_text("Reason", "Write why you think so.", longest=LONGEST)

    def offer(self, adults: Iterable[Adult], facts: ConcernFacts, viewer: str) -> None:
        """Everybody whom it is not known to be about, but the one who asks."""
        fitting = [a for a in adults if a.id not in facts.about and a.id != viewer]
        self.with_id.choices = choices_of(fitting)


class LetSeeForm(_Once):
    """Clear what holds a concern from an adult."""

    with_id = SelectField("Who may see it?", [DataRequired("Choose an adult.")])
    reason = long_text("Reason", "Write why they may see it.", longest=LONGEST)

    def offer(self, adults: Sequence[Adult], facts: ConcernFacts, viewer: str) -> None:
        """Those from whom it is held, where the one who asks may clear that."""
        holds = facts.holds
        may = {one.staff_id for one in holds if may_clear(viewer, one, holds, adults)}
        self.with_id.choices = choices_of(a for a in adults if a.id in may)


def choices_of(adults: Iterable[Adult]) -> list[SelectChoice]:
    """Adults to choose from; none is chosen beforehand."""
    return [SelectChoice("", "Choose"), *(SelectChoice(a.id, a.name) for a in adults)]


class CloseForm(_Once):
    """Closing: all five are needed, so that the record stands on its own."""

    done = long_text("What was done", "Write what was done.", longest=LONGEST)
    decision = long_text("Decision", "Write what was decided.", longest=LONGEST)
    reason = long_text("Reason for the decision", "Write why.", longest=LONGEST)
    outcome = long_text("Outcome", "Write the outcome.", longest=LONGEST)
    child_told = RadioField(
        "Has the child been told?",
        [DataRequired("Say whether the child has been told.")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "Not yet")],
    )


class ReopenForm(_Once):
    """Opening a closed concern again."""

    reason = long_text("Why it is opened again", "Write why.", longest=LONGEST)


class YearsForm(CatkinForm):
    """After how many years a closed concern is due for a look."""

    years = StringField(
        "Years after the last entry",
        [Optional(), Regexp(r"[0-9]{1,3}\Z", message=f"Write a number from 1 to {MOST_YEARS}.")],
        filters=[lambda typed: tidy(typed or "")],
    )


class KeepForm(_Once):
    """Looked at, and kept."""

    reason = long_text("Why it is kept", "Write why.", longest=LONGEST)


class HoldForm(_Once):
    """A hold: nobody can erase it."""

    reason = long_text("Why it must stay", "Write why.", longest=LONGEST)


class ReleaseForm(_Once):
    """The end of a hold."""

    reason = long_text("Why the hold ends", "Write why.", longest=LONGEST)


class _EraseForm(_Once):
    """The reason that stays on the certificate, and the password once more."""

    ground = RadioField(
        "Why it may be erased",
        [DataRequired("Choose the reason that stays on the certificate.")],
        choices=[SelectChoice(ground.value, says) for ground, says in GROUNDS.items()],
    )
    password = password("Your password", "Type your password.")


class AskForm(_EraseForm):
    """Asking for a concern to be erased."""

    reason = long_text(
        "More about it, for whoever agrees", "Write what the other should know.", longest=LONGEST
    )


class AgreeForm(_EraseForm):
    """Agreeing to that."""
