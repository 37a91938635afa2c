"""Every form on every page, found by looking at the pages as each role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.people.rules import Role
from tests.contracts.two_schools import EVERYBODY_HERE, World
from tests.parsed import tree_of

TOKEN_FIELD = "csrf_token"
LIKELY = {"email": "otter@pond.sch.uk", "time": "9:15", "password": "four blue lanterns"}
"""What somebody would type into a field of this type; words for any other."""
WORDS = "Otter Brook"


@dataclass(frozen=True)
class Field:
    """A field that a form sends: its name, its kind, and what it would say."""

    name: str
    kind: str
    value: str

    @property
    def is_typed(self) -> bool:
        """Whether somebody writes in it."""
        return self.kind in {"text", "textarea", "email", "time", "search", "tel", "number"}


@dataclass(frozen=True)
class Form:
    """A form as somebody has it in front of them, about to press one of its buttons."""

    who: str
    page: str
    action: str
    endpoint: str
    fields: tuple[Field, ...]
    standing: tuple[tuple[str, str], ...] = ()
    """What stands in the fields to write in, by name, before anybody writes."""

    @property
    def now(self) -> dict[str, str]:
        """What stands in each field to write in."""
        return dict(self.standing)

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for all forms that differ only in whose row they stand at."""
        return (self.endpoint, frozenset((f.name, f.kind) for f in self.fields))

    def sent(self, **instead: Any) -> dict[str, Any]:
        """What pressing sends, with other values for some fields."""
        plain: dict[str, Any] = {f.name: f.value for f in self.fields}
        return plain | instead


@dataclass
class Seen:
    """The forms found so far, one of each kind, and the pages they stood on."""

    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    pages: int = 0

    def look(self, world: World, who: str, page: TestResponse) -> None:
        """Take the forms from a page."""
        if page.mimetype != "text/html":
            return
        self.pages += 1
        for form in forms_of(world, who, page):
            self.forms.setdefault(form.key, form)


def all_forms(world: World) -> list[Form]:
    """One of each kind of form that anybody can reach, in two waves: pages, and what forms show."""
    seen = Seen()
    for who in EVERYBODY_HERE:
        for path in paths(world):
            seen.look(world, who, world.browser(who).get(path))
    for form in list(seen.forms.values()):
        browser = world.browser(form.who)
        page = press(world, form, browser)
        if page.status_code == 303 and form.who != Role.NOBODY:
            page = browser.get(page.location)
        seen.look(world, form.who, page)
        world.kept.put_back()
    return sorted(
        seen.forms.values(), key=lambda form: (form.endpoint, form.page, str(form.fields))
    )


def paths(world: World) -> list[str]:
    """The address of every page, with ids of the own school."""
    rules = [rule for rule in world.rules() if "GET" in (rule.methods or ())]
    named = world.here.named
    closed = f"/concerns/{named['desk.reopen reference']}"
    keeping = (f"/concerns/{named[one]}/keeping" for one in ("due", "held"))
    return [*(world.address(rule, world.here) for rule in rules), closed, *keeping]


def press(
    world: World, form: Form, browser: FlaskClient | None = None, **instead: Any
) -> TestResponse:
    """Send a form, in a fresh browser of whoever had it in front of them."""
    browser = browser or world.browser(form.who)
    return browser.post(form.action, data=form.sent(**instead), headers={"Accept": "text/html"})


def forms_of(world: World, who: str, page: TestResponse) -> Iterator[Form]:
    """The forms that send something, each once for every kind of button; none that only asks."""
    tree = tree_of(page.text)
    match = world.app.url_map.bind("localhost").match
    for element in tree.iter("form"):
        if element.get("method") == "get":
            continue
        action = element.get("action") or page.request.path
        endpoint = match(action.partition("?")[0], method="POST")[0]
        fields = tuple(fields_of(element))
        for button in buttons_of(element):
            all_fields, standing = (*fields, *button), tuple(standing_in(element))
            yield Form(who, page.request.path, action, endpoint, all_fields, standing)


def standing_in(form: Element) -> Iterator[tuple[str, str]]:
    """What stands in the boxes to write in."""
    for element in form.iter():
        if element.tag == "textarea":
            yield element.get("name", ""), element.text or ""
        elif element.tag == "input" and element.get("type", "text") not in {"hidden", "password"}:
            yield element.get("name", ""), element.get("value", "")


def fields_of(form: Element) -> Iterator[Field]:
    """What the form sends: of boxes and dots with one name, the last."""
    found: dict[str, Field] = {}
    for element in form.iter():
        name = element.get("name")
        if name and element.tag == "textarea":
            found[name] = Field(name, "textarea", WORDS)
        elif name and element.tag == "select":
            options = [option.get("value", "") for option in element.iter("option")]
            found[name] = Field(name, "select", next(filter(None, options), ""))
        elif name and element.tag == "input":
            kind = element.get("type") or "text"
            found[name] = Field(name, kind, _likely(kind, element.get("value")))
    yield from found.values()


def _likely(kind: str, value: str | None) -> str:
    if kind in {"hidden", "checkbox", "radio"}:
        return value or ""
    return LIKELY.get(kind, WORDS)


def buttons_of(form: Element) -> list[tuple[Field, ...]]:
    """One of each named button; a form with none is sent without."""
    named = {
        button.get("name", ""): Field(button.get("name", ""), "button", button.get("value", ""))
        for button in form.iter("button")
        if button.get("name")
    }
    return [(button,) for button in named.values()] or [()]


def endpoints(forms: Iterable[Form]) -> set[str]:
    """The routes that forms lead to."""
    return {form.endpoint for form in forms}
