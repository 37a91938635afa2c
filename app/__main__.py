"""`python -m app`: serve Catkin; `python -m app <command>`: look after it."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from app.base.errors import CannotStart
from app.config import read_settings


def main(arguments: list[str]) -> int:
    """Do what was asked; the exit code. What cannot be is said in one sentence."""
    os.umask(0o077)  # Databases, keys and locks are nobody else’s to read.
    while arguments[:1] == ["--set"] and "=" in "".join(arguments[1:2]):
        # For the Task Scheduler of Windows, whose tasks have no environment of their own.
        name, _, value = arguments[1].partition("=")
        os.environ[name], arguments = value, arguments[2:]
    try:
        if arguments in ([], ["serve"]):
            settings = read_settings()
            gc.disable()  # Hardly anything made while starting is ever thrown away.
            from app.serve import serve

            serve(settings)
            return 0
        from app.cli import run_command

        return run_command(arguments)
    except CannotStart as problem:
        print(_as_typed_here(str(problem)), file=sys.stderr)
        return 1
    except PermissionError as problem:
        print(
            f"This user may not use {problem.filename or 'what this needs'}:"
            " give the command as the user that Catkin runs as.",
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:
        # Whoever read along has read enough (`doctor | head`); there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # The usual code for it.
    except KeyboardInterrupt:
        return 130  # The usual code for Ctrl-C; nothing is half-done that a restart would mind.


def _as_typed_here(says: str) -> str:
    """A sentence whose commands name this installation's folders, if its settings can be read."""
    with suppress(CannotStart):
        return read_settings().whole(says)
    return says


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
