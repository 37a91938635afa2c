"""`python -m app doctor` and `python -m app mail test`: for whoever looks after the machine."""

from __future__ import annotations

import json
from collections import Counter

from app.base.post import MEND, SAYS, Outcome, send
from app.config import Settings
from app.health.doctor import examine
from app.health.findings import Finding, Mark
from app.safeguarding.mailing import TEST_SAYS, TEST_SUBJECT


def look_at_all(settings: Settings, *, as_json: bool) -> int:
    """Print how each part stands and what to do; 1 if something must be mended."""
    found = []
    for one in examine(settings):
        found.append(one)
        if not as_json:
            print(in_words(one), flush=True)
    marks = Counter(one.mark for one in found)
    if as_json:
        rows = [{"part": o.name, "mark": o.mark, "says": o.says, "do": o.do} for o in found]
        print(json.dumps({"mend": marks[Mark.MEND], "parts": rows}, indent=1, ensure_ascii=False))
    else:
        print(f"\nTo mend: {marks[Mark.MEND]}. To look at: {marks[Mark.LOOK]}.")
    return 1 if marks[Mark.MEND] else 0


def in_words(one: Finding) -> str:
    """A finding as lines of a terminal."""
    line = f"{one.mark:<5} {one.name}: {one.says}"
    return f"{line}\n      What to do: {one.do}" if one.do else line


def try_mail(settings: Settings, to: str) -> int:
    """Send a letter that says it is a test, and print what came of it; 1 if it did not go."""
    if settings.mail is None:
        print("No mail server is named. Give SMTP_HOST and what belongs to it (see README).")
        return 1
    outcome = send(settings.mail, to, TEST_SUBJECT, TEST_SAYS)
    if outcome is Outcome.SENT:
        print("The mail server took it. Now see whether it arrives, and not among the junk.")
        return 0
    print(f"{SAYS[outcome]} {MEND[outcome]}")
    return 1
