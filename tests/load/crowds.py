"""A class, an assembly, a workshop: how long people wait when many come at once."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from tests.ground.running import Running
from tests.load.big_school import LESSON, BigSchool, Child
from tests.load.crowd import Browser, Life, Tally, crowd, think, time_left
from tests.load.processes import memory_of

STEP = 10
"""Seconds between two steps of a pupil: a page and an answer."""


@dataclass
class Came:
    """How a crowd fared, and the most memory that the server held meanwhile, in MB."""

    tally: Tally
    memory: float


def pupils_come(
    running: Running, school: BigSchool, *, count: int, ramp: float, seconds: float
) -> Came:
    """So many pupils sign in within `ramp` seconds and learn for `seconds` more."""
    lives = [pupil(child) for child in school.pupils[:count]]
    return _watched(running, lives, ramp=ramp, seconds=seconds)


def _watched(running: Running, lives: list[Life], *, ramp: float, seconds: float) -> Came:
    most, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(1):
            most[0] = max(most[0], memory_of(running.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        tally = crowd(lives, running.address, ramp=ramp, seconds=seconds)
    finally:
        done.set()
        watcher.join()
    return Came(tally, most[0])


def pupil(child: Child) -> Life:
    """Signs in with three pictures, then a card and its answer each ten seconds."""

    async def life(browser: Browser, until: float) -> None:
        await sign_in(browser, child)
        await browser.get("lesson", f"/lesson/{LESSON}")
        while time_left(until):
            await think(STEP / 2)
            await browser.get("card", f"/lesson/{LESSON}")
            await think(STEP / 2)
            await answer(browser)

    return life


async def sign_in(browser: Browser, child: Child) -> None:
    """The class code, the name, three pictures: eight requests."""
    await browser.get("sign in", "/sign-in")
    await browser.post("sign in", "/sign-in", word=child.word, number=child.number)
    path = f"/sign-in/{child.id}"
    await browser.get("sign in", path)
    for picture in child.pictures:
        await browser.post("sign in", path, so_far=browser.hidden("so_far"), picture=picture)


async def answer(browser: Browser) -> None:
    """What the page in front of the pupil asks for: an answer, the next card, or a beginning."""
    question, runs = browser.hidden("question"), browser.hidden("runs")
    step, path = browser.hidden("step"), browser.path
    if question:
        choice = re.findall(r'name="choice" value="(\d+)"', browser.page)[-1]
        given = {"step": step, "question": question, "choice": choice}
        await browser.post("answer", path.partition("?")[0], **given)
    elif 'name="do" value="next"' in browser.page:
        await browser.post("answer", path, step=step, do="next")
    else:
        await browser.post("answer", f"/lesson/{LESSON}", runs=runs or "0")
