"""R1, R2, R4: what was acknowledged is on the disk, whole, whatever kills the server and when."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from app.base import ids
from app.base.database import Store, engine_of
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.rules import Told
from tests.faults.ground import School, a_school, in_process
from tests.faults.table import CannotHere, Found, How
from tests.faults.telling import CANARY, Press, Seen, pages, references, together

TABLES = ("concern", "words", "concern_key", "entry", "notice", "link")


def kills(how: How) -> Found:
    """SIGKILL to all processes amid concurrent Tells, again and again on one school."""
    crowd, rounds, chance = how.many(200, 40), how.many(25, 2), random.Random(1)
    acknowledged: set[str] = set()
    with a_school(how) as school:
        for _ in range(rounds):
            acknowledged |= _one_kill(school, crowd, chance.randint(1, crowd - 10))
        with school.served():
            lost = school.drained(acknowledged)
        whole, doubled = school.is_whole(), school.doubled()
        kept = len(school.references())
    said = f"{rounds} kills, {len(acknowledged)} acknowledged, {len(lost)} lost, {doubled} doubled"
    whole_too = "whole" if whole else "DAMAGED"
    return Found(f"{said}, {kept} kept, file {whole_too}", not lost and not doubled and whole)


def _one_kill(school: School, crowd: int, enough: int) -> set[str]:
    """One round; the references that children were given before all ended."""
    with school.served() as running:
        presses = pages(running.port, crowd)
        given, lock = [0], threading.Lock()

        def press(one: Press) -> Seen:
            seen = one.try_it()
            with lock:
                given[0] += seen.sent
                reached = seen.sent and given[0] == enough
            if reached:
                running.kill_all()
            return seen

        return references(together([_bound(press, one) for one in presses]))


def _bound(press: Callable[[Press], Seen], one: Press) -> Callable[[], Seen]:
    return lambda: press(one)


def syncs(how: How) -> Found:
    """strace counts the syncs of the server's processes while children tell."""
    if not shutil.which("strace"):
        raise CannotHere("strace is not on this machine (apt install strace)")
    with a_school(how) as school, school.served() as running:
        presses, heard = pages(running.port, how.many(50, 10)), school.folder / "syncs"
        with running.heard_by_strace(heard):
            acknowledged = sum(press.go().sent for press in presses)
        counted = sum("sync(" in line for line in heard.read_text().splitlines())
    figure = f"{counted} syncs for {acknowledged} acknowledged"
    return Found(figure, acknowledged == len(presses) and counted >= acknowledged)


def half_way(how: How) -> Found:
    """An error at each statement of a Tell in turn, the commit too: all of it, or nothing."""
    with a_school(how) as school, in_process(school):
        places, halves, before = 0, 0, _kept(school)
        while _filed_with_error_at(places, school):
            after = _kept(school)
            more = [now > then for now, then in zip(after, before, strict=True)]
            halves += any(more) and not all(more)
            places, before = places + 1, after
        whole = all(now > then for now, then in zip(_kept(school), before, strict=True))
    figure = f"{places} places tried, {halves} left a half; the Tell after them is whole: {whole}"
    return Found(figure, not halves and whole and places > len(TABLES))


def _kept(school: School) -> list[int]:
    return [school.count(table) for table in TABLES]


def _filed_with_error_at(place: int, school: School) -> bool:
    """Tell once, with an error at one statement; False where there was none left."""
    engine, seen, broke = engine_of(Store.SAFEGUARDING), [0], [False]

    def count(*_: Any) -> None:
        seen[0] += 1
        if seen[0] == place + 1:
            broke[0] = True
            raise RuntimeError("broken on purpose")

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        file_concern(school.id, Telling(ids.new_token(), Told(words=CANARY)))
    except RuntimeError:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)
    return broke[0]
