"""Typing a class code: right ones open at once, and guessing is slow; see `guessing`.

Sixty wrong codes in ten minutes are free: a class of five-year-olds does not spend them. Thirty are
free to the devices of each class, on which its code was typed before.
"""

from __future__ import annotations

from datetime import datetime

from app.people.actions.guessing import CodePage, Guessing, Tried
from app.people.codes import Code
from app.people.queries.classes import ClassFacts, class_by_code
from app.people.queries.sign_ins import CLASS_CODES

BUDGET = 60
OF_CLASS = 30
GUESSING = Guessing(CLASS_CODES, BUDGET, of_class=OF_CLASS)


def try_class_code(typed: Code, page: CodePage, moment: datetime) -> Tried[ClassFacts]:
    """Look which class a code opens, if this browser may know; a wrong one is counted."""
    return GUESSING.look(lambda: class_by_code(typed.word, typed.number), page, moment)
