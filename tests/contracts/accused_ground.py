"""A school whose graph each example draws anew, with one concern or without it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.base import clock, ids
from app.base.database import Store, file_of, writing
from app.base.errors import Refused
from app.people.rules import Role
from app.people.tables import ClassStaff, Invitation, Staff, StaffRole
from app.people.viewers import StaffHere
from app.safeguarding import queries
from app.safeguarding.actions import handle, keep_from
from app.safeguarding.actions.add import add_words
from app.safeguarding.actions.file import Telling, file_concern
from app.safeguarding.actions.handle import By
from app.safeguarding.queries.kept_from import from_whom
from app.safeguarding.rules import Closing, Told
from tests.at_school import AtSchool, small_school

NAMES = (
    ("Ngozi Okafor", "Mrs Okafor"),
    ("Peter Lane", "Mr Lane"),
    ("Ada Hughes", "Mrs Hughes"),
    ("Sam Boateng", "Mr Boateng"),
    ("Ruth Adeyemi", "Ms Adeyemi"),
    ("Katie Papadopoulos", "Miss Katie"),
    ("Dev Patel", "Mr Patel"),
    ("Mary O'Brien", "Miss O'Brien"),
)
HERE, NEVER_CAME, LEFT = "here", "never signed in", "left"
CHOSEN, NAMED, MARKED = "chosen", "named", "marked"
JUNK = "nobodys"


@dataclass(frozen=True)
class Grown:
    """An adult of the example."""

    roles: tuple[Role, ...]
    state: str
    classes: tuple[int, ...]


@dataclass(frozen=True)
class Other:
    """A further concern of the school, in both worlds."""

    to: frozenset[int]
    about: frozenset[int]
    happened: tuple[str, ...]
    closed: bool
    opened: bool


@dataclass(frozen=True)
class Case:
    """A school, whom the concern is about, and how that came to be."""

    adults: tuple[Grown, ...]
    subject: int
    way: str
    to: frozenset[int]
    named_child: bool
    anyone: bool
    also_adds: bool
    read_before: bool
    others: tuple[Other, ...]
    newcomer: int | None = None
    """Who came in by a link of the subject, and nobody has said yet that it is them."""

    @property
    def waits(self) -> int | None:
        """The newcomer, where they could come in at all: nobody makes a link for themselves."""
        at = self.newcomer
        return None if at in (None, self.subject) or self.adults[at].state != HERE else at


class Copy:
    """Both files as they are now, to be put back."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._kept = {store: sqlite3.connect(":memory:") for store in Store}
        for store, kept in self._kept.items():
            with closing(sqlite3.connect(file_of(data, store))) as file:
                file.backup(kept)

    def put_back(self) -> None:
        for store, kept in self._kept.items():
            with closing(sqlite3.connect(file_of(self._data, store))) as file:
                kept.backup(file)

    def let_go(self) -> None:
        for kept in self._kept.values():
            kept.close()


