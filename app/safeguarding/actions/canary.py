"""Flying the canary: a pretend concern sent through each station by the code that Tell uses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import delete

from app.base import clock, ids
from app.base.database import Store, db, writing
from app.base.errors import KeyMissing, StoreAway
from app.base.keys import keys_here
from app.base.log_lines import note, trail
from app.base.once_alone import alone
from app.base.post import MailServer
from app.people.actions.try_sign_in import try_sign_in
from app.people.queries import staff
from app.people.rules import team_state
from app.safeguarding import queries, spool
from app.safeguarding.actions.file import Telling, file_concern, is_waiting
from app.safeguarding.actions.look_now import look_now
from app.safeguarding.actions.mail import check_mail
from app.safeguarding.canary import (
    AFTER_STORAGE,
    FLOWN,
    FOR_THE_TEAM,
    Look,
    Station,
    Why,
    to_try,
    words_of,
)
from app.safeguarding.canary_aside import forget_aside, set_aside
from app.safeguarding.canary_in_backup import why_of_backup
from app.safeguarding.mailing import Works, how_mail_works
from app.safeguarding.rules import Recipient, Told, who_must_know
from app.safeguarding.tables import CanaryLook

KEPT_DAYS = 60
ASKED_EVERY = timedelta(seconds=20)
"""How often the chore asks the database whether it is time."""

AT_MOST_EVERY = timedelta(seconds=30)
"""How often a hand may make it fly: each leaves a row that is never deleted."""


def keep_watch(school_id: str) -> None:
    """A chore of the keeper: fly when it is time, beside the keeper, who waits for nothing."""
    asked: dict[str, datetime] = current_app.extensions.setdefault("catkin_canary", {})
    moment = clock.now()
    if school_id in asked and abs(moment - asked[school_id]) < ASKED_EVERY:
        return
    asked[school_id] = moment
    here = clock.local(moment)
    looks = queries.canary.looks(school_id, today())
    stations = to_try(looks, moment, here.time())
    if _is_another_team(school_id) and looks:
        stations = tuple(one for one in FLOWN if one in {*stations, *FOR_THE_TEAM})
    if stations:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        alone(f"canary {school_id}", partial(_fly_in, app, school_id, stations))


def _is_another_team(school_id: str) -> bool:
    """Whether other adults are to see concerns than when this was last asked here."""
    known: dict[str, set[str]] = current_app.extensions.setdefault("catkin_canary_team", {})
    sure = {adult.id for adult in team_state(staff.adults(school_id)).sure}
    before, known[school_id] = known.get(school_id, sure), sure
    return before != sure


def _fly_in(app: Flask, school_id: str, stations: tuple[Station, ...]) -> None:
    try:
        with app.app_context():
            fly(school_id, stations)
    except Exception as problem:
        _say(problem)


def today() -> str:
    """The school's own date, as the looks are kept by."""
    return clock.local(clock.now()).date().isoformat()


def fly(school_id: str, stations: Iterable[Station] = FLOWN) -> None:
    """Send the day's canary through these stations, and keep what came of it at each."""
    flight, wanted = _Flight(school_id, today()), set(stations)
    if Station.STORAGE in wanted:
        wanted |= set(AFTER_STORAGE)
    first = [one for one in FLOWN if one in wanted and one is not Station.BACKUP]
    found: dict[Station, Why] = {one: flight.try_station(one) for one in first}
    keep_looks(school_id, flight.day, found)
    if Station.BACKUP in wanted:  # Last, and by itself: it may take long, or never end.
        _keep_backup(flight)


def try_now(school_id: str, server: MailServer | None) -> bool:
    """Try everything again because somebody asked: mail and the whole record too.

    False where it was tried a moment ago.
    """
    flown = [one for one in queries.canary.looks(school_id, today()) if one.station in FLOWN]
    if any(abs(clock.now() - look.at) < AT_MOST_EVERY for look in flown):
        return False
    if server is not None:
        check_mail(school_id, server)
    fly(school_id)
    try:
        look_now(school_id)
    except Exception as problem:  # The stations say it where the database is away.
        _say(problem)
    return True


def _keep_backup(flight: _Flight) -> None:
    keep_looks(flight.school_id, flight.day, {Station.BACKUP: flight.try_station(Station.BACKUP)})


