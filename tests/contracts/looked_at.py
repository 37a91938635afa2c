"""Every page as everybody, looked at twice; kept for all tests that ask something of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from werkzeug.routing import Rule

from tests.contracts.kept import changed
from tests.contracts.two_schools import World


@dataclass(frozen=True)
class Page:
    """What stood on a page, and what was other in the tables after two looks at it."""

    rule: Rule
    text: str
    changed: frozenset[str]


@dataclass
class Pages:
    """The pages of one world."""

    world: World
    seen: dict[str, list[Page]] = field(default_factory=dict)

    def of(self, who: str) -> list[Page]:
        """Every page, with ids of the own school, as it answers this visitor."""
        if who not in self.seen:
            self.seen[who] = list(self._look(who))
        return self.seen[who]

    def _look(self, who: str) -> Iterator[Page]:
        before = self.world.kept.rows()
        for rule in self.world.rules():
            if "GET" not in (rule.methods or ()):
                continue
            browser, path = self.world.browser(who), self.world.address(rule, self.world.here)
            first, again = (browser.get(path) for _twice in range(2))
            still = self.world.kept.untouched()
            now = [] if still else changed(before, self.world.kept.rows())
            yield Page(rule, first.text + again.text, frozenset(now))
            self.world.kept.put_back()
