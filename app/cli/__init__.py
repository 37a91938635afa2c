"""`python -m app <command>`: looking after an installation."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.cli.content import check_content, draw_map, new_piece
from app.config import Settings, read_settings
from app.content.skins import APPS
from app.content.values import BANDS
from app.people.rules import NATIONS

__all__ = ["check_content", "run_command"]

Command = Callable[[Settings, argparse.Namespace], int]
"""Does what was asked; the exit code."""


def run_command(arguments: Sequence[str]) -> int:
    """Do one command; the exit code. Argparse itself ends with 2 for a command it does not know."""
    asked = _parser().parse_args(arguments)
    do: Command = asked.do
    if asked.of_the_demo:  # However the environment was set.
        return do(read_settings({**os.environ, "DEMO": "1"}), asked)
    return do(read_settings(), asked)


def _check(settings: Settings, _asked: argparse.Namespace) -> int:
    return check_content(settings.content_dir)


def _map(settings: Settings, asked: argparse.Namespace) -> int:
    return draw_map(settings.content_dir, asked.story, asked.to)


def _new(settings: Settings, asked: argparse.Namespace) -> int:
    return new_piece(settings.content_dir, asked)


# What only one command needs is fetched by that command: a start must stay quick.


def _preview(settings: Settings, _asked: argparse.Namespace) -> int:
    from app.cli.preview import preview

    return preview(settings.content_dir)


def _rebuild(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.data import prove_progress

    return prove_progress(settings, mend=not asked.check)


def _pictures_key(settings: Settings, _asked: argparse.Namespace) -> int:
    from app.cli.data import new_pictures_key

    return new_pictures_key(settings)


def _rotate_key(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.keys import rotate_key

    return rotate_key(settings, asked)


def _recover_keys(settings: Settings, _asked: argparse.Namespace) -> int:
    from app.cli.keys import recover_keys

    return recover_keys(settings)


def _backup(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.backup import make_backup

    return make_backup(settings, asked)


def _restore(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.backup import restore_backup

    return restore_backup(settings, asked)


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.verify import verify

    return verify(settings, asked)


def _drill(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.drill import drill

    return drill(settings, asked)


def _add_school(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.school import add

    return add(settings, asked)


def _list_schools(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.school import list_all

    return list_all(settings, asked)


def _reset(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.people import reset

    return reset(settings, asked.email)


def _service(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.service import print_service

    return print_service(settings, asked)


def _demo(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.demo import demo

    return demo(settings, as_json=asked.json, pupils=asked.pupils, reset=asked.reset)


def _doctor(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.doctor import look_at_all

    return look_at_all(settings, as_json=asked.json)


def _mail(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.doctor import try_mail

    return try_mail(settings, asked.to)


def _tls(settings: Settings, asked: argparse.Namespace) -> int:
    from app.cli.tls import make_tls

    return make_tls(settings, asked)


def _parser() -> argparse.ArgumentParser:
    """Every command, each with what does it."""
    parser = argparse.ArgumentParser(
        prog="python -m app", description="Without a command, Catkin is served."
    )
    parser.set_defaults(of_the_demo=False)
    subjects = parser.add_subparsers(dest="subject", required=True)
    _content_commands(subjects.add_parser("content", help="the lessons and quizzes"))
    _data_commands(subjects.add_parser("data", help="what pupils did"))
    _school_commands(subjects.add_parser("school", help="further schools on this Catkin"))
    _add_service(subjects.add_parser("service", help="files that start Catkin with the computer"))
    _add_tls(subjects.add_parser("tls", help="a certificate for the school's network"))
    _add_demo(subjects.add_parser("demo", help="the pretend school: every sign-in of it"))
    people = _verbs(subjects.add_parser("people", help="the adults of the school"))
    anew = people.add_parser(
        "reset", help="a link for one who can sign in no more; the team is told"
    )
    anew.add_argument("email")
    anew.set_defaults(do=_reset)
    doctor = subjects.add_parser("doctor", help="look whether everything works, and say what to do")
    doctor.add_argument("--json", action="store_true", help="the same for a machine to read")
    doctor.set_defaults(do=_doctor)
    mail = subjects.add_parser("mail", help="messages that something waits")
    test = _verbs(mail).add_parser("test", help="send one that says it is a test")
    test.add_argument("to")
    test.set_defaults(do=_mail)
    return parser


def _verbs(parser: argparse.ArgumentParser) -> Any:
    return parser.add_subparsers(dest="verb", required=True)


def _content_commands(parser: argparse.ArgumentParser) -> None:
    verbs = _verbs(parser)
    check = verbs.add_parser("check", help="name everything that is to be mended in them")
    check.set_defaults(do=_check)
    _add_map(verbs.add_parser("map", help="draw every scene and move of a story on one page"))
    _add_new(verbs.add_parser("new", help="begin a lesson or story that passes the check"))
    preview = verbs.add_parser(
        "preview", help="show them on this computer, as pupils will see them"
    )
    preview.set_defaults(do=_preview)


def _data_commands(parser: argparse.ArgumentParser) -> None:
    verbs = _verbs(parser)
    rebuild = verbs.add_parser("rebuild-progress", help="make progress anew from first answers")
    rebuild.add_argument("--check", action="store_true", help="compare only, and change nothing")
    rebuild.set_defaults(do=_rebuild)
    lost = verbs.add_parser("new-pictures-key", help="another key for pupils' pictures, if lost")
    lost.set_defaults(do=_pictures_key)
    rotate = verbs.add_parser("rotate-key", help="another key for what children told; the old goes")
    rotate.add_argument("--yes", action="store_true", help="change it without asking first")
    rotate.set_defaults(do=_rotate_key)
    recover = verbs.add_parser("recover-keys", help="lost keys, with the recovery key on paper")
    recover.set_defaults(do=_recover_keys)
    _add_backup(verbs.add_parser("backup", help="copy the school to another folder"))
    drill = verbs.add_parser("drill", help="put a backup back elsewhere, to see that it can be")
    drill.add_argument("backup", type=Path, nargs="?", help="else the newest")
    drill.set_defaults(do=_drill)
    _add_restore(verbs.add_parser("restore", help="put a backup back where no school lives"))
    _add_verify(verbs.add_parser("verify", help="prove that nobody altered what children told"))


def _school_commands(parser: argparse.ArgumentParser) -> None:
    verbs = _verbs(parser)
    add = verbs.add_parser("add", help="make one more, and print the link of its first adult")
    add.add_argument("name", help="the name of the school")
    add.add_argument("--nation", required=True, choices=NATIONS)
    add.add_argument("--adult", metavar="NAME", help="its first DSL; else asked for")
    add.add_argument("--email", metavar="ADDRESS", help="of this adult; else asked for")
    add.add_argument("--known-as", metavar="NAME", help="what pupils say; else the name")
    add.add_argument("--starts", metavar="TIME", default="8:45", help="of the school day; 8:45")
    add.add_argument("--ends", metavar="TIME", default="15:30", help="of the school day; 15:30")
    add.set_defaults(do=_add_school)
    verbs.add_parser("list", help="name each").set_defaults(do=_list_schools)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for a program to read")
    parser.add_argument("--pupils", type=int, help="a larger school, with as many as 420")
    parser.add_argument("--reset", action="store_true", help="throw it away, and make it anew")
    parser.set_defaults(do=_demo, of_the_demo=True)


def _add_tls(parser: argparse.ArgumentParser) -> None:
    named: dict[str, Any] = {"action": "append", "default": []}
    parser.add_argument("--name", **named, help="by which devices open Catkin; else what is found")
    parser.add_argument("--address", **named, help="the same, a number such as 10.0.0.5")
    parser.add_argument("--renew", action="store_true", help="another, of the same authority")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="else beside the keys folder")
    parser.set_defaults(do=_tls)


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("story", help="the story's id, or its file")
    parser.add_argument("--to", help="the file to write; else <id>.html in this folder")
    parser.set_defaults(do=_map)


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("lesson", "story"))
    parser.add_argument("--band", required=True, choices=BANDS)
    parser.add_argument("--letter", required=True, choices=tuple("SMART"), type=str.upper)
    parser.add_argument("--title", required=True)
    parser.add_argument("--skin", choices=tuple(APPS), help="the pretend app of a story")
    parser.add_argument("--story", help="the id of the story that a lesson plays")
    parser.set_defaults(do=_new)


def _add_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="else beside the data folder")
    keys = "copy the keys too, to another place than the backups"
    parser.add_argument("--keys-to", type=Path, metavar="FOLDER", help=keys)
    nightly = "as a timer does: the oldest nightly backups go"
    parser.add_argument("--nightly", action="store_true", help=nightly)
    parser.set_defaults(do=_backup)


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, help="the folder that `data backup` made")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--keys", type=Path, metavar="FOLDER", help="the copy of the keys")
    how.add_argument("--paper", action="store_true", help="ask for the recovery key’s words")
    parser.set_defaults(do=_restore)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    head = "a head that was written down: the chain must still hold it"
    parser.add_argument("--head", action="append", default=[], metavar="HEAD", help=head)
    backup = "look at this backup instead of the data folder"
    parser.add_argument(
        "--backup", action="append", default=[], type=Path, metavar="FOLDER", help=backup
    )
    parser.set_defaults(do=_verify)


def _add_service(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--for", dest="system", choices=("systemd", "windows"), metavar="SYSTEM",
        help="systemd or windows; else whichever this computer has",
    )  # fmt: skip
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write the files there")
    parser.set_defaults(do=_service)
