"""A name that is told in the first scene comes back in the fifth; kept, another line is heard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.browser.conftest import Newcomer
from tests.browser.someone import Someone
from tests.look.pages import PUPIL
from tests.look.seeded import Seeded

pytestmark = pytest.mark.browser

HOME = "/quiz/m-79-golden-welly"
ON = ("No thanks, have it back", "Hop in. It's only a chat", "Hop out")
TOLD, KEPT = "They said Tomos.", "They asked me for my real name."
WAYS = {
    "touch": (PUPIL[1], {"touch": True}),
    "keys": (PUPIL[0], {}),
    "no script": (PUPIL[2], {"scripts": False}),
}


@dataclass
class Player:
    """Somebody who presses in one of the ways."""

    someone: Someone
    by_keys: bool

    def presses(self, says: str) -> None:
        if not self.by_keys:
            self.someone.presses(says)
            return
        with self.someone.to_the_next_page():
            self.someone.button(says).focus()
            self.someone.page.keyboard.press("Enter")

    def makes(self, *labels: str) -> None:
        for label in labels:
            self.presses(label)
            self.someone.follows("Next")


@pytest.mark.parametrize(("way", "who"), [*zip(WAYS, ("welly", "reader", "checker"), strict=True)])
def test_a_name_comes_back_and_look_again_keeps_it(
    served: tuple[Seeded, str], newcomer: Newcomer, way: str, who: str
) -> None:
    seeded, address = served
    size, how = WAYS[way]
    someone = newcomer(address, size=size, **how)
    cookie = {"name": "catkin", "value": seeded.cookie_of(who), "url": address}
    someone.page.context.add_cookies([cookie])  # type: ignore[list-item]
    player = Player(someone, by_keys=way == "keys")
    someone.opens(HOME)
    player.presses("Start")
    player.makes("I'm Tomos!", *ON)
    someone.sees(TOLD)
    someone.sees_not(KEPT)
    moves = someone.page.locator("button[name=choice]")
    while moves.count():
        player.makes(" ".join(moves.last.inner_text().split()))
    someone.follows("Your path")
    player.presses("Look again at 1")
    player.makes("Call me Frog Boss", *ON)
    someone.sees(KEPT)
    someone.sees_not(TOLD)
