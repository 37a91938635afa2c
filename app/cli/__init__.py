"""`python -m app <command>`: looking after an installation."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from app.cli.content import check_content, draw_map, new_piece
from app.config import Settings, read_settings
from app.content.skins import APPS
from app.content.values import BANDS

__all__ = ["check_content", "run_command"]


def run_command(arguments: Sequence[str]) -> int:
    """Do one command; the exit code. Argparse itself ends with 2 for a command it does not know."""
    asked = _parser().parse_args(arguments)
    if asked.subject == "demo":
        from app.cli.demo import demo

        settings = read_settings({**os.environ, "DEMO": "1"})
        return demo(settings, as_json=asked.json, pupils=asked.pupils, reset=asked.reset)
    settings = read_settings()
    if asked.subject == "content":
        return _content(asked, settings)
    if asked.subject == "service":
        from app.cli.service import print_service

        return print_service(settings, asked)
    if asked.subject in ("doctor", "mail"):
        from app.cli.doctor import look_at_all, try_mail

        return (
            try_mail(settings, asked.to)
            if asked.subject == "mail"
            else look_at_all(settings, as_json=asked.json)
        )
    if asked.verb in {"backup", "restore"}:
        from app.cli import backup

        act = backup.make_backup if asked.verb == "backup" else backup.restore_backup
        return act(settings, asked)
    from app.cli.data import new_pictures_key, prove_progress

    if asked.verb == "new-pictures-key":
        return new_pictures_key(settings)
    return prove_progress(settings, mend=not asked.check)


def _content(asked: argparse.Namespace, settings: Settings) -> int:
    root = settings.content_dir
    if asked.verb == "map":
        return draw_map(root, asked.story, asked.to)
    if asked.verb == "new":
        return new_piece(root, asked)
    if asked.verb == "preview":
        from app.cli.preview import preview

        return preview(root)
    return check_content(root)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app", description="Without a command, Catkin is served."
    )
    subjects = parser.add_subparsers(dest="subject", required=True)
    content = subjects.add_parser("content", help="the lessons and quizzes")
    verbs = content.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="name everything that is to be mended in them")
    _add_map(verbs.add_parser("map", help="draw every scene and move of a story on one page"))
    _add_new(verbs.add_parser("new", help="begin a lesson or story that passes the check"))
    verbs.add_parser("preview", help="show them on this computer, as pupils will see them")
    data = subjects.add_parser("data", help="what pupils did")
    verbs = data.add_subparsers(dest="verb", required=True)
    rebuild = verbs.add_parser("rebuild-progress", help="make progress anew from first answers")
    rebuild.add_argument("--check", action="store_true", help="compare only, and change nothing")
    anew = "another key for pupils' pictures, where theirs is lost"
    verbs.add_parser("new-pictures-key", help=anew)
    _add_backup(verbs.add_parser("backup", help="copy the school to another folder"))
    _add_restore(verbs.add_parser("restore", help="put a backup back where no school lives"))
    _add_service(subjects.add_parser("service", help="files that start Catkin with the computer"))
    _add_demo(subjects.add_parser("demo", help="the pretend school: every sign-in of it"))
    doctor = subjects.add_parser("doctor", help="look whether everything works, and say what to do")
    doctor.add_argument("--json", action="store_true", help="the same for a machine to read")
    mail = subjects.add_parser("mail", help="messages that something waits")
    verbs = mail.add_subparsers(dest="verb", required=True)
    verbs.add_parser("test", help="send one that says it is a test").add_argument("to")
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for a program to read")
    parser.add_argument("--pupils", type=int, help="a larger school, with as many as 420")
    parser.add_argument("--reset", action="store_true", help="throw it away, and make it anew")


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("story", help="the story's id, or its file")
    parser.add_argument("--to", help="the file to write; else <id>.html in this folder")


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("lesson", "story"))
    parser.add_argument("--band", required=True, choices=BANDS)
    parser.add_argument("--letter", required=True, choices=tuple("SMART"), type=str.upper)
    parser.add_argument("--title", required=True)
    parser.add_argument("--skin", choices=tuple(APPS), help="the pretend app of a story")
    parser.add_argument("--story", help="the id of the story that a lesson plays")


def _add_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="else beside the data folder")
    keys = "copy the keys too, to another place than the backups"
    parser.add_argument("--keys-to", type=Path, metavar="FOLDER", help=keys)
    nightly = "as a timer does: the oldest nightly backups go"
    parser.add_argument("--nightly", action="store_true", help=nightly)


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, help="the folder that `data backup` made")
    parser.add_argument("--keys", type=Path, metavar="FOLDER", help="the copy of the keys")


def _add_service(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--for", dest="system", choices=("systemd", "windows"), metavar="SYSTEM",
        help="systemd or windows; else whichever this computer has",
    )  # fmt: skip
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write the files there")
