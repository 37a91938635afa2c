"""What is reached over a network: Catkin itself, and the mail server."""

from __future__ import annotations

import json
import re
import ssl
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from app.base import clock
from app.base.database import Store
from app.base.post import MEND, SAYS, MailServer, Outcome, reach
from app.health.findings import Finding, look, mend, ok
from app.health.stores import rows
from app.safeguarding.mailing import Check, Works

SHORT = 5.0
"""Seconds for whatever is asked of a server."""
ADDRESS = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+):(\d+)")
TAKES = "The mail server takes messages."
UNSET = "No message is sent: adults must look at Today themselves, at both ends of each school day."
HOW_TO_SET = "Give SMTP_HOST and what belongs to it (see README), and start Catkin again."
TRY_IT = "Then try it: .venv/bin/python -m app mail test with your own address."


def running(data: Path) -> Finding:
    """Whether Catkin answers, and whether all of it does."""
    name, start = "Catkin", "Start it: make run"
    lock = data / "running.lock"
    said = lock.read_text("ascii", "replace") if lock.is_file() else ""
    found = ADDRESS.match(said)
    if found is None:
        return look(name, "Catkin is not running.", start)
    try:
        tls = said.startswith("https:")
        status, parts = _health(found[1].strip("[]"), int(found[2]), tls=tls)
    except (OSError, HTTPException, ValueError):
        return look(name, "Catkin is not running.", start)
    failing = [part for part, says in parts.items() if says == "failing" and part != "status"]
    if status == 200:
        return ok(name, f"Catkin answers at {found[0]}.")
    return mend(
        name,
        f"Catkin answers at {found[0]}, but this fails: {', '.join(failing) or 'unknown'}.",
        "Look at the log, mend what else is named here, and start Catkin again.",
    )


def _health(host: str, port: int, *, tls: bool) -> tuple[int, dict[str, object]]:
    with closing(_line(host, port, tls=tls)) as line:
        line.request("GET", "/healthz")
        answer = line.getresponse()
        return answer.status, dict(json.loads(answer.read(10_000)))


def _line(host: str, port: int, *, tls: bool) -> HTTPConnection:
    if not tls:
        return HTTPConnection(host, port, timeout=SHORT)
    # To this very computer, whose number no certificate need hold: nothing is said, only asked.
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=SHORT, context=trusting)


def mail(server: MailServer | None, data: Path) -> Finding:
    """Whether the mail server takes letters now. When one last went is not said: that would tell
    when something was told, to whoever reads this."""
    name = "E-mail"
    if server is None:
        return look(name, UNSET, HOW_TO_SET)
    outcome = reach(server, limit=SHORT)
    if outcome is Outcome.SENT:
        return ok(name, TAKES + _last_answered(data))
    return mend(name, SAYS[outcome] + _last_answered(data), f"{MEND[outcome]} {TRY_IT}")


def _last_answered(data: Path) -> str:
    held = rows(data, Store.SAFEGUARDING, "SELECT max(reached_at) FROM mail_check")
    text = held[0][0] if held else None
    if not text:
        return ""
    here = clock.local(datetime.fromisoformat(text).replace(tzinfo=UTC))
    return f" It last answered Catkin on {here:%A} {here.day} {here:%B}, {here.hour}:{here:%M}."


def mail_from_check(works: Works, check: Check | None) -> Finding:
    """The same from what Catkin tries by itself, for a page: nothing is reached for it."""
    name = "E-mail"
    if works is Works.UNSET:
        return look(name, UNSET, HOW_TO_SET)
    if works is Works.FINE:
        return ok(name, TAKES)
    if works is Works.FAILING and check is not None:
        do = f"{MEND.get(check.outcome, '')} {TRY_IT}".strip()
        return mend(name, SAYS[check.outcome], do)
    return look(
        name, "The mail server was not tried lately.", "Wait a little; else start Catkin again."
    )
