"""Whether the school's network can listen: what Catkin was started with, and its certificate."""

from __future__ import annotations

import math
from datetime import timedelta
from urllib.parse import urlsplit

from app.base import clock
from app.base.certificate import Facts, facts_of
from app.base.errors import CannotStart
from app.base.network import AUTHORITY_KEY
from app.config import Settings
from app.health.findings import Finding, Mark, look, mend, ok
from app.health.machine import day_of

NAME = "TLS"
SOON = timedelta(days=30)
OPEN = (
    "Children’s tablets reach Catkin without TLS: what they type could be read on the school’s"
    " network."
)
NOBODY_SPEAKS = "PUBLIC_URL begins with https, but Catkin knows of nothing that speaks TLS."
NAME_IT = (
    "Name the proxy with TRUSTED_PROXY, or give TLS_CERT and TLS_KEY. Then start Catkin again."
)
SWITCH_ON = (
    "The technician switches TLS on: .venv/bin/python -m app tls makes what it needs and says how."
)
RENEW = (
    "Make another: .venv/bin/python -m app tls --renew (or as this one was made). Then start Catkin"
    " with it."
)
OTHER_NAME = "Make one for that name, or give the PUBLIC_URL that it was made for."


def network(settings: Settings) -> Finding:
    """How other computers reach Catkin; it moves with the settings and the days alone."""
    if settings.demo:
        return ok(NAME, "The demo holds nothing that is real: it needs no TLS.")
    if settings.is_open_to_listeners and (settings.public_url or "").startswith("https:"):
        return mend(NAME, f"{NOBODY_SPEAKS} {OPEN}", NAME_IT)
    if settings.is_open_to_listeners:
        return mend(NAME, OPEN, SWITCH_ON)
    if settings.tls:
        try:
            found = _of_certificate(facts_of(settings.tls.certificate), settings.public_url)
        except CannotStart as problem:
            return mend(NAME, str(problem), RENEW)
        lies_there = settings.tls.certificate.with_name(AUTHORITY_KEY).exists()
        return _put_away(found) if lies_there and found.mark is Mark.OK else found
    if settings.by_itself:
        return ok(NAME, "Catkin answers this computer alone, so nothing goes over a network.")
    return ok(NAME, f"A proxy speaks TLS for Catkin, at {settings.public_url}.")


def _put_away(found: Finding) -> Finding:
    do = f"Put {AUTHORITY_KEY}, beside the certificate, into the safe, and off this computer."
    return look(NAME, found.says, do)


def _of_certificate(facts: Facts, public_url: str | None) -> Finding:
    now = clock.now()
    until = f"until {day_of(facts.ends)}"
    if now >= facts.ends:
        return mend(NAME, f"The certificate was valid {until}: browsers refuse Catkin.", RENEW)
    if now < facts.begins:
        says = f"The certificate is valid only from {day_of(facts.begins)}: browsers refuse Catkin."
        return mend(NAME, says, "Set the clock of this computer, or make another certificate.")
    if facts.ends - now <= SOON:
        days = math.ceil((facts.ends - now) / timedelta(days=1))
        left = f"{days} day{'' if days == 1 else 's'}"
        says = f"The certificate ends in {left}, on {day_of(facts.ends)}."
        return mend(NAME, says, RENEW)
    if public_url is None:
        says = f"Catkin speaks TLS; its certificate is valid {until}."
        return look(NAME, says, "Give PUBLIC_URL, so that slips and square codes name it right.")
    host = urlsplit(public_url).hostname or ""
    if not facts.fits(host):
        says = f"The certificate is not for {host}, which PUBLIC_URL names: browsers refuse Catkin."
        return mend(NAME, says, OTHER_NAME)
    return ok(NAME, f"Catkin speaks TLS at {public_url}; its certificate is valid {until}.")
