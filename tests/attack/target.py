"""What is attacked: two schools in the middle of a morning, served as they are in life.

Each attacker has a copy of their own, so that nothing one of them ends is missing for the next.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from werkzeug.test import TestResponse

from app import create_app
from app.base.database import Store, engine_of, file_of
from app.config import ROOT, Settings
from app.people.rules import Role
from app.prepare import prepare
from tests.attack.findings import Finding
from tests.contracts.forms_seen import all_forms, fields_of, paths
from tests.contracts.mornings import build_world
from tests.contracts.two_schools import BACK, World, in_the_morning
from tests.ground.running import Running, free_port
from tests.parsed import tree_of
from tests.quick import started_before

ATTACKERS = (Role.NOBODY, Role.PUPIL, Role.FAMILY, Role.TEACHER, Role.OFFICE, Role.DSL)
LEAVES = {"workshop.leave"}
GOES_IN = LEAVES | {"pupil.card", "pupil.come_in", "teacher.join"}
"""By these nobody becomes somebody, or leaves the hall."""
ENDS = GOES_IN | {
    *("pupil.sign_out", "pupil.other_class", "pupil.class_code", "pupil.notes_come_in"),
    *("pupil.notes_close", "teacher.sign_out", "teacher.sign_in", "teacher.all_out"),
    *("teacher.end_sign_in", "teacher.end_other_sign_ins", "teacher.change_password"),
    *("office.end_account", "family.leave"),
}
"""Endpoints that end the sign-in of whoever is signed in, or of somebody they depend on."""
LAST = {"office.move_pupil", "office.remove_pupil", "teacher.end_workshop", "teacher.new_code"}
"""After these, what other requests name is there no more."""
OWN_PAGE = {
    Role.NOBODY: "/workshop/now",
    Role.PUPIL: "/map",
    Role.FAMILY: "/families",
}
"""Where somebody who is let in gets 200; every other adult on Today."""


@dataclass(frozen=True)
class Request:
    """A request with something in it that an attacker can change."""

    who: str
    endpoint: str
    method: str
    path: str
    body: str = ""

    @property
    def name(self) -> str:
        """As the table says it."""
        return f"{self.method} {self.endpoint}"


@dataclass
class Target:
    """Both schools on disk, and what can be asked of them."""

    folder: Path
    cookies: dict[str, str]
    """By attacker: the header that their browser sends."""
    agent: str
    """The browser that their sign-ins belong to."""
    pages: list[str]
    ends: dict[str, list[str]]
    """By attacker: what they keep away from, so as not to be shut out."""
    requests: list[Request]

    @contextmanager
    def served(self) -> Iterator[Served]:
        """A copy of the schools, served; gone after the block."""
        with tempfile.TemporaryDirectory(prefix="catkin-attacked-") as name:
            shutil.copytree(self.folder, name, dirs_exist_ok=True)
            log = Path(name) / "log"
            with log.open("wb") as out:
                served = Served(_serve(Path(name), out.fileno()), log)
                try:
                    served.wait()
                    yield served
                finally:
                    served.running.kill_all()


@dataclass
class Served:
    """One Catkin that is attacked, and what it writes of itself."""

    running: Running
    log: Path

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(600):
            if self.running.answers():
                return
            assert self.running.process.poll() is None, self.log.read_text("utf-8")
            time.sleep(0.05)
        raise AssertionError("Catkin did not answer in time")

    def lets_in(self, target: Target, who: str) -> bool:
        """Whether an attacker still is who they say: else the rest tries the door alone."""
        headers = {"Cookie": target.cookies[who], "User-Agent": target.agent}
        url = self.running.address + OWN_PAGE.get(Role(who), "/today")
        opener = urllib.request.build_opener(_Stay)
        try:
            with opener.open(urllib.request.Request(url, headers=headers), timeout=20) as answer:
                return int(answer.status) == 200
        except urllib.error.HTTPError:
            return False

    def _answers(self) -> Iterator[tuple[int, str]]:
        for line in self.log.read_text("utf-8").splitlines():
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("event") == "request":
                yield said["status"], said["route"]

    def broke(self) -> list[Finding]:
        """Each route that answered that something is wrong with Catkin itself."""
        says = {f"{status} of {route}" for status, route in self._answers() if status >= 500}
        return [Finding("catkin", "broke", one, "", "") for one in sorted(says)]

    def answered(self) -> str:
        """How many requests came to what: where nearly all were refused, little was tried."""
        counted = Counter(status for status, _ in self._answers())
        each = ", ".join(f"{times} x {status}" for status, times in counted.most_common(4))
        return f"{counted.total()} requests ({each})"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere: to be sent to the door is an answer."""

    def redirect_request(self, *_: object) -> None:
        """Not."""


