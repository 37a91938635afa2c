"""Catkin with one guard taken out, to see that its line of the table then fails.

    python -m tests.faults.without key serve

Nothing in app/ knows of it: what stands in the guard's place is put there before Catkin starts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ONLY_TAKE_OUT = "only-take-out"
GUARDS: dict[str, Callable[[], None]] = {}


def _guard(take_out: Callable[[], None]) -> Callable[[], None]:
    GUARDS[take_out.__name__.strip("_")] = take_out
    return take_out


@_guard
def _gate() -> None:
    """Writers do not queue: SQLite's own waiting is all there is."""
    from app.base.gate import Gate

    @contextmanager
    def kept(_self: Gate, **_: Any) -> Iterator[None]:
        yield

    Gate._kept = kept  # type: ignore[method-assign]


@_guard
def _key() -> None:
    """A press knows nothing of the same press before."""
    from app.base import ids
    from app.safeguarding.actions import file

    file.kept_already = lambda *_: None
    file.key_of = lambda *_: ids.new_token()


@_guard
def _trigger() -> None:
    """The database lets itself be changed."""
    from app import prepare
    from app.base.database import Store, file_of
    from app.serve import proving

    def fell(data: Any, store: Store, declared: dict[str, str]) -> list[str]:
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(file_of(data, store))) as open_store:
            for name in declared:
                open_store.execute(f"DROP TRIGGER IF EXISTS {name}")
        return []

    prepare.restore_guards = proving.restore_guards = fell


@_guard
def _chain() -> None:
    """Writes leave no link."""
    from app.safeguarding import chain

    names = [name for name in ("_add_link", "_add_links") if hasattr(chain, name)]
    assert names, "chain.py adds its links in another way now"
    for name in names:
        setattr(chain, name, lambda *_: None)


@_guard
def _dedupe() -> None:
    """The outbox does not know what went already."""
    from app.safeguarding.mailing import Letters
    from app.safeguarding.queries import mail

    mail._letters = lambda _school_id: {}
    assert Letters().through == 0


@_guard
def _spool() -> None:
    """There is only the database to tell to."""
    import app.safeguarding.actions  # noqa: F401  # What leads to the spool comes before it.
    from app.safeguarding import spool

    def away(*_: Any) -> str:
        raise OSError("there is no spool")

    spool.put = away


def main(arguments: list[str]) -> int:
    """Start Catkin without the guard that is named first; `only-take-out` starts nothing."""
    from app.__main__ import main as catkin

    os.umask(0o077)
    GUARDS[arguments[0]]()
    return 0 if arguments[1:] == [ONLY_TAKE_OUT] else catkin(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
