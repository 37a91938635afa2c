"""The code of a school's families: typing it, and drawing it afresh.

A phone that has typed many wrong ones rests by itself. All phones together have a budget that a
hall of two hundred does not spend; what comes then is told in `guessing`. No limit knows an
address, for a whole hall shares one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.base.clock import now
from app.base.database import Store, writing
from app.base.throttle import Step
from app.people.actions.guessing import CodePage, Guessing, Tried
from app.people.codes import Code, draw_code
from app.people.queries.families import FAMILY_CODES, FamilySchool, school_by_code
from app.people.tables import FamilyCode

BUDGET = 300
ONE_PHONE = 10
GUESSING = Guessing(FAMILY_CODES, BUDGET, (Step(ONE_PHONE, timedelta(minutes=5)),))


def try_family_code(typed: Code, page: CodePage, moment: datetime) -> Tried[FamilySchool]:
    """Look which school a code opens, if this browser may know; a wrong one is counted."""
    return GUESSING.look(lambda: school_by_code(typed.word, typed.number), page, moment)


def new_family_code(school_id: str) -> Code:
    """Draw the school's code, or another one: the old one ends at once, on every phone."""
    with writing(Store.LEARNING) as session:
        code = _unused_code(session)
        row = session.get(FamilyCode, school_id)
        if row is None:
            row = FamilyCode(school_id=school_id)
            session.add(row)
        row.word, row.number, row.made_at = code.word, code.number, now()
    return code


def _unused_code(session: Session) -> Code:
    """A code that the families of no school have."""
    while True:
        code = draw_code()
        holders = session.scalar(
            select(func.count(FamilyCode.school_id))
            .where(FamilyCode.word == code.word, FamilyCode.number == code.number)
            .execution_options(every_school="a code opens one school in the whole installation")
        )
        if not holders:
            return code
