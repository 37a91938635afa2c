"""The pages as they are written: nothing unused, nothing typed that belongs to a register."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config import ROOT

FOLDER = ROOT / "templates"
PAGES = sorted(FOLDER.rglob("*.html"))
TAKES = re.compile(r'{% from "[^"]+" import ([^%]+) %}')
LEADS_TO = re.compile(r'{% (?:extends|include|from) "([^"]+)"')
DRAWN = re.compile(r"""(?:page|draw|_step|render_template)\(\s*f?["']([\w/{}.-]+)["']""")
NUMBER = re.compile(r"(?<![\w#&.:=\"-])\d{3,}(?![\w\"-])")
"""A number that somebody could call; short ones count things."""
LOOSE = re.compile(
    r"\|\s*safe\b|autoescape|\sstyle=|<style|\son[a-z]+=|javascript:"
    r'|<script(?! type="module" src="{{ url_for)'
)
LONGEST = 100


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_takes_nothing_that_it_does_not_use(path: Path) -> None:
    text = path.read_text("utf-8")
    body = TAKES.sub("", text)
    taken = [name.split()[-1] for line in TAKES.findall(text) for name in line.split(",")]
    used = " ".join(re.findall(r"{[{%](.*?)[%}]}", body, re.DOTALL))
    assert [name for name in taken if not re.search(rf"\b{name}\b", used)] == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_is_plain_html_with_nothing_let_through_unescaped(path: Path) -> None:
    text = path.read_text("utf-8")
    assert LOOSE.findall(text) == []
    assert len(text.splitlines()) <= LONGEST


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_number_to_call_is_typed_into_a_page(path: Path) -> None:
    """They come from the register of helplines, which is dated and checked."""
    text = re.sub(r"{[%{#].*?[%}#]}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert NUMBER.findall(text) == []


def test_every_page_that_is_written_is_drawn_by_something() -> None:
    reached = {name for path in PAGES for name in LEADS_TO.findall(path.read_text("utf-8"))}
    patterns = [
        re.escape(name.removesuffix(".html")).replace(r"\{template\}", ".*")
        for code in (ROOT / "app").rglob("*.py")
        for name in DRAWN.findall(code.read_text("utf-8"))
    ]
    steps = [rf"pupil/tell/{pattern}" for pattern in patterns if "/" not in pattern]
    drawn = re.compile("|".join((*patterns, *steps)))
    lost = [
        name
        for name in map(named, PAGES)
        if name not in reached and not drawn.fullmatch(name.removesuffix(".html"))
    ]
    assert lost == []


def test_every_style_sheet_that_is_asked_for_is_there_and_asks_nothing_of_elsewhere() -> None:
    text = "".join(path.read_text("utf-8") for path in PAGES)
    families = {f"css/{name}.css" for name in re.findall(r'sheet\("([^"]+)"\)', text)}
    families |= {f"css/skins/{path.stem}.css" for path in FOLDER.glob("pupil/quiz/skins/*.html")}
    asked = set(re.findall(r"filename='([^']+\.css)'", text)) | families
    assert families
    static = ROOT / "static"
    sheets = {path.relative_to(static).as_posix() for path in static.rglob("*.css")}
    assert sheets <= asked
    for name in asked:
        sheet = (ROOT / "static" / name).read_text("utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"url\((?![\"']?(?:\.\./|#))|@import|https?:", sheet), name


def test_a_number_that_is_typed_is_seen() -> None:
    assert NUMBER.findall(" Call 999 first, or 0800 1111. ") == ["999", "0800", "1111"]
    assert NUMBER.findall(" 3 of 12 adults, Year 4 ") == []
