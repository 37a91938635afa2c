"""R18, R29: the canary at each of its stations, and what only two people can erase."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from app.base import clock
from app.base.backup import backups_folder, backups_in
from app.base.database import Store, file_of
from app.base.errors import Refused
from app.base.past import living_at
from app.base.post import MailServer
from app.safeguarding.actions import handle
from app.safeguarding.actions.handle import By
from app.safeguarding.actions.mail import check_mail
from app.safeguarding.queries import desk
from app.safeguarding.words import key_name
from tests.at_desk import have_been_in_the_team, tell, viewer
from tests.faults.away import held
from tests.faults.ground import School, a_school, in_process
from tests.faults.reading import words_of_all
from tests.faults.table import Found, How
from tests.ground.running import free_port


def canary(how: How) -> Found:
    """Each station is broken in turn, and the day's canary flies."""
    from app.safeguarding.actions import canary as flights
    from app.safeguarding.queries import canary as known

    dead = MailServer("127.0.0.1", free_port(), "none", "catkin@oaklane.sch.uk")
    red: dict[str, list[str]] = {}
    with a_school(how) as school:
        with in_process(school), living_at(clock.now() - timedelta(days=2)):
            flights.fly(school.id)  # On its first day nothing is asked of backups.
        school.command("data", "backup", "--nightly")
        for name, broken in BREAKS.items():
            with broken(school), in_process(school, dead if name == "notice" else None):
                if name == "notice":
                    check_mail(school.id, dead)
                flights.fly(school.id)
                looks = known.looks(school.id, flights.today())
                red[name] = [look.station.value for look in looks if not look.works]
    well = red.pop("")
    missed = [name for name, stations in red.items() if name not in stations]
    figure = f"{len(red) - len(missed)} of {len(red)} broken stations are red, {len(well)} unbroken"
    more = f"; not {missed}: {red}, {well}"[:200] if missed or well else ""
    return Found(figure + more, not missed and not well)


@contextmanager
def _no_key(school: School) -> Iterator[None]:
    key = school.keys / f"{key_name(school.id, 1)}.key"
    aside = key.rename(key.with_suffix(".away"))
    yield
    aside.rename(key)


@contextmanager
def _no_pictures_key(school: School) -> Iterator[None]:
    key = school.keys / "pictures.key"
    aside = key.rename(key.with_suffix(".away"))
    yield
    aside.rename(key)


@contextmanager
def _no_backup(school: School) -> Iterator[None]:
    folder = backups_folder(school.data)
    aside = folder.rename(folder.with_name("away"))
    yield
    aside.rename(folder)


@contextmanager
def _nobody(school: School) -> Iterator[None]:
    """Everybody but one has left the team."""
    file = file_of(school.data, Store.LEARNING)
    with closing(sqlite3.connect(file)) as store:
        rows = store.execute("SELECT rowid, * FROM staff_role").fetchall()
        store.execute("DELETE FROM staff_role WHERE staff_id != ?", (school.assembly.desk.head,))
        store.commit()
    yield
    with closing(sqlite3.connect(file)) as store:
        marks = ", ".join("?" * (len(rows[0]) - 1))
        for row in rows:
            store.execute(f"INSERT OR IGNORE INTO staff_role VALUES ({marks})", row[1:])
        store.commit()


BREAKS: dict[str, Callable[[School], Any]] = {
    "": nullcontext,
    "sign-in": _no_pictures_key,
    "storage": lambda school: held(school.store),
    "key": _no_key,
    "inbox": _nobody,
    "notice": nullcontext,
    "backup": _no_backup,
}
"""By station, and none; for the notice the mail server is one where nobody listens."""


def erased(how: How) -> Found:
    """A concern of years ago: held, then erased by two; and the backup from before."""
    from app.safeguarding.actions import retention, strike
    from app.safeguarding.retention import Ground

    with a_school(how) as school:
        ground = next(iter(Ground))
        with in_process(school) as app:
            reference = _closed_long_ago(app, school)
            kept = tell(app, school.assembly.desk, words="stays")
        school.command("data", "backup", "--nightly")
        stopped = []
        with in_process(school) as app:
            here = viewer(app, school.assembly.desk, school.assembly.desk.head)
            other = school.assembly.desk.chair
            concern = desk.concern(school.id, here, reference)
            assert concern is not None
            have_been_in_the_team(here.id, other)
            retention.set_years(school.id, 1, by=here.id)
            retention.hold(school.id, concern, "police", by=By(here.id, "a"))
            stopped.append(_refused(lambda: _ask(retention, school, concern, ground, here.id, "b")))
            retention.release(school.id, concern, "done", by=By(here.id, "c"))
            _ask(retention, school, concern, ground, here.id, "d")
            stopped.append(_refused(lambda: _agree(retention, school, concern, ground, here.id)))
            _agree(retention, school, concern, ground, other)
            for _ in range(5):
                strike.strike_backups(school.id, school.data)
            now = words_of_all(school)
        backups = [
            _readable_in(school, place) for place, _ in backups_in(backups_folder(school.data))
        ]
        lines = school.rows("SELECT count(*) FROM audit WHERE concern_id IS NOT NULL")[0][0]
        verified, _ = school.command("data", "verify")
    gone = reference not in now and now[kept] == "stays"
    struck = bool(backups) and not any(reference in ids for ids in backups)
    figure = f"hold and one person alone stop it: {all(stopped)}; opens after: {not gone}"
    figure += f"; keys in {len(backups)} backups: {'gone' if struck else 'THERE'}"
    figure += f"; {lines} lines in the chain, verify {verified}"
    return Found(figure, all(stopped) and gone and struck and lines > 0 and verified == 0)


def _closed_long_ago(app: Any, school: School) -> str:
    with living_at(clock.now() - timedelta(days=800)):
        reference = tell(app, school.assembly.desk, words="long ago")
        here = viewer(app, school.assembly.desk, school.assembly.desk.head)
        concern = desk.concern(school.id, here, reference)
        assert concern is not None
        handle._turn(school.id, concern, handle.Kind.CLOSED, "Closed.", by=By(here.id, "z"))
    return reference


def _ask(retention: Any, school: School, concern: Any, ground: Any, by: str, once: str) -> None:
    retention.ask_to_erase(school.id, concern, ground, "No longer needed.", by=By(by, once))


def _agree(retention: Any, school: School, concern: Any, ground: Any, by: str) -> None:
    retention.agree_to_erase(school.id, concern, ground, by=By(by, f"agree {by}"))


def _refused(do: Callable[[], None]) -> bool:
    try:
        do()
    except Refused:
        return True
    return False


def _readable_in(school: School, backup: Any) -> set[str]:
    """The references of a backup that still have a data key there."""
    sql = "SELECT c.reference FROM concern c JOIN concern_key k ON k.concern_id = c.id"
    with closing(sqlite3.connect(f"file:{backup}/safeguarding.db?immutable=1", uri=True)) as store:
        return {str(reference) for (reference,) in store.execute(sql)}