def _serve(folder: Path, out: int) -> Running:
    port = free_port()
    given = {
        "PORT": str(port), "DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys"),
        "LOG": "json",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.attack.served"],
        cwd=ROOT, env={**os.environ, **given}, stdout=out, stderr=out, start_new_session=True,
    )  # fmt: skip
    return Running(process, port)


@contextmanager
def a_target() -> Iterator[Target]:
    """Build both schools, look at every page for its forms, and forget what looking did."""
    with tempfile.TemporaryDirectory(prefix="catkin-target-") as name, in_the_morning():
        folder = Path(name)
        started_before(folder / "data", folder / "keys")
        app = create_app(
            prepare(Settings(data_dir=folder / "data", keys_dir=folder / "keys")), testing=True
        )
        world = build_world(app, folder / "data")
        target = _seen(world, folder)
        with app.app_context():
            for store in Store:
                engine_of(store).dispose()
        world.kept.put_back()
        for store in Store:
            with closing(sqlite3.connect(file_of(folder / "data", store))) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield target


def _seen(world: World, folder: Path) -> Target:
    cookies = {}
    agent = ""
    for who in ATTACKERS:
        browser = world.browser(who)
        agent = browser.get("/healthz").request.user_agent.string
        jar = browser._cookies or {}
        cookies[str(who)] = "; ".join(f"{one.key}={one.value}" for one in jar.values())
    ends = {
        str(who): _addresses(world, GOES_IN if who is Role.NOBODY else ENDS) for who in ATTACKERS
    }
    return Target(
        folder,
        cookies,
        agent,
        paths(world),
        ends,
        sorted(_requests(world), key=lambda one: one.endpoint in LAST),
    )


def _addresses(world: World, endpoints: set[str]) -> list[str]:
    return [world.address(rule, world.here) for rule in world.rules() if rule.endpoint in endpoints]


def _requests(world: World) -> Iterator[Request]:
    """Every form, as whoever has it before them; every address that names something."""
    for form in all_forms(world):
        who = Role.DSL if form.who == BACK else form.who
        if form.endpoint not in (LEAVES if who == Role.NOBODY else ENDS) and who in ATTACKERS:
            body = urlencode({field.name: field.value for field in form.fields})
            yield Request(str(who), form.endpoint, "POST", form.action, body)
    for rule in world.rules():
        if "GET" in (rule.methods or ()) and rule.arguments:
            path = world.address(rule, world.here)
            opener = next((w for w in ATTACKERS if _opens(world, w, path)), None)
            if opener is not None:
                yield Request(str(opener), rule.endpoint, "GET", path)
    yield from _asked(world)


def _asked(world: World) -> Iterator[Request]:
    """One of each kind of address with a question in it: in links, and in forms that only ask."""
    match = world.app.url_map.bind("localhost").match
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for who in ATTACKERS:
        for page in (world.browser(who).get(path) for path in paths(world)):
            for place, query in _questions(page) if page.mimetype == "text/html" else ():
                path = place or page.request.path
                endpoint = match(path)[0]
                key = endpoint, tuple(sorted(name for name, _ in query))
                if key not in seen and endpoint not in ENDS:
                    seen.add(key)
                    yield Request(str(who), endpoint, "GET", f"{path}?{urlencode(query)}")


def _questions(page: TestResponse) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    tree = tree_of(page.text)
    for link in tree.iter("a"):
        place, _, query = link.get("href", "").partition("#")[0].partition("?")
        if query and place[:1] in ("", "/"):
            yield place, parse_qsl(query, keep_blank_values=True)
    for form in tree.iter("form"):
        fields = [(field.name, field.value) for field in fields_of(form)]
        if form.get("method") == "get" and fields:
            yield form.get("action", ""), fields


def _opens(world: World, who: str, path: str) -> bool:
    return world.browser(who).get(path).status_code == 200
