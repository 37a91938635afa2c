"""A paper that the school printed, and a look into the file of what children told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask

from app.base.database import Store, file_of
from app.safeguarding.actions.paper import confirm_paper, keep_paper, new_paper
from tests.at_desk import AtDesk


def printed(app: Flask, desk: AtDesk) -> str:
    """The words of a paper that was printed just now."""
    with app.app_context():
        paper = new_paper(desk.id, by=desk.head)
        keep_paper(desk.id, paper.version, paper.public, by=desk.head)
    return " ".join(paper.words)


def confirmed(app: Flask, desk: AtDesk, version: int) -> None:
    """The DSL says yes to a paper that the head printed."""
    with app.app_context():
        confirm_paper(desk.id, version, by=desk.school.lane)


def safeguarding(data: Path, question: str, *given: Any) -> list[Any]:
    """What the file answers, or what somebody does to it by hand."""
    with closing(sqlite3.connect(file_of(data, Store.SAFEGUARDING))) as store, store:
        return store.execute(question, given).fetchall()
