"""What a move in a story costs, beside the bare answer of another server, in one run.

    python -m tests.load.moves --pupils 30 --seconds 40 --think 4
    python -m tests.load.moves --pupils 8 --beside http://127.0.0.1:8150 --beside-pid 123

The other server answers GET /login/<n> and POST /orm_answer; rounds alternate, and of each the
processor time of the whole tree of its processes is divided by its answers.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import statistics
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.config import ROOT
from app.content.catalogue import read_catalogue
from tests.ground.running import Running
from tests.ground.storm import HIDDEN, STORY, TOKEN, assemble
from tests.load.processes import cpu_of

MOVES = re.compile(r'name="choice" value="(\d+)"')
Turn = Callable[[http.client.HTTPConnection], float]
"""One answer of one user; how long it took, in seconds."""


@dataclass
class Round:
    """The answers of a round, in seconds each, and the processor time they took."""

    times: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def words(self) -> str:
        """One line."""
        times = sorted(self.times)
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        each = self.cpu / len(times)
        long = f"median {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
        return f"{len(times)} answers, {long}, {each * 1000:.2f} ms CPU each"


class Pupil:
    """Plays the story over and over by chance; only the answer to a move is timed."""

    def __init__(self, cookie: str) -> None:
        self.headers = {"Cookie": f"catkin={cookie}"}

    def look(self, line: http.client.HTTPConnection) -> float:
        """The scene alone."""
        began = time.perf_counter()
        self._ask(line, "GET", f"/quiz/{STORY}/play")
        return time.perf_counter() - began

    def turn(self, line: http.client.HTTPConnection) -> float:
        """The scene and a move; only the answer to the move is timed."""
        page = self._ask(line, "GET", f"/quiz/{STORY}/play")
        moves = MOVES.findall(page)
        if not moves:
            front = self._ask(line, "GET", f"/quiz/{STORY}")
            runs = re.search(r'name="runs" value="(\d+)"', front)
            self._send(line, f"/quiz/{STORY}", front, runs=runs[1] if runs else "0")
            return self.turn(line)
        step = HIDDEN.search(page)
        assert step is not None
        began = time.perf_counter()
        self._send(line, f"/quiz/{STORY}/play", page, step=step[1], choice=random.choice(moves))
        return time.perf_counter() - began

    def _send(self, line: http.client.HTTPConnection, path: str, page: str, **given: str) -> None:
        token = TOKEN.search(page)
        assert token is not None
        body = urllib.parse.urlencode({"csrf_token": token[1], **given})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", path, body, {**self.headers, **form})
        answer = line.getresponse()
        answer.read()
        self._keep(answer)
        assert answer.status == 303, answer.status

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        held = str(answer.getheader("Set-Cookie") or "").partition(";")[0]
        if held:
            self.headers["Cookie"] = held

    def _ask(self, line: http.client.HTTPConnection, method: str, path: str) -> str:
        line.request(method, path, headers=self.headers)
        answer = line.getresponse()
        page = answer.read().decode()
        self._keep(answer)
        if answer.status == 303:
            return self._ask(line, "GET", str(answer.getheader("Location")))
        return page


def bare(number: int) -> Turn:
    """A user of the other server."""
    held: dict[str, str] = {}

    def turn(line: http.client.HTTPConnection) -> float:
        if not held:
            line.request("GET", f"/login/{number + 1}")
            answer = line.getresponse()
            answer.read()
            held["Cookie"] = str(answer.getheader("Set-Cookie")).partition(";")[0]
        began = time.perf_counter()
        line.request("POST", "/orm_answer", "", held)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        return time.perf_counter() - began

    return turn


def play(address: str, pid: int, turns: list[Turn], *, seconds: float, think: float) -> Round:
    """All users at once, for so long."""
    found, began = Round(), cpu_of(pid)
    end = time.monotonic() + seconds
    host = address.removeprefix("http://")

    def user(turn: Turn) -> None:
        line = http.client.HTTPConnection(host, timeout=30)
        while time.monotonic() < end:
            time.sleep(think * random.uniform(0.5, 1.5))
            found.times.append(turn(line))
        line.close()

    threads = [threading.Thread(target=user, args=(turn,)) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.cpu = cpu_of(pid) - began
    return found


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pupils", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--think", type=float, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside")
    parser.add_argument("--beside-pid", type=int)
    asked = parser.parse_args()
    assert STORY in read_catalogue(ROOT).quizzes
    with tempfile.TemporaryDirectory() as folder:
        data, keys = Path(folder, "data"), Path(folder, "keys")
        school = assemble(data, keys)
        server = Running.start(data, keys)
        pupils = [Pupil(cookie) for cookie in list(school.cookies.values())[: asked.pupils]]
        for _ in range(asked.rounds):
            times = {"seconds": asked.seconds, "think": asked.think}
            for what, turns in (
                ("a scene:           ", [pupil.look for pupil in pupils]),
                ("a scene and a move:", [pupil.turn for pupil in pupils]),
            ):
                ours = play(server.address, server.process.pid, turns, **times)
                print("Catkin,", what, ours.words(), flush=True)
            if asked.beside:
                users = [bare(n) for n in range(asked.pupils)]
                other = play(asked.beside, asked.beside_pid, users, **times)
                print("the bare answer:          ", other.words(), flush=True)
        server.stop()


if __name__ == "__main__":
    main()
