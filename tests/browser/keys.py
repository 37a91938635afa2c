"""Hands that never touch a mouse: Tab, Space, Enter, arrows and letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.someone import Someone

STOPS_AT_MOST = 60
"""How often anybody presses Tab on one page before giving up."""

FOCUSED = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const tidy = text => text.trim().replace(/\\s+/g, " ");
  // A tile wears the ring for the box or the dot inside it.
  const shown = [here, ...(here.labels ?? [])].map(e => getComputedStyle(e)).some(look =>
    (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2)
    || look.boxShadow !== "none");
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const there = document.elementFromPoint(x, y);
  return {
    says: tidy(here.labels?.length ? here.labels[0].textContent : here.textContent),
    in_main: Boolean(here.closest("main")),
    is_page: here === document.body,
    shown,
    inside: box.top >= -1 && box.left >= -1 && box.right <= innerWidth + 1
      && (box.bottom <= innerHeight + 1 || box.height > innerHeight),
    covered: !(there && (here.contains(there) || there.contains(here))),
  };
}"""


@dataclass
class Keys:
    """Somebody's keyboard; wherever the focus stands, it can be seen."""

    someone: Someone

    @property
    def page(self) -> Page:
        """What the keys act on."""
        return self.someone.page

    def tab(self, *, back: bool = False) -> dict[str, Any]:
        """One step on or back; where the focus stands now."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        here: dict[str, Any] = self.page.evaluate(FOCUSED)
        if not here["is_page"]:
            where = f"“{here['says']}” on {self.page.url}"
            assert here["shown"], f"Nothing shows that the focus is on {where}"
            assert here["inside"], f"The focus is out of sight on {where}"
            assert not here["covered"], f"Something covers the focus on {where}"
        return here

    def tab_to(self, says: str, *, back: bool = False) -> None:
        """Step on, or back, until the focus is on what says this."""
        for _ in range(STOPS_AT_MOST):
            if self.tab(back=back)["says"] == says:
                return
        raise AssertionError(f"No key leads to “{says}” on {self.page.url}")

    def enter(self, says: str, *, back: bool = False) -> None:
        """Go to a link or a button and press Enter; another page comes."""
        self.tab_to(says, back=back)
        with self.someone.to_the_next_page():
            self.page.keyboard.press("Enter")

    def space(self, says: str) -> None:
        """Go to a box and tick it."""
        self.tab_to(says)
        self.page.keyboard.press("Space")

    def write(self, label: str, text: str) -> None:
        """Go to a box and type into it."""
        self.tab_to(label)
        self.page.keyboard.type(text)
