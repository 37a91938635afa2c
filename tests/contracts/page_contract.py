"""What holds for every page: checked on each GET of each test by the test client."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from tests.parsed import parsed, put_back, without_what_is_drawn

OWN_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
REFERENCE = re.compile(r"\bC-[2-9A-Z]{5}\b")
NO_CHILD = {
    "A pupil",
    "A pupil, by objective",
    "Certificate",
    "Hello",
    "My pictures",
    "Remove a pupil",
    "Thank you",
}
"""Titles of pages whose heading names a child: a browser keeps titles."""
NEEDS_LABEL = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
LINKED = ("src", "href", "action", "poster", "srcset", "data")


def faults_of(path: str, html: str) -> list[str]:
    """Each way in which a page breaks the contract, as a sentence."""
    bare, drawn = without_what_is_drawn(html)
    return [put_back(fault, drawn) for fault in _faults_of(path.startswith("/tell"), bare)]


@lru_cache(2000)
def _faults_of(tells: bool, html: str) -> tuple[str, ...]:
    root, invalid = parsed(html)
    elements = list(root.iter())
    found = [*invalid]
    found += _heading(root, elements)
    found += _ids(elements)
    found += _forms(elements)
    found += _origins(elements)
    found += _pupil(tells, root, elements)
    return tuple(found)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _heading(root: Element, elements: list[Element]) -> list[str]:
    found = []
    if root.get("lang") != "en-GB":
        found.append("the page does not say its language")
    headings = [e for e in elements if e.tag == "h1"]
    if len(headings) != 1:
        return [*found, f"{len(headings)} main headings, not one"]
    title = next((_words(e) for e in elements if e.tag == "title"), "")
    if REFERENCE.search(title):
        found.append(f"the title “{title}” names a concern, and a browser keeps titles")
        return found
    if REFERENCE.search(_words(headings[0])):
        return found if title.removesuffix(" - Catkin") else [*found, "no title"]
    if title.removesuffix(" - Catkin") in NO_CHILD:
        return found
    if not title.startswith(_words(headings[0])) or not _words(headings[0]):
        found.append(f"the title “{title}” does not begin with “{_words(headings[0])}”")
    return found


def _ids(elements: list[Element]) -> list[str]:
    ids = [e.get("id") for e in elements if e.get("id")]
    found = [f"the id “{one}” stands twice" for one in sorted({i for i in ids if ids.count(i) > 1})]
    for element in elements:
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for wanted in (element.get(name) or "").split():
                if wanted not in ids:
                    found.append(f"{name} points to “{wanted}”, which is not there")
        place = element.get("href") or ""
        if element.tag == "a" and place.startswith("#") and place[1:] not in ids:
            found.append(f"a link leads to “{place}”, which is not there")
    return found + _summary(elements)


def _summary(elements: list[Element]) -> list[str]:
    """Each fault in a summary leads to the field itself, where the next key typed counts."""
    fields = {f"#{e.get('id')}" for e in elements if e.tag in NEEDS_LABEL}
    summaries = [e for e in elements if "faults" in (e.get("class") or "").split()]
    links = [link.get("href") for one in summaries for link in one.iter("a")]
    lost = [link for link in links if link and link.startswith("#") and link not in fields]
    return [f"the summary leads to “{one}”, which is no field" for one in lost]


def _forms(elements: list[Element]) -> list[str]:
    found = []
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    inside = {id(child) for e in elements if e.tag == "label" for child in e.iter()}
    for element in elements:
        if element.tag in NEEDS_LABEL and element.get("type") not in NO_LABEL:
            named = element.get("id") in labelled or id(element) in inside
            if not named and not element.get("aria-label"):
                found.append(f"the field “{element.get('name')}” has no label")
        if element.tag == "button" and not _words(element) and not element.get("aria-label"):
            found.append("a button has no words")
        if element.tag == "form":
            found += _form(element)
    return found


def _form(form: Element) -> list[str]:
    found = []
    if not form.get("action"):
        found.append("a form has no action")
    tokens = [e for e in form.iter("input") if e.get("name") == "csrf_token"]
    if (form.get("method") or "get").lower() == "post" and len(tokens) != 1:
        found.append(f"the form to {form.get('action')} has {len(tokens)} tokens, not one")
    return found


def _origins(elements: list[Element]) -> list[str]:
    found = []
    for element in elements:
        if element.tag == "style" or element.get("style") is not None:
            found.append(f"inline style on {element.tag}")
        if element.tag == "script" and not element.get("src"):
            found.append("inline script")
        found += [f"inline handler {name}" for name in element.attrib if name.startswith("on")]
        for name in LINKED:
            address = element.get(name) or ""
            if address.startswith(("http:", "https:", "//")) and element.tag != "a":
                found.append(f"{element.tag} asks {address} of somewhere else")
            if address.startswith(("javascript:", "data:")):
                found.append(f"{element.tag} holds {address[:20]}")
    return found


def _pupil(tells: bool, root: Element, elements: list[Element]) -> list[str]:
    body = next((e for e in elements if e.tag == "body"), root)
    if "pupil" not in (body.get("class") or "").split():
        return []
    found = []
    if tells:
        if not any("I am here" in _words(e) for e in elements if e.tag == "p"):
            found.append("Tell does not show that someone is here")
        return found
    keys = [e for e in elements if e.tag == "a" and e.get("href") == "/tell"]
    if not any(_words(e) == "Tell a teacher" for e in keys):
        found.append("the Tell key is missing")
    if not any(e.get("accesskey") == "t" for e in keys):
        found.append("the Tell key has no access key")
    if any("Skip to Tell" in _words(e) for e in elements if e.tag == "a") is False:
        found.append("there is no skip link to Tell")
    return found
