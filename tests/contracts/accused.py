"""Two worlds that differ in one concern, and all that its subject can see of either."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from app.base import clock, ids
from app.base.database import Store, file_of, writing
from app.people.actions.sign_ins import begin_for_staff, step_up
from app.people.queries import sign_ins
from app.people.tables import SignIn
from app.people.viewers import StaffHere
from app.safeguarding import queries
from tests.contracts.accused_ground import JUNK, Case, Ground
from tests.contracts.kept import BASES_OWN

TOKENS = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=name="once" value=")[^"]+')
"""Tokens of forms, which are drawn anew for each page; nothing else is taken out."""
ON_IT = (
    *("", "/keeping", "/certificate"),
    *("/note", "/answer", "/spoken", "/share", "/close", "/reopen", "/open", "/about", "/let-see"),
    *("/keep", "/hold", "/release", "/erase/ask", "/erase/agree"),
)


@dataclass
class Seen:
    """One look of the subject at everything."""

    pages: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    """The pages for which the store of concerns was asked."""
    letters: tuple[bool, ...] = ()
    rows: dict[str, list[Any]] = field(default_factory=dict)


class Place(Ground):
    """The school, and what its subject sees."""

    def __init__(self, app: Flask, data: Path) -> None:
        super().__init__(app, data)
        rules = (r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()))
        self.rules = sorted((r for r in rules if r.endpoint != "static"), key=lambda r: r.rule)
        self.silent: dict[tuple[Any, ...], set[str]] = {}
        """By roles and classes of a subject: pages that never asked the store of concerns."""

    def sign_in(self, who: int) -> str:
        """A sign-in of an adult, with the password and the second step just given."""
        school_id, subject = self.school.school, self.adults[who]
        with self.app.app_context():
            token = begin_for_staff(school_id, subject, clock.now())
            mine = ids.fingerprint(token)
            step_up(school_id, mine, clock.now())
            with writing(Store.LEARNING) as session:
                row = session.get(SignIn, mine)
                assert row is not None
                row.second_step_at = clock.now()
            assert isinstance(sign_ins.signed_in(mine), StaffHere)
        return token

    def browser(self, token: str) -> FlaskClient:
        """The subject's browser: names shown."""
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session |= {"_user_id": token, "_fresh": True, "csrf_token": "always the same"}
            session["names_shown_until"] = (clock.now() + timedelta(minutes=2)).timestamp()
        browser.get("/today")  # The first page of a sign-in binds it, whichever that is.
        return browser

    def look(
        self, case: Case, who: int, token: str, reference: str, *, again: Seen | None = None
    ) -> Seen:
        """All that the subject can ask for, or who could be the subject.

        `again` is the look into the other world.

        A page for which the store of concerns was not asked there is not asked for twice: what
        made it is equal in both.
        """
        seen, browser = Seen(), self.browser(token)
        me = case.adults[who]
        like_me = (*sorted(me.roles), me.classes, who == case.waits)
        quiet = self.silent.get(like_me, set())
        for path, send in self._asks(browser, reference):
            if (path in quiet) or (again is not None and path not in again.asked):
                continue
            with _heard() as heard:
                answer = send()
            if heard[0]:
                seen.asked.add(path)
            headers = [(k, v) for k, v in answer.headers if k not in {"Set-Cookie", "Date"}]
            text = TOKENS.sub("", answer.text)
            seen.pages[path] = (answer.status_code, headers, text, heard[1])
        if again is None:
            asked_in_any = self.silent.setdefault(like_me, set(seen.pages) - seen.asked)
            asked_in_any -= seen.asked
        seen.letters, seen.rows = self._letters(who), self._rows(who, reference)
        return seen

    def _asks(
        self, browser: FlaskClient, reference: str
    ) -> Iterator[tuple[str, Callable[[], Any]]]:
        for rule in self.rules:
            for path in self._paths(rule, reference):
                yield path, lambda path=path: browser.get(path)
        token = re.search(TOKENS, browser.get("/today").text)
        sent = {"csrf_token": token[0] if token else "", "password": "x", "note": "y"}
        for part in ON_IT:
            path = f"/concerns/{reference}{part}"
            yield f"POST {part}", lambda path=path: browser.post(path, data=sent)
            yield f"GET {part}", lambda path=path: browser.get(path)

    def _paths(self, rule: Rule, reference: str) -> Iterator[str]:
        here = self.school
        known = {
            "class_id": here.hazel,
            "pupil_id": here.amina,
            "lesson_id": "t-79",
            "quiz_id": "t-79-block-it",
            "number": 1,
            "staff_id": self.adults[0],
            "reference": reference,
        }
        named = {name: known.get(name, JUNK) for name in rule.arguments}
        others = self.other_references(reference) if "reference" in named else [""]
        for other in [*others]:
            built = rule.build({**named, **({"reference": other} if other else {})})
            if built is not None:
                yield str(built[1])

    def other_references(self, reference: str) -> list[str]:
        """The school's other concerns."""
        with closing(sqlite3.connect(file_of(self.data, Store.SAFEGUARDING))) as file:
            rows = file.execute("SELECT reference FROM concern ORDER BY id").fetchall()
        return [one for (one,) in rows if one != reference]

    def _letters(self, who: int) -> tuple[bool, ...]:
        """Whether a letter to the subject is due, now and later."""
        subject, school_id = self.adults[who], self.school.school
        with self.app.app_context():
            return tuple(
                any(one.staff_id == subject for one in queries.mail.due(school_id, moment))
                for moment in (clock.now(), clock.now() + timedelta(minutes=11))
            )

    def _rows(self, whose: int, reference: str) -> dict[str, list[Any]]:
        """Every row of the store of lessons, and what the subject did to other concerns."""
        found: dict[str, list[Any]] = {}
        with closing(sqlite3.connect(file_of(self.data, Store.LEARNING))) as file:
            tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                if table in BASES_OWN:  # Misses at doors that are not asked twice; see `look`.
                    continue
                found[table] = sorted(file.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        asked = (
            "SELECT reference, count(*) FROM {0} JOIN concern ON concern.id = {0}.concern_id"
            " WHERE {0}.staff_id = ? AND reference != ? GROUP BY reference ORDER BY reference"
        )
        who = (self.adults[whose], reference)
        with closing(sqlite3.connect(file_of(self.data, Store.SAFEGUARDING))) as file:
            for table in ("view", "entry", "notice"):
                found[f"{table} of others"] = file.execute(asked.format(table), who).fetchall()
        return found


@contextmanager
def _heard() -> Iterator[list[Any]]:
    """Whether the store of concerns was asked, and how many statements there were in all."""
    heard: list[Any] = [False, 0]

    def hear(connection: Any, _k: Any, _s: str, _p: Any, _c: Any, _m: Any) -> None:
        heard[0] |= "safeguarding" in str(connection.engine.url.database)
        heard[1] += 1

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def differing(one: Seen, other: Seen) -> list[str]:
    """Where the world with the concern is another than the world without it."""
    found = [path for path in other.pages if one.pages[path] != other.pages[path]]
    found += [f"asked {path}" for path in sorted(one.asked ^ other.asked)]
    if one.letters != other.letters:
        found.append("letters")
    return found + [f"rows {t}" for t in one.rows if one.rows[t] != other.rows[t]]