class Ground:
    """The app with a school of eight, whose graph each example draws anew."""

    def __init__(self, app: Flask, data: Path) -> None:
        self.app, self.data = app, data
        self.school: AtSchool = small_school(app)
        self.adults = [self.school.okafor, self.school.lane, *(ids.new_id() for _ in NAMES[2:])]
        self._add_adults()
        self.base = Copy(data)

    def _add_adults(self) -> None:
        with self.app.app_context(), writing(Store.LEARNING) as session:
            for table in (StaffRole, ClassStaff):
                session.query(table).filter_by(school_id=self.school.school).delete()
            for staff_id, (name, known_as) in zip(self.adults, NAMES, strict=True):
                session.merge(
                    Staff(
                        id=staff_id,
                        school_id=self.school.school,
                        name=name,
                        known_as=known_as,
                        email=f"{staff_id}@example.sch.uk",
                        password="no password has this form",
                        made_at=clock.now(),
                    )
                )

    def keep_copy(self) -> Copy:
        """Both files as they are now."""
        return Copy(self.data)

    def grow(self, case: Case) -> None:
        """The school of an example, with all but the concern."""
        self.base.put_back()
        with self.app.app_context():
            self._hire(case)
            for other in case.others:
                self._tell_other(case, other)

    def _hire(self, case: Case) -> None:
        rooms, school_id, now = (
            (self.school.hazel, self.school.fern),
            self.school.school,
            clock.now(),
        )
        with writing(Store.LEARNING) as session:
            for staff_id, grown in zip(self.adults, case.adults, strict=True):
                adult = session.get(Staff, staff_id)
                assert adult is not None
                adult.signed_in_first = None if grown.state == NEVER_CAME else now
                adult.left_at = now if grown.state == LEFT else None
                for role in grown.roles:
                    held = {"staff_id": staff_id, "role": role.value, "school_id": school_id}
                    session.add(StaffRole(**held, granted_at=now))
                for at in grown.classes:
                    session.add(
                        ClassStaff(class_id=rooms[at], staff_id=staff_id, school_id=school_id)
                    )
            if case.waits is not None:
                session.add(self._link(case.waits, case.subject))

    def _link(self, receiver: int, maker: int) -> Invitation:
        return Invitation(
            fingerprint="a link",
            school_id=self.school.school,
            staff_id=self.adults[receiver],
            made_by=self.adults[maker],
            ends_at=clock.now(),
            used_at=clock.now(),
            waits=True,
        )

    def _ids(self, which: frozenset[int]) -> tuple[str, ...]:
        return tuple(self.adults[at] for at in sorted(which))

    def _tell_other(self, case: Case, other: Other) -> None:
        told = Told(
            happened=other.happened,
            words="somebody was mean",
            to=self._ids(other.to),
            about=self._ids(other.about),
        )
        here = self.school
        reference = file_concern(
            here.school, Telling(ids.new_token(), told, here.amina, here.hazel)
        )
        for viewer in self.team(case):
            facts = queries.desk.concern(here.school, viewer, reference)
            if facts is None:
                continue
            if other.opened:
                handle.open_concern(here.school, facts, viewer.id)
            if other.closed:
                done = Closing("We met", "No more", "It stopped", "Well", child_told=True)
                handle.close(here.school, facts, done, by=By(viewer.id, ids.new_token()))
            break

    def team(self, case: Case) -> Iterator[StaffHere]:
        """The members of the team who could act, as they would be signed in."""
        for at, grown in enumerate(case.adults):
            here = self.viewer(case, at)
            if here.sees_concerns and grown.state == HERE:
                yield here

    def viewer(self, case: Case, at: int) -> StaffHere:
        """An adult as the queries know them."""
        name, known_as = NAMES[at]
        return StaffHere(
            sign_in="",
            school_id=self.school.school,
            id=self.adults[at],
            name=name,
            known_as=known_as,
            roles=case.adults[at].roles,
            seen_at=clock.now(),
            stepped_up_at=None,
            behind=self.adults[case.subject] if at == case.waits else None,
        )

    def tell(self, case: Case) -> str | None:
        """The concern; its reference, or None where nobody may mark it."""
        subject, here = self.adults[case.subject], self.school
        naming = f"It was {NAMES[case.subject][1].replace('e', 'a', 1)}." * (case.way == NAMED)
        told = Told(
            happened=("secret",),
            words=f"please help me {naming}",
            to=self._ids(case.to),
            about=(subject,) if case.way == CHOSEN else (),
            anyone=case.anyone,
        )
        pupil = here.amina if case.named_child else None
        telling = Telling(ids.new_token(), told, pupil, here.hazel)
        with self.app.app_context():
            reference = file_concern(here.school, telling)
            if case.way == MARKED and not self._mark(case, reference):
                return None
            if case.also_adds and pupil:
                note = queries.notes.note(here.school, reference, pupil)
                assert note is not None
                more = {"pupil_id": pupil, "class_id": here.hazel}
                add_words(here.school, note, "and again", ids.new_token(), **more)
        return reference

    def _mark(self, case: Case, reference: str) -> bool:
        school_id, subject = self.school.school, self.viewer(case, case.subject)
        theirs = queries.desk.concern(school_id, subject, reference)
        if theirs is not None and case.read_before:
            handle.open_concern(school_id, theirs, subject.id)
        not_by = {subject.id, None if case.waits is None else self.adults[case.waits]}
        by = next((one for one in self.team(case) if one.id not in not_by), None)
        if by is None:
            return False
        facts = queries.desk.concern(school_id, by, reference)
        assert facts is not None
        who = By(by.id, ids.new_token())
        try:
            keep_from.mark(school_id, facts, subject.id, "so it seems", by=who)
        except Refused:  # Fewer than two would be left.
            return False
        return True

    def is_kept(self, case: Case, reference: str) -> bool:
        """Whether the concern does not exist for the subject."""
        with closing(sqlite3.connect(file_of(self.data, Store.SAFEGUARDING))) as file:
            asked = "SELECT id FROM concern WHERE reference = ?"
            ((number,),) = file.execute(asked, (reference,)).fetchall()
        with self.app.app_context():
            return self.adults[case.subject] in from_whom(self.school.school, number)
