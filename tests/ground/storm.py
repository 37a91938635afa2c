"""A hundred children telling and a hundred answering at once, and a server that is killed."""

from __future__ import annotations

import http.client
import re
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from app.base import clock, ids
from app.base.database import Store, writing
from app.config import Settings
from app.learning.actions import begin
from app.people.actions.sign_ins import begin_for_pupil
from app.people.tables import Pupil
from app.prepare import prepare
from tests.at_desk import AtDesk, school_with_team
from tests.quick import started_before

HOW_MANY = 100
STORY = "t-79-block-it"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'name="step" value="([^"]+)"')


@dataclass
class Assembly:
    """A school with a hundred pupils who have each begun the same story."""

    desk: AtDesk
    cookies: dict[str, str] = field(default_factory=dict)
    """A signed cookie for each pupil."""


def assemble(data: Path, keys: Path) -> Assembly:
    """Make the school in these folders, and sign everybody in."""
    started_before(data, keys)
    app = create_app(prepare(Settings(data_dir=data, keys_dir=keys)), testing=True)
    assembly = Assembly(school_with_team(app))
    with app.app_context():
        pupils = _pupils(assembly.desk)
        story = app.extensions["catkin"].catalogue.quizzes[STORY]
        for pupil_id in pupils:
            token = begin_for_pupil(assembly.desk.id, pupil_id, clock.now())
            begin(assembly.desk.id, pupil_id, piece=story, runs_seen=0, moment=clock.now())
            assembly.cookies[pupil_id] = _cookie(app, token)
    return assembly


def _pupils(desk: AtDesk) -> list[str]:
    found = [ids.new_id() for _ in range(HOW_MANY)]
    with writing(Store.LEARNING) as session:
        for number, pupil_id in enumerate(found):
            session.add(
                Pupil(
                    id=pupil_id,
                    school_id=desk.id,
                    class_id=desk.school.hazel,
                    given_name=f"Pupil{number}",
                    family_name="Khan",
                    shown_name=f"Pupil{number}",
                    avatar="fox",
                    made_at=clock.now(),
                )
            )
    return found


def _cookie(app: Flask, token: str) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"_user_id": token, "_fresh": True}))


@dataclass
class Child:
    """One browser: a connection and the cookie it holds."""

    port: int
    cookie: str = ""

    def get(self, path: str) -> str:
        """A page's text."""
        return self._ask("GET", path)[1]

    def post(self, path: str, **form: str) -> int:
        """Send a form; the status of the answer."""
        return self._ask("POST", path, urllib.parse.urlencode(form))[0]

    @property
    def reference(self) -> str:
        """The reference that a receipt would show, as this browser's cookie holds it."""
        _, session = URLSafeTimedSerializer("").loads_unsafe(self.cookie)
        return str(session["sent"]["reference"])

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {"Cookie": f"catkin={self.cookie}"} if self.cookie else {}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            given = answer.getheader("Set-Cookie") or ""
            if given.startswith("catkin="):
                self.cookie = given.partition(";")[0].removeprefix("catkin=")
            return answer.status, text
        finally:
            connection.close()


def teller(port: int, number: int) -> tuple[Child, Callable[[], bool]]:
    """A child ready to press Send, and the press."""
    child = Child(port)
    token = TOKEN.findall(child.get("/tell/feel"))[0]
    form = {"csrf_token": token, "once": ids.new_token(), "step": "feel", "send": "yes"}
    return child, lambda: child.post("/tell/feel", words=f"canary {number}", **form) == 303


def answerer(port: int, cookie: str) -> Callable[[], bool]:
    """A child ready to press Go on the first scene."""
    child = Child(port, cookie)
    page = child.get(f"/quiz/{STORY}/play")
    token, step = TOKEN.findall(page)[0], HIDDEN.findall(page)[0]
    form = {"csrf_token": token, "step": step, "choice": "1"}
    return lambda: child.post(f"/quiz/{STORY}/play", **form) == 303


def all_at_once(presses: dict[str, Callable[[], bool]], after: Callable[[str], None]) -> set[str]:
    """Press everything at once; the keys of those that were acknowledged."""
    done: Queue[str] = Queue()

    def press(key: str, go: Callable[[], bool]) -> None:
        try:
            if go():
                done.put(key)
                after(key)
        except (OSError, http.client.HTTPException):
            return

    threads = [threading.Thread(target=press, args=pair) for pair in presses.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(done.queue)
