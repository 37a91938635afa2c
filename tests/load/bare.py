"""What the same server can do with no product on it: a page of two reads, an answer of one insert.

No sign-in, no token, no permission, no progress, no compression. It marks what the stack allows.

    python -m tests.load.bare 8150 folder
"""

from __future__ import annotations

import random
import sqlite3
import sys
import threading
import time
from pathlib import Path

from flask import Flask, render_template

from app.base.database import Store, connect_stores, gate_of
from app.serve.port import hold_port
from app.serve.workers import serve_with_workers

CARDS, STEPS = 20, 12
HERE = threading.local()


def bare_app(folder: Path) -> Flask:
    """The two routes, on a database of their own in this folder."""
    app = Flask("bare", template_folder=str(Path(__file__).parent / "bare_pages"))
    connect_stores(app, folder)
    file, gate = str(folder / "bare.db"), gate_of(folder, Store.LEARNING)
    _seed(file)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/page")
    def page() -> str:
        lesson, connection = random.randrange(CARDS), _line(file)
        asked = "SELECT title FROM lesson WHERE id = ?"
        title = connection.execute(asked, (lesson,)).fetchone()[0]
        steps = connection.execute(
            "SELECT pos, title, body FROM step WHERE lesson = ? ORDER BY pos", (lesson,)
        ).fetchall()
        shown = [{"pos": pos, "title": head, "body": body} for pos, head, body in steps]
        return render_template("lesson.html", title=title, steps=shown, who="Pupil 1")

    @app.post("/answer")
    def answer() -> str:
        given = (random.randrange(420), random.randrange(240), 1, time.time())
        with gate.hold():
            _line(file).execute("INSERT INTO answer VALUES (NULL, ?, ?, ?, ?)", given)
        return "ok"

    return app


def _line(file: str) -> sqlite3.Connection:
    """This thread's connection, as durable as Catkin's own."""
    connection: sqlite3.Connection | None = getattr(HERE, "line", None)
    if connection is None:
        connection = HERE.line = sqlite3.connect(file, isolation_level=None, timeout=5)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    return connection


def _seed(file: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE lesson (id INTEGER PRIMARY KEY, title TEXT);"
            "CREATE TABLE step (lesson INTEGER, pos INTEGER, title TEXT, body TEXT);"
            "CREATE INDEX ix_step ON step (lesson, pos);"
            "CREATE TABLE answer (id INTEGER PRIMARY KEY, pupil INTEGER, place INTEGER,"
            " choice INTEGER, at REAL);"
            "CREATE INDEX ix_answer ON answer (pupil, place);"
        )
        body = "What would you do next? " * 12
        for lesson in range(CARDS):
            connection.execute("INSERT INTO lesson VALUES (?, ?)", (lesson, "Meeting people"))
            connection.executemany(
                "INSERT INTO step VALUES (?, ?, ?, ?)",
                [(lesson, pos, f"Step {pos}", body) for pos in range(STEPS)],
            )
    connection.close()


def main() -> None:
    """Serve until stopped, with Catkin's own server and workers."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    listener = hold_port("127.0.0.1", port)
    serve_with_workers(bare_app(folder), listener, lambda: None)


if __name__ == "__main__":
    main()
