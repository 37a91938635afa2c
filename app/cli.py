"""`python -m app content …` and `python -m app data …`: looking after an installation."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app.base.database import Store, connect_stores, db, file_of
from app.base.errors import CannotStart
from app.base.migrations import refuse_newer, version_of, versions
from app.config import Settings, read_settings
from app.content.check import check
from app.learning.actions import rebuild_progress
from app.learning.queries import progress_proof


def run_command(arguments: Sequence[str]) -> int:
    """Do one command; the exit code. Argparse itself ends with 2 for a command it does not know."""
    asked = _parser().parse_args(arguments)
    settings = read_settings()
    if asked.subject == "content":
        return check_content(settings.content_dir)
    return prove_progress(settings, mend=not asked.check)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app", description="Without a command, Catkin is served."
    )
    subjects = parser.add_subparsers(dest="subject", required=True)
    content = subjects.add_parser("content", help="the lessons and quizzes")
    verbs = content.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="name everything that is to be mended in them")
    data = subjects.add_parser("data", help="what pupils did")
    verbs = data.add_subparsers(dest="verb", required=True)
    rebuild = verbs.add_parser("rebuild-progress", help="make progress anew from first answers")
    rebuild.add_argument("--check", action="store_true", help="compare only, and change nothing")
    return parser


def check_content(root: Path) -> int:
    """Print every problem of the content; 1 if there is any."""
    problems = check(root)
    for problem in problems:
        print(problem)
    if problems:
        print(_count(len(problems), "problem") + ".")
        return 1
    print(f"{_count(len(list(content_files(root))), 'file')}, nothing to mend.")
    return 0


def content_files(root: Path) -> Iterator[Path]:
    """The files of lessons, quizzes and registers."""
    yield from root.glob("lessons/*/*.md")
    yield from root.glob("quizzes/*/*.yaml")
    yield from root.glob("lessons/facts/*.yaml")


def prove_progress(settings: Settings, *, mend: bool) -> int:
    """Compare progress with the first answers; print each difference, and put it right if asked.

    1 if there are differences that still stand.
    """
    with _learning_store(settings.data_dir):
        proof = rebuild_progress() if mend else progress_proof(db.session())
    for difference in proof.differences():
        print(difference)
    if proof.agrees:
        print(f"Progress agrees with {_count(proof.answers, 'answer')}.")
    elif mend:
        print(f"Progress was made anew from {_count(proof.answers, 'answer')}.")
    return 0 if mend or proof.agrees else 1


@contextmanager
def _learning_store(data_dir: Path) -> Iterator[None]:
    """The learning store of a data folder that was served before, and nothing else of the app."""
    if not file_of(data_dir, Store.LEARNING).exists():
        raise CannotStart(f"There is no Catkin data in {data_dir}. Give DATA_DIR.")
    refuse_newer(data_dir, Store.LEARNING)
    if version_of(data_dir, Store.LEARNING) != versions(Store.LEARNING)[-1]:
        raise CannotStart(f"The data in {data_dir} is of an older Catkin. Start Catkin once first.")
    app = Flask("catkin")
    connect_stores(app, data_dir)
    with app.app_context():
        yield


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