class _Flight:
    """One canary on its way."""

    def __init__(self, school_id: str, day: str) -> None:
        self.school_id, self.day = school_id, day
        self.words = words_of(school_id, day)
        self.told = Told(words=self.words)
        self.reference: str | None = None

    def try_station(self, station: Station) -> Why:
        """What came of it at a station; never raises."""
        steps: dict[Station, Callable[[], Why]] = {
            Station.SIGN_IN: self._sign_in,
            Station.STORAGE: self._storage,
            Station.KEY: self._key,
            Station.INBOX: self._inbox,
            Station.NOTICE: self._notice,
            Station.BACKUP: self._backup,
        }
        try:
            if station in AFTER_STORAGE and not self._has_been_kept():
                return Why.NOT_REACHED
            return steps[station]()
        except StoreAway:
            return Why.STORE
        except Exception as problem:  # A station may be broken in any way there is.
            _say(problem)
            return Why.FAULT
        finally:
            with suppress(Exception):
                db.session.rollback()

    def _sign_in(self) -> Why:
        if not try_sign_in(self.school_id):
            return Why.LOST
        try:
            keys_here().read("pictures")
        except KeyMissing:
            return Why.PICTURES
        return Why.FINE

    def _storage(self) -> Why:
        # While it does not come through, it is the same telling: a bad day leaves one in the spool.
        pending: dict[str, str] = current_app.extensions.setdefault("catkin_canary_once", {})
        once = pending.setdefault(self.words, ids.new_token())
        telling = Telling(once=once, told=self.told, canary=True)
        reference = file_concern(self.school_id, telling)
        if is_waiting(self.school_id, telling.once):
            return Why.STORE  # It lies in the spool: what children tell waits there too.
        if queries.canary.facts(self.school_id, reference) is None:
            pending.pop(self.words, None)
            return Why.LOST
        self.reference = reference
        if not spool.takes_files():
            return Why.NO_SPOOL  # The same telling the next time too.
        pending.pop(self.words, None)
        return Why.FINE

    def _has_been_kept(self) -> bool:
        """Whether this canary was kept, or else one earlier today."""
        if self.reference is None:
            begins = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
            self.reference = queries.canary.reference_of(self.school_id, begins)
        return self.reference is not None

    def _key(self) -> Why:
        if not queries.keys.reading_works(self.school_id):
            return Why.KEY_AWAY
        facts = queries.canary.facts(self.school_id, self.reference or "")
        said = queries.desk.said(self.school_id, facts) if facts else []
        if not said or said[0].spoken is None:
            return Why.CLOSED
        return Why.FINE if said[0].spoken.words == self.words else Why.ALTERED

    def _inbox(self) -> Why:
        team = team_state(staff.adults(self.school_id))
        if not self._recipients() or not team.ready:
            return Why.NOBODY
        seen = queries.canary.seen_by(self.school_id, team.ready, self.reference or "")
        if seen < len(team.ready):
            return Why.HIDDEN
        if seen < 2:
            return Why.TOO_FEW
        return Why.FINE if team.safe else Why.NOT_SAFE

    def _notice(self) -> Why:
        told = {recipient.adult.id for recipient in self._recipients()}
        facts = queries.canary.facts(self.school_id, self.reference or "")
        lying = set(queries.desk.who_was_told(self.school_id, facts, {})) if facts else set()
        if not told or not told <= lying & queries.mail.waiting_for(self.school_id):
            return Why.NO_NOTICE
        named = current_app.extensions["catkin"].settings.mail is not None
        check = queries.mail.check_of(self.school_id)
        ways = {Works.UNSET: Why.NO_MAIL, Works.FINE: Why.FINE, Works.FAILING: Why.MAIL}
        return ways.get(how_mail_works(check, clock.now(), named=named), Why.UNTRIED)

    def _recipients(self) -> list[Recipient]:
        return who_must_know(self.told, staff.adults(self.school_id), [], named=False)

    def _backup(self) -> Why:
        data: Path = current_app.extensions["catkin"].folders.data
        return why_of_backup(data, self.school_id, queries.canary.first_flown(self.school_id))


def keep_looks(school_id: str, day: str, found: dict[Station, Why]) -> None:
    """Keep what came of stations on a day; in a file where the database cannot be told."""
    moment = clock.now()
    looks = [Look(station, why.works, why, moment) for station, why in found.items()]
    try:
        _write_looks(school_id, day, looks)
    except Exception as problem:
        _say(problem)
        set_aside(school_id, day, looks)
    else:
        forget_aside()


def _write_looks(school_id: str, day: str, looks: list[Look]) -> None:
    past = (clock.local(clock.now()) - timedelta(days=KEPT_DAYS)).date().isoformat()
    with writing(Store.SAFEGUARDING) as session:
        session.execute(
            delete(CanaryLook).where(CanaryLook.school_id == school_id, CanaryLook.day < past)
        )
        for look in looks:
            session.merge(
                CanaryLook(
                    school_id=school_id,
                    day=day,
                    station=look.station.value,
                    works=look.works,
                    why=look.why,
                    looked_at=look.at,
                )
            )


def _say(problem: Exception) -> None:
    kind = trail(problem)
    note("canary fault", f"canary: {kind}", level=logging.ERROR, kind=kind)
